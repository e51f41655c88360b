"""A colleague is away: whose duties stand on the desk in his or her stead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from spona.accounts.models import User
from spona.base.parts import DutyRow
from spona.coordination.models import Duty


def marked(
    drawn: Sequence[DutyRow], duties: Iterable[Duty], absent: Iterable[User]
) -> list[DutyRow]:
    """The lines, each duty of somebody who is away marked with the name."""
    names = {user.pk: str(user) for user in absent}
    return [
        _marked(row, names[duty.user_id]) if duty.user_id in names else row
        for row, duty in zip(drawn, duties, strict=True)
    ]


def _marked(row: DutyRow, name: str) -> DutyRow:
    return replace(row, who=(*row.who, _("instead of: %(name)s") % {"name": name}))
