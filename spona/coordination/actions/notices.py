"""Neutral notices: in the app at once, by e-mail when it is allowed. No identity in any of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from spona.accounts.models import Membership
from spona.conduct.book import Tell
from spona.coordination import rules
from spona.coordination.actions import substitutions
from spona.coordination.models import BlindQuery, Duty, Notice, Notification, Run

Kind = Notice.Kind


class Outbox:
    """The notices of one step or one sweep; `send` writes them together."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.notices: list[Notice] = []

    def send(self, ids: Sequence[int] = ()) -> None:
        """`ids` were drawn before, for notices whose number must not tell how many there are."""
        self.notices += substitutions.told_as_well(self.notices, self.at)
        for notice, number in zip(self.notices, ids, strict=False):
            notice.pk = number
        Notice.objects.bulk_create(self.notices, batch_size=1_000)
        self.notices = []

    @cached_property
    def coordinators(self) -> list[int]:
        """Institutions where somebody holds the role of coordinator: rule and moment only."""
        held = Membership.objects.active().with_role("coordinator")
        return list(held.values_list("organisation_id", flat=True).distinct())

    # --- what is told

    def duty_opened(self, duty: Duty) -> None:
        """Tell the addressee; before a case is claimed, its notification tells the centre."""
        if duty.case_id or duty.party == "finder":
            self._to_addressee(duty, Kind.DUTY)

    def warned(self, duty: Duty) -> None:
        self._to_addressee(duty, Kind.WARNING)

    def unbound(self, duty: Duty) -> None:
        """Nobody stands for the party that owes it."""
        self._to_coordinators(duty, Kind.UNBOUND)

    def moved(self, duty: Duty) -> None:
        """The rules of a running matter changed, and with them the moment."""
        self._to_addressee(duty, Kind.MOVED)

    def closed_late(self, duty: Duty) -> None:
        self._to_level(duty, "head_of_service", Kind.CLOSED_LATE)

    def late(self, duty: Duty, tell: Tell) -> None:
        """One rung up: head of service, director, coordinator, or back to the finder."""
        if tell.whom == "coordinator":
            self._to_coordinators(duty, Kind.LATE)
        elif tell.whom == "finder":
            self._to_finder(duty)
        else:
            self._to_level(duty, tell.whom, Kind.LATE)

    def met_obstacle(self, duty: Duty) -> None:
        """An obstacle goes up at once: to the head, the director and, without identity, beyond."""
        self._to_level(duty, "head_of_service", Kind.OBSTACLE)
        self._to_level(duty, "director", Kind.OBSTACLE)
        self._to_coordinators(duty, Kind.OBSTACLE)

    def went_on(self, run: Run, *, rule: str, act: str, organisation_id: int) -> None:
        """Somebody went on past a soft guard, with a reason that stands in the record."""
        self.notices.append(
            Notice(
                organisation_id=organisation_id,
                level="head_of_service",
                kind=Kind.WENT_ON,
                version_id=run.version_id,
                rule=rule,
                act=act,
                institution_id=organisation_id,
                at=self.at,
            )
        )

    def withdrawn(self, run: Run, *, organisation_id: int) -> None:
        """What an institution was asked, or given, was withdrawn: it stops using it."""
        self.notices.append(
            Notice(
                organisation_id=organisation_id,
                kind=Kind.WITHDRAWN,
                version_id=run.version_id,
                institution_id=run.organisation_id,
                urgent=True,
                at=self.at,
            )
        )

    def notification_sent(self, notification: Notification) -> None:
        """Somebody must take a child over: urgent at any hour."""
        self.notices.append(
            Notice(
                organisation_id=notification.recipient_id,
                kind=Kind.NOTIFICATION,
                version_id=notification.run.version_id,
                institution_id=notification.sender_id,
                urgent=True,
                at=self.at,
            )
        )

    # --- blind matching

    def asked(
        self, organisation_id: int, asker_id: int, *, user_id: int | None, level: str
    ) -> None:
        """Somebody asks about a child who looks like one of a case here. Neither is named."""
        self._about_a_query(Kind.QUERY, organisation_id, asker_id, user_id=user_id, level=level)

    def query_answered(self, query: BlindQuery, owner_id: int) -> None:
        """To whoever asked: an institution wants to be called."""
        self._about_a_query(
            Kind.QUERY_ANSWER, query.organisation_id, owner_id, user_id=query.asked_by_id
        )

    def many_queries(self, organisation_id: int) -> None:
        """Many queries in a day from one institution: to its head and to the coordinators."""
        self._about_a_query(
            Kind.MANY_QUERIES, organisation_id, organisation_id, level="head_of_service"
        )
        for coordinator in self.coordinators:
            self._about_a_query(
                Kind.MANY_QUERIES, coordinator, organisation_id, level="coordinator"
            )

    def _about_a_query(
        self,
        kind: str,
        organisation_id: int,
        institution_id: int,
        *,
        user_id: int | None = None,
        level: str = "",
    ) -> None:
        self.notices.append(
            Notice(
                organisation_id=organisation_id,
                user_id=user_id,
                level=level,
                kind=kind,
                institution_id=institution_id,
                at=self.at,
            )
        )

    # --- to whom

    def _to_addressee(self, duty: Duty, kind: str) -> None:
        self._add(duty, kind, duty.organisation_id, user_id=duty.user_id)

    def _to_level(self, duty: Duty, level: str, kind: str) -> None:
        self._add(duty, kind, duty.organisation_id, level=level)

    def _to_coordinators(self, duty: Duty, kind: str) -> None:
        for organisation_id in self.coordinators:
            self._add(duty, kind, organisation_id, level="coordinator")

    def _to_finder(self, duty: Duty) -> None:
        finder = duty.run.bindings.current().filter(party="finder").first()
        self._add(duty, Kind.LATE, finder.organisation_id if finder else None)

    def _add(
        self,
        duty: Duty,
        kind: str,
        organisation_id: int | None,
        *,
        level: str = "",
        user_id: int | None = None,
    ) -> None:
        if organisation_id is None:
            return
        urgent = bool(duty.rule) and rules.is_urgent(duty.version.book, duty.rule, duty.acts)
        self.notices.append(
            Notice(
                organisation_id=organisation_id,
                user_id=user_id,
                level=level,
                kind=kind,
                version_id=duty.version_id,
                rule=duty.rule,
                act=duty.act,
                duty_number=duty.number,
                institution_id=duty.organisation_id,
                due_at=duty.due_at,
                obstacle=duty.obstacle,
                urgent=urgent,
                at=self.at,
            )
        )
