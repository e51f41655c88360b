"""An act with its four phrases, a party with its cases, a fact."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import InstitutionType
from spona.protocols.forms.choosing import BothField, choice, group, named
from spona.protocols.rules.rows import phrases

KEY = r"^[a-z][a-z0-9_]*$"
CASES: dict[str, Any] = {
    "nom": _("Who? (nominative)"),
    "gen": _("Of whom? (genitive)"),
    "dat": _("To whom? (dative)"),
    "acc": _("Whom? (accusative)"),
    "ins": _("With whom? (instrumental)"),
    "loc": _("About whom? (locative)"),
}
PHRASES: dict[str, tuple[tuple[str, Any], ...]] = {
    "sr-latn": (
        ("label", _("Name of the act, in Serbian")),
        ("kada", _("after “kada”: je obaveštenje primljeno")),
        ("da", _("after “da”: potvrdi prijem")),
        ("gen", _("in the genitive: potvrde prijema")),
    ),
    "en": (
        ("label", _("Name of the act, in English")),
        ("when", _("after “when”: receipt has been confirmed")),
        ("do", _("after “must”: confirm receipt")),
        ("noun", _("as a noun: the confirmation of receipt")),
    ),
}
TYPES: list[tuple[str, str | Promise]] = [
    ("boolean", _("yes or no")),
    ("integer", _("a number")),
    ("date", _("a day")),
    ("datetime", _("a moment")),
    ("code", _("one of several values")),
]
UNKNOWN: list[tuple[str, str | Promise]] = [
    ("applies", _("rules that ask for it apply")),
    ("waits", _("rules that ask for it wait")),
]


class PartForm(forms.Form):
    """One part of a book with its key; the key of a part that rules name does not change."""

    section = ""
    key = forms.RegexField(
        label=_("Short name in the file"),
        regex=KEY,
        max_length=60,
        help_text=_("Small letters, digits and underscores; it is never printed."),
        error_messages={"invalid": _("Small letters, digits and underscores only.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, book: Any, old: dict[str, Any], key: str, seen: str
    ) -> None:
        super().__init__(data, initial={"key": key, "seen": seen, **self.split(old)}, prefix="part")
        self.book, self.old, self.is_new = book, old, not key
        if key:
            self.fields["key"].disabled = True
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the book."""

    @abstractmethod
    def split(self, old: dict[str, Any]) -> dict[str, Any]:
        """What stands in the fields of a part as it is written."""

    @abstractmethod
    def made(self) -> dict[str, Any]:
        """What the fields say; an empty value takes the key away."""

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if self.is_new and key in group(self.book.get(self.section)):
            raise forms.ValidationError(_("This short name stands in the book already."))
        return key

    def raw(self) -> dict[str, Any]:
        made = self.made()
        whole = {**self.old, **made}
        return {key: whole[key] for key in whole if whole[key] not in ("", None, {}, [])}


