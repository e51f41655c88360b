"""Two people at the same moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from spona.accounts.tests.factories import person
from spona.base.errors import Refused
from spona.cases.actions import comparing
from spona.cases.models import Case, Encounter
from spona.cases.tests import doubles
from spona.cases.tests.factories import acting, case, encounter

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(times: int, do: Callable[[], Any]) -> list[Any]:
    start, done = Barrier(times), []

    def run() -> None:
        try:
            start.wait(timeout=10)
            done.append(do())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return done


def test_cases_opened_at_once_get_different_codes() -> None:
    owner = person("duty_officer")
    codes = {opened.code for opened in _at_once(6, lambda: case(owner))}
    assert codes == {f"SP-2026-{number:04d}" for number in range(1, 7)}
    with acting(owner):
        assert Case.objects.count() == 6


def test_one_encounter_sent_many_times_at_once_is_one() -> None:
    worker, token = person("outreach_worker"), uuid.uuid4()
    made = _at_once(6, lambda: encounter(worker, client_token=token))
    assert len(made) == 6
    assert len({met.pk for met in made}) == 1
    with acting(worker):
        assert Encounter.objects.count() == 1


def test_of_two_who_merge_at_once_in_either_direction_one_does() -> None:
    owner = person("duty_officer")
    first, second = doubles.fresh(case(owner)), doubles.fresh(case(owner))
    ways = iter(((first, second), (second, first)))
    choices = [
        doubles.chosen(owner, *pair, fields={}) for pair in ((first, second), (second, first))
    ]

    def merge_one() -> str:
        kept, other = next(ways)
        choice = choices[0] if kept is first else choices[1]
        try:
            doubles.merge(owner, kept, other, choice=choice)
        except Refused as refused:
            return str(refused.sentence)
        return "merged"

    told = _at_once(2, merge_one)
    with translation.override(settings.LANGUAGE_CODE):  # as in a thread of its own
        assert sorted(told) == sorted(["merged", str(comparing.MERGED_ALREADY)])
