"""The fixed words of sentences: badges, words of the law, names of regulations and of roles."""

from __future__ import annotations

from datetime import date

from spona.conduct.book import Badge, Law, Party, Rule, Verified, Word
from spona.conduct.text.moments import day

BADGES = {
    "sr-latn": {
        Verified.READ: "iz izvora",
        Verified.PARTLY: "delimično provereno",
        Verified.MEMORY: "neprovereno",
        Verified.LOCAL: "lokalni dogovor",
        Verified.SIGNED: "potvrdio pravnik",
    },
    "en": {
        Verified.READ: "from the source",
        Verified.PARTLY: "partly checked",
        Verified.MEMORY: "not checked",
        Verified.LOCAL: "local agreement",
        Verified.SIGNED: "confirmed by a lawyer",
    },
}
SPOKEN = {
    "sr-latn": {
        Verified.READ: "Pročitano u navedenom izvoru. Pravnik još nije potvrdio.",
        Verified.PARTLY: "Radnja je pročitana, broj člana ili rok nije.",
        Verified.MEMORY: "Po sećanju, nije pročitano. Ne pozivajte se na ovo kao na propis.",
        Verified.LOCAL: "Nije propis. Dogovorile su ustanove potpisnice.",
        Verified.SIGNED: "Potvrdio pravnik.",
    },
    "en": {
        Verified.READ: "Read in the named source. No lawyer has confirmed it yet.",
        Verified.PARTLY: "The act was read, the article number or the term was not.",
        Verified.MEMORY: "From memory, not read. Do not cite this as a norm.",
        Verified.LOCAL: "Not a norm. Agreed by the institutions that signed.",
        Verified.SIGNED: "Confirmed by a lawyer.",
    },
}
PARTLY_WITH_TERM = {
    "sr-latn": "Rok je pročitan; šta nije provereno, kaže napomena uz pravilo.",
    "en": "The term was read; the note of the rule says what was not checked.",
}
WORDS = {
    "sr-latn": {
        Word.IMMEDIATELY: "odmah",
        Word.URGENTLY: "po hitnom postupku",
        Word.WITHOUT_DELAY: "bez odlaganja",
        Word.REGULARLY: "redovno",
    },
    "en": {
        Word.IMMEDIATELY: "at once",
        Word.URGENTLY: "urgently",
        Word.WITHOUT_DELAY: "without delay",
        Word.REGULARLY: "regularly",
    },
}
# Names as in ../shared/domain/domain.yaml; gazette numbers are not printed, some were not read.
LAWS = {
    "ZAPZ": ("Zakon o azilu i privremenoj zaštiti", "Law on Asylum and Temporary Protection"),
    "PZ": ("Porodični zakon", "Family Law"),
    "ZSZ": ("Zakon o socijalnoj zaštiti", "Social Protection Law"),
    "ZSNP": (
        "Zakon o sprečavanju nasilja u porodici",
        "Law on Prevention of Domestic Violence",
    ),
    "ZZPL": ("Zakon o zaštiti podataka o ličnosti", "Personal Data Protection Law"),
    "ZSTRANCI": ("Zakon o strancima", "Foreigners Law"),
    "ZUM": ("Zakon o upravljanju migracijama", "Migration Management Law"),
    "ZMLADI": ("Zakon o mladima", "Youth Law"),
    "PRAV_CSR": (
        "Pravilnik o organizaciji, normativima i standardima rada centra za socijalni rad",
        "Rulebook on organisation, norms and standards of work of centres for social work",
    ),
    "PRAV_USLUGE": (
        "Pravilnik o bližim uslovima i standardima za pružanje usluga socijalne zaštite",
        "Rulebook on conditions and minimum standards of social services",
    ),
    "INSTR_2017": (
        "Instrukcija ministarstva nadležnog za socijalnu zaštitu iz oktobra 2017.",
        "Instruction of the ministry in charge of social protection, October 2017",
    ),
    "INSTR_2018": (
        (
            "Instrukcija o načinu postupanja centara za socijalni rad u realizaciji smeštaja"
            " maloletnih migranata bez pratnje (april 2018)"
        ),
        "April 2018 instruction on placement of unaccompanied minors",
    ),
    "OPSTI_PROT_DECA": (
        "Opšti protokol za zaštitu dece od nasilja",
        "General Protocol for protection of children from violence",
    ),
    "POS_PROT_SZ": (
        "Posebni protokol za zaštitu dece od nasilja u oblasti socijalne zaštite",
        "Special Protocol, social protection sector",
    ),
    "PROG_THB": (
        "Program za borbu protiv trgovine ljudima u Republici Srbiji 2024–2029",
        "Anti-trafficking programme 2024–2029",
    ),
    "SU_OBRAZ": (
        (
            "Stručno uputstvo za uključivanje učenika izbeglica i tražilaca azila u sistem"
            " obrazovanja i vaspitanja"
        ),
        "Professional instruction on inclusion of refugee and asylum-seeker pupils",
    ),
}
ROLES = {
    "head_of_service": ("rukovodilac službe", "the head of service"),
    "director": ("direktor", "the director"),
    "coordinator": ("koordinator", "the coordinator"),
    "finder": ("radnik koji je prijavio", "the worker who reported"),
}


