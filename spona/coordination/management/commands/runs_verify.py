"""spona runs_verify: prove that what is kept of each run is the fold of its events."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from spona.coordination import actions


class Command(BaseCommand):
    help = "Fold every run anew and name those whose marking, facts or duties differ."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(actions.runs_verify())
        for difference in found:
            self.stdout.write(f"run {difference.run_id}: its {difference.what} differ")
        self.stdout.write("no difference" if not found else f"{len(found)} differences")
        if found:
            raise SystemExit(1)
