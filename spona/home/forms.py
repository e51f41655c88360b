"""What is typed into the search, and which months of the figures one wants to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.coordination.rules import figures

SHOWN, OFFERED = 12, 36  # months


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name in any script, or case code"),
        max_length=100,
        error_messages={"required": _("Write a name or a case code.")},
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole months, given by the first days of the first and of the last."""

    first: date
    last: date

    def months(self) -> tuple[date, ...]:
        return figures.stretch(self.first, self.last)

    def moments(self) -> tuple[datetime, datetime]:
        return figures.moments(self.first, self.last)

    def query(self) -> dict[str, str]:
        """The stretch in an address."""
        return {"first": f"{self.first:%Y-%m}", "last": f"{self.last:%Y-%m}"}

    def words(self) -> str:
        one, other = f"{self.first:%m. %Y.}", f"{self.last:%m. %Y.}"
        return one if one == other else f"{one} – {other}"


class FiguresForm(forms.Form):
    """From which month to which; the last twelve until somebody chooses others."""

    first = forms.ChoiceField(label=_("From month"))
    last = forms.ChoiceField(label=_("To month"))

    @classmethod
    def of(cls, typed: Mapping[str, str], at: datetime) -> FiguresForm:
        """The form with what was asked, or with the last twelve months."""
        now = figures.first_of(timezone.localdate(at))
        default = Span(figures.plus(now, 1 - SHOWN), now).query()
        asked = {name: typed.get(name) or word for name, word in default.items()}
        form = cls(asked, now=now)
        return form if form.is_valid() else cls(default, now=now)

    def __init__(self, *args: Any, now: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = reversed(figures.stretch(figures.plus(now, 1 - OFFERED), now))
        choices = [(f"{month:%Y-%m}", f"{month:%m. %Y.}") for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def span(self) -> Span:
        """The stretch; turned round where it was chosen backwards."""
        chosen = sorted(
            date.fromisoformat(f"{self[name].value()}-01") for name in ("first", "last")
        )
        return Span(*chosen)
