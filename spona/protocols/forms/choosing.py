"""The choices that a book itself offers, and fields that stand for more than one word of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.base.script import in_script, written_language
from spona.names.order import sort_key
from spona.protocols.rules import terms

NOTHING = ("", "–")
UNITS: list[tuple[str, str | Promise]] = [
    ("", "–"),
    ("hours", _("hours")),
    ("days", _("days")),
    ("working_days", _("working days")),
    ("months", _("months")),
    ("years", _("years")),
]
WITHIN: list[tuple[str, str | Promise]] = [
    ("", _("no deadline")),
    ("immediately", _("at once")),
    ("urgently", _("urgently")),
    ("without_delay", _("without delay")),
    ("regularly", _("regularly")),
    *UNITS[1:],
    (terms.UNTIL, _("by the day that a fact names")),
]
OPERATORS = [("eq", "="), ("lt", "<"), ("lte", "≤"), ("gt", ">"), ("gte", "≥")]
UNKNOWN: list[tuple[str, str | Promise]] = [
    ("", _("as the fact says")),
    ("applies", _("the rule applies")),
    ("waits", _("the rule waits, and somebody finds out")),
]


def group(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def words(part: Any, key: str) -> str:
    """What a reader calls an act, a party or a fact; its key while it has no words yet."""
    part, lang = group(part), written_language()
    own = group(part.get(lang))
    said = (
        group(part.get("label")).get(lang) or own.get("label") or own.get("nom") or own.get("name")
    )
    return in_script(str(said)) if said else key


def named(data: Any, section: str) -> list[tuple[str, str]]:
    """The acts, parties or facts of a book in the order of the alphabet."""
    parts = group(group(data).get(section))
    found = [(key, words(part, key)) for key, part in parts.items()]
    return sorted(found, key=lambda choice: sort_key(choice[1]))


class Pair(forms.MultiWidget):
    """Two fields side by side, under one name."""

    use_fieldset = True

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None]


class TermField(forms.MultiValueField):
    """A unit and a number: ("hours", 24); ("", None) where nothing was said."""

    def __init__(self, *, label: Any, help_text: Any = "", required: bool = False):
        fields = (
            forms.ChoiceField(choices=UNITS, required=False),
            forms.IntegerField(min_value=0, max_value=10_000, required=False),
        )
        widget = Pair(
            widgets={
                "unit": forms.Select(choices=UNITS, attrs={"aria-label": _("What it counts")}),
                "amount": forms.NumberInput(attrs={"min": 0, "aria-label": _("How many")}),
            },
            attrs={"class": "term"},
        )
        super().__init__(
            fields=fields,
            widget=widget,
            label=label,
            help_text=str(help_text),
            required=required,
            require_all_fields=False,
        )

    def compress(self, data_list: list[Any]) -> tuple[str, int | None]:
        unit, amount = data_list or ["", None]
        if bool(unit) != (amount is not None):
            raise forms.ValidationError(_("Write the number and choose what it counts."))
        return unit, amount


class BothField(forms.MultiValueField):
    """The same in Serbian (Latin script) and in English."""

    def __init__(
        self,
        *,
        label: Any,
        required: bool = False,
        long: bool = False,
        help_text: Any = "",
    ):
        kind = forms.Textarea if long else forms.TextInput
        fields = (forms.CharField(required=required), forms.CharField(required=required))
        widget = Pair(
            widgets={
                "sr": kind(
                    attrs={
                        "lang": "sr-Latn",
                        "aria-label": _("Serbian"),
                        "placeholder": _("Serbian"),
                    }
                ),
                "en": kind(
                    attrs={"lang": "en", "aria-label": _("English"), "placeholder": _("English")}
                ),
            },
            attrs={"class": "both"},
        )
        super().__init__(
            fields=fields,
            widget=widget,
            label=label,
            required=required,
            require_all_fields=False,
            help_text=str(help_text),
            error_messages={"incomplete": _("Write it in both languages.")},
        )

    def compress(self, data_list: list[Any]) -> tuple[str, str]:
        serbian, english = data_list or ["", ""]
        if bool(serbian) != bool(english):
            raise forms.ValidationError(_("Write it in both languages."))
        return serbian or "", english or ""


def choice(
    label: Any,
    choices: Iterable[tuple[str, str | Promise]],
    *,
    required: bool = False,
    help_text: Any = "",
) -> forms.ChoiceField:
    offered = list(choices)
    return forms.ChoiceField(
        label=label, choices=[NOTHING, *offered], required=required, help_text=str(help_text)
    )
