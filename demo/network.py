"""Reads the Serbian network of the demo from `demo/network/*.yaml`, and checks that it is whole.

Pure: no Django, no database, no clock. Rows say where they come from and how far that was read;
rows marked `synthetic` are invented and have nothing to verify, so they carry the lowest grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from demo.bodies import (
    Capacity,
    Centre,
    Contact,
    InstitutionType,
    Kind,
    Law,
    Municipality,
    Name,
    Organisation,
    Origin,
    Purpose,
    Service,
    Verified,
)
from demo.rows import Row, RowError, read_rows
from spona.directory.rules import Approximate, Operation, Precision, Sighting, Validity

FOLDER = Path(__file__).parent / "network"


@dataclass(frozen=True, slots=True)
class Network:
    """All of `demo/network` by key; organisations and centres share one key space."""

    types: Mapping[str, InstitutionType]
    laws: Mapping[str, Law]
    municipalities: Mapping[str, Municipality]
    contacts: Mapping[str, Contact]
    organisations: Mapping[str, Organisation]
    centres: Mapping[str, Centre]
    services: Mapping[str, Service]

    @property
    def competent(self) -> Mapping[str, str | None]:
        """Municipality to centre for social work."""
        return {key: town.csr for key, town in self.municipalities.items()}


def load_network(folder: Path = FOLDER) -> Network:
    """Reads and checks the whole network. Raises RowError at the first row that is wrong."""
    network = Network(
        types=_keyed(read_rows(folder / "institution_types.yaml", _type)),
        laws=_keyed(read_rows(folder / "laws.yaml", _law)),
        municipalities=_keyed(read_rows(folder / "municipalities.yaml", _municipality)),
        contacts=_keyed(read_rows(folder / "emergency_contacts.yaml", _contact)),
        organisations=_keyed(read_rows(folder / "organisations.yaml", _organisation)),
        centres=_keyed(read_rows(folder / "centres.yaml", _centre)),
        services=_keyed(read_rows(folder / "services.yaml", _service)),
    )
    _check_references(network)
    return network


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Thing = TypeVar("Thing", bound=_Keyed)


def _keyed(things: Iterable[Thing]) -> Mapping[str, Thing]:
    found: dict[str, Thing] = {}
    for thing in things:
        if thing.key in found:
            raise RowError(f"two rows with the key {thing.key}")
        found[thing.key] = thing
    return found


def _check_references(network: Network) -> None:
    shared = network.organisations.keys() & network.centres.keys()
    if shared:
        raise RowError(f"an organisation and a centre share a key: {', '.join(sorted(shared))}")
    for town in network.municipalities.values():
        _resolve(town.key, [town.csr], network.organisations)
    for centre in network.centres.values():
        _resolve(centre.key, [centre.type], network.types)
        _resolve(centre.key, [centre.municipality], network.municipalities)
    for body in network.organisations.values():
        _resolve(body.key, [body.type, *body.acts_as], network.types)
        _resolve(body.key, [body.municipality, *body.departments], network.municipalities)
    for service in network.services.values():
        _resolve(service.key, [service.organisation], network.organisations)
        _resolve(service.key, service.covers, network.municipalities)


def _resolve(key: str, named: Iterable[str | None], among: Mapping[str, object]) -> None:
    lost = sorted(name for name in named if name is not None and name not in among)
    if lost:
        raise RowError(f"{key}: names what is not there: {', '.join(lost)}")


def _name(row: Row) -> Name:
    """The nested `name: {sr-latn, en}`."""
    return _pair(row.row("name"))


def _pair(row: Row) -> Name:
    pair = Name(row.text("sr-latn"), row.text("en"))
    row.end()
    return pair


def _origin(row: Row) -> Origin:
    return Origin(
        source=row.text("source"),
        verified=row.choice("verified", Verified),
        synthetic=row.flag("synthetic"),
        note=row.maybe("note", row.text),
    )


def _type(row: Row) -> InstitutionType:
    return InstitutionType(
        key=row.text("key"),
        name=_name(row),
        kind=row.choice("kind", Kind),
        level=row.text("level"),
        role=_pair(row.row("role")),
        origin=_origin(row),
    )


def _law(row: Row) -> Law:
    return Law(
        key=row.text("key"),
        name=_name(row),
        gazette=row.maybe("gazette", row.text),
        in_force=row.maybe("in_force", row.date),
        origin=_origin(row),
    )


def _municipality(row: Row) -> Municipality:
    return Municipality(
        key=row.text("key"), name=_name(row), csr=row.maybe("csr", row.text), origin=_origin(row)
    )


def _contact(row: Row) -> Contact:
    return Contact(
        key=row.text("key"),
        number=row.text("number"),
        name=_name(row),
        free=row.maybe("free", row.flag),
        hours=row.maybe("hours", row.text),
        origin=_origin(row),
    )


def _organisation(row: Row) -> Organisation:
    origin = _origin(row)
    return Organisation(
        key=row.text("key"),
        type=row.text("type"),
        name=_name(row),
        short_name=row.text("short_name"),
        municipality=row.maybe("municipality", row.text),
        municipality_verified=_place_verified(row, origin),
        address=row.maybe("address", row.text),
        departments=row.texts("departments"),
        services=row.texts("services"),
        acts_as=row.texts("acts_as"),
        code_prefix=row.maybe("code_prefix", row.text),
        on_call=row.maybe("on_call", lambda key: _on_call(row.row(key))),
        origin=origin,
    )


def _place_verified(row: Row, origin: Origin) -> Verified:
    """The municipality has a grade of its own where it was not read with the rest."""
    own = row.has("municipality_verified")
    return row.choice("municipality_verified", Verified) if own else origin.verified


def _on_call(row: Row) -> str:
    number = row.text("number")
    if not row.flag("synthetic") or not number.startswith("000-000-"):
        raise row.fault("an on-call number of the demo is 000-000-... and marked synthetic")
    row.end()
    return number


def _centre(row: Row) -> Centre:
    origin = _origin(row)
    return Centre(
        key=row.text("key"),
        type=row.text("type"),
        name=_name(row),
        short_name=row.text("short_name"),
        municipality=row.text("municipality"),
        municipality_verified=_place_verified(row, origin),
        purposes=row.choices("purposes", Purpose),
        public=row.flag("public"),
        capacity=row.maybe("capacity", lambda key: _capacity(row.row(key))),
        validity=_validity(row),
        words=row.maybe("words", row.text),
        origin=origin,
    )


def _service(row: Row) -> Service:
    return Service(
        key=row.text("key"),
        organisation=row.text("organisation"),
        kind=row.text("kind"),
        name=_name(row),
        needs=row.texts("needs"),
        covers=row.texts("covers"),
        nationwide=row.flag("nationwide"),
        languages=row.texts("languages"),
        minimum_age=row.maybe("minimum_age", row.integer),
        maximum_age=row.maybe("maximum_age", row.integer),
        sex=row.maybe("sex", row.text) or "any",
        for_children=row.flag("for_children"),
        accepts_referrals=row.flag("accepts_referrals") if row.has("accepts_referrals") else True,
        phone=row.maybe("phone", row.text) or "",
        email=row.maybe("email", row.text) or "",
        hours=row.maybe("hours", row.text) or "",
        layer=row.maybe("layer", row.text) or "general",
        capacity=row.maybe("capacity", row.text),
        origin=_origin(row),
    )


def _capacity(row: Row) -> Capacity:
    capacity = Capacity(row.integer("beds"), row.integer("year"))
    row.end()
    return capacity


def _validity(row: Row) -> Validity:
    return Validity(
        valid_from=row.maybe("valid_from", lambda key: _approximate(row.row(key))),
        valid_until=row.maybe("valid_until", lambda key: _approximate(row.row(key))),
        seen=tuple(_sighting(seen) for seen in row.rows("seen")),
    )


def _approximate(row: Row) -> Approximate:
    found = Approximate(row.date("date"), row.choice("precision", Precision))
    row.end()
    return found


def _sighting(row: Row) -> Sighting:
    found = Sighting(row.choice("state", Operation), row.date("first"), row.date("last"))
    if found.last < found.first:
        raise row.fault("a span ends before it begins")
    row.end()
    return found
