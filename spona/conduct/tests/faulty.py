"""Ask a book that should not be read for its faults."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spona.conduct.faults import BookFaults
from spona.conduct.reader import read_text
from spona.conduct.tests.books import document, rule

Given = dict[str, Any]


def faults(data: object) -> list[str]:
    with pytest.raises(BookFaults) as found:
        read_text(json.dumps(data))
    return [f"{fault.where}: {fault.message}" for fault in found.value.faults]


def of_row(row: Given, **more: Any) -> list[str]:
    return faults(document([rule(row)], **more))


def of_act(made: Any, **more: Any) -> list[str]:
    return faults(document([], acts={"a": made}, **more))
