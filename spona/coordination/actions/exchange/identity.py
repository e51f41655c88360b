"""By what a row of ours is known elsewhere, and whether a value is still what it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "spona.exchange"


def uuid_of(kind: Literal["case", "need", "referral"], pk: int, made_at: datetime | None) -> UUID:
    """The same each time, also after a change of keys and of hands."""
    return uuid5(NAMESPACE_URL, f"spona/{kind}/{made_at.isoformat() if made_at else ''}/{pk}")


def print_of(value: Any) -> str:
    """A fingerprint that cannot be guessed from a short value (P11)."""
    said = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    key = settings.PROOF_KEY
    return salted_hmac(SALT, said, secret=key, algorithm="sha256").hexdigest()


def prints_of(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: print_of(value) for name, value in values.items()}
