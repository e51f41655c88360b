"""What a line of the ledger justifies, and who may consent: truth tables, properties, an oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.cases.rules.sharing import (
    NOT_UNDERSTANDING,
    RESTRICTED,
    ConsentFault,
    Ground,
    WhyNot,
    consent_fault,
    holds_for,
    justified_by,
    shares,
    standing,
)

T0 = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCHOOL, CLINIC = 1, 2
NEEDS = "needs"


def ground(**said: object) -> Ground:
    """A guardian consents: needs may go to the school for education, for ten hours."""
    fields: dict[str, object] = {
        "id": 1,
        "kind": "consent",
        "decision": "given",
        "purpose": "education",
        "recipient": SCHOOL,
        "categories": frozenset({NEEDS}),
        "from_at": T0,
        "recorded_at": T0,
        "consent_kind": "data",
        "represented": True,
        "expires_at": T0 + 10 * HOUR,
    }
    return Ground(**fields | said)  # type: ignore[arg-type]


def may(*grounds: Ground, at: datetime = T0 + HOUR, **asked: object) -> int | None:
    """The number of the line on which needs go to the school; `asked` differs from that."""
    found = justified_by(
        grounds,
        purpose=str(asked.get("purpose", "education")),
        recipient=int(str(asked.get("recipient", SCHOOL))),
        category=str(asked.get("category", NEEDS)),
        at=at,
        of_age=bool(asked.get("of_age")),
    )
    return found.id if found else None


def test_a_consent_lets_go_what_it_names_to_whom_it_names_for_what_it_names() -> None:
    assert may(ground()) == 1
    assert may(ground(), recipient=CLINIC) is None
    assert may(ground(), category="health") is None
    assert may(ground(), purpose="service") is None
    assert may() is None


def test_a_consent_ends_on_its_day_and_not_a_moment_later() -> None:
    end = T0 + 10 * HOUR
    assert may(ground(), at=end - timedelta(microseconds=1)) == 1
    assert may(ground(), at=end) is None
    assert may(ground(), at=T0 - HOUR) is None


def test_a_withdrawal_counts_from_its_moment() -> None:
    withdrawn = ground(withdrawn_at=T0 + 2 * HOUR)
    assert may(withdrawn, at=T0 + HOUR) == 1
    assert may(withdrawn, at=T0 + 2 * HOUR) is None


def test_the_latest_word_counts() -> None:
    later = {"id": 2, "recorded_at": T0 + HOUR, "from_at": T0 + HOUR}
    refused = ground(decision="refused", expires_at=None, **later)
    assert may(ground(), refused) is None
    assert may(refused, ground(), at=T0) == 1
    assert may(ground(decision="refused"), ground(**later)) == 2
    assert may(ground(), ground(withdrawn_at=T0 + HOUR, **later), at=T0 + HOUR) is None
    assert may(ground(), ground(expires_at=T0 + 2 * HOUR, **later), at=T0 + 3 * HOUR) is None


def test_a_withdrawal_is_a_word_of_its_own_moment_whichever_line_it_is_on() -> None:
    """Two lines say yes to the same; whoever takes one back on the third day means it."""
    first = ground(withdrawn_at=T0 + 3 * HOUR)
    second = ground(id=2, recorded_at=T0 + HOUR)
    assert may(first, second, at=T0 + 2 * HOUR) == 2
    assert may(first, second, at=T0 + 3 * HOUR) is None
    anew = ground(id=3, recorded_at=T0 + 4 * HOUR, from_at=T0 + 4 * HOUR)
    assert may(first, second, anew, at=T0 + 5 * HOUR) == 3


def test_what_is_taken_back_and_agreed_to_in_one_moment_is_taken_back() -> None:
    assert may(ground(withdrawn_at=T0), ground(id=2)) is None


def test_who_takes_no_part_in_research_goes_to_school_all_the_same() -> None:
    declined = {"consent_kind": "research", "decision": "refused", "recorded_at": T0 + HOUR}
    assert may(ground(), ground(id=2, **declined)) == 1
    assert may(ground(), ground(id=2, recipient=None, **declined)) == 1


def test_a_refusal_without_a_recipient_is_meant_for_everybody() -> None:
    refused = ground(id=2, decision="refused", recipient=None, recorded_at=T0 + HOUR)
    assert may(ground(), refused) is None
    assert may(ground(recipient=None)) is None


def test_a_refused_consent_never_stops_a_duty() -> None:
    refused = ground(id=2, decision="refused", recorded_at=T0 + HOUR)
    for kind in ("legal_duty", "vital_interest"):
        duty = ground(id=3, kind=kind, consent_kind="", recipient=None, expires_at=None)
        assert may(refused, duty) == 3
        assert may(refused, duty, recipient=CLINIC) == 3
        assert may(replace(duty, withdrawn_at=T0 + HOUR)) is None
        assert may(replace(duty, recipient=CLINIC)) is None


def test_what_was_imported_without_evidence_justifies_nothing() -> None:
    assert may(ground(decision="evidence_unknown")) is None
    assert may(ground(kind="legal_duty", decision="evidence_unknown")) is None


def test_what_a_guardian_agreed_to_ends_when_the_person_is_of_age() -> None:
    assert may(ground(), of_age=True) is None
    assert may(ground(represented=False), of_age=True) == 1
    assert may(ground(kind="legal_duty"), of_age=True) == 1


def test_a_consent_to_health_care_opens_nothing_else() -> None:
    """At 15 it is given alone: it must not become a way around the guardian."""
    assert may(ground(consent_kind="health")) is None
    care = ground(consent_kind="health", purpose="health_care")
    assert may(care, purpose="health_care") == 1
    assert may(ground(consent_kind="research")) is None
    assert may(ground(consent_kind="health", decision="refused", id=2), ground(id=3)) == 3
    assert may(ground(id=3), ground(consent_kind="health", decision="refused", id=4)) is None


def test_each_kind_of_consent_has_its_purposes() -> None:
    assert shares("data", "protection")
    assert shares("service", "education")
    assert not shares("service", "health_care")
    assert not shares("research", "service")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, None),
        ({"decision": "refused"}, WhyNot.REFUSED),
        ({"withdrawn_at": T0 + HOUR}, WhyNot.WITHDRAWN),
        ({"decision": "evidence_unknown"}, WhyNot.EVIDENCE_UNKNOWN),
        ({"expires_at": T0 + HOUR}, WhyNot.EXPIRED),
        ({"from_at": T0 + 2 * HOUR}, WhyNot.NOT_YET),
    ],
)
def test_a_line_says_why_it_does_not_stand(said: dict[str, object], why: WhyNot | None) -> None:
    assert standing(ground(**said), at=T0 + HOUR, of_age=False) == why


def test_a_line_of_a_guardian_says_that_the_person_is_of_age() -> None:
    assert standing(ground(), at=T0 + HOUR, of_age=True) is WhyNot.OF_AGE


# --- any ledger at all

MOMENTS = st.integers(0, 12).map(lambda hours: T0 + hours * HOUR)
GROUNDS = st.lists(
    st.builds(
        Ground,
        id=st.integers(1, 1_000),
        kind=st.sampled_from(["consent", "consent", "legal_duty", "vital_interest"]),
        decision=st.sampled_from(["given", "given", "given", "refused", "evidence_unknown"]),
        purpose=st.sampled_from(["education", "health_care"]),
        recipient=st.sampled_from([None, SCHOOL, CLINIC]),
        categories=st.frozensets(st.sampled_from([NEEDS, "health"]), min_size=1),
        from_at=MOMENTS,
        recorded_at=MOMENTS,
        consent_kind=st.sampled_from(["data", "health", "service", "research"]),
        represented=st.booleans(),
        expires_at=st.none() | MOMENTS,
        withdrawn_at=st.none() | MOMENTS,
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)
ASKED = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(["education", "health_care"]),
        "recipient": st.sampled_from([SCHOOL, CLINIC]),
        "category": st.sampled_from([NEEDS, "health"]),
        "of_age": st.booleans(),
    }
)


OPENS = {
    ("data", "education"), ("data", "health_care"),
    ("health", "health_care"), ("service", "education"),
}  # fmt: skip


def naive(grounds: list[Ground], asked: dict[str, object], at: datetime) -> bool:
    """Written anew, word by word as in a diary, without a look at the rules: a line says what it
    says on the day it was written, and no on the day it was taken back."""
    word = False
    spoken = [(g.recorded_at, at_once(g), g.id, g) for g in grounds]
    spoken += [(g.withdrawn_at or at, True, g.id, g) for g in grounds if taken_back(g, at)]
    for _then, _no, _id, one in sorted(spoken, key=lambda said: said[:3]):
        if one.recorded_at > at or one.purpose != asked["purpose"]:
            continue
        if asked["category"] not in one.categories:
            continue
        if one.recipient is not None and one.recipient != asked["recipient"]:
            continue
        if one.kind != "consent" and good(one, at):
            return True
        if one.kind == "consent":
            word = latest(word, one, asked, at)
    return word


def at_once(one: Ground) -> bool:
    return one.withdrawn_at is not None and one.withdrawn_at <= one.recorded_at


def taken_back(one: Ground, at: datetime) -> bool:
    return one.withdrawn_at is not None and one.recorded_at < one.withdrawn_at <= at


def good(one: Ground, at: datetime) -> bool:
    """Given, and between its beginning and whatever ended it first."""
    never = datetime.max.replace(tzinfo=UTC)
    over = min(one.expires_at or never, one.withdrawn_at or never)
    return one.decision == "given" and one.from_at <= at < over


def latest(before: bool, one: Ground, asked: dict[str, object], at: datetime) -> bool:
    """What is agreed once this word has been said."""
    if one.consent_kind == "research":
        return before
    if one.decision == "refused":
        return False
    opens = (one.consent_kind, one.purpose) in OPENS
    if one.recipient is None or (one.decision == "given" and not opens):
        return before
    return good(one, at) and not (one.represented and asked["of_age"])


@given(grounds=GROUNDS, asked=ASKED, at=MOMENTS)
def test_the_decision_is_that_of_a_naive_reading(
    grounds: list[Ground], asked: dict[str, object], at: datetime
) -> None:
    assert (may(*grounds, at=at, **asked) is not None) == naive(grounds, asked, at)


@given(grounds=GROUNDS, asked=ASKED, at=MOMENTS, which=st.integers(0, 4), when=MOMENTS)
def test_withdrawing_never_allows_more(
    grounds: list[Ground], asked: dict[str, object], at: datetime, which: int, when: datetime
) -> None:
    before = may(*grounds, at=at, **asked)
    fewer = [
        replace(one, withdrawn_at=min(when, one.withdrawn_at or when)) if i == which else one
        for i, one in enumerate(grounds)
    ]
    assert may(*fewer, at=at, **asked) is None or before is not None


@given(grounds=GROUNDS, asked=ASKED, at=MOMENTS, number=st.integers(2_000, 3_000))
def test_a_refusal_allows_nothing_more_and_takes_nothing_from_a_duty(
    grounds: list[Ground], asked: dict[str, object], at: datetime, number: int
) -> None:
    purpose, category = str(asked["purpose"]), str(asked["category"])
    said_no = ground(
        id=number,
        decision="refused",
        purpose=purpose,
        recipient=asked["recipient"],
        categories=frozenset({category}),
        recorded_at=at,
    )
    before, after = may(*grounds, at=at, **asked), may(*grounds, said_no, at=at, **asked)
    kinds = {one.id: one.kind for one in grounds}
    if before is not None and kinds[before] != "consent":
        assert after == before
    else:
        assert after is None


@given(grounds=GROUNDS, asked=ASKED, at=MOMENTS)
def test_what_is_justified_names_a_line_that_stands_and_is_about_it(
    grounds: list[Ground], asked: dict[str, object], at: datetime
) -> None:
    number = may(*grounds, at=at, **asked)
    if number is not None:
        one = next(each for each in grounds if each.id == number)
        assert standing(one, at=at, of_age=bool(asked["of_age"])) is None
        assert one.purpose == asked["purpose"]
        assert asked["category"] in one.categories
        assert one.recipient in (None, asked["recipient"])


@given(grounds=GROUNDS, at=MOMENTS, of_age=st.booleans())
def test_a_line_holds_for_what_the_decision_would_rest_on_it(
    grounds: list[Ground], at: datetime, of_age: bool
) -> None:
    words = [one for one in grounds if one.is_consent]
    for one, category in ((g, each) for g in grounds for each in g.categories):
        asked = {"purpose": one.purpose, "category": category, "of_age": of_age}
        held = category in holds_for(one, grounds, at=at, of_age=of_age) and one.recorded_at <= at
        recipients = [one.recipient] if one.recipient else [SCHOOL, CLINIC]
        others = words if one.is_consent else [one]
        numbers = {may(*others, at=at, recipient=each, **asked) for each in recipients}
        assert held == (numbers == {one.id})


# --- who may consent

NEEDED, NOBODY = ConsentFault.REPRESENTATIVE_NEEDED, ConsentFault.NO_REPRESENTATIVE
PATIENT, OWN = ConsentFault.PATIENT_DECIDES, ConsentFault.OWN_WORD_NEEDED


@pytest.mark.parametrize(
    ("kind", "age", "given_by", "has_guardian", "view", "fault"),
    [
        ("data", 14, "child", True, "agrees", NEEDED),
        ("data", 17, "child", True, "agrees", NEEDED),
        ("data", 17, "guardian", True, "agrees", None),
        ("data", 17, "guardian", False, "agrees", NOBODY),
        ("data", 18, "adult", False, "agrees", None),
        ("data", 18, "guardian", True, "agrees", OWN),
        ("data", None, "child", True, "agrees", NEEDED),
        ("data", None, "guardian", True, "agrees", None),
        ("health", 14, "child", True, "agrees", NEEDED),
        ("health", 14, "guardian", True, "agrees", None),
        ("health", 15, "child", False, "agrees", None),
        ("health", 15, "guardian", True, "agrees", PATIENT),
        ("health", 15, "guardian", True, "disagrees", None),
        ("health", None, "child", True, "agrees", NEEDED),
        ("service", 16, "child", True, "agrees", NEEDED),
        ("service", 16, "guardian", True, "disagrees", None),
        ("research", 16, "guardian", True, "not_asked", OWN),
        ("research", 16, "guardian", True, "agrees", None),
        ("research", 16, "child", True, "agrees", NEEDED),
        ("research", 20, "adult", False, "agrees", None),
        ("data", 16, "", True, "agrees", NEEDED),
        ("health", 16, "", True, "agrees", NEEDED),
    ],
)
def test_who_may_consent_to_what(
    kind: str,
    age: int | None,
    given_by: str,
    has_guardian: bool,
    view: str,
    fault: ConsentFault | None,
) -> None:
    found = consent_fault(
        kind, age=age, given_by=given_by, has_guardian=has_guardian, child_view=view
    )
    assert found == fault


COURT = ConsentFault.COURT_NEEDED


@pytest.mark.parametrize(
    ("age", "given_by", "has_guardian", "proven", "view", "fault"),
    [
        (30, "guardian", True, True, "agrees", None),
        (30, "guardian", True, True, "cannot_say", None),
        (30, "guardian", True, True, "disagrees", OWN),
        (30, "guardian", True, True, "not_asked", OWN),
        (30, "guardian", True, False, "agrees", COURT),
        (30, "guardian", False, True, "agrees", NOBODY),
        (30, "adult", True, True, "agrees", COURT),
        (30, "parent", True, True, "agrees", COURT),
        (17, "guardian", True, True, "agrees", COURT),
        (None, "guardian", True, True, "agrees", COURT),
    ],
)
def test_for_an_adult_somebody_else_consents_only_with_a_court_a_guardian_and_no_objection(
    age: int | None,
    given_by: str,
    has_guardian: bool,
    proven: bool,
    view: str,
    fault: ConsentFault | None,
) -> None:
    found = consent_fault(
        "service",
        age=age,
        given_by=given_by,
        has_guardian=has_guardian,
        proven=proven,
        child_view=view,
        because=RESTRICTED,
    )
    assert found == fault


@pytest.mark.parametrize(
    ("age", "given_by", "has_guardian", "fault"),
    [
        (15, "guardian", True, None),
        (17, "guardian", False, NOBODY),
        (15, "child", True, NEEDED),
        (14, "guardian", True, None),
        (18, "adult", False, COURT),
        (18, "guardian", True, COURT),
    ],
)
def test_for_a_patient_who_does_not_understand_the_guardian_decides_until_he_is_of_age(
    age: int, given_by: str, has_guardian: bool, fault: ConsentFault | None
) -> None:
    found = consent_fault(
        "health",
        age=age,
        given_by=given_by,
        has_guardian=has_guardian,
        child_view="cannot_say",
        because=NOT_UNDERSTANDING,
    )
    assert found == fault


KINDS = ("data", "health", "service", "research")


def test_before_a_guardian_nobody_but_a_proven_parent_consents_for_a_child() -> None:
    views = ("agrees", "disagrees", "cannot_say", "not_asked")
    for kind, age, view in product(KINDS, (None, 0, 14, 15, 17), views):
        for who in ("guardian", "parent"):
            fault = consent_fault(kind, age=age, given_by=who, has_guardian=False, child_view=view)
            assert fault is not None


def test_a_parent_consents_with_a_document_and_never_beside_a_guardian() -> None:
    for has_guardian, proven in product((True, False), repeat=2):
        fault = consent_fault(
            "data", age=12, given_by="parent", has_guardian=has_guardian, proven=proven
        )
        assert (fault is None) == (proven and not has_guardian)


@given(
    kind=st.sampled_from(KINDS),
    given_by=st.sampled_from(["child", "adult", "guardian", "parent", ""]),
    has_guardian=st.booleans(),
    proven=st.booleans(),
    view=st.sampled_from(["agrees", "disagrees", "cannot_say", "not_asked"]),
)
def test_a_child_whose_age_is_unknown_consents_to_nothing_alone(
    kind: str, given_by: str, has_guardian: bool, proven: bool, view: str
) -> None:
    fault = consent_fault(
        kind,
        age=None,
        given_by=given_by,
        has_guardian=has_guardian,
        proven=proven,
        child_view=view,
    )
    assert fault is not None or given_by in ("guardian", "parent")