def badge_words(badge: Badge, lang: str) -> str:
    """The badge of the text, with name and day where a lawyer signed."""
    words = BADGES[lang][badge.text]
    on = day(date.fromisoformat(badge.signed_on), lang) if badge.signed_on else ""
    signed = ", ".join(part for part in (badge.signed_by, on) if part)
    return f"{words} ({signed})" if badge.text is Verified.SIGNED and signed else words


def spoken(badge: Badge, lang: str) -> str:
    """The badge as a sentence for people in doubt whether they may rely on the rule."""
    if badge.text is Verified.PARTLY and badge.deadline is Verified.READ:
        return PARTLY_WITH_TERM[lang]
    return SPOKEN[lang][badge.text]


def deadline_badge_words(rule: Rule, lang: str) -> str:
    """The badge of the deadline, where the rule has one and it differs from that of the text."""
    has_deadline = any(row.within for row in rule.rows)
    if not has_deadline or rule.badge.deadline is rule.badge.text:
        return ""
    return BADGES[lang][rule.badge.deadline]


def law_line(rule: Rule, lang: str) -> str:
    """The regulation and, unless it is only remembered, the article."""
    if rule.law.act is None:
        return _no_law(rule.badge.text, lang)
    serbian, english = LAWS.get(rule.law.act, (rule.law.act, rule.law.act))
    name = english if lang == "en" else serbian
    article = _article(rule.law, lang)
    return f"{name}, {article}" if article and rule.badge.article in CITED else name


CITED = (Verified.READ, Verified.SIGNED)


def _article(law: Law, lang: str) -> str:
    if not law.article:
        return ""
    several = any(sign in law.article for sign in ",-–")
    number = law.article.replace("-", "–")
    if lang == "en":
        return f"Articles {number}" if several else f"Article {number}"
    return f"čl. {number}" if several else f"član {number}"


def _no_law(text: Verified, lang: str) -> str:
    if text is Verified.LOCAL:
        return "Agreed between the institutions" if lang == "en" else "Dogovor ustanova"
    return "No regulation named" if lang == "en" else "Propis nije naveden"


def nominative(party: Party, lang: str) -> str:
    """The party as the subject of a sentence."""
    return party.forms[lang]["name" if lang == "en" else "nom"]


def told(whom: str, lang: str) -> str:
    """The role that a breach is told to."""
    serbian, english = ROLES.get(whom, (whom, whom))
    return english if lang == "en" else serbian


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def stop(text: str) -> str:
    """`text` as a sentence: capital first, one full stop (dates end with one already)."""
    return upper(text if text.endswith((".", "?", "!", ".“")) else f"{text}.")
