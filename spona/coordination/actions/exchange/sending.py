"""What of a case goes to another controller, by the categories that its ledger justifies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from spona.cases.codes import GENERAL, needs
from spona.cases.codes.sharing import NEED_FIELDS, shared_fields
from spona.cases.models import Placement
from spona.coordination.actions.disclosing import Cell
from spona.coordination.actions.exchange import reading
from spona.coordination.actions.exchange.reading import Whole
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


def told(whole: Whole, allowed: Iterable[str], day: date) -> primero.Told:
    """Who it is and what is needed. Referrals to others are theirs to know, and what came from
    elsewhere was looked through by nobody: neither is among it."""
    open_to = frozenset(allowed)
    uuid, _rest = whole.known_as
    who = reading.who(whole, day)
    known = {key: value for key, value in who.items() if CATEGORY[key] in open_to}
    lines = [
        reading.line(one, reading.uid_of(one)) for one in whole.needs if _category(one) in open_to
    ]
    return primero.Told(id=uuid, closed=whole.closed, lines=tuple(lines), **known)


def cells(who: primero.Told) -> Iterator[Cell]:
    """What such a file says, by the fields of `sharing.yaml`."""
    name = f"{who.given} {who.family}".strip()
    birth = who.birth.on.isoformat() if who.birth.on else ""
    said = (
        Cell("full_name", "identity", name),
        Cell("country_said", "identity", who.country),
        Cell("birth_date", "identity", birth),
        Cell("sex", "age_sex", who.sex),
        Cell("age", "age_sex", "" if who.age is None else str(who.age)),
        Cell("languages", "language", list(who.languages)),
    )
    yield from (one for one in said if one.value)


def needs_told(whole: Whole, allowed: Iterable[str]) -> Iterator[Cell]:
    """The needs of a case, a cell for each category that is allowed."""
    open_to, told_of = frozenset(allowed), dict[str, list[str]]()
    for one in whole.needs:
        if _category(one) in open_to:
            told_of.setdefault(reading.layer_of(one), []).append(reading.key_of(one))
    for layer, keys in told_of.items():
        yield Cell(NEED_FIELDS.get(layer, NEED_FIELDS[GENERAL]), _of_layer(layer), keys)


def table_cells(one: unhcr.Individual, allowed: Iterable[str]) -> Iterator[Cell]:
    """What a row of UNHCR's table says, by its columns; a code by the category of its layer."""
    open_to = frozenset(allowed)
    for (column, category), value in zip(
        unhcr.COLUMNS.items(), unhcr.row(one, open_to), strict=True
    ):
        if category and value:
            yield Cell(column, category, value)
    by_category: dict[str, list[str]] = {}
    for code, category in one.codes.items():
        if category in open_to:
            by_category.setdefault(category, []).append(code)
    for category, found in by_category.items():
        yield Cell("secondary_protection_concerns", category, found)


def individual(whole: Whole, day: date) -> unhcr.Individual:
    """The child as UNHCR's table has it; which cells are filled is decided by `unhcr.row`."""
    _uuid, rest = whole.known_as
    who = reading.who(whole, day)
    birth = who["birth"].on
    return unhcr.Individual(
        case_id=str(rest.get("case_id") or whole.case.code),
        closed=whole.closed,
        sex=who["sex"],
        birth_date=birth.isoformat() if birth else "",
        age=who["age"],
        country=who["country"],
        given=who["given"],
        family=who["family"],
        town=whole.case.municipality__name_sr,
        care=str(Placement.Kind(whole.placed[0].kind).label) if whole.placed else "",
        codes=_codes(whole, rest),
        rest=rest,
    )


def _codes(whole: Whole, rest: primero.Row) -> dict[str, str]:
    """UNHCR's codes with the category of each: those noted here and those that came with it."""
    noted = {one.code: _category(one) for one in whole.needs if one.system == "unhcr"}
    came: Any = rest.get("unhcr_needs_codes")
    for code in came if isinstance(came, list) else []:
        known = needs().get(("unhcr", str(code)))
        if known is not None:
            noted.setdefault(known.code, _of_layer(known.layer))
    return noted


def _category(need: Any) -> str:
    return _of_layer(reading.layer_of(need))


def _of_layer(layer: str) -> str:
    return shared_fields()[NEED_FIELDS.get(layer, NEED_FIELDS[GENERAL])].category
