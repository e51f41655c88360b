"""What can be done in a run now, what cannot yet and how to get there, and what to ask oneself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from spona.base.parts import Link
from spona.base.script import in_script, said, written_language
from spona.conduct import state, text
from spona.conduct.book import Book, Fact, Strength
from spona.conduct.marking import Marking
from spona.coordination.actions import engine
from spona.coordination.forms.acts_facts import choices_of
from spona.coordination.models import Run
from spona.coordination.views import rows
from spona.coordination.views.streams import Story

FIRST_ASKED = "intention_registered"  # what outsiders ask for first while no guardian is appointed


@dataclass(frozen=True, slots=True)
class Barred:
    """An act that cannot happen yet: the sentence of its rule, and the acts that open the way."""

    label: str
    why: str
    first: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact of the rule book; `value` is empty while nobody knows it, `waited` a rule waits."""

    key: str
    label: str
    value: str
    href: str
    waited: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    protective: tuple[Link, ...]
    rest: tuple[Link, ...]
    barred: tuple[Barred, ...]
    doubtful: tuple[str, ...]


def act_url(run_id: int, act: str) -> str:
    return reverse("coordination:act_new", args=[run_id, act])


def act_link(run: Run, act: str) -> Link:
    return Link(rows.act_label(run.version, act), act_url(run.pk, act))


def outlook(story: Story) -> Outlook:
    """Acts that nobody owes but that may happen now, the protective ones apart; the barred ones."""
    run, book = story.run, story.run.version.book
    if run.rests:
        return Outlook((), (), (), ())
    marking = state.load(run.version.graph, run.state)
    facts = engine.facts_of(run, run.facts)
    owed = {act for duty in story.open_duties for act in duty.acts}
    shown = [key for key, act in book.acts.items() if not act.by_clock and story.shows(key)]
    enabled = set(run.version.graph.enabled(marking, story.at, facts))
    free = [key for key in shown if key in enabled and key not in owed]
    return Outlook(
        protective=tuple(act_link(run, key) for key in free if book.acts[key].protective),
        rest=tuple(act_link(run, key) for key in free if not book.acts[key].protective),
        barred=_barred(story, marking, [key for key in shown if key not in enabled], enabled),
        doubtful=_doubtful(story, marking),
    )


def _barred(
    story: Story, marking: Marking, acts: list[str], enabled: Collection[str]
) -> tuple[Barred, ...]:
    run, found = story.run, []
    facts = engine.facts_of(run, run.facts)
    for act in sorted(acts, key=lambda key: key != FIRST_ASKED):
        blocks = run.version.graph.blocks(marking, act, story.at, facts)
        hard = [one for one in blocks if one.strength is Strength.HARD and one.source]
        if not hard:
            continue
        why = text.why_not(run.version.book, act, hard[0], story.names, written_language())
        ways = dict.fromkeys(one.source for one in hard if one.source in enabled)
        first = tuple(act_link(run, way) for way in ways if story.shows(way))
        found.append(Barred(rows.act_label(run.version, act), in_script(why), first))
    return tuple(found)


def _doubtful(story: Story, marking: Marking) -> tuple[str, ...]:
    """Duties that would not be owed had all facts been known: a person decides about them."""
    graph, facts = story.run.version.graph, engine.facts_of(story.run, story.run.facts)
    return tuple(
        rows.act_label(story.run.version, duty.acts[0])
        for duty in graph.unfounded(marking, facts)
        if story.shows(duty.acts[0])
    )


def fact_lines(story: Story) -> list[FactLine]:
    """Each fact of the book: what is known, what is not, what a rule waits for."""
    run, book = story.run, story.run.version.book
    marking = state.load(run.version.graph, run.state)
    facts = engine.facts_of(run, run.facts)
    waiting = {key for one in run.version.graph.to_find_out(marking, facts) for key in one.facts}
    url = reverse("coordination:fact_new", args=[run.pk])
    return [
        FactLine(
            key,
            said(fact.label),
            fact_words(book, fact, facts.get(key)),
            f"{url}?fact={key}",
            key in waiting,
            fact.sensitive,
        )
        for key, fact in book.facts.items()
        if story.sensitive or not fact.sensitive
    ]


def fact_words(book: Book, fact: Fact, value: Any) -> str:
    """The value as one says it; empty while it is unknown."""
    if value is None:
        return ""
    if fact.type == "boolean":
        return _("yes") if value else _("no")
    if fact.type == "datetime":
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if fact.type == "code":
        return choices_of(book, fact).get(value, str(value))
    return date_format(value, "DATE_FORMAT") if fact.type == "date" else str(value)
