"""Numbers with their units: 24 sata, u roku od 21 dana, 5 radnih dana."""

from __future__ import annotations

from spona.conduct.book import Term, Unit

# One, few and many after a number; only the singular has other cases.
NOUNS: dict[str, tuple[str, str, str, str, str]] = {
    # unit: one, few, many, one after "od", accusative of one
    "days": ("dan", "dana", "dana", "dana", "dan"),
    "working_days": ("radni dan", "radna dana", "radnih dana", "radnog dana", "radni dan"),
    "hours": ("sat", "sata", "sati", "sata", "sat"),
    "cas": ("čas", "časa", "časova", "časa", "čas"),
    "weeks": ("nedelja", "nedelje", "nedelja", "nedelje", "nedelju"),
    "months": ("mesec", "meseca", "meseci", "meseca", "mesec"),
    "years": ("godina", "godine", "godina", "godine", "godinu"),
    "minutes": ("minut", "minuta", "minuta", "minuta", "minut"),
}
ENGLISH = {
    "days": "day",
    "working_days": "working day",
    "hours": "hour",
    "cas": "hour",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "minutes": "minute",
}
ONE, FEW, MANY = 0, 1, 2


def counted(n: int | float, unit: str, case: str = "nom", lang: str = "sr-latn") -> str:
    """`n` with its unit; `unit` is a key of `NOUNS` (a `Unit` too), `case` nom, acc or gen.

    Raises `KeyError` for a unit and `ValueError` for a case that this table does not hold.
    """
    if case not in ("nom", "acc", "gen"):
        raise ValueError(f"Numbers are counted in nom, acc or gen, not in {case!r}.")
    if lang == "en":
        noun = ENGLISH[str(unit)]
        return f"{n:g} {noun}" if n == 1 else f"{n:g} {noun}s"
    one, few, many, one_gen, one_acc = NOUNS[str(unit)]
    noun = (one, few, many)[_form(n)]
    if _form(n) == ONE:
        noun = {"nom": one, "acc": one_acc, "gen": one_gen}[case]
    return f"{n:g}".replace(".", ",") + f" {noun}"


def _form(n: int | float) -> int:
    """Which of the three forms follows `n`; a decimal number takes the last."""
    if n != int(n):
        return MANY
    if n % 10 == 1 and n % 100 != 11:
        return ONE
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return FEW
    return MANY


def term_text(term: Term, case: str, lang: str, unit_words: str = "sat") -> str:
    """A term in words; `unit_words` is `cas` where the source of the rule says čas."""
    unit: str = term.unit
    if term.unit is Unit.HOURS and unit_words == "cas":
        unit = "cas"
    return counted(term.amount, unit, case, lang)