class ActForm(PartForm):
    section = "acts"

    by = forms.MultipleChoiceField(
        label=_("Who does it"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The first one owes it."),
        error_messages={"required": _("Say who does it.")},
    )
    protective = forms.BooleanField(
        label=_("Protects the person: nothing may block it firmly"), required=False
    )
    closed = forms.BooleanField(label=_("Not possible before a rule opens it"), required=False)
    sensitive = forms.BooleanField(label=_("Seen only by those who need it"), required=False)
    note = BothField(label=_("Note"), long=True)

    def prepare(self) -> None:
        parties = named(self.book, "parties")
        self.fields["by"].choices = [*parties, ("anyone", _("anyone"))]  # type: ignore[attr-defined]
        for lang, four in PHRASES.items():
            for name, label in four:
                self.fields[f"{lang}_{name}"] = forms.CharField(label=label)
        if self.old.get("by") == "clock":
            del self.fields["by"]
        first = ["key", *(f"{lang}_{name}" for lang, four in PHRASES.items() for name, _l in four)]
        self.order_fields(first)

    def split(self, old: dict[str, Any]) -> dict[str, Any]:
        by, note = old.get("by", []), group(old.get("note"))
        said = {
            f"{lang}_{name}": group(old.get(lang)).get(name, "")
            for lang, four in PHRASES.items()
            for name, _label in four
        }
        return {
            "by": [by] if isinstance(by, str) else by,
            "protective": old.get("protective", False),
            "closed": old.get("included") is False,
            "sensitive": old.get("sensitive", False),
            "note": (note.get("sr-latn", ""), note.get("en", "")),
            **said,
        }

    def made(self) -> dict[str, Any]:
        given = self.cleaned_data
        flags = {name: True if given[name] else None for name in ("protective", "sensitive")}
        made: dict[str, Any] = {"by": self._by(), **flags}
        made |= {"included": False if given["closed"] else None, "note": phrases(given["note"])}
        for lang, four in PHRASES.items():
            made[lang] = {
                **group(self.old.get(lang)),
                **{n: given[f"{lang}_{n}"] for n, _l in four},
            }
        return made

    def _by(self) -> Any:
        """As it was, where the same parties are named: the first one owes the act."""
        if "by" not in self.fields:
            return self.old["by"]
        old, chosen = self.old.get("by", []), self.cleaned_data["by"]
        before = [old] if isinstance(old, str) else old
        if set(before) == set(chosen):
            return old
        kept = [key for key in before if key in chosen]
        several = [*kept, *(key for key in chosen if key not in kept)]
        return several[0] if len(several) == 1 else several


class PartyForm(PartForm):
    section = "parties"

    type = forms.ChoiceField(label=_("Type of institution"))
    gender = forms.ChoiceField(
        label=_("Grammatical gender"),
        choices=[("m", _("masculine")), ("f", _("feminine")), ("n", _("neuter"))],
    )
    plural = forms.BooleanField(label=_("Plural"), required=False)
    english = forms.CharField(label=_("Name in English, as the subject of a sentence"))

    def prepare(self) -> None:
        known = [(one.code, str(one)) for one in InstitutionType.objects.order_by("code")]
        kept = self.old.get("type")
        more = [(kept, kept)] if kept and kept not in dict(known) and kept != "any" else []
        self.fields["type"].choices = [("any", _("any")), *known, *more]  # type: ignore[attr-defined]
        for name, label in CASES.items():
            self.fields[name] = forms.CharField(label=label)

    def split(self, old: dict[str, Any]) -> dict[str, Any]:
        forms_of = group(old.get("sr-latn"))
        return {
            "type": old.get("type", "any"),
            "gender": old.get("gender", "m"),
            "plural": old.get("plural", False),
            "english": group(old.get("en")).get("name", ""),
            **{name: forms_of.get(name, "") for name in CASES},
        }

    def made(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "type": given["type"],
            "gender": given["gender"],
            "plural": True if given["plural"] else None,
            "sr-latn": {name: given[name] for name in CASES},
            "en": {"name": given["english"]},
        }


class FactForm(PartForm):
    section = "facts"

    label = BothField(label=_("What is known"), required=True)
    type = forms.ChoiceField(label=_("Kind"), choices=TYPES)
    values = forms.CharField(
        label=_("Values"),
        required=False,
        help_text=_("Only for one of several values; divided by commas."),
    )
    unknown = choice(_("While nobody knows it"), UNKNOWN)
    sensitive = forms.BooleanField(label=_("Seen only by those who need it"), required=False)
    phrase = BothField(label=_("After “do” and “by”, where it names a day"))

    def split(self, old: dict[str, Any]) -> dict[str, Any]:
        label, phrase = group(old.get("label")), group(old.get("phrase"))
        return {
            "label": (label.get("sr-latn", ""), label.get("en", "")),
            "type": old.get("type", "boolean"),
            "values": ", ".join(map(str, old.get("values", []))),
            "unknown": old.get("unknown", ""),
            "sensitive": old.get("sensitive", False),
            "phrase": (phrase.get("sr-latn", ""), phrase.get("en", "")),
        }

    def made(self) -> dict[str, Any]:
        given = self.cleaned_data
        values = [one.strip() for one in given["values"].split(",") if one.strip()]
        return {
            "type": given["type"],
            "values": values,
            "unknown": given["unknown"],
            "label": phrases(given["label"]),
            "sensitive": True if given["sensitive"] else None,
            "phrase": phrases(given["phrase"]),
        }
