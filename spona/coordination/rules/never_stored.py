"""Pure: what Spona never keeps (trust.md), by the names that other systems have for it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

# A name that holds one of these words is not kept, at any depth of the record.
WORDS = frozenset(
    "religion religious faith ethnicity ethnic tribe orientation lgbt lgbti lgbtq lgbtqi hiv aids"
    " smuggler smugglers trafficker traffickers transcript verbatim credibility score scores bone"
    " dental biometric biometrics fingerprint fingerprints iris imei telephone phone mobile"
    " whatsapp viber facebook".split()
)
# Of what has no such word, whole beginnings of names.
BEGINNINGS = (
    "asylum_ground",
    "grounds_of_asylum",
    "grounds_for_asylum",
    "reason_for_asylum",
    "reasons_for_asylum",
    "reason_for_flight",
    "persecution",
    "sub_ethnicity",
    "risk_level",
    "risk_score",
    "interview_transcript",
    "interview_notes",
    "disclosure_narrative",
    "account_of",
    "address_abroad",
    "address_country_of_origin",
    "address_of_origin",
    "family_address",
)
# Files are checked when they are uploaded, one by one; a text in JSON is no such file.
FILES = (
    "photos",
    "recorded_audio",
    "other_documents",
    "attachments",
    "bia_documents",
    "attachment_base64",
)

_PARTS = re.compile(r"[a-z]+")


def forbidden(name: str) -> bool:
    """True for a field that is dropped by its name alone."""
    key = name.lower()
    if key in FILES or key.startswith(BEGINNINGS):
        return True
    return not WORDS.isdisjoint(_PARTS.findall(key))


def without_forbidden(value: Any, dropped: Counter[str]) -> Any:
    """The same without them, at every depth; `dropped` counts what was left out, by name."""
    if isinstance(value, list):
        return [without_forbidden(one, dropped) for one in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        if forbidden(name):
            dropped[name] += 1
        else:
            kept[name] = without_forbidden(inner, dropped)
    return kept
