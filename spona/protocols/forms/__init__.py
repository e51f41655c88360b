"""What is typed about rules, acts, parties and facts, and what is said about a draft."""

from __future__ import annotations

from spona.protocols.forms.drafts import (
    BeginForm,
    ConsultForm,
    PublishForm,
    ReviewerForm,
    SignForm,
    TextForm,
)
from spona.protocols.forms.parts import ActForm, FactForm, PartForm, PartyForm
from spona.protocols.forms.rows import RowForm
from spona.protocols.forms.rules import RuleForm

__all__ = [
    "ActForm",
    "BeginForm",
    "ConsultForm",
    "FactForm",
    "PartForm",
    "PartyForm",
    "PublishForm",
    "ReviewerForm",
    "RowForm",
    "RuleForm",
    "SignForm",
    "TextForm",
]
