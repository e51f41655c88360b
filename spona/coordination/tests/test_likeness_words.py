"""The bars that say why two records may be one child."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from spona.coordination.views import likeness_words as words
from spona.names.likeness import Reason
from spona.names.weighing import (
    Bar,
    Birth,
    Feature,
    Level,
    Precision,
    Traits,
    Waterfall,
    shipped,
    weigh,
)

BORDER = Traits(
    "Sintetički Uzorak",
    sex="m",
    birth=Birth(date(2011, 1, 1), Precision.ESTIMATED),
    citizenship="AF",
)
CENTRE = Traits(
    "Sentetiki Uzurak",
    sex="m",
    birth=Birth(date(2010, 1, 1), Precision.ESTIMATED),
    citizenship="PK",
)


def points(shown: str) -> float:
    return float(shown.replace("−", "-").replace(",", "."))


def test_every_level_feature_and_reason_that_can_be_told_has_its_words() -> None:
    assert set(words.FEATURES) == set(Feature)
    assert set(words.LEVELS) == set(Level) - {Level.MISSING}
    assert set(words.REASONS) == set(Reason)
    assert {level for known in shipped().chances.values() for level in known} <= set(words.LEVELS)


@given(st.floats(-20, 0), st.lists(st.floats(-7, 23), max_size=6))
def test_the_points_that_are_shown_sum_to_the_score_that_is_shown(
    prior: float, weights: list[float]
) -> None:
    bars = tuple(Bar(Feature.SEX, Level.SAME, weight) for weight in weights)
    with translation.override("en"):
        drawn = words.drawn(Waterfall(prior, bars))
    assert round(sum(points(step.points) for step in drawn.steps), 1) == points(drawn.total)
    assert abs(points(drawn.total) - (prior + sum(weights))) <= 0.051
    assert all(0 <= step.x <= step.x + step.width <= words.WIDTH + 0.2 for step in drawn.steps)


def test_each_bar_says_in_words_what_it_compares() -> None:
    with translation.override("en"):
        drawn = words.drawn(weigh(BORDER, CENTRE, prior=-10.0))
        said = {step.what: step.words for step in drawn.steps}
    assert said["Birth"] == "the estimated years fit"
    assert said["Sex"] == "the same: says little"
    assert said["Citizenship, as said"] == "not the same"
    assert said["Father's name"] == "not known: says nothing"
    names = next(step for step in drawn.steps if step.what == "Names")
    assert {pair.one.text for pair in names.pairs} == {"Sintetički", "Uzorak"}


def test_the_picture_is_a_table_first_and_arabic_is_read_from_the_right() -> None:
    arabic = Traits("محمد نمونه")
    with translation.override("sr-latn"):
        drawn = words.drawn(weigh(arabic, Traits("Muhamed Namuna"), prior=-10.0))
        page = render_to_string("coordination/waterfall.html", {"drawn": drawn, "title": "X"})
    assert '<bdi lang="und-Arab" dir="rtl"' in " ".join(page.split())
    assert page.count("<tr>") == len(drawn.steps) + 2
    assert "style=" not in page
    assert "," not in "".join(part.split('"')[1] for part in page.split(" x=")[1:])
