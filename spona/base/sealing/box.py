"""AES-256-GCM over the bytes of one value, bound to the column in which it stands.

    01 | key id, two bytes | nonce, twelve | ciphertext | tag, sixteen

The first three bytes can be read without a key: what is under which key is a query.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from spona.base.sealing import keys

FORM = b"\x01"
HEAD, NONCE, TAG = 3, 12, 16
Ring = dict[int, AESGCM]


class Unreadable(Exception):  # noqa: N818 - said of the value
    """A sealed value cannot be read. Names its column and its key, and shows nothing of it."""


def head(key_id: int) -> bytes:
    """How every value under this key begins."""
    return FORM + key_id.to_bytes(2, "big")


def seal(plain: bytes, place: str) -> bytes:
    """Under the newest key; `place` is `table.column`."""
    key_id, box = _writer(settings.IDENTITY_KEYS)
    start, nonce = head(key_id), os.urandom(NONCE)
    return start + nonce + box.encrypt(nonce, plain, start + place.encode())


def unseal(sealed: bytes, place: str) -> bytes:
    """Raises `Unreadable` for a key that is not known, and for what was changed or moved here from
    another column."""
    key_id = key_id_of(sealed)
    box = _ring(settings.IDENTITY_KEYS).get(key_id)
    if box is None:
        raise Unreadable(f"{place}: key {key_id} is not in SPONA_IDENTITY_KEYS.")
    body = HEAD + NONCE
    try:
        return box.decrypt(sealed[HEAD:body], sealed[body:], sealed[:HEAD] + place.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"{place}: a value does not open under key {key_id}.") from None


def key_id_of(sealed: bytes) -> int:
    """Zero where the bytes are no sealed value at all."""
    if sealed[:1] != FORM or len(sealed) < HEAD + NONCE + TAG:
        return 0
    return int.from_bytes(sealed[1:HEAD], "big")


@lru_cache(maxsize=16)
def _ring(text: str) -> Ring:
    return {key_id: AESGCM(key) for key_id, key in keys.derived_from(text, "seal")}


@lru_cache(maxsize=16)
def _writer(text: str) -> tuple[int, AESGCM]:
    return next(iter(_ring(text).items()))
