"""What the demo network is made of: institutions, places, laws, numbers, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spona.directory.rules import Validity


class Verified(StrEnum):
    """How far a row was checked against its source; never a statement that it is in force."""

    READ = "read"
    PARTLY = "partly"
    MEMORY = "memory"


class Kind(StrEnum):
    """A type of institution, or a role of a person that rule books name as a party."""

    INSTITUTION = "institution"
    ROLE = "role"


class Purpose(StrEnum):
    """What a place is for; `CHILDREN` also where it was once designated for children alone."""

    ASYLUM = "asylum"
    RECEPTION = "reception"
    CHILDREN = "children"
    DETENTION = "detention"


@dataclass(frozen=True, slots=True)
class Name:
    """Serbian Latin (written by us or the source) and English."""

    sr_latn: str
    en: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row comes from. `source` is an address, `memory`, or `demo` for invented rows."""

    source: str
    verified: Verified
    synthetic: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class InstitutionType:
    """`key` is the code that rule books use (CSR, MUP, ...)."""

    key: str
    name: Name
    kind: Kind
    level: str
    role: Name
    origin: Origin


@dataclass(frozen=True, slots=True)
class Law:
    """`in_force` is None where no date was read; `gazette` None where unpublished or unread."""

    key: str
    name: Name
    gazette: str | None
    in_force: date | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Municipality:
    """`csr` is the key of the competent centre for social work, None where none is known."""

    key: str
    name: Name
    csr: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Contact:
    """A number that may always be shown; `hours` and `free` are None where not read."""

    key: str
    number: str
    name: Name
    free: bool | None
    hours: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Organisation:
    """`on_call` is an invented number (000-000-...); `acts_as` are party types beside its own."""

    key: str
    type: str
    name: Name
    short_name: str
    municipality: str | None
    municipality_verified: Verified
    address: str | None
    departments: tuple[str, ...]
    services: tuple[str, ...]
    acts_as: tuple[str, ...]
    code_prefix: str | None
    on_call: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Capacity:
    """Beds as reported for a year."""

    beds: int
    year: int


@dataclass(frozen=True, slots=True)
class Centre:
    """A place where people are accommodated or held. Never public: children sleep here."""

    key: str
    type: str
    name: Name
    short_name: str
    municipality: str
    municipality_verified: Verified
    purposes: tuple[Purpose, ...]
    public: bool
    capacity: Capacity | None
    validity: Validity
    words: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Service:
    """What an organisation of the network offers. `kind`, `needs` and `languages` are codes; a
    telephone or an e-mail is invented, but for the numbers of emergency_contacts.yaml; `capacity`
    is what an invented institution said of itself."""

    key: str
    organisation: str
    kind: str
    name: Name
    needs: tuple[str, ...]
    covers: tuple[str, ...]
    nationwide: bool
    languages: tuple[str, ...]
    minimum_age: int | None
    maximum_age: int | None
    sex: str
    for_children: bool
    accepts_referrals: bool
    phone: str
    email: str
    hours: str
    layer: str
    capacity: str | None
    origin: Origin
