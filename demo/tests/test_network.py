"""The network says where it comes from, holds together, and invents no number of a real body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.bodies import Centre, Kind, Organisation, Origin, Purpose, Verified
from demo.network import FOLDER, load_network
from demo.rows import RowError
from spona.directory import codes
from spona.directory.rules import Operation, operation
from spona.directory.rules.competence import competent

NETWORK = load_network()
EMERGENCY = {"192", "194", "116000"}
PHONE = re.compile(r"(?<![\w.-])\+?\d(?:[ /()-]{0,2}\d){5,}(?![\w-])")
DATE_OR_GAZETTE = re.compile(r"(19|20)\d\d-[\d-]+|\d+/(19|20)\d\d")
DOMAIN = Path(__file__).parents[2].parent / "shared" / "domain" / "domain.yaml"
EVERYTHING = [
    (key, thing)
    for table in (
        NETWORK.types,
        NETWORK.laws,
        NETWORK.municipalities,
        NETWORK.contacts,
        NETWORK.organisations,
        NETWORK.centres,
        NETWORK.services,
    )
    for key, thing in table.items()
]


def origins() -> Iterator[tuple[str, Origin]]:
    return ((key, thing.origin) for key, thing in EVERYTHING)


def scalars(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a data file with the key under which it stands."""
    if isinstance(content, dict):
        for inner, value in content.items():
            yield from scalars(value, str(inner))
    elif isinstance(content, list):
        for value in content:
            yield from scalars(value, key)
    elif isinstance(content, str):
        yield key, content


