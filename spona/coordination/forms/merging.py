"""Two files of one child as they are decided about: field by field, row by row of access, and each
duty of the file that would be closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from spona.cases.actions import AccessChoice, Compared, MergeChoice
from spona.cases.actions.comparing import ENDS, SEES_BOTH, STAYS
from spona.coordination.actions import Twice
from spona.coordination.actions.merging import GOES_ON, THERE
from spona.people.actions import BOTH
from spona.people.rules import Side

Choices = Sequence[tuple[str, Any]]
WHY = _("Why")
WHY_NEEDED = _("Say why. They and the log will show it.")
ACCESS: dict[str, Any] = {
    STAYS: _("goes on seeing that file alone"),
    SEES_BOTH: _("sees the other file as well"),
    ENDS: _("sees it no more"),
}


OWED: dict[str, Any] = {
    THERE: _("the file that is led on has it"),
    GOES_ON: _("goes on in the file that is led on"),
}


def chosen(label: Any, choices: Choices, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


def words(label: Any, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=400, widget=widget, **options)


class OtherFileForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the other case"),
        help_text=_("You find only cases that you see."),
        max_length=24,
    )


class AccessForm(forms.Form):
    """What becomes of each row of access about which something may be decided. `said` are rows in
    words, by the id of the row."""

    def __init__(self, *args: Any, compared: Compared, said: Mapping[int, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows = [one for one in compared.rows if one.must or len(one.options) > 1]
        for row in self.rows:
            pk = row.access.pk
            self.fields[f"access_{pk}"] = chosen(
                said[pk],
                [(option, ACCESS[option]) for option in row.options],
                initial=None if row.must else STAYS,
            )
            self.fields[f"why_{pk}"] = forms.CharField(
                label=WHY,
                max_length=400,
                required=row.must,
                error_messages={"required": WHY_NEEDED},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in self.rows:
            what, why = cleaned.get(f"access_{row.access.pk}"), f"why_{row.access.pk}"
            if what == SEES_BOTH and not cleaned.get(why) and why not in self.errors:
                self.add_error(why, WHY_NEEDED)
        return cleaned

    def access(self) -> dict[int, AccessChoice]:
        return {
            row.access.pk: AccessChoice(
                self.cleaned_data[f"access_{row.access.pk}"],
                self.cleaned_data[f"why_{row.access.pk}"],
            )
            for row in self.rows
        }

    def access_fields(self) -> list[tuple[BoundField, BoundField]]:
        return [
            (self[f"access_{row.access.pk}"], self[f"why_{row.access.pk}"]) for row in self.rows
        ]


class MergeForm(AccessForm):
    """`facts` are those that differ: name, label, both values, the side proposed and why; `names`
    and `guardians` are offered in words; `owed` are duties with what is said of them."""

    reason = words(
        _("How you know that this is one child"),
        help_text=_("Who recognised whom, by what. Whoever reads the file later needs it."),
    )
    seal = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        facts: Sequence[tuple[str, str, str, str, str, str]],
        names: Choices,
        main_name: int | None,
        guardians: Choices,
        owed: Sequence[tuple[Twice, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.facts, self.owed = [one[0] for one in facts], [one[0] for one in owed]
        for fact, label, kept, other, side, why in facts:
            values = [(Side.KEPT.value, kept), (Side.OTHER.value, other)]
            self.fields[f"fact_{fact}"] = chosen(label, values, initial=side, help_text=why)
        if len(names) > 1:
            called = _("How staff call the child")
            self.fields["main_name"] = chosen(called, names, initial=str(main_name))
        if guardians:
            self.fields["represents"] = chosen(_("Who represents the child"), guardians)
        for one, label, words_ in owed:
            options = [(key, said) for key, said in OWED.items() if one.is_there or key != THERE]
            self.fields[f"duty_{one.duty.number}"] = chosen(
                label, options, initial=one.proposed, help_text=words_
            )

    def fact_fields(self) -> list[BoundField]:
        return [self[f"fact_{fact}"] for fact in self.facts]

    def duty_fields(self) -> list[BoundField]:
        return [self[f"duty_{one.duty.number}"] for one in self.owed]

    def choice(self) -> MergeChoice:
        cleaned = self.cleaned_data
        main = cleaned.get("main_name", "")
        return MergeChoice(
            fields={fact: cleaned[f"fact_{fact}"] for fact in self.facts},
            seal=cleaned["seal"],
            main_name=int(main) if main else None,
            represents=cleaned.get("represents", ""),
            access=self.access(),
        )

    def duties(self) -> dict[str, str]:
        return {one.duty.number: self.cleaned_data[f"duty_{one.duty.number}"] for one in self.owed}


class RefusalForm(forms.Form):
    refusal = words(_("Why not"))


class SplitForm(forms.Form):
    """`asked` are the entries made since the merging: key, label and value. `sides` are the files
    in words."""

    reason = words(_("Why these are two children"))

    def __init__(
        self,
        *args: Any,
        asked: Sequence[tuple[str, str, str]],
        sides: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [key for key, _label, _value in asked]
        for key, label, value in asked:
            options = [(side, sides[side]) for side in (Side.KEPT.value, Side.OTHER.value, BOTH)]
            self.fields[f"whose_{key}"] = chosen(f"{label}: {value}", options)

    def whose_fields(self) -> list[BoundField]:
        return [self[f"whose_{key}"] for key in self.keys]

    def whose(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"whose_{key}"] for key in self.keys}
