"""What must hold before Spona starts, and what no migration may forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection, models

from spona.base.sealing import keys
from spona.base.sealing.fields import sealed_of

# Every table of these contexts holds a person or a case; elsewhere a foreign key to one decides.
GUARDED = ("people", "cases")


@register(Tags.security)
def somebody_answers_for_the_data(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Real data needs a named controller, a data protection officer and an impact assessment
    (ZZPL; trust.md, last paragraph). The demo and the tests hold synthetic people only."""
    if settings.LOCAL:
        return []
    wanted = {
        "SPONA_CONTROLLER": settings.CONTROLLER,
        "SPONA_DPO": settings.DATA_PROTECTION_OFFICER,
        "SPONA_DPIA_DATE": settings.IMPACT_ASSESSMENT_DATE,
        "SPONA_SECRET_KEY": settings.SECRET_KEY != settings.NO_SECRET,
        "SPONA_PROOF_KEY": settings.PROOF_KEY != settings.NO_SECRET,
        "SPONA_IDENTITY_KEYS": settings.IDENTITY_KEYS != settings.NO_SECRET,
    }
    return [
        Error(f"{name} is not set: Spona does not start on real data without it.", id="spona.E001")
        for name, value in wanted.items()
        if not value
    ]


@register(Tags.security)
def identity_can_be_sealed(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A ring of keys with a mistake in it is found before anybody writes."""
    if settings.IDENTITY_KEYS == settings.NO_SECRET:
        return []
    try:
        keys.parsed(settings.IDENTITY_KEYS)
    except keys.IdentityKeysError as fault:
        return [Error(str(fault), id="spona.E004")]
    return []


@register(Tags.models)
def nothing_is_ordered_by_what_is_sealed(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An index or an order over sealed bytes is of nothing, and no two of them are equal."""
    return [
        Error(f"{field.place} is sealed and cannot be ordered.", id="spona.E005")
        for model in apps.get_models()
        for field in sealed_of(model)
        if field.name in _ordered(model)
    ]


def _ordered(model: type[models.Model]) -> set[str]:
    meta = model._meta
    listed = [name for one in (*meta.indexes, *meta.constraints) for name in _fields(one)]
    alone = [one.name for one in sealed_of(model) if one.db_index or one.unique]
    return {*listed, *alone, *(str(name).lstrip("-") for name in meta.ordering or ())}


def _fields(one: Any) -> Sequence[str]:
    return getattr(one, "fields", ())


@register(Tags.security)
def mail_leads_to_spona(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A mail with a link to nowhere, or to a page that anybody on the way can read, is none."""
    if settings.LOCAL or settings.SITE_URL.startswith("https://"):
        return []
    sentence = "SPONA_URL is not an https:// address: mail would lead nowhere."
    return [Error(sentence, id="spona.E003")]


@register(Tags.database)
def every_person_and_case_is_behind_row_security(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """No table of persons or cases, or with a foreign key to one, lacks FORCEd row security."""
    if not databases:
        return []
    return [
        Error(f"Table {table} has no forced row security.", id="spona.E002")
        for table in sorted(guarded_tables() - _forced_tables())
        if table in connection.introspection.table_names()
    ]


def guarded_tables() -> set[str]:
    """Names of the tables that must have row security."""
    found = {model for model in apps.get_models() if model._meta.app_label in GUARDED}
    while True:
        more = {model for model in apps.get_models() if _points_at(model, found)} - found
        if not more:
            return {model._meta.db_table for model in found}
        found |= more


def _points_at(model: type[models.Model], targets: set[type[models.Model]]) -> bool:
    return any(
        field.related_model in targets
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    )


def _forced_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        )
        return {name for (name,) in cursor.fetchall()}
