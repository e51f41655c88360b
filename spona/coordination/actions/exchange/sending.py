"""What of a case goes to another controller, by the categories that its ledger justifies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from spona.cases.codes import GENERAL, needs
from spona.cases.codes.sharing import NEED_FIELDS, shared_fields
from spona.cases.models import Case, Need
from spona.coordination.actions.exchange import reading
from spona.coordination.rules import primero, unhcr

# The parts of `reading.who` by category of data.
CATEGORY = {
    "given": "identity",
    "family": "identity",
    "country": "identity",
    "birth": "identity",
    "sex": "age_sex",
    "age": "age_sex",
    "languages": "language",
}


def told(case: Case, allowed: Iterable[str], at: datetime) -> primero.Told:
    """Who it is and what is needed. Referrals to others are theirs to know, and what came from
    elsewhere was looked through by nobody: neither is among it."""
    open_to = frozenset(allowed)
    uuid, _rest = reading.known_as(case)
    who = {
        key: value
        for key, value in reading.who(case.person, at).items()
        if CATEGORY[key] in open_to
    }
    lines = [reading.line(one) for one in case.needs.all() if _category(one) in open_to]
    return primero.Told(id=uuid, closed=not case.is_open, lines=tuple(lines), **who)


def individual(case: Case, at: datetime) -> unhcr.Individual:
    """The child as UNHCR's table has it; which cells are filled is decided by `unhcr.row`."""
    _uuid, rest = reading.known_as(case)
    who = reading.who(case.person, at)
    birth = who["birth"].on
    placed = case.placements.all()  # of the portion: those that last
    return unhcr.Individual(
        case_id=str(rest.get("case_id") or case.code),
        closed=not case.is_open,
        sex=who["sex"],
        birth_date=birth.isoformat() if birth else "",
        age=who["age"],
        country=who["country"],
        given=who["given"],
        family=who["family"],
        town=case.municipality.name_sr,
        care=placed[0].get_kind_display() if placed else "",
        codes=_codes(case, rest),
        rest=rest,
    )


def _codes(case: Case, rest: primero.Row) -> dict[str, str]:
    """UNHCR's codes with the category of each: those noted here and those that came with it."""
    noted = {one.code: _category(one) for one in case.needs.all() if one.system == "unhcr"}
    came: Any = rest.get("unhcr_needs_codes")
    for code in came if isinstance(came, list) else []:
        known = needs().get(("unhcr", str(code)))
        if known is not None:
            noted.setdefault(known.code, _of_layer(known.layer))
    return noted


def _category(need: Need) -> str:
    return _of_layer(reading.layer_of(need))


def _of_layer(layer: str) -> str:
    return shared_fields()[NEED_FIELDS.get(layer, NEED_FIELDS[GENERAL])].category
