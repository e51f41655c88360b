"""The parts of pages say in words what they show, and break no rule of the content policy."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from spona.base.clock import State
from spona.base.parts import Act, DutyRow, Fact, Link, Task
from spona.base.sample import EncounterSample, sample_river
from spona.base.templatetags.components import BADGES, anchor

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=ZoneInfo("Europe/Belgrade"))
TEMPLATES = sorted(Path(__file__).parents[2].glob("*/templates/**/*.html"))


def drawn(source: str, **context: Any) -> str:
    with translation.override("en"):
        page = Template("{% load components %}" + source).render(Context(context | {"now": NOW}))
    return tight(page)


def tight(page: str) -> str:
    """White space beside and within tags says nothing."""
    page = re.sub(r"\s+>", ">", page)
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", page))


@pytest.mark.parametrize("state", list(State))
def test_a_state_is_a_word_and_a_shape(state: State) -> None:
    page = drawn("{% state_glyph state %}", state=state)
    assert drawn("{{ state|state_word }}", state=state) in page
    assert "<path" in page or "<circle" in page


def test_every_state_has_its_own_shape() -> None:
    shapes = {re.sub(r".*</title>", "", drawn("{% state_glyph s %}", s=state)) for state in State}
    assert len(shapes) == len(State)


def test_a_glyph_beside_its_word_is_silent() -> None:
    page = drawn("{% state_glyph 'done' True %}")
    assert 'aria-hidden="true"' in page
    assert "<title>" not in page


def test_an_unknown_state_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="lost"):
        drawn("{% state_glyph 'lost' %}")


@pytest.mark.parametrize("verified", sorted(BADGES))
def test_a_badge_says_how_far_the_rule_was_checked(verified: str) -> None:
    with translation.override("en"):
        word, title = map(str, BADGES[verified])
    page = drawn("{% badge verified 'on 23 Nov' %}", verified=verified)
    assert word in page
    assert f"{title} on 23 Nov" in page


def test_a_clock_tells_the_time_left_and_when_it_ends() -> None:
    page = drawn("{% clock_ring due=due now=now %}", due=NOW + timedelta(hours=6))
    assert "6 h left" in page
    assert 'stroke-dasharray="25 100"' in page
    assert "today 20:20" in page
    assert "is-today" in page


def test_a_clock_of_another_day_names_the_day() -> None:
    page = drawn("{% clock_ring due=due now=now %}", due=NOW + timedelta(days=2))
    assert "Wed 25 Nov 14:20" in page


def test_a_day_is_written_as_the_language_does() -> None:
    source = "{% load components %}{{ now|moment }}"
    with translation.override("sr-latn"):
        assert Template(source).render(Context({"now": NOW})) == "pon. 23. 11. 14.20"
    with translation.override("sr"):
        assert Template(source).render(Context({"now": NOW})) == "пон. 23. 11. 14.20"


def test_the_script_reads_the_sentences_of_the_clock() -> None:
    page = drawn("{% autoescape off %}{% clock_sentences %}{% endautoescape %}")
    assert json.loads(page)["left"] == "%(span)s left"


def duty(**more: Any) -> str:
    row = DutyRow(what="Temporary guardian", state=State.TODAY, **more)
    return drawn("{% duty_row row now %}", row=row)


def test_a_duty_says_who_owes_it_and_why() -> None:
    page = duty(owner="the centre", rule="UASC-02", rule_href="/rules/2", verified="read")
    assert "owed by the centre" in page
    assert '<a href="/rules/2">UASC-02</a>' in page
    assert "from the source" in page


def test_a_blocked_duty_says_the_way_out_instead_of_a_button() -> None:
    page = duty(blocked="First the guardian.")
    assert "First the guardian." in page
    assert "btn" not in page


def test_an_obstacle_stands_in_words() -> None:
    assert "No interpreter." in duty(obstacle="No interpreter.")


def test_an_act_that_changes_something_is_a_form_and_may_ask_first() -> None:
    page = duty(act=Act("Close", "/close", "post", primary=False, confirm="Close the case?"))
    assert '<form method="post" action="/close" data-confirm="Close the case?"' in page
    assert "btn-line" in page


def test_a_button_says_what_it_is_about_to_those_who_hear_the_page() -> None:
    page = duty(act=Act("Appoint", "/appoint"))
    assert 'Appoint<span class="visually-hidden">: Temporary guardian</span>' in page


def test_names_are_escaped_wherever_they_stand() -> None:
    page = duty(who=("<script>",)) + drawn("{% card title=name %}x{% endcard %}", name="<b>")
    assert "<script>" not in page
    assert "<b>" not in page


def wrong() -> EncounterSample:
    return EncounterSample({"age": "90", "language": "prs"})


def test_the_summary_of_mistakes_leads_to_each_field() -> None:
    page = drawn("{% error_summary form %}", form=wrong())
    for name in ("#id_place", "#id_age", "#id_danger_0", "#id_told"):
        assert f'href="{name}"' in page
    assert "Gde je dete viđeno – " in page


def test_a_mistake_of_the_whole_form_has_no_link() -> None:
    form = wrong()
    form.add_error(None, "The dates contradict each other.")
    assert "<li>The dates contradict each other.</li>" in drawn(
        "{% error_summary form %}", form=form
    )


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert drawn("{% error_summary form %}", form=forms.Form({})).strip() == ""


def test_a_field_is_tied_to_its_hint_and_its_mistake() -> None:
    page = drawn("{% field form.place %}", form=wrong())
    (described,) = re.findall(r'aria-describedby="([^"]+)"', page)
    assert all(f'id="{name}"' in page for name in described.split())
    assert 'aria-invalid="true"' in page


def test_choices_that_belong_together_are_a_fieldset_with_a_legend() -> None:
    page = drawn("{% field form.danger %}", form=EncounterSample())
    assert "<fieldset" in page
    assert "<legend" in page


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(if you know)" in drawn("{% field form.account %}", form=EncounterSample())
    assert "(if you know)" not in drawn("{% field form.place %}", form=EncounterSample())


def test_the_label_of_a_single_box_stands_after_it() -> None:
    page = drawn("{% field form.told %}", form=EncounterSample())
    assert page.index("<input") < page.index("<label")


def test_a_field_without_automatic_ids_still_has_an_anchor() -> None:
    assert anchor(EncounterSample()["age"]) == "id_age"


def test_a_hidden_field_has_no_label() -> None:
    class Hidden(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)

    assert "label" not in drawn("{% field form.token %}", form=Hidden())


def test_the_river_and_its_list_say_the_same() -> None:
    with translation.override("en"):
        drawing = sample_river(NOW)
    page = drawn("{% river drawing title='Course' %}", drawing=drawing)
    drawing_part, list_part = page.split("<details")
    for row in (*drawing.past, *drawing.owed):
        assert row.label in drawing_part
        assert row.label in list_part


PARTS: dict[str, dict[str, Any]] = {
    "tabs": {"tabs": [Link("River", "#", current=True, count=0)], "label": "Case"},
    "crumbs": {"crumbs": [Link("Desk", "/"), Link("Case")]},
    "answers": {"facts": [Fact("Need", "shelter", "/change")]},
    "facts": {"facts": [Fact("Need", "")]},
    "tasks": {
        "tasks": [Task("Told", done=True), Task("Consent", href="#"), Task("Send", hint="-")]
    },
    "progress": {"label": "Export", "value": 0, "most": 8},
    "steps": {"step": 1, "most": 4, "label": "Need"},
    "note": {"kind": "review", "text": "Not reviewed."},
    "empty_state": {"title": "Nothing yet", "act": Act("Begin", "#")},
    "confirm": {},
    "messages": {"messages": []},
}
SAYS = {
    "tabs": 'aria-current="page">River<span class="count">0</span>',
    "crumbs": '<li aria-current="page">Case</li>',
    "answers": 'Change<span class="visually-hidden">: Need</span>',
    "facts": "–",
    "tasks": "Not yet",
    "progress": "0 of 8",
    "steps": "Step 1 of 4<span>Need</span>",
    "note": "Needs review",
    "empty_state": "Nothing yet",
    "confirm": "Cancel",
    "messages": 'aria-live="polite"',
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_says_what_it_is_given(name: str) -> None:
    with translation.override("en"):
        page = render_to_string(f"base/components/{name}.html", PARTS[name])
    assert SAYS[name] in tight(page)


FORBIDDEN = {
    "a style attribute": r"\sstyle=",
    "an inline style sheet": r"<style",
    "an inline script": r"<script(?![^>]*(src=|nonce=))",
    "an event attribute": r"\son[a-z]+=",
    "hx-on": r"hx-on",
    "a value to be evaluated": r"['\"{]\s*(js|javascript):",
    "a filter of a trigger": r"hx-trigger=\"[^\"]*\[",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_template_asks_for_what_the_content_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


def test_a_term_of_days_is_shown_as_the_end_of_its_last_day() -> None:
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    assert drawn("{% due_words due now %}", due=midnight) == "end of the day: today"
    assert drawn("{% due_words due now %}", due=midnight + timedelta(days=1)).endswith("Tue 24 Nov")
    assert drawn("{% due_words due now %}", due=midnight + timedelta(hours=2)) == "Tue 24 Nov 02:00"


def test_an_obstacle_is_not_shown_as_lateness() -> None:
    page = drawn("{% clock_ring due=due now=now state='obstacle' %}", due=NOW - timedelta(hours=6))
    assert "late" not in page
    assert "data-clock" not in page
