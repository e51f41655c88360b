"""The keys of this instance, and a key of its own for each purpose derived from them."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

LENGTH = 32
IDS = range(1, 2**16)
Keys = tuple[tuple[int, bytes], ...]


class IdentityKeysError(ValueError):
    """SPONA_IDENTITY_KEYS cannot be used; the message says why and shows no part of a key."""


def derived(purpose: str) -> Keys:
    """By id, newest first, the keys of one purpose: whoever has one knows none of another.

    Raises `IdentityKeysError`.
    """
    return derived_from(settings.IDENTITY_KEYS, purpose)


def search_keys() -> Keys:
    """Under which names are hashed for search, newest first."""
    return derived("search")


def newest() -> int:
    """The id of the key that writes."""
    return derived("seal")[0][0]


def parsed(text: str) -> Keys:
    """`2:BASE64,1:BASE64`, of 32 bytes each. Raises `IdentityKeysError`."""
    found = tuple(_one(entry.strip()) for entry in text.split(",") if entry.strip())
    if not found:
        raise IdentityKeysError("SPONA_IDENTITY_KEYS names no key.")
    if len({key_id for key_id, _key in found}) < len(found):
        raise IdentityKeysError("SPONA_IDENTITY_KEYS names two keys with one number.")
    return found


def _one(entry: str) -> tuple[int, bytes]:
    number, _colon, encoded = entry.partition(":")
    if not (number.isascii() and number.isdigit() and int(number) in IDS):
        raise IdentityKeysError(
            "In SPONA_IDENTITY_KEYS each entry is number:base64, from 1 to 65535."
        )
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise IdentityKeysError(f"Key {number} of SPONA_IDENTITY_KEYS is not base64.") from None
    if len(key) != LENGTH:
        raise IdentityKeysError(
            f"Key {number} of SPONA_IDENTITY_KEYS does not have {LENGTH} bytes."
        )
    return int(number), key


@lru_cache(maxsize=16)
def derived_from(text: str, purpose: str) -> Keys:
    """The same, of keys that stand in `text`."""
    info = f"spona {purpose}".encode()
    return tuple(
        (key_id, HKDF(algorithm=SHA256(), length=LENGTH, salt=None, info=info).derive(key))
        for key_id, key in parsed(text)
    )
