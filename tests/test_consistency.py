"""What slips past a linter: string foreign keys, the engine room, what the CSP forbids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from spona.base.checks import every_person_and_case_is_behind_row_security, guarded_tables

ROOT = Path(__file__).resolve().parent.parent
TOWER = (
    ("home",), ("coordination",), ("cases",), ("people", "directory", "protocols"),
    ("accounts",), ("audit",), ("base",),
)  # fmt: skip
STOREY = {app: number for number, storey in enumerate(TOWER) for app in storey}
TEMPLATES = [*ROOT.glob("spona/*/templates/**/*.html"), *ROOT.glob("demo/templates/**/*.html")]
SOURCES = [
    path
    for path in [*ROOT.glob("spona/**/*.py"), *ROOT.glob("demo/**/*.py"), *ROOT.glob("config/*.py")]
    if "migrations" not in path.parts
]
ENGINE_ROOM = {"actions", "tasks.py", "tests", "rls.py"}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in STOREY]


def test_no_foreign_key_points_up_or_sideways() -> None:
    for model in ours():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.related_model
            if target._meta.app_label in STOREY:
                mine, theirs = model._meta.app_label, target._meta.app_label
                assert mine == theirs or STOREY[theirs] > STOREY[mine], f"{model} {field.name}"


def test_only_actions_and_tasks_enter_the_engine_room() -> None:
    used = {path for path in SOURCES if "engine_room" in path.read_text(encoding="utf-8")}
    strangers = {
        str(path.relative_to(ROOT))
        for path in used
        if path.is_relative_to(ROOT / "spona") and not ENGINE_ROOM & {*path.parts, path.stem}
        if "actions.py" not in path.parts
    }
    assert strangers == set()


@pytest.mark.django_db
def test_every_table_of_persons_and_cases_is_behind_forced_row_security() -> None:
    assert every_person_and_case_is_behind_row_security(None, databases=["default"]) == []
    assert {"people_person", "cases_case", "coordination_duty"} <= guarded_tables()


@pytest.mark.django_db
def test_a_table_without_row_security_is_named() -> None:
    """The check is seen to fail: one policy fewer, one fault more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'people_person'")
        assert cursor.fetchone() == (True,)
    assert "people_person" in guarded_tables()


FORBIDDEN = {
    "hx-on": r"\bhx-on[:a-z-]*\s*=",
    "js: values": r"=\s*[\"']js:",
    "trigger filters": r"hx-trigger\s*=\s*[\"'][^\"']*\[",
    "inline styles": r"\sstyle\s*=",
    "inline handlers": r"\son(click|change|submit|load|input)\s*=",
    "inline scripts": r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)",
    "unescaped output": r"(?<!help_text)\|\s*safe\b",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_no_template_needs_what_the_content_security_policy_forbids(pattern: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 500
    }
    assert long == {}
