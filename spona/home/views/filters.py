"""Filters of the desk that stay: in the address while one looks, with the person after that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from spona.accounts import actions
from spona.accounts.models import DeskFilters
from spona.base.actor import Actor
from spona.base.http import Request, signed_in
from spona.base.script import in_script, said, written_language
from spona.conduct.text.words import nominative
from spona.coordination.models import Beginning, Parts
from spona.home import rules
from spona.home.rules import FILTERS, Filters, Group
from spona.protocols.models import Version

Desk = Callable[[Request], HttpResponseBase]
OFFERED_FROM = 200
STATES: dict[str, str | Promise] = {
    Group.LATE: gettext_lazy("Overdue"),
    Group.TODAY: gettext_lazy("Today"),
    Group.WEEK: gettext_lazy("This week"),
    Group.OBSTACLE: gettext_lazy("An obstacle stands in the way"),
}
WHOSE: dict[str, str | Promise] = {
    "mine": gettext_lazy("To me by name"),
    "ours": gettext_lazy("To the institution"),
}
LABELS: dict[str, str | Promise] = {
    "state": gettext_lazy("Deadline"),
    "book": gettext_lazy("Rule book"),
    "rule": gettext_lazy("Rule"),
    "party": gettext_lazy("Who owes it"),
    "whose": gettext_lazy("Addressed"),
}


def kept(desk: Desk) -> Desk:
    """A bare address shows what the person chose last; the choice then stands in the address."""

    @wraps(desk)
    def door(request: Request) -> HttpResponseBase:
        if request.GET or request.method != "GET":
            return desk(request)
        chosen = _kept_by(request.actor).chosen()
        return redirect(address(chosen)) if chosen else desk(request)

    return door


def address(chosen: dict[str, str]) -> str:
    home = reverse("home:desk")
    return f"{home}?{urlencode(chosen)}" if chosen else home


def _kept_by(actor: Actor) -> Filters:
    mine = DeskFilters.objects.filter(
        membership__user_id=actor.user_id or 0,
        membership__organisation_id=actor.organisation_id or 0,
        membership__ended_at=None,
    )
    found = mine.values_list("chosen", flat=True).first()
    return Filters.of(found or {})


@signed_in
@require_POST
def filters_keep(request: Request) -> HttpResponse:
    """Choose lines of the desk, or take a filter off."""
    chosen = Filters.of(request.POST.dict()).chosen()
    actions.filters_keep(chosen=chosen, by=request.actor, at=timezone.now())
    return redirect(address(chosen))


# --- the duties


def narrow(duties: Parts, filters: Filters, actor: Actor, at: datetime) -> Parts:
    """Those of the duties that were asked for."""
    wanted = {
        "version__protocol": filters.book,
        "rule": filters.rule,
        "party": filters.party,
    }
    duties = duties.filter(**{name: word for name, word in wanted.items() if word})
    if filters.whose == "mine":
        duties = duties.filter(user_id=actor.user_id or 0)
    elif filters.whose == "ours":
        duties = duties.filter(user=None)
    return duties.filter(_in_state(filters.state, at)) if filters.state else duties


def _in_state(state: str, at: datetime) -> Q:
    """The same groups as `rules.group_of`."""
    if state == Group.OBSTACLE:
        return ~Q(obstacle="")
    day, week = rules.end_of_day(at), rules.end_of_week(at)
    whens = {
        Group.LATE: Q(due_at__lt=at),
        Group.TODAY: Q(due_at__gte=at, due_at__lte=day),
        Group.WEEK: Q(due_at__gt=day, due_at__lte=week),
    }
    return whens[Group(state)] & Q(obstacle="")


# --- what the page shows of them


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on; `rest` stays on when this one is taken off."""

    label: str
    word: str
    rest: dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be chosen, with its words."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]


def context(beginning: Beginning, filters: Filters) -> dict[str, Any]:
    """Chips and choices; what can be chosen is what stands on the desk now, of a long one what is
    soonest."""
    found = {(line.version_id, line.rule, line.party) for line in beginning.lines}
    versions = Version.objects.filter(pk__in={pk for pk, _rule, _party in found})
    words = _words(
        versions, {rule for _v, rule, _p in found if rule}, {party for _v, _r, party in found}
    )
    chosen = filters.chosen()
    return {
        "chips": [
            Chip(str(LABELS[name]), words[name].get(word, word), filters.without(name).chosen())
            for name, word in chosen.items()
        ],
        "choices": [_choice(name, words[name], chosen.get(name, "")) for name in FILTERS],
        "kept_query": f"{urlencode(chosen)}&" if chosen else "",
    }


def _choice(name: str, words: dict[str, str], chosen: str) -> Choice:
    options = words if chosen in words or not chosen else {chosen: chosen, **words}
    return Choice(name, str(LABELS[name]), chosen, tuple(options.items()))


def _words(
    versions: Iterable[Version], rule_ids: Iterable[str], party_keys: Iterable[str]
) -> dict[str, dict[str, str]]:
    books = {one.protocol: one.book for one in versions}
    parties = {key: party for book in books.values() for key, party in book.parties.items()}
    owing = {key: nominative(parties[key], written_language()) for key in sorted(party_keys)}
    return {
        "state": {key: str(word) for key, word in STATES.items()},
        "book": {key: said(book.title) for key, book in books.items()},
        "rule": {rule: _("rule %(rule)s") % {"rule": rule} for rule in sorted(rule_ids)},
        "party": {key: in_script(word) for key, word in owing.items()},
        "whose": {key: str(word) for key, word in WHOSE.items()},
    }
