"""Pages through the whole of Django, one request at a time, beside their SQL alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import perf_counter
from typing import Any, cast

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from bench import peer, server
from bench.figures import Figure, missing, say
from bench.town import CASEWORKER, HEAD, POLICE, address
from spona.accounts.models import Membership, User
from spona.base import rls
from spona.cases.models import Case
from spona.coordination.models import Duty, Notification

WARM_UP, ROUNDS = 4, 30
MOMENT = "%Y-%m-%dT%H:%M"
PEOPLE = {
    "caseworker, 60 cases": CASEWORKER,
    "head of service, 4,000 cases": HEAD,
    "police officer, 10,000 duties": POLICE,
}


@dataclass(frozen=True, slots=True)
class Page:
    """`limit_ms` is what 95 of 100 requests keep; `pool` names what is asked for in turn."""

    title: str
    name: str
    limit_ms: float
    pool: str = ""
    posts: bool = False


DESK = Page("desk", "home:desk", 150)
LIST = Page("list of cases", "coordination:case_list", 150)
CASE = Page("page of a case", "coordination:case_detail", 200, "cases")
DUTY = Page("page of a duty", "coordination:duty_detail", 200, "duties")
CLAIM = Page("taking over (POST)", "coordination:notification_claim", 100, "waiting", posts=True)
OPENED_BY: dict[str, tuple[Page, ...]] = {
    CASEWORKER: (DESK, LIST, CASE, CLAIM),
    HEAD: (DESK, LIST, CASE, CLAIM),
    POLICE: (DESK, DUTY),
}


@dataclass
class Visit:
    """A page as one person opens it again and again: seconds, and the SQL of each request."""

    page: Page
    who: str
    seconds: list[float] = field(default_factory=list)
    asked: list[list[peer.Query]] = field(default_factory=list)
    fault: str = ""

    @property
    def title(self) -> str:
        return f"{self.page.title}, {self.who}"


def main() -> None:
    server.copy_to(server.LIVE)
    people = {who: _sign_in(kind) for who, kind in PEOPLE.items()}
    _leave()
    server.copy_to(server.PEER, server.LIVE)
    pools = _pools()
    visits = [
        _visit(Visit(page, who), client, pools)
        for who, client in people.items()
        for page in OPENED_BY[PEOPLE[who]]
    ]
    _leave()
    say("", "Django", "SQL alone")
    with peer.signed_in(server.APP) as alone:
        for visit in visits:
            _beside(visit, alone)
    say("", "row security", "none")
    with peer.signed_in(server.APP) as filtered, peer.signed_in(server.WORKER) as unfiltered:
        for visit in visits:
            _without_security(visit, filtered, unfiltered)


def _sign_in(kind: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=address(kind)))
    client.get(reverse("account_login"))
    return client


def _leave() -> None:
    """No connection stays open: the database is about to be copied."""
    connection.close()
    cast(Any, connection).close_pool()


# --- what is asked for in turn


def _pools() -> dict[str, Iterator[Any]]:
    """Cases are the caseworker's own, so that both people open the same."""
    who = {kind: _actor(kind) for kind in OPENED_BY}
    at = timezone.now()
    with rls.acting(who[CASEWORKER], at):
        cases = list(Case.objects.visible_to(who[CASEWORKER], at).values_list("pk", flat=True))
    with rls.acting(who[POLICE], at):
        owed = Duty.objects.on_desk_of(who[POLICE], at).soonest_first()
        duties = list(owed.values_list("number", flat=True)[:ROUNDS])
    with rls.acting(who[HEAD], at):
        theirs = Notification.objects.waiting_for(who[HEAD].organisation_id).order_by("pk")
        waiting = list(theirs.values_list("pk", flat=True))
    return {"cases": cycle(cases), "duties": cycle(duties), "waiting": iter(waiting)}


def _actor(kind: str) -> Any:
    held = Membership.objects.select_related("user", "organisation")
    return held.get(user__email=address(kind)).actor()


def _visit(visit: Visit, client: Client, pools: dict[str, Iterator[Any]]) -> Visit:
    page = visit.page
    for wanted in islice(pools[page.pool] if page.pool else cycle([None]), WARM_UP + ROUNDS):
        try:
            url = reverse(page.name, args=[wanted] if page.pool else [])
        except NoReverseMatch:
            visit.fault = "no such page"
            return visit
        status = _open(visit, client, url)
        if status != (302 if page.posts else 200):
            visit.fault = f"answers {status}"
            return visit
    return visit


def _open(visit: Visit, client: Client, url: str) -> int:
    sent = {"occurred_at": timezone.localtime().strftime(MOMENT), "danger": "no"}
    with peer.recorded() as queries:
        begun = perf_counter()
        response = client.post(url, sent) if visit.page.posts else client.get(url)
        visit.seconds.append(perf_counter() - begun)
    visit.asked.append(queries)
    return response.status_code


# --- the same without


def _beside(visit: Visit, alone: Any) -> None:
    """Everything is asked again in the same order, so that the same ids are drawn."""
    if visit.fault:
        missing(visit.title, visit.fault)
        return
    seconds = [peer.ask(alone, queries) for queries in visit.asked]
    note = f"{len(visit.asked[-1])} queries"
    say(
        visit.title,
        Figure.of(visit.seconds[WARM_UP:]),
        Figure.of(seconds[WARM_UP:]),
        limit=visit.page.limit_ms,
        note=note,
    )


def _without_security(visit: Visit, filtered: Any, unfiltered: Any) -> None:
    if visit.fault or visit.page.posts:
        return
    wanted = [peer.reads(queries) for queries in visit.asked]
    under = [peer.ask(filtered, queries) for queries in wanted]
    free = [peer.ask(unfiltered, peer.unfiltered(queries)) for queries in wanted]
    say(visit.title, Figure.of(under[WARM_UP:]), Figure.of(free[WARM_UP:]))
