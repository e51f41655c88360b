"""A given name and a family name in the scripts in which they were not typed: suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spona.names.letters import ARABIC, script_of
from spona.names.suggesting import suggestions

DEFAULT, NO_LETTER = "Latn", "Zyyy"


@dataclass(frozen=True, slots=True)
class Offered:
    """A name in another script, neither checked nor written yet."""

    script: str
    given: str
    family: str

    @property
    def text(self) -> str:
        return f"{self.given} {self.family}".strip()

    @property
    def value(self) -> str:
        """What a form sends back: a name that was changed since is not taken for the one seen."""
        return f"{self.script}|{self.given}|{self.family}"

    @property
    def is_arabic(self) -> bool:
        return self.script == ARABIC


def offered(given: str, family: str) -> tuple[Offered, ...]:
    """Both parts in one script each time; a part that is in that script already stays as it is."""
    return tuple(dict.fromkeys(_offered(given.strip(), family.strip())))


def _offered(given: str, family: str) -> Iterator[Offered]:
    by_script: dict[str, tuple[list[str], list[str]]] = {}
    for part, name in enumerate((given, family)):
        for one in suggestions(name):
            by_script.setdefault(one.script, ([], []))[part].append(one.text)
    for script, (givens, families) in by_script.items():
        for at in range(max(len(givens), len(families))):
            yield Offered(script, _at(givens, at, given), _at(families, at, family))


def _at(texts: list[str], at: int, typed: str) -> str:
    return texts[min(at, len(texts) - 1)] if texts else typed


def script_typed(text: str, chosen: str) -> str:
    """The script of the letters, where nobody chose another than the default."""
    found = script_of(text)
    return found if chosen == DEFAULT and found != NO_LETTER else chosen
