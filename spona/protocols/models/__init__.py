"""Rule books: published versions, which never change, and drafts, with what others say of them."""

from __future__ import annotations

from spona.protocols.models.books import Law, Version, VersionText, learn, warm
from spona.protocols.models.drafts import (
    Consultation,
    Draft,
    DraftRevision,
    Opinion,
    Signature,
)

__all__ = [
    "Consultation",
    "Draft",
    "DraftRevision",
    "Law",
    "Opinion",
    "Signature",
    "Version",
    "VersionText",
    "learn",
    "warm",
]
