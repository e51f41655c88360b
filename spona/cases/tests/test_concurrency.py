"""Two people at the same moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from spona.accounts.tests.factories import person
from spona.cases.models import Case, Encounter
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
