"""Duties as lines of a list, in the words of their rule book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.base.clock import State, state_of
from spona.base.parts import Act, DutyRow
from spona.base.script import in_script, said, written_language
from spona.cases import codes
from spona.cases.models import Case
from spona.conduct import text
from spona.conduct.book import Rule
from spona.coordination.actions import carried_from
from spona.coordination.models import Duty
from spona.coordination.views.matters import Matter, matters_of
from spona.protocols.models import Version


def act_label(version: Version, act: str) -> str:
    """The act's noun phrase: `Postavljanje privremenog staratelja`."""
    language = written_language()
    return in_script(version.book.acts[act].phrases[language]["label"])


def duty_label(duty: Duty) -> str:
    """What is owed; of a choice of many, the first and how many there are."""
    labels = [act_label(duty.version, act) for act in duty.acts]
    if len(labels) > 2:
        return _("One of %(count)d: %(first)s …") % {"count": len(labels), "first": labels[0]}
    return _(" or ").join(labels)


def rule_of(duty: Duty) -> Rule | None:
    return duty.version.book.rule(duty.rule) if duty.rule else None


def rule_url(version: Version, rule_id: str) -> str:
    return _rule_url(version.protocol, version.version, rule_id)


@lru_cache(maxsize=1024)  # each line of a list has one, and the rules are few
def _rule_url(protocol: str, version: str, rule_id: str) -> str:
    return reverse("protocols:rule_detail", args=[protocol, version, rule_id])


def why_owed(duty: Duty) -> str:
    """The sentence that says why, since when and until when."""
    if not duty.rule:
        return ""
    book, language = duty.version.book, written_language()
    since, due = duty.counted_from, duty.due_at
    row = book.rule(duty.rule).rows[duty.row] if duty.row is not None else None
    return in_script(text.why_owed(book, duty.act, duty.rule, since, due, language, row))


def state(duty: Duty, at: datetime) -> State:
    """How the duty stands: an obstacle is not lateness."""
    if duty.state != Duty.State.OWED:
        return State.DONE
    return State.OBSTACLE if duty.obstacle else state_of(duty.due_at, at=at)


def child_words(case: Case | None, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Who it is for, in a list: code, initials (the first name for those who see only the cases
    given to them), age."""
    if case is None:
        return ()
    name = case.person.main_name
    called = name.given if name and actor.reach == "own" else ""
    age = case.person.shown_age(timezone.localdate(at))
    return tuple(word for word in (case.code, called or case.person.initials, age) if word)


def duty_row(
    duty: Duty,
    actor: Actor,
    at: datetime,
    *,
    seen_cases: frozenset[int],
    matter: Matter | None = None,
) -> DutyRow:
    """One line. Of a case on which the reader does not work it shows the duty's number alone, or
    the cover of the referral or handover that it is about."""
    seen = duty.case_id in seen_cases
    rule = rule_of(duty)
    obstacle = str(codes.obstacles()[duty.obstacle]) if duty.obstacle else ""
    mine = duty.organisation_id == actor.organisation_id
    does = mine and allows(actor.roles, May.ACT_FOR_PARTY)
    url = matter.href if matter else reverse("coordination:duty_detail", args=[duty.number])
    now = state(duty, at) in (State.OVERDUE, State.TODAY)
    return DutyRow(
        what=_what(duty, actor, at),
        state=state(duty, at),
        who=_who(duty, actor, at, seen, matter),
        href=reverse("coordination:case_detail", args=[duty.case_id])
        if seen and not matter
        else url,
        since=duty.counted_from,
        due=duty.due_at,
        rule=_("rule %(rule)s") % {"rule": duty.rule} if duty.rule else "",
        rule_href=rule_url(duty.version, duty.rule) if duty.rule else "",
        verified=rule.badge.text if rule else "",
        owner="" if mine or duty.organisation is None else str(duty.organisation),
        obstacle=obstacle,
        act=Act(label=_("Do it now") if does else _("Open"), href=url, primary=does and now),
        cannot=_cannot(duty) if does else "",
    )


def _what(duty: Duty, actor: Actor, at: datetime) -> str:
    """The act; of what goes on from another file of the child, which act that was."""
    first = carried_from(duty=duty, by=actor, at=at)
    return _("%(what)s (goes on)") % {"what": duty_label(first)} if first else duty_label(duty)


def _who(
    duty: Duty, actor: Actor, at: datetime, seen: bool, matter: Matter | None
) -> tuple[str, ...]:
    covered = matter.words if matter else ()
    if seen and duty.case:
        return (*child_words(duty.case, actor, at), *covered)
    return covered or (duty.number,)


def _cannot(duty: Duty) -> str:
    """Where one says what stands in the way of a duty that is still owed."""
    if duty.state != Duty.State.OWED or duty.obstacle:
        return ""
    return reverse("coordination:obstacle_add", args=[duty.number])


def duty_rows(
    duties: Iterable[Duty], actor: Actor, at: datetime, *, case: Case | None = None
) -> list[DutyRow]:
    """Lines of a list; two queries more say which cases the reader sees, and what else it is. On
    the page of a case that was loaded for the reader all of them are of that `case`."""
    found = list(duties)
    if case is not None:
        for duty in found:
            duty.case = case
    seen = frozenset({case.pk}) if case else _seen(found, actor, at)
    about = matters_of(found, actor, at)
    return [
        duty_row(duty, actor, at, seen_cases=seen, matter=about.get(duty.run_id)) for duty in found
    ]


def _seen(duties: Iterable[Duty], actor: Actor, at: datetime) -> frozenset[int]:
    wanted = {duty.case_id for duty in duties if duty.case_id}
    visible = Case.objects.visible_to(actor, at).filter(pk__in=wanted)
    return frozenset(visible.values_list("pk", flat=True))


def title(version: Version) -> str:
    return said(version.book.title)
