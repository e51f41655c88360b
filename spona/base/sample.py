"""Invented people and duties for the style guide. Nobody here exists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from spona.base.clock import State
from spona.base.parts import Act, DutyRow, Fact, Link, Task
from spona.base.river import Duty, Event, Lane, River, river
from spona.base.script import in_script as _say


class EncounterSample(forms.Form):
    """A form with one of everything; only for looking at."""

    may_be_unknown = True

    place = forms.CharField(label="Gde je dete viđeno", help_text="Mesto, ulica ili orijentir.")
    age = forms.IntegerField(label="Uzrast, kako dete kaže", min_value=0, max_value=25)
    language = forms.ChoiceField(
        label="Jezik", choices=[("prs", "darí"), ("ps", "paštu"), ("ar", "arapski")]
    )
    danger = forms.ChoiceField(
        label="Da li je dete sada u opasnosti?",
        choices=[("yes", "Da"), ("no", "Ne"), ("unknown", "Ne znam")],
        widget=forms.RadioSelect,
    )
    account = forms.CharField(label="Šta je viđeno", widget=forms.Textarea, required=False)
    told = forms.BooleanField(label="Detetu je rečeno šta beležimo i kome to šaljemo")


def everything(now: datetime) -> dict[str, Any]:
    """The context of `base/style_guide.html` at `now`."""
    now = timezone.localtime(now)
    return {
        "now": now,
        "organisation_name": _say("CSR Vranje"),
        "on_duty": _say("dežurna: J. Petrović, do 20 h"),
        "crumbs": [Link(_say("Moje obaveze"), "/"), Link(_say("Delovi stranica"))],
        "late": [_decision(now), _answer(now)],
        "today": [_guardian(now), _interview(now)],
        "week": [_records(now)],
        "river": sample_river(now),
        "tabs": _tabs(),
        "facts": _facts(),
        "tasks": _tasks(),
        "form": _form(),
        "states": list(State),
        "badges": ["read", "partly", "memory", "local", "signed"],
        "confirmed": Act(
            _say("Zatvori slučaj"), "#", "post", primary=False, confirm=_say("Zatvoriti slučaj?")
        ),
        "first_step": Act(_say("Zabeleži susret"), "#"),
    }


def _form() -> EncounterSample:
    form = EncounterSample({"place": "", "age": "90", "language": "prs", "account": "Kod stanice."})
    for field in form.fields.values():
        field.label = _say(str(field.label))
    return form


def _decision(now: datetime) -> DutyRow:
    return DutyRow(
        what=_say("Privremeni zaključak o smeštaju"),
        state=State.OVERDUE,
        who=("VR-2026-0147", _say("M. H., 15")),
        href="#",
        since=now - timedelta(hours=27),
        due=now - timedelta(hours=3),
        rule=_say("pravilo UASC-07, 24 sata"),
        rule_href="#",
        verified="read",
        act=Act(_say("Donesi"), "#"),
    )


def _answer(now: datetime) -> DutyRow:
    return DutyRow(
        what=_say("Odgovor na uput: psihosocijalna podrška"),
        state=State.OBSTACLE,
        who=("VR-2026-0139", _say("A. R., 17")),
        href="#",
        due=now - timedelta(days=1),
        owner=_say("NVO"),
        obstacle=_say("Ne može: nema prevodioca za paštu do četvrtka."),
        act=Act(_say("Pozovi"), "#", primary=False),
    )


def _guardian(now: datetime) -> DutyRow:
    return DutyRow(
        what=_say("Odredi privremenog staratelja"),
        state=State.TODAY,
        who=("VR-2026-0151", _say("dete, oko 13"), _say("po hitnom postupku")),
        href="#",
        since=now - timedelta(hours=8),
        due=now + timedelta(hours=2, minutes=40, seconds=20),
        verified="local",
        act=Act(_say("Odredi"), "#", "post"),
    )


def _interview(now: datetime) -> DutyRow:
    return DutyRow(
        what=_say("Prvi razgovor sa starateljem i prevodiocem"),
        state=State.TODAY,
        who=("VR-2026-0147", _say("M. H., 15"), _say("darí, prevodilac potvrđen")),
        href="#",
        since=now - timedelta(hours=4),
        due=now + timedelta(hours=4, seconds=20),
        blocked=_say("Moguće je tek kada je staratelj postavljen. Najpre odredite staratelja."),
    )


def _records(now: datetime) -> DutyRow:
    return DutyRow(
        what=_say("Preuzmi dokumentaciju: premeštaj iz Beograda"),
        state=State.ON_TIME,
        who=("BG-2026-0912", _say("S. N., 16"), _say("duguje se dvoje: vi i Gradski centar")),
        href="#",
        since=now - timedelta(days=1),
        due=now + timedelta(days=2, hours=3),
        act=Act(_say("Otvori"), "#", primary=False),
    )


def sample_river(now: datetime) -> River:
    """A case of a day and three hours: four institutions, one of them late."""
    lanes = [
        Lane("ngo", _say("NVO, teren")),
        Lane("csr", _say("CSR Vranje"), own=True),
        Lane("guardian", _say("Staratelj")),
        Lane("health", _say("Dom zdravlja")),
        Lane("police", _say("Policija")),
    ]
    return river(lanes, _events(now), _duties(now), now=now)


def _events(now: datetime) -> list[Event]:
    def ago(hours: float) -> datetime:
        return now - timedelta(hours=hours)

    return [
        Event("ngo", ago(27.2), _say("susret")),
        Event("csr", ago(26.8), _say("obaveštenje"), came_from="ngo"),
        Event("csr", ago(12), _say("određen staratelj")),
        Event("guardian", ago(9), _say("prihvatio"), came_from="csr"),
        Event("health", ago(5), _say("nema lekara do sutra"), State.OBSTACLE, came_from="csr"),
    ]


def _duties(now: datetime) -> list[Duty]:
    def owed(lane: str, hours: float, label: str, state: State, pattern: str) -> Duty:
        due = now + timedelta(hours=hours)
        return Duty(lane, due, _say(label), state, when=date_format(due, pattern))

    return [
        owed("csr", -2.8, "zaključak o smeštaju", State.OVERDUE, "TIME_FORMAT"),
        owed("guardian", 4, "prvi razgovor", State.TODAY, "TIME_FORMAT"),
        owed("health", 22, "pregled pre smeštaja", State.ON_TIME, "D H.i"),
        owed("csr", 24 * 29, "odluka o starateljstvu", State.ON_TIME, "j. n."),
        owed("police", 70, "potvrda o registraciji namere", State.ON_TIME, "j. n."),
    ]


def _tabs() -> list[Link]:
    return [
        Link(_say("Tok slučaja"), "#", current=True),
        Link(_say("Osoba i saputnici"), "#"),
        Link(_say("Potrebe i procene"), "#"),
        Link(_say("Uputi"), "#", count=2),
        Link(_say("Saglasnosti"), "#"),
        Link(_say("Ko je gledao"), "#"),
    ]


def _facts() -> list[Fact]:
    return [
        Fact(_say("Potreba"), _say("Psihosocijalna podrška"), "#"),
        Fact(_say("Služba"), _say("NVO u Vranju, radnim danom od 9 do 17 h"), "#"),
        Fact(_say("Podaci koji se šalju"), _say("uzrast, jezik, staratelj; bez imena"), "#"),
        Fact(_say("Ime u pasošu"), "مصطفی حیدری"),
    ]


def _tasks() -> list[Task]:
    return [
        Task(_say("Detetu je objašnjen postupak"), done=True, href="#"),
        Task(_say("Pristanak staratelja"), href="#"),
        Task(_say("Slanje"), hint=_say("Tek kada staratelj pristane.")),
    ]
