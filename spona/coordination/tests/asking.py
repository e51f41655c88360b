"""A boy in care needs somebody to talk to, and an association that offers it is asked.

asking = Asking()                       # the town, a boy in care, an association with a service
asking.basis()                          # vital interest: there is no guardian yet
referral = asking.sent()                # age and language now, the first name with acceptance
asking.answers(referral, "accepted")
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.actions import BasisDraft
from spona.cases.codes import sharing
from spona.cases.models import Case, LegalBasis, Need
from spona.coordination import actions
from spona.coordination.actions.answering import Answer, steps_of
from spona.coordination.actions.disclosing import Given, Sharing
from spona.coordination.models import Referral, RunEvent
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town
from spona.directory.models import Service

EVERYTHING = tuple(sharing.categories())
THEN = EVENING + 2 * HOUR
LAWS = {"vital_interest": "vital_interest", "legal_duty": "guardian_care"}


class Asking:
    """`at` is now; it moves with `later`."""

    def __init__(self) -> None:
        self.town = Town()
        self.case = self.town.boy_in_care()
        self.helper = person("outreach_worker", OrganisationFactory.create(code="OCD"))
        self.colleague = person("outreach_worker", self.helper.organisation)
        self.other = person("outreach_worker", OrganisationFactory.create(code="OCD"))
        self.house = OrganisationFactory.create(code="OCD", uses_spona=False)
        self.at = THEN
        self.service = self.offers(self.helper.organisation)
        self.need = self._need("psychosocial")

    def offers(self, organisation: Any, **said: Any) -> Service:
        number = Service.objects.count() + 1
        fields = {
            "organisation": organisation,
            "key": f"usluga-{number}",
            "name_sr": f"Sintetička usluga {number}",
            "kind": "psychosocial_support",
            "needs": ["own:psychosocial", "own:food"],
            "nationwide": True,
            "updated_at": EVENING,
            "synthetic": True,
        }
        return Service.objects.create(**(fields | said))

    def _need(self, code: str) -> Need:
        by = self.town.officer.actor()
        with rls.acting(by, self.at):
            return cases.need_add(
                case=self.case, by=by, at=self.at, system="own", code=code, source="said"
            )

    def later(self, span: timedelta = DAY) -> datetime:
        self.at += span
        return self.at

    # --- the ledger

    def basis(self, **said: Any) -> LegalBasis:
        """Vital interest, for every institution and category, unless said otherwise."""
        fields: dict[str, Any] = {
            "kind": "vital_interest",
            "purpose": "service",
            "categories": EVERYTHING,
            "note": "Dete je samo i uznemireno.",
            "child_view": "agrees",
            "law": LAWS.get(said.get("kind", "vital_interest"), ""),
            "expires_at": self.at + 90 * DAY,
        }
        by = self.town.officer.actor()
        with rls.acting(by, self.at):
            return cases.basis_record(
                case=self.case, draft=BasisDraft(**(fields | said)), by=by, at=self.at
            )

    def consent(self, **said: Any) -> LegalBasis:
        """The guardian consents, for thirty days, to the association."""
        fields: dict[str, Any] = {
            "kind": "consent",
            "consent_kind": "data",
            "recipient": self.helper.organisation,
            "given_by": "guardian",
            "expires_at": self.at + 30 * DAY,
            "explained": True,
            "language": "prs",
            "mode": "phone",
        }
        return self.basis(**(fields | said))

    # --- the referral

    def sent(
        self,
        *,
        who: Membership | None = None,
        services: Sequence[Service] = (),
        now: Sequence[str] = ("age", "languages"),
        later: Sequence[str] = ("first_name",),
        **said: Any,
    ) -> Referral:
        return self.all_sent(who=who, services=services, now=now, later=later, **said)[0]

    def all_sent(
        self, *, who: Membership | None = None, services: Sequence[Service] = (), **said: Any
    ) -> list[Referral]:
        by = (who or self.town.officer).actor()
        fields: dict[str, Any] = {
            "services": services or (self.service,),
            "urgency": "hitno",
            "purpose": "service",
            "need": self.need,
        }
        draft = actions.ReferralDraft(**(fields | said))
        with rls.acting(by, self.at):
            return actions.referral_send(case=self.case, draft=draft, by=by, at=self.at)

    def answers(
        self, referral: Referral, decision: str, *, who: Membership | None = None, **form: Any
    ) -> RunEvent:
        by = (who or self.helper).actor()
        with rls.acting(by, self.at):
            steps = steps_of(referral=referral, by=by, works=False, at=self.at)
            answer = Answer(decision=decision, seen=steps.last_seq, form=form)
            return actions.referral_answer(referral=referral, answer=answer, by=by, at=self.at)

    def act(
        self, referral: Referral, act: str, *, who: Membership | None = None, **draft: Any
    ) -> RunEvent:
        by = (who or self.helper).actor()
        with rls.acting(by, self.at):
            return actions.act_record(
                run_id=referral.run_id,
                draft=actions.ActDraft(
                    act=act, occurred_at=self.at, seen=last_seq(referral), **draft
                ),
                by=by,
                at=self.at,
            )

    def reads(self, referral: Referral, *, who: Membership | None = None) -> dict[str, Any]:
        """What this person reads of the package now, by field."""
        by = (who or self.helper).actor()
        with rls.acting(by, self.at):
            seen = Referral.objects.visible_to(by, self.at).get(pk=referral.pk)
            given: list[Given] = actions.package_read(
                sharing=Sharing.of_referral(seen), by=by, at=self.at
            )
        return {one.field: one.value for one in given}

    def sees(self, who: Membership) -> set[int]:
        by = who.actor()
        with rls.acting(by, self.at):
            return set(Referral.objects.visible_to(by, self.at).values_list("pk", flat=True))


def fresh(referral: Referral) -> Referral:
    with rls.engine_room():
        return Referral.objects.select_related("run").get(pk=referral.pk)


def last_seq(referral: Referral) -> int:
    with rls.engine_room():
        return RunEvent.objects.filter(run=referral.run_id).latest("seq").seq


def owed_in(referral: Referral) -> dict[str, Any]:
    """Open duties of the referral by their first act."""
    with rls.engine_room():
        return {one.act: one for one in referral.run.duties.owed().select_related("organisation")}


def cases_seen(who: Membership, at: datetime) -> set[int]:
    with rls.acting(who.actor(), at):
        return set(Case.objects.visible_to(who.actor(), at).values_list("pk", flat=True))
