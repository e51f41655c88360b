"""What has come up to the coordinator and still stands: rule, institution, moment and number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.accounts.models import Organisation
from spona.base.actor import Actor
from spona.base.clock import State
from spona.base.parts import DutyRow
from spona.base.script import in_script, written_language
from spona.cases import codes
from spona.conduct.text.words import nominative
from spona.coordination import permissions
from spona.coordination.actions.figures import Standing, standing
from spona.coordination.views import rows

SILENCE: str | Promise = gettext_lazy("Nobody has taken over")
UNBOUND: str | Promise = gettext_lazy("No institution is named")


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of trouble, with its lines; each line opens its rule."""

    title: str | Promise
    rows: list[DutyRow]


def context(actor: Actor, at: datetime) -> dict[str, Any]:
    """For the coordinator; `overview` is none for anybody else."""
    if not permissions.can_see_network_figures(actor):
        return {"overview": None}
    found = standing(by=actor)
    counted = Counter(one.obstacle for one in found if one.obstacle)
    words = codes.obstacles()
    return {
        "overview": _parts(found, at),
        "obstacle_kinds": [(str(words[code]), n) for code, n in counted.most_common()],
    }


def _parts(found: list[Standing], at: datetime) -> list[Part]:
    known = {one.institution_id for one in found if one.institution_id}
    names = Organisation.objects.in_bulk(known)
    titles: dict[str, str | Promise] = {"silence": SILENCE, "unbound": UNBOUND}
    placed: dict[str, list[Standing]] = {}
    for one in found:
        placed.setdefault(_kind(one, titles, names), []).append(one)
    return [
        Part(titles[kind], [_row(one, names, at) for one in placed[kind]])
        for kind in sorted(placed, key=lambda kind: (kind == "obstacle", list(titles).index(kind)))
    ]


def _kind(one: Standing, titles: dict[str, str | Promise], names: dict[int, Organisation]) -> str:
    """Silence and missing parties first, then what is late by institution, obstacles last."""
    if one.obstacle:
        titles.setdefault("obstacle", _("An obstacle stands in the way"))
        return "obstacle"
    if not one.bound or one.institution_id is None:
        return "unbound"
    if not one.taken_over:
        return "silence"
    key = f"institution-{one.institution_id}"
    titles.setdefault(key, _("Late: %(whose)s") % {"whose": names[one.institution_id]})
    return key


def _row(one: Standing, names: dict[int, Organisation], at: datetime) -> DutyRow:
    rule = one.version.book.rule(one.rule) if one.rule else None
    late = one.due_at is not None and one.due_at < at
    state = State.OBSTACLE if one.obstacle else State.OVERDUE if late else State.ON_TIME
    href = rows.rule_url(one.version, one.rule) if one.rule else ""
    owing = names.get(one.institution_id or 0)
    party = in_script(nominative(one.version.book.parties[one.party], written_language()))
    return DutyRow(
        what=rows.act_label(one.version, one.act),
        state=state,
        who=(one.number, *([str(owing)] if owing else []), *([] if one.bound else [party])),
        href=href,
        due=one.due_at,
        rule=_("rule %(rule)s") % {"rule": one.rule} if one.rule else "",
        rule_href=href,
        verified=rule.badge.text if rule else "",
        obstacle=str(codes.obstacles()[one.obstacle]) if one.obstacle else "",
    )
