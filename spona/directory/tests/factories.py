"""Synthetic services, made as an import makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from spona.accounts.models import Organisation
from spona.accounts.tests.factories import OrganisationFactory
from spona.base.actor import CLOCK
from spona.directory import actions
from spona.directory.actions import ServiceDraft
from spona.directory.models import Service

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def service(organisation: Organisation | None = None, key: str = "", **said: Any) -> Service:
    """Psychosocial support of an association in its own town, unless something else is said."""
    home = organisation or OrganisationFactory.create(code="OCD")
    draft: ServiceDraft = {
        "name_sr": "Sintetička podrška",
        "name_en": "Synthetic support",
        "kind": "psychosocial_support",
        "covers": [home.municipality] if home.municipality else [],
        "source": "sintetički izvor",
        "synthetic": True,
    }
    draft.update(said)  # type: ignore[typeddict-item]
    return actions.service_record(organisation=home, said=draft, by=CLOCK, at=NOW, key=key)
