"""Rule books as they are read, written, tried, spoken about, signed and published."""

from __future__ import annotations

from spona.protocols.views.comparing import draft_compare, version_compare
from spona.protocols.views.consulting import draft_consult, opinion_answer, opinion_give
from spona.protocols.views.drafts import (
    draft_abandon,
    draft_begin,
    draft_detail,
    draft_list,
    draft_text,
    draft_undo,
)
from spona.protocols.views.parts import part_edit, part_new, part_remove
from spona.protocols.views.printing import version_print
from spona.protocols.views.reading import rule_detail, version_detail, version_list
from spona.protocols.views.ruling import rule_edit, rule_new, rule_remove
from spona.protocols.views.sandbox import draft_try
from spona.protocols.views.signing import draft_publish, draft_reopen, draft_sign, reviewer_ask

__all__ = [
    "draft_abandon",
    "draft_begin",
    "draft_compare",
    "draft_consult",
    "draft_detail",
    "draft_list",
    "draft_publish",
    "draft_reopen",
    "draft_sign",
    "draft_text",
    "draft_try",
    "draft_undo",
    "opinion_answer",
    "opinion_give",
    "part_edit",
    "part_new",
    "part_remove",
    "reviewer_ask",
    "rule_detail",
    "rule_edit",
    "rule_new",
    "rule_remove",
    "version_compare",
    "version_detail",
    "version_list",
    "version_print",
]
