"""Sentences in English, in the same patterns as the Serbian ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from spona.conduct.book import Kind, Strength, Verified
from spona.conduct.text.clauses import CERTAIN, Clause
from spona.conduct.text.words import WORDS, lower, stop

EXCEPT = ", except for a reason that is recorded"


def response(clause: Clause) -> str:
    if clause.row.on_behalf:
        return _on_behalf(clause)
    said = stop(f"{_opening(clause)}{_duty(clause)}{clause.remarks()}")
    return " ".join(part for part in (said, _others(clause)) if part)


def _opening(clause: Clause) -> str:
    if guard := _guard(clause):
        return guard
    if becomes := clause.row.becomes:
        label = clause.book.facts[becomes.fact].label["en"]
        return f"as soon as it is established ({lower(label)}), "
    if (clause.own_term and clause.start) or not clause.row.source:
        return ""
    return f"when {clause.phrase(clause.source, 'when')}, "


def _guard(clause: Clause) -> str:
    return f"if {clause.condition()}, " if clause.condition() else ""


def _duty(clause: Clause) -> str:
    subject = clause.subject(clause.target)
    if clause.text in CERTAIN:
        return f"{subject} must{_tail(clause)}"
    if clause.text is Verified.LOCAL:
        return f"it is agreed that {subject} will{_tail(clause)}"
    return f"as far as we know, {subject} should{_tail(clause)}"


def _tail(clause: Clause) -> str:
    counted = _counted_from(clause)
    within = clause.row.within
    parts = [
        f", {counted}," if counted else "",
        f" {WORDS['en'][within.word]}" if within and within.word else "",
        " again" if clause.row.every or clause.row.source in clause.row.targets else "",
        f" {_act(clause)}",
    ]
    return "".join(parts)


def _counted_from(clause: Clause) -> str:
    row, term = clause.row, clause.own_term
    start = clause.start
    if term:
        gap = "at intervals of at most" if row.every else "within"
        said = f"{gap} {clause.term(term, 'gen')}"
        return f"{said} of {start}" if start else said
    after = f"after {start}" if start and clause.condition() else ""
    latest = f"no later than {until}" if (until := clause.until()) else ""
    return " and ".join(part for part in (after, latest) if part)


def _act(clause: Clause) -> str:
    row = clause.row
    if len(row.targets) == 1:
        return clause.phrase(clause.target, "do") + _company(clause)
    options = [
        f"({number}) {clause.phrase(clause.book.acts[key], 'do')}"
        + (", which is preferred" if key == row.prefers else "")
        for number, key in enumerate(row.targets, 1)
    ]
    return f"choose one of: {'; '.join(options)}"


def _company(clause: Clause) -> str:
    act = clause.target
    said = ""
    if act.with_:
        said += f", in the presence of {_names(clause, act.with_, 'and')}"
    if act.without:
        said += (
            f"{' and' if act.with_ else ','} in the absence of {_names(clause, act.without, 'and')}"
        )
    return said


def _names(clause: Clause, parties: Iterable[str], last: str) -> str:
    words = [clause.book.parties[key].forms["en"]["name"] for key in parties]
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _others(clause: Clause) -> str:
    if len(clause.row.targets) > 1:
        return ""
    others = clause.target.by[1:]
    if "anyone" in others:
        return "Anybody else may do so too."
    return f"So may {_names(clause, others, 'or')}." if others else ""


def _on_behalf(clause: Clause) -> str:
    guardian = clause.book.parties[clause.row.on_behalf].forms["en"]["name"]
    said = f"{_guard(clause)}it is for {guardian} to see to it that the person can"
    within = clause.row.within
    when = _counted_from(clause) or (WORDS["en"][within.word] if within and within.word else "")
    parts = [said, clause.phrase(clause.target, "do"), when]
    return stop(" ".join(part for part in parts if part) + clause.remarks())


def condition(clause: Clause) -> str:
    act, row = clause.target, clause.row
    noun = clause.phrase(clause.source, "noun")
    before = f"before {noun}"
    if row.wait:
        before = f"until {clause.term(row.wait, 'gen')} have passed since {noun}"
    ending = EXCEPT if row.strength is Strength.REASON else ""
    guard = _guard(clause)
    subject, phrase = clause.subject(act), clause.phrase(act, "do")
    if clause.text in CERTAIN:
        return stop(f"{guard}{before}, {subject} may not {phrase}{ending}")
    if clause.text is Verified.LOCAL:
        return stop(f"{guard}it is agreed that, {before}, {subject} may not {phrase}{ending}")
    return stop(f"{guard}as far as we know, {before}, {subject} should not {phrase}{ending}")


def milestone(clause: Clause) -> str:
    source, act = clause.source, clause.target
    owed = clause.phrase(source, "do")
    said = f"{_guard(clause)}while {clause.subject(source)} still has to {owed}, "
    ending = EXCEPT if clause.row.strength is Strength.REASON else ""
    return stop(f"{said}{clause.subject(act)} may not {clause.phrase(act, 'do')}{ending}")


def include(clause: Clause) -> str:
    start = clause.phrase(clause.source, "noun")
    guard = _guard(clause)
    noun = clause.phrase(clause.target, "noun")
    return stop(f"{guard}after {start} the following becomes possible: {noun}")


def exclude(clause: Clause) -> str:
    when = clause.phrase(clause.source, "when")
    guard = _guard(clause)
    noun = clause.phrase(clause.target, "noun")
    return stop(f"{guard}when {when}, the following is no longer possible: {noun}")


def extends(clause: Clause) -> str:
    row = clause.row
    noun = clause.phrase(clause.target, "noun")
    said = f"{_guard(clause)}when {clause.phrase(clause.source, 'when')}, "
    said += f"the time for {noun} is extended"
    if row.wait:
        said += f" by {clause.term(row.wait, 'acc')}"
    if row.most:
        said += f" and may not exceed {clause.term(row.most, 'gen')} in all"
    return stop(said)


PATTERNS: Mapping[Kind, Callable[[Clause], str]] = {
    Kind.RESPONSE: response,
    Kind.CONDITION: condition,
    Kind.MILESTONE: milestone,
    Kind.INCLUDE: include,
    Kind.EXCLUDE: exclude,
    Kind.EXTENDS: extends,
}
