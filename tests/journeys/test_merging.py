"""A boy was met twice and has two files: they are merged, and split when a brother appears."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from playwright.sync_api import Page

from spona.base import rls
from spona.cases.models import Case
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import press, sees, sees_text, write
from tests.journeys.stories import boy_in_care, case_path

WHY = "Isti ožiljak i isti telefon majke."


def test_two_files_of_one_child_are_merged_and_split_again(town: None, sign_in: Newcomer) -> None:
    at = timezone.now()
    kept, other = _two_files(at)
    dragana = sign_in("dragana-dezurna")
    _looks_at_both(dragana, kept, other)
    _reads_what_will_happen_and_merges(dragana, other)
    _finds_the_way_from_each_file_to_the_other(dragana, kept, other)
    _splits_them_again(dragana, kept, other)


def _two_files(at: datetime) -> tuple[Case, Case]:
    return boy_in_care(at), boy_in_care(at)


def _looks_at_both(dragana: Page, kept: Case, other: Case) -> None:
    dragana.goto(case_path(kept))
    press(dragana, "Is this child already in another file?")
    write(dragana, "Code of the other case", other.code)
    press(dragana, "Look at both files")
    sees_text(dragana, other.code)
    write(dragana, "How you know that this is one child", WHY)


def _reads_what_will_happen_and_merges(dragana: Page, other: Case) -> None:
    press(dragana, "Next: look at it again")
    sees(dragana, "Exactly this will happen")
    sees_text(dragana, WHY)
    assert _fresh(other).is_open
    press(dragana, "Merge the two files")
    sees(dragana, "The two files are merged.")
    assert _fresh(other).closure_reason == "double"


def _finds_the_way_from_each_file_to_the_other(dragana: Page, kept: Case, other: Case) -> None:
    for one, there in ((kept, other), (other, kept)):
        dragana.goto(case_path(one))
        sees(dragana, "This child has another file")
        sees_text(dragana, there.code)
    assert _fresh(kept).person_id == _fresh(other).person_id


def _splits_them_again(dragana: Page, kept: Case, other: Case) -> None:
    press(dragana, "What was decided, and splitting again")
    press(dragana, "Split again")
    write(dragana, "Why these are two children", "Brat je došao sam.")
    press(dragana, "Split the files")
    sees(dragana, "The two files are of two children again.")
    assert _fresh(other).is_open
    assert (_fresh(kept).person_id, _fresh(other).person_id) == (kept.person_id, other.person_id)


def _fresh(case: Case) -> Case:
    with rls.engine_room():
        return Case.objects.get(pk=case.pk)
