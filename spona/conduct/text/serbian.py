"""Sentences in Serbian (ekavica, Latin script); patterns of ../shared/domain/sentences.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from spona.conduct.book import Act, Kind, Party, Strength, Verified
from spona.conduct.text.clauses import CERTAIN, Clause
from spona.conduct.text.words import WORDS, lower, stop

MUST = {"m": "dužan je", "f": "dužna je", "n": "dužno je"}
MUST_PLURAL = {"m": "dužni su", "f": "dužne su", "n": "dužna su"}
EXCEPT = ", osim iz razloga koji se upisuje"


def response(clause: Clause) -> str:
    if clause.row.on_behalf:
        return _on_behalf(clause)
    said = f"{_opening(clause)}{_duty(clause)}{clause.remarks()}"
    return " ".join(part for part in (stop(said), _others(clause)) if part)


def _opening(clause: Clause) -> str:
    """What comes before the duty: *Ako …,* or *Kada …,* where no number counts from the act."""
    if guard := _guard(clause):
        return guard
    if clause.row.becomes:
        return f"čim se utvrdi ({lower(_fact(clause))}), "
    if (clause.own_term and clause.start) or not clause.row.source:
        return ""
    return f"kada {clause.phrase(clause.source, 'kada')}, "


def _guard(clause: Clause) -> str:
    return f"ako {clause.condition()}, " if clause.condition() else ""


def _fact(clause: Clause) -> str:
    becomes = clause.row.becomes
    return clause.book.facts[becomes.fact].label[clause.lang] if becomes else ""


def _duty(clause: Clause) -> str:
    act, tail = clause.target, _tail(clause)
    if clause.text in CERTAIN:
        return f"{_bound(clause, act)} da {tail}"
    agreed = "dogovoreno je" if clause.text is Verified.LOCAL else "trebalo bi"
    return f"{agreed} da {clause.subject(act)} {tail}"


def _bound(clause: Clause, act: Act) -> str:
    """*centar za socijalni rad dužan je*; the subject is not said twice in one sentence."""
    party = clause.actor(act)
    if party is None:
        return "svako je dužan"
    subject = clause.subject(act)
    must = (MUST_PLURAL if party.plural else MUST)[party.gender]
    return must if subject in _opening(clause) else f"{subject} {must}"


def _tail(clause: Clause) -> str:
    """Deadline, *da* phrase and company: what stands after *da*."""
    parts = [_counted_from(clause), _word(clause), _again(clause), _act(clause)]
    return " ".join(part for part in parts if part)


def _counted_from(clause: Clause) -> str:
    row, term = clause.row, clause.own_term
    start = clause.start
    if term:
        gap = "u razmacima od najviše" if row.every else "u roku od"
        said = f"{gap} {clause.term(term, 'gen')}"
        return f"{said} od {start}" if start else said
    after = f"posle {start}" if start and clause.condition() else ""
    latest = f"najkasnije do {until}" if (until := clause.until()) else ""
    return f"{after}, a {latest}," if after and latest else after or latest


def _word(clause: Clause) -> str:
    within = clause.row.within
    return WORDS["sr-latn"][within.word] if within and within.word else ""


def _again(clause: Clause) -> str:
    row = clause.row
    return "ponovo" if row.every or row.source in row.targets else ""


def _act(clause: Clause) -> str:
    row = clause.row
    if len(row.targets) == 1:
        return clause.phrase(clause.target, "da") + _company(clause)
    options = [
        f"{number}) {clause.phrase(clause.book.acts[key], 'da')}"
        + (", što ima prednost" if key == row.prefers else "")
        for number, key in enumerate(row.targets, 1)
    ]
    return f"izabere jednu od mogućnosti: {'; '.join(options)}"


def _company(clause: Clause) -> str:
    act = clause.target
    said = ""
    if act.with_:
        said += f", uz prisustvo {_genitives(clause, act.with_)}"
    if act.without:
        said += f"{', a' if act.with_ else ','} bez prisustva {_genitives(clause, act.without)}"
    return said


def _genitives(clause: Clause, parties: Iterable[str]) -> str:
    return _joined([clause.book.parties[key].forms["sr-latn"]["gen"] for key in parties], "i")


def _joined(words: list[str], last: str) -> str:
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _others(clause: Clause) -> str:
    """Who else may do it, so that nobody waits for the one who owes it."""
    if len(clause.row.targets) > 1:
        return ""
    others = clause.target.by[1:]
    if "anyone" in others:
        return "To može da učini i svako drugi."
    parties = clause.book.parties
    named = [parties[key].forms["sr-latn"]["nom"] for key in others]
    return f"To može da učini i {_joined(named, 'ili')}." if named else ""


def _on_behalf(clause: Clause) -> str:
    """A person is never late: somebody sees to it. The deadline stands last, for the enclitics."""
    party: Party = clause.book.parties[clause.row.on_behalf]
    sees = "se staraju" if party.plural else "se stara"
    said = f"{_guard(clause)}{party.forms['sr-latn']['nom']} {sees} da"
    when = _counted_from(clause) or _word(clause)
    parts = [said, clause.phrase(clause.target, "da"), when]
    return stop(" ".join(part for part in parts if part) + clause.remarks())


def condition(clause: Clause) -> str:
    act, row = clause.target, clause.row
    before = f"pre {clause.phrase(clause.source, 'gen')}"
    if row.wait:
        start = clause.phrase(clause.source, "gen")
        before = f"pre isteka {clause.term(row.wait, 'gen')} od {start}"
    ending = EXCEPT if row.strength is Strength.REASON else ""
    guard = _guard(clause)
    subject, phrase = clause.subject(act), clause.phrase(act, "da")
    if clause.text in CERTAIN:
        return stop(f"{guard}{before} {subject} ne može da {phrase}{ending}")
    if clause.text is Verified.LOCAL:
        return stop(f"{guard}dogovoreno je da {before} {subject} ne može da {phrase}{ending}")
    return stop(f"{guard}ne bi trebalo da {subject} {before} {phrase}{ending}")


def milestone(clause: Clause) -> str:
    source, act = clause.source, clause.target
    first, second = clause.subject(source), clause.subject(act)
    said = f"{_guard(clause)}dok {first} ne {clause.phrase(source, 'da')}, "
    said += "" if first == second else f"{second} "
    ending = EXCEPT if clause.row.strength is Strength.REASON else ""
    return stop(f"{said}ne može da {clause.phrase(act, 'da')}{ending}")


def include(clause: Clause) -> str:
    start = clause.phrase(clause.source, "gen")
    guard = _guard(clause)
    return stop(f"{guard}posle {start} postaje moguće: {lower(_label(clause))}")


def exclude(clause: Clause) -> str:
    when = clause.phrase(clause.source, "kada")
    guard = _guard(clause)
    return stop(f"{guard}kada {when}, više nije moguće: {lower(_label(clause))}")


def _label(clause: Clause) -> str:
    return clause.phrase(clause.target, "label")


def extends(clause: Clause) -> str:
    row = clause.row
    said = f"{_guard(clause)}kada {clause.phrase(clause.source, 'kada')}, "
    said += f"rok {clause.phrase(clause.target, 'gen')}"
    if row.wait:
        said += f" produžava se za {clause.term(row.wait, 'acc')}"
    if row.most:
        said += f", a ukupno ne može biti duži od {clause.term(row.most, 'gen')}"
    return stop(said)


PATTERNS: Mapping[Kind, Callable[[Clause], str]] = {
    Kind.RESPONSE: response,
    Kind.CONDITION: condition,
    Kind.MILESTONE: milestone,
    Kind.INCLUDE: include,
    Kind.EXCLUDE: exclude,
    Kind.EXTENDS: extends,
}
