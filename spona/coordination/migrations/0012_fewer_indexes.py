"""Indexes go that repeat the beginning of another, or that lead to everything (one rule book)."""

from typing import Any

from django.db import migrations
from django.db.models import PROTECT, ForeignKey


def _without_index(model: str, name: str, to: str, **field: Any) -> migrations.AlterField:
    link = ForeignKey(to, on_delete=PROTECT, db_index=False, **{"related_name": "+"} | field)
    return migrations.AlterField(model_name=model, name=name, field=link)


class Migration(migrations.Migration):
    dependencies = [("coordination", "0011_emergency")]
    operations = [
        _without_index("duty", "case", "cases.case", null=True, related_name="duties"),
        _without_index("duty", "version", "protocols.version"),
        _without_index("run", "version", "protocols.version"),
        _without_index("runevent", "run", "coordination.run", related_name="events"),
        _without_index("runevent", "case", "cases.case", null=True),
        _without_index("notice", "organisation", "accounts.organisation"),
        _without_index("notice", "version", "protocols.version", null=True),
    ]
