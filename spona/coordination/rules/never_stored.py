"""Pure: what Spona never keeps (trust.md), by the names that other systems have for it."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

# A field with one of these words in its name is not kept, at any depth of the record.
WORDS = frozenset(
    {
        "religion",
        "religious",
        "ethnicity",
        "ethnic",
        "tribe",
        "tribal",
        "lgbt",
        "lgbti",
        "lgbtq",
        "lgbtqi",
        "hiv",
        "smuggler",
        "smugglers",
        "transcript",
        "verbatim",
        "credibility",
        "score",
        "scores",
        "biometric",
        "biometrics",
        "fingerprint",
        "fingerprints",
        "imei",
        "whatsapp",
        "viber",
        "facebook",
    }
)
# Nor one that holds one of these.
PHRASES = (
    "sexual_orientation",
    "asylum_ground",
    "grounds_of_asylum",
    "grounds_for_asylum",
    "reason_for_asylum",
    "reasons_for_asylum",
    "reason_for_flight",
    "persecution",
    "risk_level",
    "interview_notes",
    "bone_age",
    "dental_age",
    "address_abroad",
    "address_country_of_origin",
    "address_of_origin",
)
# The child's own telephone; that of somebody who looks after it is something else.
BEGINNINGS = ("telephone", "phone", "mobile", "child_phone", "child_telephone")
# Files are checked when they are uploaded, one by one; a text in JSON is no such file.
FILES = ("photos", "recorded_audio", "other_documents", "attachments", "bia_documents")
FILE_ENDINGS = ("_base64", "attachment")

_LETTERS = re.compile(r"[a-z]+")


def forbidden(name: str) -> bool:
    """True for a field that is dropped by its name alone."""
    key = name.lower()
    if key in FILES or key.endswith(FILE_ENDINGS) or key.startswith(BEGINNINGS):
        return True
    return any(one in key for one in PHRASES) or not WORDS.isdisjoint(_LETTERS.findall(key))


def kept(value: Any, dropped: Counter[str]) -> Any:
    """The same without what is forbidden, at every depth, as a database can hold it: no NUL, no
    half of a surrogate, no infinity. `dropped` counts what was left out, by name."""
    if isinstance(value, dict):
        dropped.update(name for name in value if forbidden(name))
        return {
            storable(name): kept(inner, dropped)
            for name, inner in value.items()
            if not forbidden(name)
        }
    if isinstance(value, list):
        return [kept(one, dropped) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return storable(value) if isinstance(value, str) else value


def storable(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")
