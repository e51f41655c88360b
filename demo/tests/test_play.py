"""The children with work beside the acts: referred, planned for, handed over, as staff did it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo import play as stage
from demo.load import load
from demo.people import load_children
from spona.base import rls
from spona.base.actor import Actor
from spona.cases.models import CaseLink, Conference, Goal, Interpreting, LegalBasis
from spona.coordination.models import Disclosure, Doorway, Duty, Handover, Referral
from spona.protocols.actions import version_publish

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
PROTOCOLS = Path(__file__).parents[2] / "protocols"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> dict[str, Referral]:
    """Referrals by the key of their service."""
    for path in sorted(PROTOCOLS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        version_publish(text=text, by=Actor(name="demo"), at=NOW)
    load(NOW)
    told = {key: child for key, child in load_children().items() if child.work}
    monkeypatch.setattr(stage, "load_children", lambda: told)
    assert stage.play(NOW) == len(told)
    assert stage.play(NOW) == 0
    with rls.engine_room():
        return {one.service.key: one for one in Referral.objects.select_related("service")}


def test_every_piece_of_work_leaves_what_the_pages_show(played: dict[str, Referral]) -> None:
    accepted, silent = played["demo-pravna-pomoc-podrska"], played["demo-skola-srpski"]
    assert accepted.decision == "accepted"
    assert accepted.outcome == ""
    assert silent.decided_at is None
    assert played["demo-kzm-mladi"].decision == "counter_proposed"
    assert played["demo-skola-upis"].withdrawn_at is not None
    with rls.engine_room():
        owed = Duty.objects.owed().filter(run_id=silent.run_id, acts=["acknowledged"])
        assert owed.get().is_late(NOW)
        assert Doorway.objects.get().referral == played["demo-igra-radionice"]
        taken_back = Disclosure.objects.filter(run_id=played["demo-skola-upis"].run_id)
        assert set(taken_back.values_list("value", flat=True)) == {None}
        assert LegalBasis.objects.get(withdrawn_at__isnull=False).kind == "consent"
        handover = Handover.objects.get()
        assert handover.confirmed_at is not None
        assert handover.is_in_course
        assert set(Goal.objects.values_list("state", flat=True)) == {"open", "reached"}
        assert Conference.objects.get().decisions.count() == 2
        assert CaseLink.objects.standing().count() == 1
        assert Interpreting.objects.count() == 2
