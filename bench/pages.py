"""Pages through the whole website, one at a time and eight at once, beside their SQL alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import Any, cast
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import peer, server, website
from bench.figures import HEAD, Figure, Line, missing
from bench.town import CASEWORKER, COORDINATOR, HELPER, POLICE, address
from bench.town import HEAD as HEAD_OF_SERVICE
from bench.website import Ask
from spona.accounts.models import Membership, User
from spona.base import rls
from spona.cases.models import Case, Need
from spona.coordination.models import Duty, Notification, Referral
from spona.directory.models import Service

RECORDED, WARM_UP, ALONE, TOGETHER, EIGHT = 12, 8, 40, 80, 8
MOMENT = "%Y-%m-%dT%H:%M"
PEOPLE = {
    CASEWORKER: "caseworker, 60 cases",
    HEAD_OF_SERVICE: "head of service, 4,000 cases",
    COORDINATOR: "coordinator, the country",
    POLICE: "police officer, 10,000 duties",
    HELPER: "association, 25,000 referrals",
}


@dataclass(frozen=True, slots=True)
class Page:
    """`limit_ms` is what 95 of 100 requests keep; `pool` names what is asked for in turn."""

    title: str
    limit_ms: float
    pool: str
    posts: bool = False

    @property
    def times(self) -> tuple[int, int]:
        """One at a time, and eight at once: what is posted is used up."""
        return (30, 80) if self.posts else (ALONE, TOGETHER)


DESK, LIST = Page("desk", 150, "desk"), Page("list of cases", 150, "list")
CASE, DUTY = Page("page of a case", 200, "cases"), Page("page of a duty", 200, "duties")
NOTICES, INBOX = Page("notices", 150, "notices"), Page("referrals received", 150, "inbox")
REFERRAL = Page("sending a referral (POST)", 100, "referrals", posts=True)
CLAIM = Page("taking over (POST)", 100, "waiting", posts=True)
READ_BY: dict[str, tuple[Page, ...]] = {
    CASEWORKER: (DESK, LIST, CASE),
    HEAD_OF_SERVICE: (DESK, LIST, CASE),
    COORDINATOR: (DESK, NOTICES),
    POLICE: (DESK, DUTY),
    HELPER: (DESK, INBOX),
}
WRITTEN_BY: dict[str, tuple[Page, ...]] = {
    CASEWORKER: (REFERRAL, CLAIM),
    HEAD_OF_SERVICE: (REFERRAL, CLAIM),
}


@dataclass
class Visit:
    """A page as one kind of person opens it: the SQL of some requests, and how long all took."""

    page: Page
    kind: str
    asked: list[list[peer.Query]] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    worked: float = 0.0
    fault: str = ""

    @property
    def title(self) -> str:
        return f"{self.page.title}, {PEOPLE[self.kind]}"


def main() -> None:
    server.copy_to(server.LIVE)
    pools = _pools()
    visits = [
        Visit(page, kind)
        for which in (READ_BY, WRITTEN_BY)
        for kind, pages in which.items()
        for page in pages
    ]
    for visit in visits:
        _record(visit, pools)
    sessions = {kind: _sessions(kind) for kind in PEOPLE}
    _leave()
    with website.website() as port:
        for visit in visits:
            _open(visit, port, sessions[visit.kind], pools)
    print(HEAD)
    with peer.signed_in(server.APP) as secured, peer.signed_in(server.WORKER) as free:
        for visit in visits:
            _say(visit, secured, free)


def _leave() -> None:
    """No connection stays open: the website makes its own."""
    connection.close()
    cast(Any, connection).close_pool()


# --- what is asked for in turn


def _pools() -> dict[tuple[str, str], Iterator[Ask]]:
    """By pool and kind of person. Cases are the caseworker's own, so that both open the same."""
    at = timezone.now()
    caseworker, police, head = (_actor(one) for one in (CASEWORKER, POLICE, HEAD_OF_SERVICE))
    with rls.acting(caseworker, at):
        cases = list(Case.objects.visible_to(caseworker, at).still_open().values_list(flat=True))
        needs = dict(Need.objects.visible_to(caseworker, at).values_list("case_id", "pk"))
    with rls.acting(police, at):
        owed = Duty.objects.on_desk_of(police, at).soonest_first()
        duties = list(owed.values_list("number", flat=True)[:ALONE])
    with rls.acting(head, at):
        theirs = Notification.objects.waiting_for(head.organisation_id).order_by("pk")
        waiting = iter(list(theirs.values_list("pk", flat=True)))
    service = Service.objects.order_by("pk").values_list("pk", flat=True)[0]
    asks = {
        "desk": cycle([Ask(reverse("home:desk"))]),
        "list": cycle([Ask(reverse("coordination:case_list"))]),
        "cases": cycle([Ask(reverse("coordination:case_detail", args=[pk])) for pk in cases]),
        "duties": cycle([Ask(reverse("coordination:duty_detail", args=[n])) for n in duties]),
        "notices": cycle([Ask(reverse("home:notice_list"))]),
        "inbox": cycle([Ask(reverse("coordination:referral_list"))]),
        "referrals": cycle([_referral(pk, needs[pk], service) for pk in cases if pk in needs]),
        "waiting": (_claim(pk) for pk in waiting),
    }
    return {(pool, kind): asks[pool] for pool in asks for kind in PEOPLE}