def files() -> list[Path]:
    return sorted(FOLDER.parent.glob("*/*.yaml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_every_row_names_its_source_and_how_far_it_was_read(path: Path) -> None:
    for row in read(path):
        assert row["source"], row["key"]
        assert row["verified"] in set(Verified), row["key"]


def test_what_was_read_has_an_address_and_what_was_not_says_memory() -> None:
    for key, origin in origins():
        if origin.verified is not Verified.MEMORY:
            assert "." in origin.source, key
            assert origin.source not in {"memory", "demo"}, key
        assert (origin.source == "demo") is origin.synthetic, key


def test_an_invented_institution_says_so_in_its_name() -> None:
    bodies: list[Organisation | Centre] = [*NETWORK.organisations.values()]
    for body in [*bodies, *NETWORK.centres.values()]:
        assert ("demo" in body.name.sr_latn.lower()) is body.origin.synthetic, body.key
        assert ("demo" in body.name.en.lower()) is body.origin.synthetic, body.key


@pytest.mark.parametrize(
    "number", ["011/555-333", "+381 11 555 333", "063 1234567", "(017) 555333"]
)
def test_a_phone_number_is_known_when_seen(number: str) -> None:
    assert PHONE.search(f"zvati {number} noću")


def test_no_phone_number_of_a_real_institution_is_here() -> None:
    found = {
        number
        for path in files()
        for key, text in scalars(read(path))
        if key not in {"source", "gazette"}
        for number in PHONE.findall(text)
        if not DATE_OR_GAZETTE.fullmatch(number)
    }
    assert {n for n in found if not n.startswith("000-000-")} <= EMERGENCY
    assert {contact.number for contact in NETWORK.contacts.values()} == EMERGENCY


def test_each_on_call_number_rings_in_one_place() -> None:
    numbers = [body.on_call for body in NETWORK.organisations.values() if body.on_call]
    assert len(numbers) == len(set(numbers))
    assert all(number.startswith("000-000-") for number in numbers)


def test_a_service_says_where_it_works_and_no_real_one_has_a_number_of_its_own() -> None:
    for key, service in NETWORK.services.items():
        assert bool(service.covers) is not service.nationwide, key
        numbers = EMERGENCY if not service.origin.synthetic else set()
        invented = service.phone.startswith("000-000-") and service.origin.synthetic
        assert not service.phone or invented or service.phone in numbers, key
        assert not service.email or service.email.endswith("@primer.invalid"), key
        assert not service.email or service.origin.synthetic, key
        assert not service.capacity or service.origin.synthetic, key


def test_an_invented_service_belongs_to_an_invented_institution_and_says_so() -> None:
    for key, service in NETWORK.services.items():
        home = NETWORK.organisations[service.organisation]
        assert service.origin.synthetic is home.origin.synthetic, key
        assert ("demo" in service.name.en.lower()) is service.origin.synthetic, key


def test_codes_of_services_are_those_of_the_directory() -> None:
    for key, service in NETWORK.services.items():
        assert service.kind in codes.service_kinds(), key
        assert set(service.needs) <= set(codes.needs_by_key()), key
        assert set(service.languages) <= set(codes.languages()), key


def test_no_service_is_verified_better_than_its_institution() -> None:
    """But for the number of missing children, which was read with its own source."""
    grades = list(Verified)
    for key, service in NETWORK.services.items():
        home = NETWORK.organisations[service.organisation]
        worse = grades.index(service.origin.verified) >= grades.index(home.origin.verified)
        assert worse, key
        read = service.origin.verified is Verified.READ
        assert read is (key == "astra-nestala-deca"), key


def test_no_place_where_children_sleep_is_public_or_has_an_address() -> None:
    assert not any(centre.public for centre in NETWORK.centres.values())
    assert not any("address" in row for row in read(FOLDER / "centres.yaml"))


def test_detention_is_never_a_place_for_a_child_or_a_shelter() -> None:
    for centre in NETWORK.centres.values():
        detention = Purpose.DETENTION in centre.purposes
        assert detention is (centre.type == "DET"), centre.key
        assert not detention or centre.purposes == (Purpose.DETENTION,), centre.key


def test_roles_of_persons_are_no_institutions() -> None:
    roles = {key for key, kind in NETWORK.types.items() if kind.kind is Kind.ROLE}
    assert roles == {"STARATELJ", "TSR", "PREVODILAC"}
    assert not any(body.type in roles for body in NETWORK.organisations.values())


def test_a_capacity_has_the_year_of_its_report() -> None:
    assert all(c.capacity.year >= 2015 for c in NETWORK.centres.values() if c.capacity)


def test_names_are_written_in_both_languages() -> None:
    for key, thing in EVERYTHING:
        assert thing.name.sr_latn.strip() == thing.name.sr_latn, key
        assert thing.name.en, key


def test_a_child_found_in_vranje_belongs_to_the_centre_of_vranje() -> None:
    found = competent(found_in="vranje", residence=None, placement=None)
    assert [NETWORK.competent[one.place] for one in found] == ["csr-vranje"]
    assert NETWORK.organisations["csr-vranje"].short_name == "CSR Vranje"


def test_every_competent_centre_is_a_centre_for_social_work() -> None:
    centres = {csr for csr in NETWORK.competent.values() if csr}
    assert all(NETWORK.organisations[csr].type == "CSR" for csr in centres)


def test_every_part_of_belgrade_has_the_city_centre() -> None:
    city = NETWORK.organisations["csr-beograd"]
    assert len(city.departments) == 17
    assert {NETWORK.competent[part] for part in city.departments} == {"csr-beograd"}


@pytest.mark.parametrize(
    ("centre", "day", "state"),
    [
        ("ca-vranje", date(2017, 5, 29), Operation.NOT_OPERATING),
        ("ca-vranje", date(2024, 12, 31), Operation.OPERATING),
        ("ca-vranje", date(2026, 11, 23), Operation.UNKNOWN),
        ("ca-tutin", date(2025, 1, 1), Operation.NOT_OPERATING),
        ("ca-bogovadja", date(2023, 6, 1), Operation.NOT_OPERATING),
        ("pc-miratovac", date(2021, 1, 1), Operation.NOT_OPERATING),
        ("pc-adasevci", date(2024, 12, 31), Operation.NOT_OPERATING),
        ("ca-banja-koviljaca", date(2024, 2, 1), Operation.NOT_OPERATING),
    ],
)
def test_what_the_sources_say_of_a_place_on_a_day(centre: str, day: date, state: Operation) -> None:
    assert operation(NETWORK.centres[centre].validity, day) is state


@pytest.mark.skipif(not DOMAIN.exists(), reason="the domain notes are not beside this checkout")
def test_no_institution_law_or_grade_is_better_than_in_the_notes() -> None:
    domain = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    grades = {True: "read", "partial": "partly", False: "memory"}
    laws = {law["id"]: grades[law["verified"]] for law in domain["laws"]}
    assert {key: law.origin.verified.value for key, law in NETWORK.laws.items()} == laws
    named = {row["name_sr"].split(" (")[0] for row in domain["institutions"]}
    centres = {row["id"].lower().replace("_", "-") for row in domain["centres"]}
    for key, centre in NETWORK.centres.items():
        assert centre.origin.synthetic or key in centres, key
    for body in NETWORK.organisations.values():
        plain = body.name.sr_latn.replace("–", "-").split(" (")[0]
        assert body.origin.synthetic or body.type in {"SU", "KZM"} or plain in named, body.key


def write(folder: Path, name: str, change: str, to: str) -> Path:
    """A copy of the network with one change in one file."""
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == name:
            assert change in text
            text = text.replace(change, to, 1)
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "change", "to", "fault"),
    [
        ("organisations.yaml", "type: CSR", "type: CRS", "names what is not there: CRS"),
        ("organisations.yaml", "000-000-101", "011-555-101", "on-call number"),
        ("organisations.yaml", "short_name:", "short_nam:", "short_name must be str"),
        ("organisations.yaml", "key: csr-tutin", "key: csr-beograd", "two rows with the key"),
        ("organisations.yaml", "key: csr-tutin", "key: ca-tutin", "share a key"),
        ("municipalities.yaml", "csr: csr-vranje", "csr: csr-nigdina", "csr-nigdina"),
        ("centres.yaml", "precision: month", "precision: week", "none of day, month"),
        ("centres.yaml", "last: 2023-12-31", "last: 2022-12-31", "ends before it begins"),
        ("centres.yaml", "beds: 120", "beds: many", "beds must be int"),
        ("services.yaml", "organisation: praxis", "organisation: paxis", "not there: paxis"),
        ("services.yaml", "[novi-sad]", "[novi-grad]", "not there: novi-grad"),
        ("laws.yaml", "verified: partly", "verified: signed", "none of read, partly, memory"),
        ("laws.yaml", "gazette: Sl.", "paper: Sl.", "unknown keys: paper"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, name: str, change: str, to: str, fault: str) -> None:
    with pytest.raises(RowError, match=re.escape(fault)):
        load_network(write(tmp_path, name, change, to))


def test_a_file_that_is_no_list_of_rows_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "laws.yaml", "- key", "- key")
    (tmp_path / "laws.yaml").write_text("laws: none", encoding="utf-8")
    with pytest.raises(RowError, match="not a list of rows"):
        load_network(tmp_path)


@pytest.mark.parametrize(
    ("change", "to", "fault"),
    [
        ("on_call: {number: 000-000-101, synthetic: true}", "on_call: 192", "not a mapping"),
        ("acts_as: [STARATELJ]", "acts_as: [1]", "must be a list of texts"),
        ("key: csr-tutin", "key: ''", "key is empty"),
    ],
)
def test_a_row_of_the_wrong_shape_is_refused(
    tmp_path: Path, change: str, to: str, fault: str
) -> None:
    with pytest.raises(RowError, match=fault):
        load_network(write(tmp_path, "organisations.yaml", change, to))
