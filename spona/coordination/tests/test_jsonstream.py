"""Every shape that Primero writes is read, in pieces of any size, and a broken file is named."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.coordination.rules import jsonstream
from spona.coordination.rules.jsonstream import NotJson

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
RECORDS = st.lists(st.dictionaries(st.text().filter(lambda key: key != "data"), VALUES))


def read(content: bytes, size: int = 1_000_000) -> list[dict[str, Any]]:
    source = io.BytesIO(content)
    return list(jsonstream.records(lambda wanted: source.read(min(wanted, size))))


@given(RECORDS, st.integers(1, 40), st.booleans())
def test_arrays_back_to_back_are_one_file(
    records: list[dict[str, Any]], size: int, marked: bool
) -> None:
    """As Primero exports more than five hundred records."""
    half = len(records) // 2
    parts = [json.dumps(part, ensure_ascii=False) for part in (records[:half], records[half:])]
    content = "".join(parts).encode("utf-8", "surrogatepass")
    assert read(b"\xef\xbb\xbf" * marked + content, size) == records


@given(RECORDS, st.integers(1, 40), st.booleans())
def test_the_reply_of_the_api_is_read_whatever_comes_first(
    records: list[dict[str, Any]], size: int, data_first: bool
) -> None:
    reply = {"metadata": {"total": len(records)}, "data": records}
    content = json.dumps(dict(sorted(reply.items(), reverse=not data_first)))
    assert read(content.encode(), size) == records


def test_a_single_object_is_one_record_with_or_without_an_envelope() -> None:
    assert read(b'{"id": "a"}') == [{"id": "a"}]
    assert read(b'{"data": {"id": "a"}}') == [{"id": "a"}]


def test_a_row_of_the_json_export_keeps_its_columns() -> None:
    row = {"id": "a", "data": {"sex": "male"}}
    assert read(json.dumps([row]).encode()) == [row]


@pytest.mark.parametrize(
    ("content", "why", "at"),
    [
        (b'[{"a":1}{"b":2}]', "malformed", 8),
        (b'[{"a":1},]', "not_a_record", 9),
        (b'[{"a":1}', "cut_off", 8),
        (b'[{"a":"x', "cut_off", 6),
        (b"[1]", "not_a_record", 1),
        (b"sintetika", "not_a_record", 0),
        (b'\xef\xbb\xbf["\xc4\x8d"]', "not_a_record", 4),
        (b'[{"a":"\xc4\x8d"},x]', "not_a_record", 12),
        (b'[{"a":"\xff"}]', "not_utf8", 7),
        (b'[{"a":NaN}]', "malformed", 1),
        (b'[{"a":' + b"[" * 100_000, "malformed", 1),
    ],
)
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_broken_file_is_named_with_the_byte(content: bytes, why: str, at: int, size: int) -> None:
    with pytest.raises(NotJson) as fault:
        read(content, size if len(content) < 1_000 else 1_000_000)
    assert (fault.value.why, fault.value.at) == (why, at)


def test_a_record_larger_than_any_case_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "LARGEST", 200_000)
    with pytest.raises(NotJson, match="too_large"):
        read(b'[{"a":"' + b"x" * 1_000_000)


def test_what_is_read_is_given_before_the_rest_is_read() -> None:
    """Memory does not grow with the file: a record is there once its chunk is."""
    chunks = iter([b'[{"a":1},', b'{"a":2}', b"]"])
    asked = 0

    def next_chunk(_size: int) -> bytes:
        nonlocal asked
        asked += 1
        return next(chunks, b"")

    records = jsonstream.records(next_chunk)
    assert (next(records), asked) == ({"a": 1}, 1)
