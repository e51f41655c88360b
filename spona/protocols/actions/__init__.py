"""Rule books are written, spoken about, signed and published here and nowhere else."""

from __future__ import annotations

from spona.protocols.actions.consulting import (
    OpinionDraft,
    draft_consult,
    opinion_answer,
    opinions_give,
)
from spona.protocols.actions.drafting import (
    Edit,
    draft_abandon,
    draft_begin,
    draft_change,
    draft_undo,
    draft_write,
)
from spona.protocols.actions.publishing import AlreadyPublished, draft_publish, version_publish
from spona.protocols.actions.signing import draft_reopen, signature_ask, signature_give

__all__ = [
    "AlreadyPublished",
    "Edit",
    "OpinionDraft",
    "draft_abandon",
    "draft_begin",
    "draft_change",
    "draft_consult",
    "draft_publish",
    "draft_reopen",
    "draft_undo",
    "draft_write",
    "opinion_answer",
    "opinions_give",
    "signature_ask",
    "signature_give",
    "version_publish",
]
