"""One invented child, and what its acts have made so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.persons import Child
from spona.base import rls
from spona.base.actor import Actor
from spona.cases.models import Case, Encounter
from spona.coordination.models import Notification, Run

SEEN_ALL = 1_000_000  # the storyteller knows every event of a run


@dataclass(slots=True)
class Story:
    """`told` are the cases of all children whose story has come that far, by key."""

    child: Child
    now: datetime
    staff: Mapping[str, Actor]
    told: dict[str, Case]
    encounter: Encounter | None = None
    notification: Notification | None = None

    def moment(self, hours: float) -> datetime:
        return self.now - timedelta(minutes=round(hours * 60))

    @property
    def case(self) -> Case:
        return self.told[self.child.key]

    @property
    def begun(self) -> Notification:
        if self.notification is None:
            raise ValueError(f"{self.child.key}: nobody has met this child yet")
        return self.notification

    @property
    def run(self) -> Run:
        with rls.engine_room():
            return Run.objects.select_related("version").get(pk=self.begun.run_id)
