"""The forms of assessment, as `assessments.yaml` has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from spona.cases.codes import GENERAL, Code, load

YES_NO = {
    True: Code("yes", "da", "yes"),
    False: Code("no", "ne", "no"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `layer` says who needs to know the answer."""

    code: Code
    type: Literal["boolean", "code", "text"]
    choices: dict[str, Code]

    @property
    def key(self) -> str:
        return self.code.code

    @property
    def sensitive(self) -> bool:
        return self.code.sensitive

    def words(self, answer: Any) -> str:
        """The answer in the language of the page; a code that is no longer offered as it is."""
        if self.type == "boolean":
            return str(YES_NO[bool(answer)])
        return str(self.choices.get(answer, answer)) if self.type == "code" else str(answer)


@dataclass(frozen=True, slots=True)
class Area:
    """Questions that belong together: safety, health, ..."""

    name: Code
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """An assessment of one kind."""

    name: Code
    areas: tuple[Area, ...]

    def questions(self) -> Iterator[Question]:
        for area in self.areas:
            yield from area.questions


@cache
def forms() -> dict[str, Form]:
    """By id, in the order in which a case meets them."""
    return {
        one["id"]: Form(_code(one["id"], one["name"]), tuple(_area(a) for a in one["areas"]))
        for one in load("assessments")["forms"]
    }


def _area(raw: dict[str, Any]) -> Area:
    return Area(_code(raw["id"], raw["name"]), tuple(_question(q) for q in raw["questions"]))


def _question(raw: dict[str, Any]) -> Question:
    choices = {key: _code(key, words) for key, words in raw.get("choices", {}).items()}
    layer = raw.get("layer", GENERAL)
    return Question(_code(raw["key"], raw, layer), raw["type"], choices)


def _code(code: str, words: dict[str, Any], layer: str = GENERAL) -> Code:
    return Code(code, words["sr-latn"], words["en"], layer=layer)
