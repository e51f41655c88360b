"""What a run is about, for somebody who may not see its case: a referral or a handover with its
own page. Lists of duties and notices lead there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from spona.base.actor import Actor
from spona.coordination.models import Referral


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
    seen = Referral.objects.visible_to(actor, at).filter(run_id__in=wanted)
    return {one.run_id: of_referral(one) for one in seen}


def of_referral(referral: Referral) -> Matter:
    href = reverse("coordination:referral_detail", args=[referral.number])
    return Matter(href, (referral.cover_words, referral.number))
