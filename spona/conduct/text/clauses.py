"""What both languages need from a book to build a sentence about one row."""

from __future__ import annotations

from dataclasses import dataclass

from spona.conduct.book import Act, Book, Party, Row, Rule, Term, Verified
from spona.conduct.text.numbers import term_text
from spona.conduct.text.words import BADGES, lower, nominative

CERTAIN = (Verified.READ, Verified.PARTLY, Verified.SIGNED)


@dataclass(frozen=True, slots=True)
class Clause:
    """One row of one rule, with the words of `lang` at hand."""

    book: Book
    rule: Rule
    row: Row
    lang: str

    @property
    def source(self) -> Act:
        return self.book.acts[self.row.source]

    @property
    def target(self) -> Act:
        return self.book.acts[self.row.targets[0]]

    @property
    def text(self) -> Verified:
        return self.rule.badge.text

    @property
    def own_term(self) -> Term | None:
        """The number of the law (or of the agreement, where the whole rule is one)."""
        within = self.row.within
        borrowed = self.text in CERTAIN and self.rule.badge.deadline is Verified.LOCAL
        return within.term if within and not borrowed else None

    @property
    def start(self) -> str:
        """The genitive (noun) of the source; empty for facts and where the clock has none."""
        if not self.row.source or self.row.becomes:
            return ""
        return self.source.phrases[self.lang].get("noun" if self.lang == "en" else "gen", "")

    def phrase(self, act: Act, key: str) -> str:
        return act.phrases[self.lang][key]

    def actor(self, act: Act) -> Party | None:
        """The party that owes the act; none where it is anyone or the clock."""
        return self.book.parties.get(act.by[0])

    def subject(self, act: Act) -> str:
        party = self.actor(act)
        if party is None:
            return "anybody" if self.lang == "en" else "svako"
        return nominative(party, self.lang)

    def term(self, term: Term, case: str) -> str:
        return term_text(term, case, self.lang, self.rule.unit_words)

    def condition(self) -> str:
        """The authored phrase after *ako* and *if*; empty where the row has no guard."""
        return self.row.condition.phrase.get(self.lang, "") if self.row.condition else ""

    def until(self) -> str:
        """The day that a fact names, after *do* and *by*; empty where the row has none."""
        if self.row.within is None or not self.row.within.until:
            return ""
        fact = self.book.facts[self.row.within.until]
        if phrase := fact.phrase.get(self.lang):
            return phrase
        label, moment = lower(fact.label[self.lang]), fact.type == "datetime"
        if self.lang == "en":
            return f"the {'moment' if moment else 'day'} that is named ({label})"
        return f"{'trenutka' if moment else 'dana'} koji je naveden ({label})"

    def remarks(self) -> str:
        """What stands in brackets about the deadline; empty where it needs no remark."""
        within, badge = self.row.within, self.rule.badge
        if within is None:
            return ""
        parts = []
        english = self.lang == "en"
        if badge.deadline in (Verified.PARTLY, Verified.MEMORY) and badge.deadline != badge.text:
            parts.append(("term: " if english else "rok: ") + BADGES[self.lang][badge.deadline])
        if within.term and not self.own_term:
            told = self.term(within.term, "nom")
            parts.append(f"agreed term: {told}" if english else f"dogovoren rok: {told}")
            parts.append("the source sets none" if english else "izvor ga ne određuje")
        if within.measure:
            told = self.term(within.measure, "nom")
            parts.append(f"agreed measure: {told}" if english else f"dogovoreno merilo: {told}")
        return f" ({'; '.join(parts)})" if parts else ""
