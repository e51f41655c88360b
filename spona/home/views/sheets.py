"""Tables of figures: on the page, and as a file that a spreadsheet opens without running it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.utils.functional import Promise

Value = int | str
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number or a word; `href` is the door to the rows behind it."""

    value: Value
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: Sequence[Cell]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`head` names the columns, that of the labels first."""

    title: str | Promise
    head: Sequence[str | Promise]
    lines: Sequence[Line] = field(default_factory=tuple)


def download(sheets: Iterable[Sheet]) -> HttpResponse:
    """What is shown, as CSV. Semicolons and a byte order mark: a Serbian spreadsheet opens it as
    columns, with its letters."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="spona.csv"'
    writer = csv.writer(response, delimiter=";")
    for sheet in sheets:
        writer.writerow([safe(str(sheet.title))])
        writer.writerow([safe(str(word)) for word in sheet.head])
        for line in sheet.lines:
            writer.writerow([safe(line.label), *(safe(cell.value) for cell in line.cells)])
        writer.writerow([])
    return response


def safe(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula stays a text."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
