"""The demo shows a rule book in the making: an objection, its answer, and who is still asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.draft import ANSWER, OBJECTION, RULE, consult
from demo.load import load
from spona.base.actor import Actor
from spona.conduct.compare import How, compare
from spona.conduct.verify import verify
from spona.protocols.actions import version_publish
from spona.protocols.models import Draft, Opinion

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
BOOK = Path(__file__).parents[2] / "protocols" / "school-inclusion.yaml"


@pytest.fixture
def draft() -> Draft:
    version_publish(text=BOOK.read_text(encoding="utf-8"), by=Actor(name="demo"), at=NOW)
    load(NOW)
    assert consult(NOW)
    assert not consult(NOW)
    return Draft.objects.get()


def test_the_school_objects_and_is_answered(draft: Draft) -> None:
    objection = Opinion.objects.objections().get()
    assert (objection.rule_id, objection.reason, objection.answer) == (RULE, OBJECTION, ANSWER)
    assert draft.state == Draft.State.CONSULTED
    assert draft.consultations.filter(answered_at=None).count() == 1


def test_the_draft_says_that_it_is_synthetic_and_changes_one_term(draft: Draft) -> None:
    assert "sintetički" in draft.title
    assert draft.based_on
    book = draft.sound.book
    assert book
    changed = [one for one in compare(draft.based_on.book, book, "en") if one.section == "rules"]
    assert [(one.key, one.how) for one in changed] == [(RULE, How.CHANGED)]
    assert not [one for one in verify(book).findings if one.severity == "fault"]
