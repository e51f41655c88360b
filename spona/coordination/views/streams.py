"""A run as lanes, points and a list: what `base.river` draws, and every entry of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from spona.accounts.models import Organisation
from spona.base import clock, river
from spona.base.actor import Actor
from spona.base.clock import State
from spona.base.script import in_script, said, written_language
from spona.cases.models import Case
from spona.coordination.forms.acts import party_label
from spona.coordination.models import Binding, Duty, Run, RunEvent
from spona.coordination.views import rows

CLOCK = "clock"


@dataclass
class Story:
    """Everything of one run that its page needs, loaded once."""

    run: Run
    bindings: Sequence[Binding]
    events: Sequence[RunEvent]
    duties: Sequence[Duty]
    actor: Actor
    at: datetime
    sensitive: bool = False
    lanes: dict[str, river.Lane] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str]:
        """The institutions that stand for the parties, by party."""
        return {
            one.party: in_script(one.name) or str(one.organisation)
            for one in self.bindings
            if one.organisation_id
        }

    @cached_property
    def open_duties(self) -> list[Duty]:
        """Owed now, the soonest first, those without a moment last."""
        owed = [one for one in self.duties if one.state == Duty.State.OWED and self.shows(one.act)]
        return sorted(owed, key=lambda one: (one.due_at is None, one.due_at or one.counted_from))

    @cached_property
    def standing(self) -> list[RunEvent]:
        """The entries that count, in the order in which things happened."""
        taken_back = {one.revokes_id for one in self.events if one.revokes_id}
        kept = [
            one
            for one in self.events
            if one.kind != RunEvent.Kind.REVOKED and one.pk not in taken_back and self.tells(one)
        ]
        return sorted(kept, key=lambda one: (one.occurred_at, one.seq))

    def shows(self, act: str) -> bool:
        """Acts of the restricted part are only for those who may see it."""
        return self.sensitive or not self.run.version.book.acts[act].sensitive

    def tells(self, event: RunEvent) -> bool:
        if kind_words(event):
            return True
        if event.act:
            return self.shows(event.act)
        return self.sensitive or bool(self.shown_facts(event))

    def shown_facts(self, event: RunEvent) -> list[str]:
        book = self.run.version.book
        return [
            key
            for key in event.facts
            if key in book.facts and (self.sensitive or not book.facts[key].sensitive)
        ]


def story_of(case: Case, actor: Actor, at: datetime, *, sensitive: bool) -> Story | None:
    """The run with which the case began; none while it has none. Four queries."""
    run = (
        Run.objects.visible_to(actor, at)
        .filter(case=case, parent=None)
        .select_related("version")
        .order_by("-started_at")
        .first()
    )
    if run is None:
        return None
    return Story(
        run,
        list(run.bindings.current().select_related("organisation__type", "user").order_by("pk")),
        list(run.events.select_related("organisation").order_by("seq")),
        [
            _of(run, duty)
            for duty in run.duties.select_related("organisation", "user").order_by("pk")
        ],
        actor,
        at,
        sensitive,
    )


def _of(run: Run, duty: Duty) -> Duty:
    """The same version object, so that the book is not read again for each duty."""
    if duty.version_id == run.version_id:
        duty.version = run.version
    duty.run = run
    return duty


# --- lanes


def drawing(story: Story) -> river.River:
    """The river of the run, `now` being local time."""
    events = [_event(story, one) for one in story.standing]
    owed = [_duty(story, one) for one in story.open_duties if one.due_at]
    lanes = sorted(story.lanes.values(), key=lambda lane: lane.key == CLOCK)
    return river.river(lanes, events, owed, now=timezone.localtime(story.at))


def _event(story: Story, event: RunEvent) -> river.Event:
    return river.Event(
        lane=lane_of(story, event.party, event.organisation),
        at=timezone.localtime(event.occurred_at),
        label=event_label(story, event),
        came_from=_handed_by(story, event),
    )


def _short(day: date) -> str:
    """`24. 11.`, `24 Nov`: formats are code and no text to be put into another script."""
    return date_format(day, "j M" if written_language() == "en" else "j. n.")


def _duty(story: Story, duty: Duty) -> river.Duty:
    due = timezone.localtime(duty.due_at) if duty.due_at else story.at
    day = clock.last_day(due)
    by_the_hour = day == timezone.localdate(story.at) and not clock.ends_a_day(due)
    when = date_format(due, "TIME_FORMAT") if by_the_hour else _short(day)
    return river.Duty(
        lane=lane_of(story, duty.party, duty.organisation),
        due=due,
        label=rows.duty_label(duty),
        state=rows.state(duty, story.at),
        when=when,
    )


def lane_of(story: Story, party: str, organisation: Organisation | None) -> str:
    """The lane on which the party is drawn: institutions once, persons by what they are."""
    bound = next((one for one in story.bindings if one.party == party), None)
    if party == CLOCK:
        return _lane(story, CLOCK, _("Calendar"), own=False)
    if bound and bound.user_id:
        mine = bound.user_id == story.actor.user_id
        return _lane(story, party, party_label(story.run.version.book, party), own=mine)
    where = bound.organisation if bound else None if party in _parties(story) else organisation
    if where is None:
        name = in_script(bound.name) if bound else ""
        label = name or party_label(story.run.version.book, party) or _("Not known")
        return _lane(story, party, label, own=False)
    own = where.pk == story.actor.organisation_id
    return _lane(story, f"organisation-{where.pk}", str(where), own=own)


def _parties(story: Story) -> Mapping[str, object]:
    return story.run.version.book.parties


def _lane(story: Story, key: str, label: str, *, own: bool) -> str:
    story.lanes.setdefault(key, river.Lane(key, label, own))
    return key


def _handed_by(story: Story, event: RunEvent) -> str:
    """The lane of the act that made this one owed, where that is another one."""
    ended = next((one for one in story.duties if one.ended_by_id == event.pk and one.rule), None)
    if ended is None:
        return ""
    sources = {
        row.source
        for row in story.run.version.book.rule(ended.rule).rows
        if event.act in row.targets and row.source
    }
    earlier = [one for one in story.standing if one.act in sources and one.seq < event.seq]
    if not earlier:
        return ""
    before = earlier[-1]
    lane = lane_of(story, before.party, before.organisation)
    return "" if lane == lane_of(story, event.party, event.organisation) else lane


def event_label(story: Story, event: RunEvent) -> str:
    """The act, the facts that became known, or that another institution stands for the party."""
    if told := kind_words(event):
        return told
    if event.act:
        return rows.act_label(story.run.version, event.act)
    facts = story.run.version.book.facts
    known = ", ".join(said(facts[key].label) for key in story.shown_facts(event))
    return _("Became known: %(facts)s") % {"facts": known}


def kind_words(event: RunEvent) -> str:
    """What an entry says that is neither an act nor a fact."""
    if event.kind == RunEvent.Kind.HANDED:
        return _("Another institution takes over; its terms begin anew")
    if event.kind == RunEvent.Kind.MIGRATED:
        return _("Goes on under version %(number)s of the rules") % {"number": event.form["to"]}
    if event.kind == RunEvent.Kind.RESTED:
        return _("Case closed")
    if event.kind == RunEvent.Kind.REVOKED and not event.act and _wakes(event):
        return _("Case opened again")
    return ""


def _wakes(event: RunEvent) -> bool:
    return event.revokes is not None and event.revokes.kind == RunEvent.Kind.RESTED


# --- the record


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record; `taken_back` says that it no longer counts."""

    event: RunEvent
    label: str
    who: str
    taken_back: bool
    takes_back: bool
    state: State = State.DONE


def record(story: Story) -> list[Entry]:
    """Every entry, the latest first, also those that were taken back and the taking back."""
    taken_back = {one.revokes_id for one in story.events if one.revokes_id}
    return [
        Entry(
            event=one,
            label=event_label(story, one),
            who=who_of(one),
            taken_back=one.pk in taken_back,
            takes_back=one.kind == RunEvent.Kind.REVOKED,
        )
        for one in sorted(story.events, key=lambda one: -one.seq)
        if story.tells(one)
    ]


def who_of(event: RunEvent) -> str:
    """Who typed it, and for which institution."""
    name = in_script(event.recorded_by_name)
    return ", ".join(word for word in (name, str(event.organisation or "")) if word)


def grouped(story: Story, duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    """Open duties by who owes them, the own institution first."""
    found: dict[str, list[Duty]] = {}
    for duty in duties:
        found.setdefault(lane_of(story, duty.party, duty.organisation), []).append(duty)
    first = sorted(found, key=lambda key: not story.lanes[key].own)
    return {key: found[key] for key in first}
