"""Looking at an act before it is done: what stands in its way, in sentences.

A party that does not see the case is told about its own act and of nothing else: the rules are
read in the engine room, and only sentences and numbers come out of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed
from spona.base.script import in_script, written_language
from spona.cases.models import Guardianship
from spona.conduct import state, text
from spona.conduct.book import Act, Strength
from spona.conduct.marking import Block
from spona.conduct.text import Answer, Asked
from spona.coordination import permissions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.acts import works_on_case
from spona.coordination.actions.saying import party_names
from spona.coordination.models import Binding, Duty, Run
from spona.protocols.models import Version


@dataclass(frozen=True, slots=True)
class ActLook:
    """An act as this person may do it now.

    `party` is none where it is done by another institution and only recorded here. `why_not` holds
    the sentence of each block and `before` the acts that would lift them; `blocked` says that a
    reason is not enough. `waiting` says what waits for this act. `last_seq` is the last event of
    the run. `protective` are acts that wait for nothing and are this person's to do.
    """

    run_id: int
    case_id: int | None
    act: Act
    version: Version
    party: str | None
    works: bool
    started_at: datetime
    last_seq: int
    why_not: tuple[str, ...]
    before: tuple[str, ...]
    waiting: tuple[str, ...]
    blocked: bool
    protective: tuple[str, ...]

    @property
    def needs_reason(self) -> bool:
        return bool(self.why_not) and not self.blocked


def act_look(*, run_id: int, act: str, by: Actor, at: datetime) -> ActLook:
    """Raises `NotAllowed` alike for what is hidden, absent and not this person's to do."""
    works = works_on_case(run_id, by, at) and permissions.can_work_on_case(by)
    if not works and not _addressed(run_id, act, by, at):
        raise NotAllowed
    with rls.engine_room():
        run = Run.objects.select_related("version").filter(pk=run_id).first()
        if run is None or act not in run.version.book.acts:
            raise NotAllowed
        return _look(run, run.version.book.acts[act], by=by, at=at, works=works)


def _addressed(run_id: int, act: str, by: Actor, at: datetime) -> bool:
    """Asked outside the engine room: a duty of the own institution, or that it stands for a party
    of the run. What is sensitive is done only by whom it was addressed to."""
    duties = Duty.objects.visible_to(by, at).owed()
    if duties.filter(run=run_id, organisation=by.organisation_id, acts__contains=[act]).exists():
        return True
    own = Binding.objects.visible_to(by, at).current().filter(organisation=by.organisation_id)
    if not own.filter(run=run_id).exists():
        return False
    known = version_of(run_id).book.acts
    return act in known and not known[act].sensitive


def version_of(run_id: int) -> Version:
    """The rule book of a run. Books are everybody's; which run is hidden from many."""
    with rls.engine_room():
        return Run.objects.select_related("version").get(pk=run_id).version


def _look(run: Run, act: Act, *, by: Actor, at: datetime, works: bool) -> ActLook:
    inside = run.is_inside(by.organisation_id)
    if not permissions.can_answer(by, works_on_case=works, inside=inside):
        raise NotAllowed
    bound = projection.bindings(run)
    party = permissions.party_of(by, act, bound)
    if act.by_clock or run.rests or (party is None and not works):
        raise NotAllowed
    graph, marking = run.version.graph, state.load(run.version.graph, run.state)
    facts = engine.facts_of(run, run.facts)
    blocks = graph.blocks(marking, act.key, at, facts)
    others = [run.version.book.acts[key] for key in graph.enabled(marking, at, facts)]
    asked = Asked(run.version.book, graph, marking, at, facts, party_names(run))
    opening = _opening(asked, act.key) if works else ()
    return ActLook(
        run_id=run.pk,
        case_id=run.case_id,
        act=act,
        version=run.version,
        party=party,
        works=works,
        started_at=run.started_at,
        last_seq=run.events.order_by("-seq").values_list("seq", flat=True).first() or 0,
        why_not=_said(opening) or why_not_each(run, act.key, blocks),
        before=tuple(dict.fromkeys(one.acts[0] for one in opening))
        or tuple(dict.fromkeys(block.source for block in blocks if block.source)),
        waiting=_waiting(asked, act.key) if works else (),
        blocked=any(block.strength is Strength.HARD for block in blocks),
        protective=tuple(
            one.key
            for one in others
            if one.protective
            and not one.sensitive
            and one.key != act.key
            and (works or permissions.party_of(by, one, bound))
        ),
    )


def _opening(asked: Asked, act: str) -> tuple[Answer, ...]:
    """What opens an act that is closed. What closed it is not told: it may be somebody's secret."""
    if act in asked.graph.included(asked.marking):
        return ()
    answers = text.why_not_yet(asked, act, written_language())
    return tuple(one for one in answers if one.acts and _may_be_named(asked, one))


def _waiting(asked: Asked, act: str) -> tuple[str, ...]:
    barred = text.stays_barred(asked, act, written_language())
    return _said(one for one in barred if _may_be_named(asked, one))


def _may_be_named(asked: Asked, answer: Answer) -> bool:
    acts = [asked.book.acts[key] for key in answer.acts]
    return not any(act.sensitive or act.by_clock for act in acts)


def _said(answers: Iterable[Answer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(in_script(one.sentence) for one in answers))


def why_not_each(run: Run, act: str, blocks: Iterable[Block]) -> tuple[str, ...]:
    """A sentence for each block, what cannot be passed first."""
    names, language = party_names(run), written_language()
    ordered = sorted(blocks, key=lambda block: block.strength)
    said = (text.why_not(run.version.book, act, block, names, language) for block in ordered)
    return tuple(dict.fromkeys(in_script(sentence) for sentence in said))


def children_of(guardian_ids: Iterable[int]) -> dict[int, int]:
    """How many children each guardian has now. A number and no child: the cases may be hidden."""
    with rls.engine_room():
        counted = (
            Guardianship.objects.filter(guardian_id__in=list(guardian_ids), until_at=None)
            .values("guardian_id")
            .annotate(children=Count("case", distinct=True))
        )
        return {row["guardian_id"]: row["children"] for row in counted}
