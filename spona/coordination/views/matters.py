"""What a run is about, for somebody who may not see its case: a referral or a handover with its
own page. Lists of duties and notices lead there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.coordination.models import Handover, Referral


@dataclass(frozen=True, slots=True)
class Matter:
    """The page, and the neutral words of its cover."""

    href: str
    words: tuple[str, ...]


def matters(run_ids: Iterable[int], actor: Actor, at: datetime) -> dict[int, Matter]:
    """By run, as far as the actor sees them."""
    wanted = set(run_ids)
    if not wanted:
        return {}
    asked = Referral.objects.visible_to(actor, at).filter(run_id__in=wanted)
    moving = Handover.objects.visible_to(actor, at).filter(run_id__in=wanted)
    found = {one.run_id: of_referral(one) for one in asked}
    return found | {one.run_id: of_handover(one) for one in moving}


def of_handover(handover: Handover) -> Matter:
    href = reverse("coordination:handover_detail", args=[handover.number])
    return Matter(href, (_("handover of a case"), handover.number))


def of_referral(referral: Referral) -> Matter:
    href = reverse("coordination:referral_detail", args=[referral.number])
    return Matter(href, (referral.cover_words, referral.number))
