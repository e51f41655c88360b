"""An association asks about a child whom a centre knows; the centre alone sees it, and answers."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from spona.accounts.models import Organisation
from spona.coordination import actions
from spona.coordination.models import Notification
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import press, sees, sees_no, sees_text
from tests.journeys.stories import MINUTE, boy_in_care, boy_met, case_path, justified

ANSWERED = "They work with this child and ask you to call"


def test_a_query_is_answered_by_its_owner_alone(sign_in: Newcomer) -> None:
    now = timezone.now()
    known = boy_in_care(now)
    met: Notification = boy_met(now - MINUTE)
    jelena = sign_in("jelena-teren", width=375)
    jelena.goto(reverse("coordination:encounter_detail", args=[met.encounter_id]))
    press(jelena, "Ask whether somebody already works with this child")
    jelena.get_by_role("radio").first.check()
    press(jelena, "Send the query")
    sees(jelena, "Query is sent")
    sent = jelena.url

    actions.queries_follow(at=timezone.now())
    jelena.goto(sent)
    sees(jelena, "Query is sent")
    sees_no(jelena, ANSWERED)

    association = Organisation.objects.get(memberships__user__email__startswith="jelena")
    justified(known, timezone.now(), purpose="protection", recipient=association)
    dragana = sign_in("dragana-dezurna")
    dragana.goto(reverse("coordination:match_list"))
    dragana.get_by_role("main").get_by_role("link").first.click()
    sees(dragana, "Somebody asks whether you know this child")
    sees_text(dragana, known.code)
    dragana.get_by_role("radio").first.check()
    press(dragana, "Record the decision")

    jelena.goto(sent)
    sees(jelena, ANSWERED)
    assert known.code not in jelena.content()
    jelena.goto(case_path(known))
    assert known.code not in jelena.content()
