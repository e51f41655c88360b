"""Deadlines that a fact names, in sentences."""

from __future__ import annotations

import pytest

from spona.conduct.tests.small_book import said


def test_a_day_that_is_named_elsewhere_is_named_in_the_words_of_the_book() -> None:
    row = "{when: asked, must: taught, within: {until: agreed}}"
    assert said(row, verified="local").startswith(
        "Kada je pitanje postavljeno, dogovoreno je da škole najkasnije do dogovorenog dana održe"
    )
    assert said(row, "en", "local").startswith(
        "When a question has been asked, it is agreed that the schools will, no later than the day "
        "agreed, teach."
    )


@pytest.mark.parametrize(
    ("fact", "serbian", "english"),
    [
        ("set_for", "dana koji je naveden (zakazano za)", "the day that is named (set for)"),
        (
            "bell",
            "trenutka koji je naveden (početak časa)",
            "the moment that is named (beginning of class)",
        ),
    ],
)
def test_a_day_without_words_of_its_own_is_named_by_its_fact(
    fact: str, serbian: str, english: str
) -> None:
    row = f"{{when: asked, must: taught, within: {{until: {fact}}}}}"
    assert f"najkasnije do {serbian} održe nastavu" in said(row)
    assert f"no later than {english}, teach" in said(row, "en")


def test_a_condition_and_a_named_day_stand_in_one_sentence() -> None:
    guard = "{urgent: true, phrase: {sr-latn: je hitno, en: it is urgent}}"
    row = f"{{when: asked, must: taught, within: {{until: agreed}}, if: {guard}}}"
    assert said(row).startswith(
        "Ako je hitno, škole dužne su da posle postavljanja pitanja, a najkasnije do dogovorenog "
        "dana, održe nastavu."
    )
    assert "after the question and no later than the day agreed, teach" in said(row, "en")
