"""What a rule book says, as frozen values: parties, facts, acts, rules and their rows.

`reader` makes a `Book` from a YAML file, `graph` compiles it, `text` puts it into sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verified(StrEnum):
    """How far a statement of law was checked (../shared/domain/domain.yaml, `verified`)."""

    READ = "read"
    PARTLY = "partly"
    MEMORY = "memory"
    LOCAL = "local"
    SIGNED = "signed"


class Strength(StrEnum):
    """A guard blocks (`hard`), or lets through with a recorded reason (`reason`)."""

    HARD = "hard"
    REASON = "reason"


class Unknown(StrEnum):
    """What a guard does while its fact is unknown."""

    APPLIES = "applies"
    WAITS = "waits"


class Word(StrEnum):
    """Deadlines that the law puts in words and not in numbers."""

    IMMEDIATELY = "immediately"
    URGENTLY = "urgently"
    WITHOUT_DELAY = "without_delay"
    REGULARLY = "regularly"


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as the law counts it; `amount` of zero is "at once"."""

    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Within:
    """A deadline: the word or the term of the law, the agreed measure for a word, or the fact
    that names the day (its end) or the moment; while that is unknown there is no deadline."""

    word: Word | None = None
    term: Term | None = None
    measure: Term | None = None
    until: str = ""

    @property
    def counted(self) -> Term | None:
        """The term that the desk sorts by: the law's own, else the agreed measure."""
        return self.term or self.measure


@dataclass(frozen=True, slots=True)
class Badge:
    """How far each part of a rule was verified; parts not named follow `text`."""

    text: Verified
    deadline: Verified
    article: Verified
    signed_by: str = ""
    signed_on: str = ""


@dataclass(frozen=True, slots=True)
class Law:
    act: str | None
    article: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """On breach: whom to tell and how long after the due moment."""

    after: Term
    whom: str


@dataclass(frozen=True, slots=True)
class Party:
    """A role in a run, bound to one institution (or person) of `type`; `any` takes each type."""

    key: str
    type: str
    glossary: str
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gender: str = "m"
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed, three-valued fact; `None` in a run means unknown."""

    key: str
    type: str
    label: Mapping[str, str]
    unknown: Unknown = Unknown.APPLIES
    values: tuple[str, ...] = ()
    sensitive: bool = False
    phrase: Mapping[str, str] = field(default_factory=dict)  # after *do* (gen) and *by*


@dataclass(frozen=True, slots=True)
class Condition:
    """`if:` of a row: a comparison of one fact, or `all`/`any` of others.

    `op` is one of eq, lt, lte, gt, gte, all, any, not.
    """

    op: str
    fact: str = ""
    value: Any = None
    parts: tuple[Condition, ...] = ()
    unknown: Unknown | None = None
    phrase: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fires:
    """When the clock executes an act: `after` another act, or at a `fact` (a date: when the day
    begins; a datetime: that moment) moved by terms; or `wait` after the breach of a rule."""

    after: str = ""
    fact: str = ""
    breach_of: str = ""
    wait: Term | None = None
    plus: Term | None = None
    minus: Term | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the form of an act."""

    key: str
    type: str  # text | long_text | boolean | date | datetime | code | person | place | document
    label: Mapping[str, str]
    required: bool = False
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sets: str = ""  # the fact that the answer establishes


@dataclass(frozen=True, slots=True)
class Act:
    """Something a party does. Phrases are authored, never declined by program (sentences.md 1).

    `phrases["sr-latn"]` has label, kada, da, gen; `phrases["en"]` has label, when, do, noun.
    `by` names parties; `anyone` and `clock` are reserved. The first named owes it.
    """

    key: str
    by: tuple[str, ...]
    phrases: Mapping[str, Mapping[str, str]]
    to: tuple[str, ...] = ()
    included: bool = True
    protective: bool = False
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    on_behalf: str = ""
    binds: Mapping[str, str] = field(default_factory=dict)
    form: tuple[Field, ...] = ()
    evidence: tuple[str, ...] = ()
    records: str = ""  # what the case keeps of it: guardianship, placement, ...
    starts: str = ""
    executes: str = ""  # ends the run: the act of the parent run that it executes
    lasts: Term | None = None
    fires: Fires | None = None
    sensitive: bool = False
    note: Mapping[str, str] = field(default_factory=dict)
    checklist: tuple[Mapping[str, str], ...] = ()

    @property
    def by_clock(self) -> bool:
        return self.by == ("clock",)

    @property
    def by_anyone(self) -> bool:
        return "anyone" in self.by


class Kind(StrEnum):
    """The relation that a row stands for."""

    RESPONSE = "response"
    CONDITION = "condition"
    MILESTONE = "milestone"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    EXTENDS = "extends"
    NEVER = "never"
    PRINCIPLE = "principle"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a rule.

    response: `source` -> any of `targets` (several: `must: {any_of: [...], prefers: ...}`);
    condition: `targets[0]` may not before `source` (`wait`: not until that long after);
    milestone: while `source` is owed, not `targets[0]`; include: opens; exclude: closes;
    extends: `source` moves the deadline of `targets[0]` by `wait`, at most to `most`
    after it became owed.
    A response may be triggered by a fact instead of an act: `becomes` is then its condition.
    """

    kind: Kind
    source: str = ""
    targets: tuple[str, ...] = ()
    within: Within | None = None
    wait: Term | None = None
    most: Term | None = None
    condition: Condition | None = None
    becomes: Condition | None = None
    strength: Strength = Strength.HARD
    prefers: str = ""
    renews: bool = False
    fresh: bool = False
    opens: bool = True
    every: bool = False  # owed again and again, each `within`; from the start without a source
    anchored: bool = False  # the next period follows the last one, whenever the act was done
    on_behalf: str = ""
    says: Mapping[str, str] = field(default_factory=dict)
    why_closed: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One law, one badge, one or more rows."""

    id: str
    law: Law
    source: str
    badge: Badge
    rows: tuple[Row, ...]
    on_breach: tuple[Tell, ...] = ()
    warn: tuple[Term, ...] = ()  # how long before the due moment; amounts are positive
    of: str = ""
    unit_words: str = "sat"  # `cas` where the source says čas
    note: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """A whole protocol; `digest` is the sha256 of its RFC 8785 canonical JSON."""

    id: str
    version: str
    title: Mapping[str, str]
    parties: Mapping[str, Party]
    facts: Mapping[str, Fact]
    acts: Mapping[str, Act]
    rules: tuple[Rule, ...]
    digest: str
    summary: Mapping[str, str] = field(default_factory=dict)

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)
