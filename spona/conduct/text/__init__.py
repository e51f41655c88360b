"""Rules as sentences, in Serbian (Latin) and English; see ../shared/domain/sentences.md.

Nothing is declined by program: the phrases of acts and the forms of parties are authored, and
this package picks and joins them. Only numbers agree here. Languages are `sr-latn` and `en`.
"""

from spona.conduct.text.asking import (
    Answer,
    Asked,
    stays_barred,
    what_if_not,
    why,
    why_not_yet,
    with_a_reason,
)
from spona.conduct.text.moments import deadline, moment
from spona.conduct.text.numbers import counted
from spona.conduct.text.rules import RuleText, explain, rule_text, sentence
from spona.conduct.text.screen import what_if, why_not, why_owed

__all__ = [
    "Answer",
    "Asked",
    "RuleText",
    "counted",
    "deadline",
    "explain",
    "moment",
    "rule_text",
    "sentence",
    "stays_barred",
    "what_if",
    "what_if_not",
    "why",
    "why_not",
    "why_not_yet",
    "why_owed",
    "with_a_reason",
]