def _referral(case_id: int, need_id: int, service: int) -> Ask:
    """The last step: what is shared was chosen and looked at, and now it is sent."""
    path = reverse("coordination:referral_share", args=[case_id, need_id])
    chosen = {"services": service, "urgency": Referral.Urgency.URGENT, "purpose": "service"}
    given = {"give_age": "now", "give_languages": "now", "give_first_name": "later"}
    return Ask(f"{path}?{urlencode(chosen)}", {"step": "send", "announced": "no", **given})


def _claim(pk: int) -> Ask:
    sent = {"occurred_at": timezone.localtime().strftime(MOMENT), "danger": "no"}
    return Ask(reverse("coordination:notification_claim", args=[pk]), sent)


def _actor(kind: str) -> Any:
    held = Membership.objects.select_related("user", "organisation")
    return held.get(user__email=address(kind)).actor()


def _client(kind: str, number: int = 1) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=address(kind, number)))
    return client


def _sessions(kind: str) -> list[str]:
    """Eight browsers: of eight caseworkers, else of the same person."""
    numbers = range(1, EIGHT + 1) if kind == CASEWORKER else [1] * EIGHT
    return [str(_client(kind, number).session.session_key) for number in numbers]


# --- opening


def _record(visit: Visit, pools: dict[tuple[str, str], Iterator[Ask]]) -> None:
    """In this process, so that every query is seen. One request more, to warm up."""
    client = _client(visit.kind)
    for number, ask in enumerate(islice(pools[visit.page.pool, visit.kind], RECORDED + 1)):
        if number == 1:
            begun = peer.worked()
        with peer.recorded() as queries:
            answer = client.get(ask.path) if ask.sent is None else client.post(ask.path, ask.sent)
        if answer.status_code != (302 if ask.sent else 200):
            visit.fault = f"answers {answer.status_code}"
            return
        visit.asked.append(queries)
    visit.worked = (peer.worked() - begun) / RECORDED


def _open(
    visit: Visit,
    port: int,
    sessions: Sequence[str],
    pools: dict[tuple[str, str], Iterator[Ask]],
) -> None:
    if visit.fault:
        return
    asks, own = pools[visit.page.pool, visit.kind], sessions
    if visit.page.pool in ("cases", "referrals", "waiting"):
        own = sessions[:1]  # of the one whose cases they are
    one, many = visit.page.times
    website.seconds(port, own, asks, at_once=4, times=WARM_UP)
    visit.alone = website.seconds(port, own, asks, at_once=1, times=one)
    visit.together = website.seconds(port, own, asks, at_once=EIGHT, times=many)


# --- the same without


def _say(visit: Visit, secured: Any, free: Any) -> None:
    """Everything is asked again in the same order, so that the same ids are drawn."""
    if visit.fault:
        missing(visit.title, visit.fault)
        return
    sql = Figure.of([peer.ask(secured, queries) for queries in visit.asked][1:])
    alone, together = Figure.of(visit.alone), Figure.of(visit.together)
    page, work = visit.page, visit.worked * 1e3
    line = Line(visit.title, alone, together, work, sql, page.limit_ms, len(visit.asked[-1]))
    print(line if visit.page.posts else _with_reads(line, visit, secured, free), flush=True)


def _with_reads(line: Line, visit: Visit, secured: Any, free: Any) -> Line:
    wanted = [peer.reads(queries) for queries in visit.asked]
    return replace(
        line,
        secured=Figure.of([peer.ask(secured, queries) for queries in wanted][1:]),
        free=Figure.of([peer.ask(free, peer.unfiltered(queries)) for queries in wanted][1:]),
        rows=peer.misjudged(secured, visit.asked[-1]),
    )
