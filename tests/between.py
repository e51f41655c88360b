"""What goes between the institutions of the world of the tests: the ledger, two referrals of the
boy, the handover of another case, an emergency access that is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spona.accounts.models import Membership, Organisation
from spona.accounts.tests.factories import MunicipalityFactory, OrganisationFactory, person
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.codes import sharing
from spona.cases.models import Case, CaseAccess, LegalBasis
from spona.coordination import actions
from spona.coordination.actions.answering import Answer, steps_of
from spona.coordination.models import (
    Disclosure,
    Handover,
    Referral,
)
from spona.coordination.tests.story import DAY, EVENING, HOUR, MINUTE, Town
from spona.directory.models import Service

CANARY = {
    "basis": "kanar-osnov",
    "message": "kanar-poruka",
    "arrangements": "kanar-obzir",
    "thread": "kanar-prepiska",
    "moved": "Kanarijan",
    "move": "kanar-selidba",
    "piece": "kanar-spis",
    "emergency": "kanar-hitnost",
}
NOW = ("age", "languages", "message")
AT = EVENING + 2 * HOUR


def people(town: Town) -> dict[str, Membership]:
    """An outreach worker of the association that is asked, and the officer of another centre."""
    city = MunicipalityFactory.create(key="beograd")
    other = OrganisationFactory.create(municipality=city, code_prefix="BG")
    return {
        "recipient": person("outreach_worker", OrganisationFactory.create(code="OCD")),
        "other_centre": person("duty_officer", other),
    }


class Between:
    """`boy` has a guardian. `referral` was accepted and is written about; `unanswered` waits for an
    association without an account, behind the address of `token`."""

    def __init__(self, town: Town, boy: Case, people: Mapping[str, Membership]) -> None:
        self.town, self.boy, self.people = town, boy, people
        self.owner = people["owner"].actor()
        with rls.acting(self.owner, AT):
            self._bases()
            self._sent()
        self._accepted()
        with rls.acting(self.owner, AT):
            self._written()
            self._door()
        self._handover()
        self._emergency()

    def _bases(self) -> None:
        self.basis = self._basis("consent", self.people["recipient"].organisation)
        self.house = OrganisationFactory.create(code="OCD", uses_spona=False)
        self.vital = self._basis("vital_interest", self.house)

    def _basis(self, kind: str, recipient: Organisation) -> LegalBasis:
        kinds: dict[str, dict[str, Any]] = {
            "consent": {"consent_kind": "data", "given_by": "guardian", "explained": True},
            "vital_interest": {"law": "vital_interest"},
        }
        draft = cases.BasisDraft(
            kind=kind,
            purpose="service",
            categories=tuple(sharing.categories()),
            recipient=recipient,
            note=CANARY["basis"],
            child_view="agrees",
            expires_at=AT + 30 * DAY,
            **kinds[kind],
        )
        return cases.basis_record(case=self.boy, draft=draft, by=self.owner, at=AT)

    def _sent(self) -> None:
        self.need = cases.need_add(
            case=self.boy, by=self.owner, at=AT, system="own", code="psychosocial", source="said"
        )
        helper = self.people["recipient"].organisation
        self.referral = self._referral(helper, {"message": CANARY["message"]})
        typed = {"message": "Reč.", "special_arrangements": CANARY["arrangements"]}
        self.unanswered = self._referral(self.house, typed)

    def _referral(self, recipient: Organisation, typed: Mapping[str, str]) -> Referral:
        service = Service.objects.create(
            organisation=recipient,
            key=f"usluga-{Service.objects.count() + 1}",
            name_sr="Sintetička usluga podrške",
            kind="psychosocial_support",
            needs=["own:psychosocial"],
            nationwide=True,
            updated_at=EVENING,
            synthetic=True,
        )
        draft = actions.ReferralDraft(
            services=[service],
            urgency="hitno",
            purpose="service",
            need=self.need,
            now=tuple({*NOW, *typed}),
            later=("first_name",),
            typed=typed,
        )
        return actions.referral_send(case=self.boy, draft=draft, by=self.owner, at=AT)[0]

    def _accepted(self) -> None:
        by = self.people["recipient"].actor()
        with rls.acting(by, AT):
            steps = steps_of(referral=self.referral, by=by, works=False, at=AT)
            answer = Answer(decision="accepted", seen=steps.last_seq)
            actions.referral_answer(referral=self.referral, answer=answer, by=by, at=AT)

    def _written(self) -> None:
        actions.message_write(
            referral=self.referral, text=CANARY["thread"], by=self.owner, at=AT + MINUTE
        )
        self.disclosure = Disclosure.objects.filter(run=self.referral.run_id).earliest("pk")

    def _door(self) -> None:
        key = actions.doorway_make(referral=self.unanswered, by=self.owner, at=AT)
        self.token, self.code = key.token, key.code

    def _handover(self) -> None:
        met = self.town.boy_met(name_said=f"{CANARY['moved']} Primer")
        self.moved = self.town.claimed(met)
        draft = actions.HandoverDraft(
            receiving=self.people["other_centre"].organisation,
            ground="UASC-02a",
            reason=CANARY["move"],
            planned_for=AT + DAY,
        )
        with rls.acting(self.owner, AT):
            begun = actions.handover_begin(case=self.moved, draft=draft, by=self.owner, at=AT)
            self.handover: Handover = begun[0]
            self.item = actions.item_add(
                handover=self.handover, what=CANARY["piece"], by=self.owner, at=AT
            )

    def _emergency(self) -> None:
        """A quarter of an hour, by somebody who had been let in for a while and no longer was."""
        by, at = self.people["expired"].actor(), AT + 10 * MINUTE
        with rls.acting(by, at):
            actions.emergency_begin(
                code=self.boy.code,
                organisation=self.boy.organisation,
                reason_code="life",
                reason=f"Sintetička {CANARY['emergency']}: dete je u opasnosti.",
                by=by,
                at=at,
            )
            with rls.engine_room():
                self.emergency = CaseAccess.objects.get(basis=CaseAccess.Basis.EMERGENCY)
            at += 15 * MINUTE
            cases.emergency_end(access_id=self.emergency.pk, by=by, at=at)
