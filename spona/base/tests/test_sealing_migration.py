"""A column that is full of words is sealed where it stands, and can be opened again."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.migrations.operations import AlterField
from django.db.migrations.state import ModelState, ProjectState

from conftest import connected_as
from spona.base.sealing import key_id_of, migrating, unseal
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.base.sealing.migrating import SealField

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN: dict[str, Any] = {
    "text": models.TextField(),
    "short": models.CharField(max_length=120, blank=True),
    "named": ArrayField(models.CharField(max_length=120), default=list),
    "said": models.JSONField(null=True),
}
SEALED: dict[str, Any] = {
    "text": SealedTextField(),
    "short": SealedTextField(max_length=120, blank=True),
    "named": SealedJSONField(default=list),
    "said": SealedJSONField(null=True),
}
ROWS: list[tuple[Any, ...]] = [
    ("میلاد \\x41 'navod' %s", "", [], None),
    ("Мухамед", "Džavad", ["Otac", "ستاره", 'na"vod'], {"ime": ["Mi", None, 1.5]}),
    ("", "x" * 120, [""], {}),
]


def state(fields: dict[str, Any]) -> ProjectState:
    made = ProjectState()
    key = [("id", models.BigAutoField(primary_key=True))]
    copied = [(name, field.clone()) for name, field in fields.items()]
    made.add_model(ModelState("base", "Words", key + copied))
    return made


def steps() -> list[tuple[SealField, ProjectState, ProjectState]]:
    """One column after another, each with the states before and after."""
    done: list[tuple[SealField, ProjectState, ProjectState]] = []
    fields = dict(PLAIN)
    for name, field in SEALED.items():
        before = state(fields)
        fields[name] = field
        done.append((SealField("words", name, field), before, state(fields)))
    return done


def test_words_are_sealed_in_place_and_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "BATCH", 2)
    old, new = (state(one).apps.get_model("base", "Words") for one in (PLAIN, SEALED))
    with connected_as("spona_owner"):
        with connection.schema_editor() as editor:
            editor.create_model(old)
        try:
            for row in ROWS:
                old._default_manager.create(**dict(zip(PLAIN, row, strict=True)))
            with connection.schema_editor() as editor:
                for step, before, after in steps():
                    step.database_forwards("base", editor, before, after)
            assert list(new._default_manager.order_by("id").values_list(*SEALED)) == ROWS
            _look_at_the_bytes()
            with connection.schema_editor() as editor:
                for step, before, after in reversed(steps()):
                    step.database_backwards("base", editor, after, before)
            assert list(old._default_manager.order_by("id").values_list(*PLAIN)) == ROWS
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(old)


def _look_at_the_bytes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, short, said FROM base_words ORDER BY id")
        (text, short, said), *_others = cursor.fetchall()
    assert key_id_of(text) == 1
    assert unseal(text, "base_words.text").decode() == ROWS[0][0]
    assert (short, said) == (b"", None)


def test_it_is_an_alteration_of_the_field_to_the_state() -> None:
    step = SealField("words", "text", SealedTextField())
    assert isinstance(step, AlterField)
    fields = state(PLAIN)
    step.state_forwards("base", fields)
    assert isinstance(fields.models["base", "words"].get_field("text"), SealedTextField)
