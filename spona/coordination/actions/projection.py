"""Duties follow from the marking; their addressees follow from who stands for which party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from spona.conduct.book import Act, Book
from spona.conduct.marking import Ended, Marking, Owed
from spona.conduct.stepping import Step
from spona.coordination import rules
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import Binding, Duty, Run, RunEvent

ENDING = [
    "state", "ended_at", "ended_by", "done_late", "by_proxy", "ended_by_rule", "next_tell_at",
]  # fmt: skip
MOVING = ["rule", "row", "counted_from", "due_at", "by_measure", "next_tell_at", "told"]

End = tuple[bool, Ended]  # whether it was discharged, and how it ended


def key_of(owed: Owed) -> tuple[str, ...]:
    """What makes a duty the same duty: its act, or the whole group of which one is owed."""
    if owed.row is not None and len(owed.row.targets) > 1:
        return owed.row.targets
    return owed.acts


def row_number(book: Book, owed: Owed) -> int | None:
    """Which row of its rule makes it owed; none for what a run begins with."""
    if owed.row is None:
        return None
    rows = book.rule(owed.rule_id).rows
    return next(number for number, row in enumerate(rows) if row is owed.row)


class Projection:
    """The duties of one run, brought in line with its marking step by step, or after a new fold;
    what is new is written at the end."""

    def __init__(self, run: Run, *, at: datetime) -> None:
        self.run, self.at = run, at
        self.book = run.version.book
        self.bound = bindings(run)
        self.owed = {tuple(duty.acts): duty for duty in run.duties.owed()}
        self.outbox = Outbox(at)
        self.opened: list[Duty] = []

    def follow(
        self, marking: Marking, *, done: Step | None = None, event: RunEvent | None = None
    ) -> None:
        """Open what is newly owed, move what got another moment, end what is owed no more."""
        before, self.owed, ended = self.owed, {}, _ended(done)
        for owed in self.run.version.graph.owed(marking):
            if owed.hidden:
                continue
            key = key_of(owed)
            duty = before.pop(key, None)
            if duty is not None and key in ended:
                self._end(duty, ended[key], event)
                duty = None
            self.owed[key] = self._open(owed) if duty is None else self._move(duty, owed)
        for key, duty in before.items():
            self._end(duty, ended.get(key), event)

    def write(self) -> None:
        """What was opened, as it stands by now, and what is told."""
        Duty.objects.bulk_create(self.opened)
        self.outbox.send()

    def _open(self, owed: Owed) -> Duty:
        act = self.book.acts[key_of(owed)[0]]  # the preferred one, also while it is blocked
        party, binding = addressee(self.bound, act, owed, taken_over=self.run.case_id is not None)
        duty = Duty(
            run=self.run,
            case_id=self.run.case_id,
            version=self.run.version,
            acts=list(key_of(owed)),
            rule=owed.rule_id,
            party=party,
            organisation_id=binding.organisation_id if binding else None,
            user_id=binding.user_id if binding else None,
            counted_from=owed.since,
            protective=act.protective,
            inside=self.run.is_inside(binding.organisation_id if binding else None),
        )
        self._set_due(duty, owed)
        self.opened.append(duty)
        if binding is None or binding.party != party:
            self.outbox.unbound(duty)
        self.outbox.duty_opened(duty)
        return duty

    def _move(self, duty: Duty, owed: Owed) -> Duty:
        now = owed.due, owed.rule_id, row_number(self.book, owed)
        if (duty.due_at, duty.rule, duty.row) != now:
            duty.rule, duty.counted_from = owed.rule_id, owed.since
            self._set_due(duty, owed)
            _save(duty, MOVING)
        return duty

    def _set_due(self, duty: Duty, owed: Owed) -> None:
        duty.due_at, duty.row = owed.due, row_number(self.book, owed)
        within = owed.row.within if owed.row else None
        duty.by_measure = bool(within and within.term is None and within.measure)
        duty.told = 0
        duty.next_tell_at = next_telling(self.book, duty, self.at)

    def leave(self, duties: Iterable[Duty], event: RunEvent) -> None:
        """These end for their addressee, whose lateness stays: another takes them on."""
        for duty in duties:
            self._end(duty, None, event)
        self.outbox.send()

    def _end(self, duty: Duty, how: End | None, event: RunEvent | None) -> None:
        """Done, or closed; a duty closed while late is kept as closed late."""
        discharged, end = how if how else (False, None)
        duty.ended_at, duty.ended_by = (end.at if end else self.at), event
        late = end.late if end else duty.is_late(duty.ended_at)
        if discharged:
            duty.state, duty.done_late = Duty.State.DONE, late
            duty.by_proxy = bool(event and event.by_proxy)
        else:
            duty.state = Duty.State.CLOSED_LATE if late else Duty.State.CLOSED
            duty.ended_by_rule = end.rule_id if end else ""
        duty.next_tell_at = None
        _save(duty, ENDING)
        if duty.obstacle:
            duty.obstacles.filter(overcome_at=None).update(overcome_at=duty.ended_at)
        if duty.state == Duty.State.CLOSED_LATE:
            if duty.version_id == self.run.version_id:
                duty.version = self.run.version
            self.outbox.closed_late(duty)


def _save(duty: Duty, columns: list[str]) -> None:
    """One that was opened just now is written with the others."""
    if duty.pk is not None:
        duty.save(update_fields=columns)


def _ended(done: Step | None) -> dict[tuple[str, ...], End]:
    """What the step discharged (True) or closed (False), by the key of the duty."""
    if done is None:
        return {}
    found = {key_of(end.owed): (False, end) for end in done.closed}
    return found | {key_of(end.owed): (True, end) for end in done.discharged}


def next_telling(book: Book, duty: Duty, at: datetime) -> datetime | None:
    """When somebody is next to be told of this duty: a warning before, the rungs after."""
    if not duty.rule or duty.due_at is None:
        return None
    rule = book.rule(duty.rule)
    rung = rules.next_rung(rule, duty.told, duty.due_at)
    moments = [rules.warning_at(rule, duty.due_at, at), rung.at if rung else None]
    return min((moment for moment in moments if moment), default=None)


# --- parties


def bindings(run: Run) -> dict[str, Binding]:
    """Who stands for which party now."""
    return {binding.party: binding for binding in run.bindings.current()}


def addressee(
    bound: dict[str, Binding], act: Act, owed: Owed, *, taken_over: bool
) -> tuple[str, Binding | None]:
    """Who owes an act: on whose behalf it is done, else the first party named that is bound; of
    what anyone may do, the centre for social work, and before it took over, the finder."""
    on_behalf = act.on_behalf or (owed.row.on_behalf if owed.row else "")
    named = [party for party in (on_behalf, *act.by) if party and party != "anyone"]
    named = named or (["csr", "finder"] if taken_over else ["finder", "csr"])
    for party in named:
        if party in bound:
            return party, bound[party]
    return named[0], bound.get("csr")


def bind_all(run: Run, parties: Mapping[str, int], *, at: datetime) -> None:
    """The same as `bind` for institutions, by party."""
    run.bindings.current().filter(party__in=parties).update(until_at=at)
    Binding.objects.bulk_create(
        Binding(run=run, case_id=run.case_id, party=party, organisation_id=bound, from_at=at)
        for party, bound in parties.items()
    )
    owing = run.duties.owed().filter(party__in=parties).values_list("party", flat=True)
    for party in set(owing):
        _move_duties(run, party, organisation_id=parties[party], user_id=None)


def bind(
    run: Run,
    party: str,
    *,
    organisation_id: int | None,
    at: datetime,
    user_id: int | None = None,
    name: str = "",
) -> Binding:
    """From now on this institution (or person) stands for the party; its open duties move along."""
    run.bindings.current().filter(party=party).update(until_at=at)
    binding = Binding.objects.create(
        run=run,
        case_id=run.case_id,
        party=party,
        organisation_id=organisation_id,
        user_id=user_id,
        name=name,
        from_at=at,
    )
    _move_duties(run, party, organisation_id=organisation_id, user_id=user_id)
    return binding


def _move_duties(run: Run, party: str, *, organisation_id: int | None, user_id: int | None) -> None:
    run.duties.owed().filter(party=party).update(
        organisation_id=organisation_id,
        user_id=user_id,
        inside=run.is_inside(organisation_id),
    )
