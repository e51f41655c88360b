"""Blind matching: asking, searching, the owner's decision, and what the asker reads of it."""

from spona.coordination.actions.matching.asking import TooMany, query_ask
from spona.coordination.actions.matching.deciding import (
    Answered,
    answers_read,
    match_answer,
    match_basis,
    match_decline,
    queries_answered,
)
from spona.coordination.actions.matching.searching import queries_follow

__all__ = [
    "Answered",
    "TooMany",
    "answers_read",
    "match_answer",
    "match_basis",
    "match_decline",
    "queries_answered",
    "queries_follow",
    "query_ask",
]
