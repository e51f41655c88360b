"""The ledger as people write it, and the one decision: nothing goes that it does not justify."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from spona.accounts.models import Membership, Organisation
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions
from spona.cases.models import Case, Document, LegalBasis
from spona.cases.rules.sharing import NOT_UNDERSTANDING, RESTRICTED
from spona.cases.tests.factories import (
    NOW,
    access,
    acting,
    basis,
    begin_guardianship,
    case,
    consent,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def child(owner: Membership, born: date = date(2011, 3, 4), **said: Any) -> Case:
    fields = {"birth_date": born, "birth_precision": "day"} | said
    return case(owner, person={"names": [], "languages": [], **fields})


def guarded(owner: Membership, **said: Any) -> Case:
    opened = child(owner, **said)
    with acting(owner):
        begin_guardianship(opened, owner)
    return opened


def decided(
    of: Case, to: Organisation, *, at: datetime = NOW, purpose: str = "service"
) -> LegalBasis | None:
    found = actions.decide(
        case_id=of.pk, recipient_id=to.pk, purpose=purpose, categories=["needs"], at=at
    )
    return found["needs"]


def test_what_the_guardian_agreed_to_goes_to_the_school_and_to_nobody_else() -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner)
    with acting(owner):
        written = consent(opened, owner, recipient=school, purpose="service")
    assert written.given_by_name == "Sintetička Ana"
    assert decided(opened, school) == written
    assert decided(opened, OrganisationFactory.create()) is None
    assert decided(opened, school, purpose="education") is None
    assert decided(opened, school, at=NOW + 30 * DAY) is None


def test_a_withdrawn_consent_is_kept_and_justifies_nothing() -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner)
    with acting(owner):
        written = consent(opened, owner, recipient=school, purpose="service")
        later = NOW + DAY
        by = owner.actor()
        ended = actions.basis_withdraw(basis=written, why="", by=by, at=later)
        with pytest.raises(Refused, match="no longer in force"):
            actions.basis_withdraw(basis=written, why="", by=by, at=later)
        with pytest.raises(DatabaseError), transaction.atomic():
            written.delete()
    assert ended.withdrawn_by_name == owner.user.name
    assert decided(opened, school) == written
    assert decided(opened, school, at=NOW + DAY) is None


def test_a_refusal_needs_no_end_and_no_explanation_and_is_not_withdrawn() -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner)
    by = owner.actor()
    with acting(owner):
        consent(opened, owner, recipient=school, purpose="service")
        said_no = consent(
            opened,
            owner,
            at=NOW + timedelta(minutes=1),
            purpose="service",
            decision="refused",
            given_by="child",
            explained=False,
            expires_at=None,
        )
        with pytest.raises(Refused, match="a refusal"):
            actions.basis_withdraw(basis=said_no, why="", by=by, at=NOW)
    assert decided(opened, school, at=NOW + DAY) is None


def test_a_duty_goes_on_whoever_refuses_and_ends_with_a_reason() -> None:
    owner, police = person("duty_officer"), OrganisationFactory.create(code="MUP")
    opened = child(owner)
    by = owner.actor()
    with acting(owner):
        duty = basis(
            opened,
            owner,
            kind="legal_duty",
            law="missing_child",
            purpose="missing_child",
            expires_at=None,
        )
        consent(opened, owner, purpose="missing_child", decision="refused", expires_at=None)
        assert duty.law_verified == "read"
        assert decided(opened, police, purpose="missing_child") == duty
        with pytest.raises(Refused, match="Nobody has consented"):
            actions.basis_withdraw(basis=duty, why="", by=by, at=NOW)
        with pytest.raises(Refused, match="few words"):
            actions.basis_end(basis=duty, why=" ", by=by, at=NOW)
        actions.basis_end(basis=duty, why="dete je nađeno", by=by, at=NOW)
    assert decided(opened, police, purpose="missing_child") is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "gossip"}, "from the list"),
        ({"purpose": "statistics"}, "from the list"),
        ({"categories": ["religion"]}, "from the list"),
        ({"categories": []}, "which data"),
        ({"law": "child_violence"}, "from the list"),
        ({"law": ""}, "from the list"),
        ({"decision": "refused"}, "from the list"),
        ({"note": " "}, "makes it necessary"),
        ({"expires_at": None}, "day on which it ends"),
        ({"expires_at": NOW}, "day on which it ends"),
        ({"expires_at": NOW + 400 * DAY}, "within a year"),
    ],
)
def test_vital_interest_is_said_in_full(said: dict[str, Any], sentence: str) -> None:
    owner = person("duty_officer")
    opened = child(owner)
    with acting(owner), pytest.raises(Refused, match=sentence):
        basis(opened, owner, **said)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"consent_kind": ""}, "from the list"),
        ({"consent_kind": "health"}, "does not go with this purpose"),
        ({"consent_kind": "research"}, "does not go with this purpose"),
        ({"recipient": None}, "names one institution"),
        ({"expires_at": None}, "day on which it ends"),
        ({"explained": False}, "First explain"),
        ({"given_by": "child"}, "the guardian consents"),
        ({"given_by": "parent"}, "document in the file"),
        ({"given_by": "adult"}, "the guardian consents"),
    ],
)
def test_a_consent_is_said_in_full_by_whoever_may(said: dict[str, Any], sentence: str) -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner)
    fields: dict[str, Any] = {"recipient": school, "purpose": "service"} | said
    with acting(owner), pytest.raises(Refused, match=sentence):
        consent(opened, owner, **fields)


def test_before_there_is_a_guardian_nobody_consents_for_the_child() -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = child(owner)
    with acting(owner), pytest.raises(Refused, match="No guardian"):
        consent(opened, owner, recipient=school)


def test_a_patient_of_fifteen_decides_on_the_doctor_and_on_nothing_else() -> None:
    owner, clinic = person("duty_officer"), OrganisationFactory.create(code="DZ")
    opened = child(owner)
    with acting(owner):
        care = consent(
            opened,
            owner,
            consent_kind="health",
            given_by="child",
            recipient=clinic,
            purpose="health_care",
        )
    assert decided(opened, clinic, purpose="health_care") == care
    assert decided(opened, clinic) is None


def test_what_a_guardian_agreed_to_is_over_on_the_eighteenth_birthday() -> None:
    owner, school = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner, born=date(2008, 12, 1))
    with acting(owner):
        consent(opened, owner, recipient=school, purpose="service")
    assert decided(opened, school, at=NOW + 6 * DAY)
    assert decided(opened, school, at=NOW + 8 * DAY) is None


def test_a_court_lets_the_guardian_of_an_adult_consent_and_no_birthday_ends_it() -> None:
    owner, house = person("duty_officer"), OrganisationFactory.create()
    opened = guarded(owner, born=date(1990, 3, 4))
    with acting(owner):
        said: dict[str, Any] = {"recipient": house, "purpose": "service", "law": RESTRICTED}
        with pytest.raises(Refused, match="court"):
            consent(opened, owner, **said)
        said["document"] = _paper(opened)
        with pytest.raises(Refused, match="who found"):
            consent(opened, owner, **said)
        written = consent(opened, owner, note="Rešenje suda je u spisu.", **said)
    assert (written.law, written.law_verified) == (RESTRICTED, "memory")
    assert decided(opened, house) == written


def test_a_patient_who_does_not_understand_is_spoken_for_and_only_as_a_patient() -> None:
    owner, clinic = person("duty_officer"), OrganisationFactory.create(code="DZ")
    opened = guarded(owner)
    said: dict[str, Any] = {
        "recipient": clinic,
        "purpose": "health_care",
        "consent_kind": "health",
        "child_view": "cannot_say",
    }
    with acting(owner):
        with pytest.raises(Refused, match="patient"):
            consent(opened, owner, **said)
        found = {"law": NOT_UNDERSTANDING, "note": "Sintetička lekarka, juče."}
        written = consent(opened, owner, **said | found)
        with pytest.raises(Refused, match="from the list"):
            consent(opened, owner, **said | found | {"consent_kind": "data"})
    assert written.law_verified == "partly"
    assert decided(opened, clinic, purpose="health_care") == written


def _paper(of: Case) -> Document:
    return Document.objects.create(
        case=of,
        title="Rešenje suda",
        kind="decision",
        original_name="a.pdf",
        stored_name=f"sinteticki-{of.pk}",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_at=NOW,
    )


def test_the_guardian_looks_at_what_was_shared_without_consent() -> None:
    owner, guardian = person("duty_officer"), person("guardian")
    opened = child(owner)
    by = owner.actor()
    with acting(owner):
        line = basis(opened, owner)
        with pytest.raises(Refused, match="No guardian"):
            actions.basis_review(basis=line, note="", by=by, at=NOW)
        actions.guardianship_begin(
            case=opened,
            kind="temporary",
            guardian=guardian.user,
            guardian_name="Sintetička Ana",
            guardian_phone="000-000-001",
            by=by,
            at=NOW,
        )
        with pytest.raises(Refused, match="signed in as the guardian"):
            actions.basis_review(basis=line, note="", by=by, at=NOW)
    with acting(guardian):
        mine = guardian.actor()
        seen = actions.basis_review(basis=line, note="U redu.", by=mine, at=NOW)
        assert (seen.reviewed_by_name, seen.reviewed_note) == ("Sintetička Ana", "U redu.")
        with pytest.raises(Refused, match="already looked"):
            actions.basis_review(basis=line, note="", by=mine, at=NOW)


def test_for_a_guardian_without_an_account_the_centre_writes_it_down() -> None:
    owner = person("duty_officer")
    opened = guarded(owner)
    with acting(owner):
        line = basis(opened, owner)
        seen = actions.basis_review(basis=line, note="", by=owner.actor(), at=NOW)
        agreed = consent(opened, owner, recipient=owner.organisation)
        with pytest.raises(Refused, match="nothing to look at"):
            actions.basis_review(basis=agreed, note="", by=owner.actor(), at=NOW)
    assert seen.reviewed_by_name == "Sintetička Ana"


def test_only_who_works_on_the_case_writes_into_its_ledger() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    policeman = person("police_officer")
    opened = child(owner)
    with acting(owner):
        line = basis(opened, owner)
    access(opened, policeman.organisation, policeman.user)
    for who in (stranger, policeman):
        with acting(who):
            with pytest.raises(NotAllowed):
                basis(opened, who)
            with pytest.raises(NotAllowed):
                actions.basis_end(basis=line, why="ne treba", by=who.actor(), at=NOW)


def test_each_word_is_in_the_log_without_what_was_said() -> None:
    owner = person("duty_officer")
    opened = child(owner)
    with acting(owner):
        basis(opened, owner, note="Kanarinac je bolestan.")
    with rls.engine_room():
        event = Event.objects.get(verb="basis_record")
    assert event.detail == {
        "kind": "vital_interest",
        "decision": "given",
        "purpose": "protection",
    }


# --- P8: no sequence of words makes a share that the ledger does not justify

PURPOSES = ("service", "health_care")
CATEGORIES = ("needs", "language")
SPANS = st.sampled_from([DAY, 5 * DAY, 30 * DAY])


class Ledger(RuleBasedStateMachine):
    """People agree, refuse, withdraw; days pass. `said` is the oracle's own notebook."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.at = NOW
        self.said: list[dict[str, Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def a_child_with_a_guardian(self) -> None:
        self.owner = person("duty_officer")
        self.case = guarded(self.owner, born=date(2008, 12, 10))
        self.to = [OrganisationFactory.create() for _ in range(2)]

    def _write(self, to: int | None, purpose: str, named: set[str], **said: Any) -> None:
        self.at += timedelta(minutes=1)
        recipient = None if to is None else self.to[to]
        fields = {"recipient": recipient, "purpose": purpose, "categories": sorted(named)}
        with acting(self.owner, self.at):
            made = consent(self.case, self.owner, at=self.at, **(fields | said))
        self.said.append(
            {
                "row": made,
                "to": to,
                "purpose": purpose,
                "named": named,
                "yes": said.get("decision") != "refused",
                "firm": made.kind != "consent",
                "end": made.expires_at,
                "stopped": None,
            }
        )

    NAMED = st.sets(st.sampled_from(CATEGORIES), min_size=1)

    @rule(to=st.integers(0, 1), purpose=st.sampled_from(PURPOSES), named=NAMED, span=SPANS)
    def agree(self, to: int, purpose: str, named: set[str], span: timedelta) -> None:
        if self.at < NOW + 16 * DAY:  # later there is nobody left to agree for the person
            self._write(to, purpose, named, expires_at=self.at + span)

    @rule(to=st.none() | st.integers(0, 1), purpose=st.sampled_from(PURPOSES), named=NAMED)
    def refuse(self, to: int | None, purpose: str, named: set[str]) -> None:
        self._write(to, purpose, named, decision="refused", expires_at=None)

    @rule(
        to=st.none() | st.integers(0, 1),
        purpose=st.sampled_from(PURPOSES),
        named=NAMED,
        span=SPANS,
    )
    def is_in_danger(self, to: int | None, purpose: str, named: set[str], span: timedelta) -> None:
        danger = {"kind": "vital_interest", "law": "vital_interest", "note": "gladno je"}
        quiet = {"consent_kind": "", "given_by": "", "explained": False}
        self._write(to, purpose, named, expires_at=self.at + span, **danger, **quiet)

    @precondition(lambda self: any(self._may_stop(one) for one in self.said))
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([one for one in self.said if self._may_stop(one)]))
        self.at += timedelta(minutes=1)
        do = actions.basis_end if one["firm"] else actions.basis_withdraw
        with acting(self.owner, self.at):
            do(basis=one["row"], why="dosta", by=self.owner.actor(), at=self.at)
        one["stopped"] = self.at

    @staticmethod
    def _may_stop(one: dict[str, Any]) -> bool:
        return one["yes"] and one["stopped"] is None

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.at += span

    @invariant()
    def nothing_goes_that_was_not_agreed_and_is_not_owed(self) -> None:
        for to in range(len(getattr(self, "to", []))):
            for purpose in PURPOSES:
                found = actions.decide(
                    case_id=self.case.pk,
                    recipient_id=self.to[to].pk,
                    purpose=purpose,
                    categories=CATEGORIES,
                    at=self.at,
                )
                for category, line in found.items():
                    assert (line is not None) == self._may(to, purpose, category)

    def _may(self, to: int, purpose: str, category: str) -> bool:
        meant = [
            one
            for one in self.said
            if one["purpose"] == purpose and category in one["named"] and one["to"] in (None, to)
        ]
        if any(one["firm"] and self._holds(one) for one in meant):
            return True
        words = [one for one in meant if not one["firm"]]
        if not words or self.at >= datetime(2026, 12, 10, tzinfo=NOW.tzinfo) - timedelta(hours=1):
            return False
        last = max(words, key=lambda one: one["stopped"] or one["row"].recorded_at)
        return one_holds(last, self.at)

    def _holds(self, one: dict[str, Any]) -> bool:
        return one_holds(one, self.at)


def one_holds(one: dict[str, Any], at: datetime) -> bool:
    over = one["end"] is not None and one["end"] <= at
    return bool(one["yes"]) and one["stopped"] is None and not over


def test_no_sequence_of_words_shares_what_the_ledger_does_not_justify() -> None:
    few = settings(
        max_examples=15,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Ledger, settings=few)
