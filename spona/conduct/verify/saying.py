"""A finding as one sentence, in Serbian (Latin) and English, in the words of the rule book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from spona.conduct.text.moments import moment
from spona.conduct.verify.findings import Code, Finding, Severity
from spona.conduct.verify.words import Words, trace_words

Say = Callable[[Finding, Words, bool], str]


def said(finding: Finding, words: Words, lang: str) -> str:
    """The finding in `lang` (sr-latn or en)."""
    return SAYING[finding.code](finding, words, lang == "en")


def _rules(finding: Finding, english: bool) -> str:
    if not finding.rules:
        return ""
    several = len(finding.rules) > 1
    word = ("rules" if several else "rule") if english else ("pravila" if several else "pravilo")
    return f" ({word} {', '.join(finding.rules)})"


def _after(finding: Finding, words: Words, english: bool) -> str:
    lang = "en" if english else "sr-latn"
    if not finding.trace:
        return "From the very beginning" if english else "Od samog početka"
    steps = trace_words(finding.trace, words, lang)
    return f"After {steps}" if english else f"Posle ovoga: {steps}"


def _dead(finding: Finding, words: Words, english: bool) -> str:
    after, rules = _after(finding, words, english), _rules(finding, english)
    acts = words.acts(finding.acts, "en" if english else "sr-latn")
    if english:
        return f"{after}, the duty {acts}{rules} is owed and nothing can discharge it any more."
    return f"{after} – obaveza {acts}{rules} ostaje, a više nikako ne može da se izvrši."


def _never(finding: Finding, words: Words, english: bool) -> str:
    act = words.acts(finding.acts, "en" if english else "sr-latn")
    if finding.severity is Severity.FAULT:
        return (
            f"The act {act} can never happen: no way leads to it."
            if english
            else f"Radnja {act} ne može nikada da se dogodi: do nje ne vodi nijedan put."
        )
    if english:
        return f"No way to the act {act} was found, and the search was not exhaustive."
    return f"Put do radnje {act} nije nađen, a pretraga nije bila iscrpna."


CLASHES = {
    "must_and_may_not": (
        "kada se dogodi {second}, radnja {first} mora da se izvrši i u istom trenutku se zatvara",
        "when {second} happens, the act {first} must be done and is closed in the same moment",
    ),
    "before_itself": (
        "radnja {first} ne može da se izvrši pre nje same, dakle nikada",
        "the act {first} may not be done before itself, that is, never",
    ),
    "while_owed_itself": (
        "dok se radnja {first} duguje, baš ona ne može da se izvrši",
        "while the act {first} is owed, that very act may not be done",
    ),
    "ring": (
        "radnje {all} čekaju jedna drugu, pa nijedna ne može da bude prva",
        "the acts {all} wait for each other, so that none can be the first",
    ),
}


def _contradiction(finding: Finding, words: Words, english: bool) -> str:
    lang = "en" if english else "sr-latn"
    pattern = CLASHES[finding.detail["how"]][english]
    named = [words.act(act, lang) for act in finding.acts]
    text = pattern.format(first=named[0], second=named[-1], all=words.acts(finding.acts, lang))
    opening = "The rules contradict each other" if english else "Pravila se sukobljavaju"
    return f"{opening}{_rules(finding, english)}: {text}."


def _too_short(finding: Finding, words: Words, english: bool) -> str:
    lang = "en" if english else "sr-latn"
    act, begin = words.acts(finding.acts[:-1], lang), words.act(finding.acts[-1], lang)
    some = finding.severity is not Severity.FAULT
    on = moment(datetime.fromisoformat(finding.detail["from"]), lang) if some else ""
    rules = _rules(finding, english)
    if english:
        when = f" where it begins, for instance, on {on}" if some else ""
        return (
            f"The deadline for {act} after {begin}{rules} ends before the delays that it must"
            f" wait for have passed{when}."
        )
    when = f" kada počne, na primer, {on.removesuffix('.')}" if some else ""
    return (
        f"Rok za radnju {act}, koji počinje kada se dogodi {begin}{rules}, ističe pre nego što"
        f" prođe vreme koje mora da se sačeka{when}."
    )


def _hard(finding: Finding, words: Words, english: bool) -> str:
    lang, rules = "en" if english else "sr-latn", _rules(finding, english)
    act, source = words.act(finding.acts[0], lang), words.act(finding.acts[1], lang)
    if english:
        return f"The act {act} protects a person, and yet it has to wait for {source}{rules}."
    return f"Radnja {act} štiti osobu, a ipak mora da čeka: {source}{rules}."


def _silent(finding: Finding, words: Words, english: bool) -> str:
    lang, after = "en" if english else "sr-latn", _after(finding, words, english)
    act, source = words.act(finding.acts[0], lang), words.act(finding.acts[1], lang)
    why = _closed_by(finding, english)
    if english:
        return (
            f"{after}, the act {act} becomes possible although {source} has not happened:"
            f" it is closed, {why}."
        )
    return (
        f"{after} – radnja {act} postaje moguća, iako {source} nije urađeno: zatvoreno je, {why}."
    )


def _closed_by(finding: Finding, english: bool) -> str:
    rule = finding.detail.get("closed_by", "")
    if finding.severity is Severity.INTENDED and rule:
        return f"and rule {rule} says why" if english else f"a pravilo {rule} kaže zašto"
    if finding.severity is Severity.INTENDED:
        return "and counts from its opening" if english else "a računa se od otvaranja"
    if rule:
        told = f"by rule {rule}, which does not say why"
        return told if english else f"po pravilu {rule}, koje ne kaže zašto"
    return "and has never been open" if english else "a nikada nije ni bilo otvoreno"


def _owed(finding: Finding, words: Words, english: bool) -> str:
    after, why = _after(finding, words, english), _closed_by(finding, english)
    acts = words.acts(finding.acts[:-1], "en" if english else "sr-latn")
    rules = _rules(finding, english)
    if english:
        return f"{after}, the duty {acts}{rules} is owed while it is closed, {why}."
    return f"{after} – obaveza {acts}{rules} duguje se, a zatvorena je, {why}."


def _source(finding: Finding, words: Words, english: bool) -> str:
    rule = finding.rules[0]
    if finding.severity is Severity.NOTE:
        return (
            f"Rule {rule} is from memory and names no source yet."
            if english
            else f"Pravilo {rule} je po sećanju i još ne navodi izvor."
        )
    return f"Rule {rule} names no source." if english else f"Pravilo {rule} ne navodi izvor."


def _party(finding: Finding, words: Words, english: bool) -> str:
    lang = "en" if english else "sr-latn"
    act, party = words.act(finding.acts[0], lang), words.party(finding.detail["party"], lang)
    if finding.detail["how"] == "torn":
        return (
            f"For the act {act}, {party} must be present and absent at once."
            if english
            else f"Pri radnji {act} mora i da bude prisutan i da ne bude prisutan: {party}."
        )
    if english:
        return f"Only the act {act} says who stands for {party}, and only {party} can do it."
    return f"Ko je {party}, određuje samo radnja {act}, a nju može da izvrši samo {party}."


def _no_end(finding: Finding, words: Words, english: bool) -> str:
    after, rules = _after(finding, words, english), _rules(finding, english)
    acts = words.acts(finding.acts, "en" if english else "sr-latn")
    if english:
        return f"{after}, there is no way to the end: something is always owed of {acts}{rules}."
    return f"{after} – do kraja se više ne može doći: uvek se još nešto duguje od {acts}{rules}."


def _fact(finding: Finding, words: Words, english: bool) -> str:
    lang, rules = "en" if english else "sr-latn", _rules(finding, english)
    fact = words.fact_label(finding.detail["fact"], lang)
    if finding.acts:
        acts = words.acts(finding.acts, lang)
        return (
            f"Only acts that never happen ask for “{fact}”{rules}: {acts}."
            if english
            else f"Za činjenicu „{fact}“{rules} pitaju samo radnje koje se nikada ne događaju:"
            f" {acts}."
        )
    if english:
        return f"No form asks for “{fact}”{rules}; somebody has to record it by itself."
    return f"Nijedan obrazac ne pita za „{fact}“{rules}; neko mora da je upiše posebno."


def _told(finding: Finding, words: Words, english: bool) -> str:
    acts, rule = words.acts(finding.acts, "en" if english else "sr-latn"), finding.rules[0]
    if finding.detail["how"] == "lost":
        return (
            f"If {acts} is late (rule {rule}), only the worker who reported is told, and this book"
            " has no such party."
            if english
            else f"Ako kasni {acts} (pravilo {rule}), obaveštava se samo radnik koji je prijavio, a"
            " takve strane u ovoj knjizi nema."
        )
    if english:
        return f"If {acts} is late, nobody is told: rule {rule} sets a deadline and no ladder."
    told = f"pravilo {rule} ima rok, a ne kaže kome se javlja"
    return f"Ako kasni {acts}, niko se ne obaveštava: {told}."


SAYING: Mapping[Code, Say] = {
    Code.DEAD_DUTY: _dead,
    Code.NEVER_HAPPENS: _never,
    Code.CONTRADICTION: _contradiction,
    Code.DEADLINE_TOO_SHORT: _too_short,
    Code.HARD_BEFORE_PROTECTIVE: _hard,
    Code.SILENT_WAY: _silent,
    Code.OWED_WHILE_CLOSED: _owed,
    Code.NO_SOURCE: _source,
    Code.UNFILLABLE_PARTY: _party,
    Code.NO_WAY_TO_END: _no_end,
    Code.NOBODY_FINDS_OUT: _fact,
    Code.NOBODY_TOLD: _told,
}
