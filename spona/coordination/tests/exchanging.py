"""An institution that takes cases over from a Primero file, and gives some away.

house = House()                              # a centre with a head of service and a director
house.takes(child(name_first="Sintetički"))  # imported from primero.invalid
house.gives()                                # its own cases, as a list
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from spona.accounts.models import Membership, Organisation
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.actions import BasisDraft
from spona.cases.models import Case, LegalBasis
from spona.coordination.actions import exchange
from spona.coordination.models import ExternalRecord
from spona.coordination.rules import jsonstream
from spona.coordination.tests.story import DAY, EVENING

Row = dict[str, Any]

HOST = "primero.invalid"


def child(number: int = 1, **said: Any) -> Row:
    """A record as the API of Primero gives it."""
    return {
        "id": str(UUID(int=number, version=4)),
        "enabled": True,
        "status": "open",
        "case_id": f"case-{number}",
        "case_id_display": f"{number:07d}",
        "name": "Sintetički Dečak",
        "name_first": "Sintetički",
        "name_last": "Dečak",
        "sex": "male",
        "date_of_birth": "2011-05-04",
        "estimated": False,
        "language": ["dari"],
    } | said


def line(uid: str = "line-1", **said: Any) -> Row:
    return {
        "unique_id": uid,
        "service_type": "food",
        "service_implementing_agency": "ngo-1",
        "service_status_referred": True,
        "service_implemented": "not_implemented",
    } | said


def referral(uid: str = "referral-1", **said: Any) -> Row:
    return {
        "id": uid,
        "type": "Referral",
        "status": "in_progress",
        "service_record_id": "line-1",
        "transitioned_to": "worker_b",
        "transitioned_to_agency": "ngo-1",
        "created_at": "2026-10-01T10:00:00.000Z",
    } | said


def bytes_of(*records: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(records).encode())


class House:
    """`at` is now; it does not move by itself."""

    def __init__(self) -> None:
        self.organisation: Organisation = OrganisationFactory.create(synthetic=True)
        self.head = person("head_of_service", self.organisation)
        self.director = person("director", self.organisation)
        self.worker = person("case_manager", self.organisation)
        self.at: datetime = EVENING

    def takes(
        self, *records: Row, who: Membership | None = None, host: str = HOST
    ) -> exchange.Imported:
        by = (who or self.head).actor()
        with rls.acting(by, self.at):
            return exchange.cases_import(
                records=jsonstream.records(bytes_of(*records).read),
                host=host,
                organisation=self.organisation,
                by=by,
                at=self.at,
            )

    def gives(self, who: Membership | None = None) -> list[Row]:
        by, out = (who or self.head).actor(), io.StringIO()
        with rls.acting(by, self.at):
            exchange.cases_export(out=out, organisation=self.organisation, by=by, at=self.at)
        found: list[Row] = json.loads(out.getvalue())
        return found

    def sends(
        self, to: Organisation, purpose: str = "service", who: Membership | None = None
    ) -> tuple[list[Row], exchange.Exported]:
        by, out = (who or self.head).actor(), io.StringIO()
        with rls.acting(by, self.at):
            done = exchange.cases_send(
                out=out,
                organisation=self.organisation,
                to=exchange.Recipient(to, purpose),
                by=by,
                at=self.at,
            )
        return json.loads(out.getvalue()), done

    def table(self, to: Organisation, who: Membership | None = None) -> list[dict[str, str]]:
        by, out = (who or self.head).actor(), io.StringIO()
        with rls.acting(by, self.at):
            exchange.unhcr_export(
                out=out,
                organisation=self.organisation,
                to=exchange.Recipient(to, "protection"),
                by=by,
                at=self.at,
            )
        return list(csv.DictReader(io.StringIO(out.getvalue())))

    def case(self) -> Case:
        """The only one."""
        with rls.engine_room():
            return Case.objects.select_related("person").get(organisation=self.organisation)

    def record(self) -> ExternalRecord:
        with rls.engine_room():
            return ExternalRecord.objects.get(organisation=self.organisation)

    def basis(self, case: Case, **said: Any) -> LegalBasis:
        """Vital interest, unless said otherwise."""
        by = self.head.actor()
        fields: Row = {
            "kind": "vital_interest",
            "purpose": "service",
            "categories": ["age_sex", "needs"],
            "note": "Dete je samo.",
            "expires_at": self.at + 30 * DAY,
            "law": "" if said.get("kind") == "consent" else "vital_interest",
        } | said
        with rls.acting(by, self.at):
            return cases.basis_record(case=case, draft=BasisDraft(**fields), by=by, at=self.at)

    def later(self) -> None:
        self.at += DAY
