"""A rule book in the making: the school is to enrol sooner, objects, and is answered.

Invented like the people who say it: no institution was asked and none has answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.people import load_staff
from spona.accounts.models import Membership, Organisation
from spona.base.actor import Actor
from spona.conduct.editing import Document
from spona.protocols import actions
from spona.protocols.models import Consultation, Draft, Version, VersionText
from spona.protocols.rules.reading import wording

AUTHOR, SCHOOL, HEAD = "lena-pravnica", "sonja-skola", "ruza-rukovodilac"
PROTOCOL, NUMBER, RULE = "school-inclusion", "2026.2-demo", "LOC-SCH-02"
TITLE = {
    "sr-latn": "Uključivanje deteta u školu (sintetički nacrt)",
    "en": "Inclusion of a child in school (synthetic draft)",
}
SAYS = {
    "sr-latn": (
        "Dogovoreno je da škola u roku od 5 radnih dana od zahteva upiše dete, ili kaže zašto nije "
        "i o tome obavesti školsku upravu."
    ),
    "en": (
        "It is agreed that the school will, within 5 working days of the request, enrol the child, "
        "or say why not and tell the school administration."
    ),
}
ASKED = ("demo-skola-vranje", "csr-vranje", "csr-beograd")
OBJECTION = "Za 5 radnih dana ne stižemo da proverimo znanje deteta koje nema svedočanstva."
ANSWER = "Upis ne čeka proveru znanja: za nju i dalje ostaje rok od 10 radnih dana."
DAY = timedelta(days=1)


def consult(now: datetime) -> bool:
    """Begin the draft and hear what is said of it; false where that was done before."""
    if Draft.objects.filter(protocol=PROTOCOL, author__synthetic=True).exists():
        return False
    draft = _written(now - 7 * DAY)
    author = _actor(AUTHOR)
    actions.draft_consult(
        draft=draft,
        organisations=Organisation.objects.filter(key__in=ASKED).order_by("pk"),
        until=(now + 8 * DAY).date(),
        by=author,
        at=now - 6 * DAY,
    )
    _opine(draft, HEAD, now - 4 * DAY)
    consultation = _opine(draft, SCHOOL, now - 3 * DAY, objects_to=RULE)
    opinion = consultation.opinions.get(rule_id=RULE)
    actions.opinion_answer(opinion=opinion, answer=ANSWER, by=author, at=now - 2 * DAY)
    return True


def _written(at: datetime) -> Draft:
    """From the book that binds, with one term that is shorter."""
    base = Version.objects.in_force(PROTOCOL, at + 7 * DAY)
    text = VersionText.objects.get(version=base).text
    named = Document(text).put(("version",), NUMBER).put(("title",), TITLE).text
    draft = actions.draft_begin(text=named, based_on=base, by=_actor(AUTHOR), at=at)
    row = ("rules", _number(draft), "rows", 0)
    for key, value in (("within", {"working_days": 5}), ("says", SAYS)):
        seen = wording(draft.document.get((*row, key)))
        edit = actions.Edit((*row, key), RULE, value, seen=seen)
        draft = actions.draft_change(draft=draft, edit=edit, by=_actor(AUTHOR), at=at)
    return draft


def _number(draft: Draft) -> int:
    return [rule["id"] for rule in draft.document.data["rules"]].index(RULE)


def _opine(draft: Draft, who: str, at: datetime, *, objects_to: str = "") -> Consultation:
    """Every rule is accepted but one."""
    by = _actor(who)
    said = [
        actions.OpinionDraft(rule, seen, rule != objects_to, OBJECTION * (rule == objects_to))
        for rule, seen in draft.wordings.items()
    ]
    consultation = draft.consultations.get(organisation_id=by.organisation_id or 0)
    return actions.opinions_give(consultation=consultation, opinions=said, by=by, at=at)


def _actor(key: str) -> Actor:
    email = load_staff()[key].email
    return Membership.objects.active().get(user__email=email).actor()
