"""What a run is about, for somebody who may not see its case: a referral or a handover with its
own page. Lists of duties and notices lead there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.coordination.actions import handing_over, referring
from spona.coordination.models import Duty, Handover, Referral


@dataclass(frozen=True, slots=True)
class Matter:
    """The page, and the neutral words of its cover."""

    href: str
    words: tuple[str, ...]


def matters(run_ids: Iterable[int], actor: Actor, at: datetime) -> dict[int, Matter]:
    """By run, as far as the actor sees them."""
    wanted = set(run_ids)
    return _referrals(wanted, actor, at) | _handovers(wanted, actor, at)


def matters_of(duties: Iterable[Duty], actor: Actor, at: datetime) -> dict[int, Matter]:
    """The same for duties with their versions: most are of books that have no page of their own,
    and of those nothing is asked."""
    runs: dict[str, set[int]] = {}
    for duty in duties:
        runs.setdefault(duty.version.protocol, set()).add(duty.run_id)
    asked, moving = runs.get(referring.PROTOCOL, ()), runs.get(handing_over.PROTOCOL, ())
    return _referrals(asked, actor, at) | _handovers(moving, actor, at)


def _referrals(run_ids: Collection[int], actor: Actor, at: datetime) -> dict[int, Matter]:
    if not run_ids:
        return {}
    seen = Referral.objects.visible_to(actor, at).filter(run_id__in=run_ids)
    return {one.run_id: of_referral(one) for one in seen}


def _handovers(run_ids: Collection[int], actor: Actor, at: datetime) -> dict[int, Matter]:
    if not run_ids:
        return {}
    seen = Handover.objects.visible_to(actor, at).filter(run_id__in=run_ids)
    return {one.run_id: of_handover(one) for one in seen}


def of_handover(handover: Handover) -> Matter:
    href = reverse("coordination:handover_detail", args=[handover.number])
    return Matter(href, (_("handover of a case"), handover.number))


def of_referral(referral: Referral) -> Matter:
    href = reverse("coordination:referral_detail", args=[referral.number])
    return Matter(href, (referral.cover_words, referral.number))
