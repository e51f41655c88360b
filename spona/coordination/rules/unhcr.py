"""Pure: the 25 columns of UNHCR's table, as Primero fills it (`unhcr_csv_exporter.rb`).

The header has the keys of that exporter, in its order; its first column, a running number without
a name, is left out. What Spona has no field of its own for is filled from the record that was once
imported, from the same fields of Primero, and is empty otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Each column with the category of data that a legal basis must name; without one it says only that
# there is a case, which stands once the opt-in does.
COLUMNS: Mapping[str, str] = {
    "long_id": "",
    "individual_progress_id": "identity",
    "progres_id": "identity",
    "cpims_code": "",
    "short_id": "",
    "date_of_identification": "",
    "primary_protection_concerns": "needs",
    "secondary_protection_concerns": "",  # each code by the category of its own layer
    "vulnerability_code": "",
    "vulnerability_details_code": "",
    "governorate_country": "placement",
    "locations_by_level": "placement",
    "sex": "age_sex",
    "sex_mapping_m_f_u": "age_sex",
    "date_of_birth": "identity",
    "age": "age_sex",
    "causes_of_separation": "family",
    "country_of_origin": "identity",
    "current_care_arrangement": "placement",
    "reunification_status": "family",
    "case_status": "",
    "family_count_no": "family",
    "moha_id": "identity",
    "name_of_child_last_first": "identity",
    "name_of_caregiver": "family",
}
SEXES = {"f": ("female", "F"), "m": ("male", "M")}
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Individual:
    """What goes into a row. `codes` are those of UNHCR, with the category of each."""

    case_id: str
    closed: bool
    sex: str
    birth_date: str
    age: int | None
    country: str
    given: str
    family: str
    town: str
    care: str
    codes: Mapping[str, str] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)


def row(one: Individual, allowed: Iterable[str]) -> list[str]:
    """The cells of a case in the order of `COLUMNS`; what no category in `allowed` covers is
    empty."""
    open_to = {"", *allowed}
    codes = [code for code, category in one.codes.items() if category in open_to]
    return [
        safe(_cell(column, one, codes)) if category in open_to else ""
        for column, category in COLUMNS.items()
    ]


def safe(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text


def _cell(column: str, one: Individual, codes: list[str]) -> Any:
    if column in FROM_CODES:
        return FROM_CODES[column](codes)
    if column in OURS:
        return OURS[column](one)
    return _plain(one.rest.get(THEIRS[column]))


def _plain(said: Any) -> Any:
    if isinstance(said, list):
        return "; ".join(str(one) for one in said if not isinstance(one, dict | list))
    return "" if isinstance(said, dict) else said


def _last_first(one: Individual) -> str:
    if one.given and one.family:
        return f"{one.family}, {one.given}"
    return one.given or one.family


def _reunified(one: Individual) -> str:
    return "true" if one.rest.get("tracing_status") == "reunified" else "false"


FROM_CODES: Mapping[str, Callable[[list[str]], str]] = {
    "secondary_protection_concerns": ", ".join,
    "vulnerability_code": lambda codes: "; ".join(code.split("-")[0] for code in codes),
    "vulnerability_details_code": "; ".join,
}
OURS: Mapping[str, Callable[[Individual], Any]] = {
    "long_id": lambda one: one.case_id,
    "governorate_country": lambda one: one.town,
    "sex": lambda one: SEXES.get(one.sex, ("", ""))[0],
    "sex_mapping_m_f_u": lambda one: SEXES.get(one.sex, ("", "U"))[1],
    "date_of_birth": lambda one: one.birth_date,
    "age": lambda one: one.age,
    "country_of_origin": lambda one: one.country or _plain(one.rest.get("country_of_origin")),
    "current_care_arrangement": lambda one: one.care,
    "reunification_status": _reunified,
    "case_status": lambda one: "closed" if one.closed else "open",
    "name_of_child_last_first": _last_first,
}
THEIRS: Mapping[str, str] = {
    "individual_progress_id": "unhcr_individual_no",
    "progres_id": "unhcr_individual_no",
    "cpims_code": "cpims_id",
    "short_id": "short_id",
    "date_of_identification": "identification_date",
    "primary_protection_concerns": "protection_status",
    "locations_by_level": "location_current",
    "causes_of_separation": "separation_cause",
    "family_count_no": "family_count_no",
    "moha_id": "national_id_no",
    "name_of_caregiver": "name_caregiver",
}
