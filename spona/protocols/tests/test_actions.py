"""A rule book is written, spoken about, signed by another and published, in this order only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.protocols import actions
from spona.protocols.actions import Edit, OpinionDraft
from spona.protocols.models import Draft, Opinion, Version
from spona.protocols.rules.reading import wording
from spona.protocols.tests.story import NOW, SOON, TEXT, Office

pytestmark = pytest.mark.django_db

TERM = ("rules", 0, "rows", 0, "within")


@pytest.fixture
def office() -> Iterator[Office]:
    with translation.override("en"):
        yield Office()


def verbs() -> list[str]:
    with rls.engine_room():
        return list(
            Event.objects.filter(subject_type__startswith="protocols.")
            .order_by("id")
            .values_list("verb", flat=True)
        )


# --- writing


def test_a_lawyer_begins_a_draft_and_it_is_logged(office: Office) -> None:
    assert (office.draft.protocol, office.draft.title) == ("small", "Mala knjiga")
    assert office.draft.digest
    assert verbs() == ["draft_begin"]


@pytest.mark.parametrize("role", ["director", "coordinator", "case_manager"])
def test_nobody_else_does(role: str) -> None:
    with pytest.raises(NotAllowed):
        actions.draft_begin(text=TEXT, based_on=None, by=person(role).actor(), at=NOW)


def test_a_change_touches_one_place_and_is_undone_byte_by_byte(office: Office) -> None:
    office.change(TERM, "PT12H")
    assert office.fresh.text == TEXT.replace("PT24H", "PT12H")
    office.change(("title", "en"), "A small book", who=office.colleague)
    assert office.fresh.revisions.count() == 2
    for _ in range(2):
        actions.draft_undo(draft=office.draft, by=office.author.actor(), at=NOW)
    assert office.fresh.text == TEXT
    with pytest.raises(Refused, match="nothing to undo"):
        actions.draft_undo(draft=office.draft, by=office.author.actor(), at=NOW)


def test_a_rule_comes_and_goes(office: Office) -> None:
    rule = {"id": "T-3", "verified": "local", "rows": [{"when": "asked", "must": "answered"}]}
    edit = Edit(("rules", 2), "T-3", rule, insert=True)
    actions.draft_change(draft=office.draft, edit=edit, by=office.author.actor(), at=NOW)
    assert [one["id"] for one in office.document().data["rules"]] == ["T-1", "T-2", "T-3"]

    gone = Edit(("rules", 2), "T-3", seen=wording(rule))
    actions.draft_change(draft=office.draft, edit=gone, by=office.author.actor(), at=NOW)
    assert office.fresh.text == TEXT


def test_of_two_who_change_the_same_rule_the_second_is_told_who_was_first(office: Office) -> None:
    seen = office.fresh.wordings["T-1"]
    office.change(TERM, "PT12H")
    with pytest.raises(Stale, match=office.author.user.name):
        office.change(("rules", 0), {"id": "T-1"}, who=office.colleague, seen=seen)
    assert "PT12H" in office.fresh.text


def test_two_who_change_different_rules_do_not_meet(office: Office) -> None:
    office.change(TERM, "PT12H")
    office.change(("rules", 1, "source"), "http://example.org/2", who=office.colleague)
    assert office.fresh.revisions.count() == 2


def test_another_institution_does_not_write_here(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.change(TERM, "PT12H", who=office.reviewer)
    with pytest.raises(NotAllowed):
        actions.draft_abandon(draft=office.draft, by=office.stranger.actor(), at=NOW)


def test_the_text_may_have_faults_but_must_be_yaml(office: Office) -> None:
    def write(text: str, row_version: int = 1) -> Draft:
        by = office.author.actor()
        return actions.draft_write(
            draft=office.draft, text=text, row_version=row_version, by=by, at=NOW
        )

    with pytest.raises(Refused, match="Line 2"):
        write("id: a\n- b")
    with pytest.raises(Refused, match="begins with"):
        write("just words")
    faulty = write(TEXT.replace("must: answered", "must: nothing"))
    assert faulty.sound.faults
    assert office.fresh.digest == ""
    with pytest.raises(Stale, match="in the meantime"):
        write(TEXT)


def test_what_is_given_up_is_kept_and_not_changed(office: Office) -> None:
    actions.draft_abandon(draft=office.draft, by=office.author.actor(), at=NOW)
    with pytest.raises(Refused, match="no longer worked on"):
        office.change(TERM, "PT12H")
    with pytest.raises(Refused, match="no longer worked on"):
        actions.draft_abandon(draft=office.draft, by=office.author.actor(), at=NOW)


# --- who sees a draft


def test_a_draft_is_seen_by_those_concerned_only(office: Office) -> None:
    def sees(who: str) -> bool:
        return Draft.objects.visible_to(getattr(office, who).actor()).exists()

    assert [who for who in PEOPLE if sees(who)] == ["author", "colleague"]
    office.consult()
    asked = ["author", "colleague", "police", "coordinator"]
    assert [who for who in PEOPLE if sees(who)] == asked
    office.ask_reviewer()
    assert sees("reviewer")


PEOPLE = (
    "author",
    "colleague",
    "reviewer",
    "police",
    "officer",
    "ministry",
    "coordinator",
    "stranger",
)


# --- opinions


def test_an_institution_objects_is_answered_and_accepts_the_new_wording(office: Office) -> None:
    office.consult()
    office.opine()
    opinion = Opinion.objects.get()
    actions.opinion_answer(opinion=opinion, answer="Skraćeno.", by=office.author.actor(), at=NOW)
    office.change(TERM, "P2D")
    office.opine(accepts=True)
    opinion.refresh_from_db()
    assert (opinion.accepts, opinion.answer) == (True, "")
    assert "opinions_give" in verbs()


def test_an_opinion_on_a_wording_that_is_gone_is_not_taken(office: Office) -> None:
    consultation = office.consult()
    old = office.fresh.wordings["T-1"]
    office.change(TERM, "P2D")
    said = [OpinionDraft("T-1", old, True)]
    with pytest.raises(Stale, match="while you were reading"):
        actions.opinions_give(
            consultation=consultation, opinions=said, by=office.police.actor(), at=NOW
        )


def test_only_who_speaks_for_the_institution_gives_its_opinion(office: Office) -> None:
    consultation = office.consult()
    for who in (office.officer, office.ministry, office.author):
        with pytest.raises(NotAllowed):
            actions.opinions_give(consultation=consultation, opinions=[], by=who.actor(), at=NOW)
    office.opine()
    with pytest.raises(NotAllowed):
        actions.opinion_answer(
            opinion=Opinion.objects.get(), answer="x", by=office.police.actor(), at=NOW
        )


def test_a_book_with_faults_is_sent_to_nobody(office: Office) -> None:
    office.change(("rules", 0, "rows", 0, "must"), "nothing")
    with pytest.raises(Refused, match="faults"):
        office.consult()


def test_asking_again_keeps_what_was_said(office: Office) -> None:
    office.consult()
    office.opine()
    assert office.consult().opinions.count() == 1


# --- signing and publishing


def test_another_lawyer_signs_and_the_coordinator_publishes(office: Office) -> None:
    office.consult()
    office.opine()
    office.sign()
    assert office.fresh.state == Draft.State.SIGNED
    version = office.publish()
    assert version.digest == office.fresh.digest
    assert version.valid_from == SOON
    assert office.fresh.state == Draft.State.PUBLISHED
    assert verbs()[-3:] == ["signature_give", "version_publish", "draft_publish"]


def test_nobody_signs_what_they_wrote(office: Office) -> None:
    office.change(TERM, "PT12H", who=office.colleague)
    for who in (office.author, office.colleague):
        with pytest.raises(Refused, match="wrote themselves"):
            actions.signature_ask(
                draft=office.draft, reviewer=who.user, by=office.author.actor(), at=NOW
            )


def test_only_who_was_asked_signs_and_only_what_was_read(office: Office) -> None:
    digest = office.fresh.digest
    with pytest.raises(NotAllowed):
        actions.signature_give(
            draft=office.draft, function="x", digest=digest, by=office.reviewer.actor(), at=NOW
        )
    office.ask_reviewer()
    office.change(TERM, "PT12H")
    with pytest.raises(Stale, match="while you were reading"):
        actions.signature_give(
            draft=office.draft, function="x", digest=digest, by=office.reviewer.actor(), at=NOW
        )


def test_what_is_signed_is_not_changed_until_the_signature_is_taken_back(office: Office) -> None:
    office.sign()
    with pytest.raises(Refused, match="signed"):
        office.change(TERM, "PT12H")
    with pytest.raises(NotAllowed):
        actions.draft_reopen(draft=office.draft, by=office.stranger.actor(), at=NOW)
    actions.draft_reopen(draft=office.draft, by=office.author.actor(), at=NOW)
    assert office.fresh.signature is None
    assert office.fresh.state == Draft.State.DRAFT
    with pytest.raises(Refused, match="not signed"):
        actions.draft_reopen(draft=office.draft, by=office.author.actor(), at=NOW)


def test_unsigned_or_by_somebody_else_nothing_is_published(office: Office) -> None:
    with pytest.raises(Refused, match="signed"):
        office.publish()
    office.sign()
    with pytest.raises(NotAllowed):
        actions.draft_publish(draft=office.draft, valid_from=SOON, by=office.author.actor(), at=NOW)


def test_a_number_is_given_once(office: Office) -> None:
    other = actions.draft_begin(
        text=TEXT.replace("PT24H", "P3D"), based_on=None, by=office.author.actor(), at=NOW
    )
    actions.version_publish(text=other.text, by=office.coordinator.actor(), at=NOW)
    office.sign()
    with pytest.raises(Refused, match="published already"):
        office.publish()


def test_a_version_binds_from_its_day_on(office: Office) -> None:
    first, _new = actions.version_publish(
        text=TEXT.replace('version: "1"', 'version: "0"'), by=office.coordinator.actor(), at=NOW
    )
    office.sign()
    second = office.publish()
    assert Version.objects.in_force("small", NOW) == first
    assert Version.objects.in_force("small", NOW.replace(month=12, day=10)) == second
    assert second.valid_from == date(2026, 12, 10)
