"""What was said of a child, and how its notification stands, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spona.base.clock import span_words
from spona.base.parts import Fact, Task
from spona.base.script import in_script, written_language
from spona.cases import codes
from spona.cases.models import Encounter
from spona.conduct import text
from spona.coordination import rules
from spona.coordination.actions.notifications import PACKAGE
from spona.coordination.models import Call, Notification
from spona.people.models import Person


def when(at: datetime) -> str:
    """`23. 11. 2026. u 21.10`, in the language and script of the page."""
    return in_script(text.moment(at, written_language()))


def dialled(phone: str) -> str:
    """A number as a telephone wants it: digits and a leading plus."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


# --- what was said


def encounter_facts(encounter: Encounter) -> list[Fact]:
    said = {field: getattr(encounter, field) for field in PACKAGE}
    if encounter.kind == Encounter.Kind.LIGHT:
        said["danger_now"] = None  # not asked in forty seconds
    place = str(encounter.municipality) if encounter.municipality else ""
    facts = said_facts(said | {"municipality": place})
    if encounter.note:
        facts.append(Fact(_("Note"), encounter.note))
    return [Fact(_("When"), when(encounter.occurred_at)), *facts]


def package_facts(package: Mapping[str, Any]) -> list[Fact]:
    """The disclosure package: everything that was sent, and nothing else."""
    met = Fact(_("When"), when(datetime.fromisoformat(package["occurred_at"])))
    contact = Fact(_("Who met the child"), in_script(package["contact_name"]))
    place = in_script(package["municipality"])
    return [met, *said_facts({**package, "municipality": place}), contact]


def said_facts(said: Mapping[str, Any]) -> list[Fact]:
    """The words of the codes; what is not known is left out, but for danger and name."""
    where = ", ".join(
        part for part in (_code(codes.places(), said["seen_where"]), said["place_note"]) if part
    )
    lines = (
        (_("Where"), where),
        (_("Municipality"), said["municipality"]),
        (_("Age, as said"), "" if said["age_said"] is None else str(said["age_said"])),
        (_("Language"), _code(codes.languages(), said["language"])),
        (_("Danger now"), _yes_no(said["danger_now"])),
        (_("Name, as said"), said["name_said"]),
        (_("Sex"), _sex(said["sex"])),
        (_("Alone"), _yes_no(said["alone"])),
        (_("Wants asylum, as said"), _yes_no(said["wants_asylum"])),
        (_("Needs"), _needs(said["needs"])),
    )
    return [Fact(label, value) for label, value in lines if value]


def in_short(encounter: Encounter) -> str:
    """One line of a list, without a name: `15, dari, autobuska stanica`."""
    age = "" if encounter.age_said is None else str(encounter.age_said)
    language = _code(codes.languages(), encounter.language)
    place = _code(codes.places(), encounter.seen_where)
    return ", ".join(part for part in (age, language, place) if part)


def _code(known: Mapping[str, codes.Code], code: str) -> str:
    return str(known[code]) if code in known else code


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def _sex(code: str) -> str:
    return "" if code == Person.Sex.UNKNOWN else str(Person.Sex(code).label)


def _needs(needs: Sequence[str]) -> str:
    known = codes.needs()
    return "; ".join(str(known[codes.OWN, need]) for need in needs if (codes.OWN, need) in known)


# --- how a notification stands


@dataclass(frozen=True, slots=True)
class Standing:
    """`step` is confirmed, wait, call or police; until it is confirmed, nobody has the child."""

    step: str
    headline: str
    advice: str
    tasks: list[Task]
    centre: str
    phone: str
    tel: str
    waiting: str


def standing(notification: Notification, calls: Sequence[Call], at: datetime) -> Standing:
    """`calls` in order of time. *Sent* is not *notified*."""
    centre = notification.recipient
    following = rules.next_step(notification.sent_at, notification.notified_at, at)
    step = "confirmed" if notification.confirmed_at else following.step
    return Standing(
        step=step,
        headline=_headline(notification, step),
        advice=_advice(step),
        tasks=[
            Task(_("Sent"), done=True, hint=_to_whom(notification)),
            _called(notification, calls),
            _confirmed(notification),
        ],
        centre=str(centre),
        phone=centre.on_call_phone,
        tel=dialled(centre.on_call_phone),
        waiting=span_words(at - notification.sent_at),
    )


def _headline(notification: Notification, step: str) -> str:
    if step == "confirmed":
        return _("Taken over: %(who)s, %(centre)s") % {
            "who": in_script(notification.confirmed_by_name),
            "centre": notification.recipient,
        }
    if step == "wait":
        return _("The centre answered, but nobody has taken over yet.")
    return _("The notification was sent, but nobody has taken it over.")


def _advice(step: str) -> str:
    return {
        "confirmed": _("The centre has the child's case now. Tell the child who comes, and when."),
        "wait": _(
            "Stay with the child until a named person confirms. If it takes long, call again."
        ),
        "call": _("Call the on-call number of the centre. The record is not the call."),
        "police": _("An hour has passed and nobody has answered. Call the police: 192."),
    }[step]


def _to_whom(notification: Notification) -> str:
    return _("%(centre)s, %(when)s") % {
        "centre": notification.recipient,
        "when": when(notification.sent_at),
    }


def _called(notification: Notification, calls: Sequence[Call]) -> Task:
    answered = [call for call in calls if call.answered]
    if answered:
        words = {"who": in_script(answered[-1].spoke_with), "when": when(answered[-1].called_at)}
        return Task(_("Call answered"), done=True, hint=_("%(who)s, %(when)s") % words)
    if not calls:
        done = notification.notified_at is not None
        return Task(
            _("Call answered"), done=done, hint="" if done else _("No call is recorded yet.")
        )
    tried = ngettext(
        "%(n)d call without an answer, the last %(when)s",
        "%(n)d calls without an answer, the last %(when)s",
        len(calls),
    )
    return Task(
        _("Call answered"), hint=tried % {"n": len(calls), "when": when(calls[-1].called_at)}
    )


def _confirmed(notification: Notification) -> Task:
    if notification.confirmed_at is None:
        return Task(_("Taken over by a named person"), hint=_("Nobody has taken over yet."))
    words = {
        "who": in_script(notification.confirmed_by_name),
        "when": when(notification.confirmed_at),
    }
    return Task(_("Taken over by a named person"), done=True, hint=_("%(who)s, %(when)s") % words)
