"""What a command reads, or a sentence that says why it cannot."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spona.conduct.book import Book
from spona.conduct.reader import read

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]


class Refused(Exception):  # noqa: N818 -- what the command does with its input
    """The input cannot be used; the message is one sentence for the person who gave it."""


def read_book(path: Path) -> Book:
    try:
        return read(path)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {why(error)}.") from error


def cases_of(path: Path) -> list[Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {why(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path} is not JSON: {error}.") from error
    cases = data.get("cases") if isinstance(data, dict) else data
    if not isinstance(cases, list):
        raise Refused(f"{path} holds no list of cases.")
    return cases


def why(error: OSError) -> str:
    return (error.strerror or "it cannot be read").lower()


def shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
