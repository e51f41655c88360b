"""A line of the ledger stays as it was written, whoever asks the database."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection

from spona.accounts.tests.factories import person
from spona.base import rls
from spona.cases import actions
from spona.cases.tests.factories import NOW, acting, case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("room", [nullcontext, rls.engine_room])
@pytest.mark.parametrize(
    "said",
    [
        "DELETE FROM cases_legalbasis",
        "UPDATE cases_legalbasis SET decision = 'given'",
        "UPDATE cases_legalbasis SET categories = '{identity,health}'",
    ],
)
def test_a_line_is_neither_deleted_nor_rewritten(said: str, room: type[nullcontext[None]]) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    refused = actions.BasisDraft(
        kind="consent",
        consent_kind="data",
        decision="refused",
        purpose="service",
        categories=["identity"],
    )
    with acting(owner):
        actions.basis_record(case=opened, draft=refused, by=owner.actor(), at=NOW)
    with pytest.raises(DatabaseError, match="permission denied"), acting(owner), room():
        connection.cursor().execute(said)
