"""By what a row of ours is known elsewhere, and whether a value is still what it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.crypto import salted_hmac

from spona.cases.models import Case, Need
from spona.coordination.models import Referral

SALT = "spona.exchange"


def case_uuid(case: Case) -> UUID:
    """The same each time, also after a change of keys."""
    return uuid5(NAMESPACE_URL, f"spona/case/{case.opened_at.isoformat()}/{case.pk}")


def need_uuid(need: Need) -> UUID:
    return uuid5(NAMESPACE_URL, f"spona/need/{need.noted_at.isoformat()}/{need.pk}")


def referral_uuid(referral: Referral) -> UUID:
    return uuid5(NAMESPACE_URL, f"spona/referral/{referral.number}/{referral.pk}")


def print_of(value: Any) -> str:
    """A fingerprint that cannot be guessed from a short value (P11)."""
    said = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    key = settings.PROOF_KEY
    return salted_hmac(SALT, said, secret=key, algorithm="sha256").hexdigest()


def prints_of(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: print_of(value) for name, value in values.items()}
