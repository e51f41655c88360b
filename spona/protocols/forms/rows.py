"""One row of a rule as it stands in the table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.protocols.forms.choosing import (
    OPERATORS,
    UNKNOWN,
    WITHIN,
    BothField,
    TermField,
    choice,
    named,
)
from spona.protocols.rules import rows

KINDS: dict[str, str | Promise] = {
    "must": _("When one thing happens, another must be done"),
    "any_of": _("When one thing happens, one of several must be done"),
    "every": _("Something must be done again and again"),
    "before": _("Something may not be done before another"),
    "while_owed": _("While one thing is owed, another may not be done"),
    "opens": _("One thing makes another possible"),
    "closes": _("One thing makes another impossible"),
    "extends": _("One thing extends the deadline of another"),
    "never": _("What is never done (printed, not executed)"),
    "principle": _("A principle (printed, not executed)"),
}
LABELS: dict[str, str | Promise] = {
    "when": _("When"),
    "must": _("What must be done"),
    "may_not": _("What may not be done"),
    "before": _("before this was done"),
    "while_owed": _("While this is owed"),
    "opens": _("this becomes possible"),
    "closes": _("this is no longer possible"),
    "extends": _("the deadline of this is extended"),
    "measure": _("Agreed measure"),
    "every": _("again within"),
    "wait": _("and not until this time has passed since then"),
    "by": _("by"),
    "max": _("at most, from the beginning"),
}
OPTIONAL = {("every", "when")}
USUAL = (None, False, "", "eq", "hard", ("", ""), ("", None), ["", ""], [None, None])
# What every row of a kind says; the rest is folded away while nothing stands there.
FIRST = {*LABELS, "any_of", "prefers", "within", "amount", "said"} - {"measure", "wait"}
STRENGTH: list[tuple[str, str | Promise]] = [
    ("hard", _("nobody may go on")),
    ("reason", _("one may go on with a reason; the head of service is told")),
]


class RowForm(forms.Form):
    """The fields of one kind of row, with the acts, parties and facts of the book to choose from.

    `raw()` is the row as the YAML will have it.
    """

    remove = forms.BooleanField(label=_("Take this row out"), required=False)

    def __init__(
        self, data: Any, *, kind: str, book: Any, old: dict[str, Any], prefix: str
    ) -> None:
        initial = rows.split(old) if old else None
        super().__init__(data, initial=initial, prefix=prefix)
        self.kind, self.book, self.old = kind, book, old
        self.acts, self.facts = named(book, "acts"), named(book, "facts")
        if kind in rows.SAID:
            self.fields["said"] = BothField(label=_("In words"), required=True, long=True)
        else:
            self._add_acts()
            self._add_rest()
        self.order_fields([name for name in self.fields if name != "remove"])

    @property
    def name(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in FIRST]

    @property
    def further(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in FIRST]

    @property
    def is_further(self) -> bool:
        """Whether something stands in a field that is folded away, or is wrong there."""
        return any(one.errors or one.value() not in USUAL for one in self.further)

    def _add_acts(self) -> None:
        if self.kind in rows.DUTIES:
            self._add_trigger()
        for name in rows.ACTS[self.kind]:
            required = (self.kind, name) not in OPTIONAL and name != "prefers"
            label = _("Preferred") if name == "prefers" else LABELS[name]
            self.fields[name] = choice(label, self.acts, required=required)
        if self.kind in rows.DUTIES:
            self._add_deadline()
        for name in rows.TERMS.get(self.kind, ()):
            required = self.kind in ("every", "extends")
            self.fields[name] = TermField(label=LABELS[name], required=required)

    def _add_trigger(self) -> None:
        facts = [
            (f"{rows.FACT}{key}", _("it is established: %s") % name) for key, name in self.facts
        ]
        self.fields["when"] = choice(_("When"), [*self.acts, *facts], required=True)
        self.fields["becomes_op"] = forms.ChoiceField(
            label=_("becomes"), choices=OPERATORS, required=False, initial="eq"
        )
        self.fields["becomes"] = forms.CharField(
            label=_("this value (of a fact)"),
            required=False,
            help_text=_("true or false, a number, a code or a date"),
        )
        if self.kind == "any_of":
            self.fields["any_of"] = forms.MultipleChoiceField(
                label=_("One of these must be done"),
                choices=self.acts,
                widget=forms.CheckboxSelectMultiple,
            )

    def _add_deadline(self) -> None:
        self.fields["within"] = forms.ChoiceField(label=_("Within"), choices=WITHIN, required=False)
        self.fields["amount"] = forms.IntegerField(
            label=_("How many"), min_value=0, max_value=10_000, required=False
        )
        self.fields["until"] = choice(_("Fact that names the day"), self.facts)

    def _add_rest(self) -> None:
        if self.kind in rows.DUTIES:
            self._flag("asks_only", _("Only asked for: it is not made possible by this row"))
            self._flag("renews", _("Happening again, it sets a new deadline"))
        if self.kind in rows.OWED:
            self._flag("fresh", _("Opened again, it is owed from the beginning"))
            self.fields["on_behalf"] = choice(_("On behalf of"), named(self.book, "parties"))
        if self.kind == "every":
            self._flag("anchored", _("Counted by the calendar, whenever it was done"))
        if self.kind in ("before", "while_owed"):
            self.fields["strength"] = forms.ChoiceField(
                label=_("How firmly"), choices=STRENGTH, initial="hard"
            )
        self._add_guard()
        self.fields["says"] = BothField(
            label=_("Sentence instead of the one that is made"), long=True
        )

    def _flag(self, name: str, label: Any) -> None:
        self.fields[name] = forms.BooleanField(label=label, required=False)

    def _add_guard(self) -> None:
        if self.initial.get("compound"):
            self.fields["compound"] = forms.CharField(
                label=_("Only if (several facts)"), required=False
            )
        else:
            self.fields["fact"] = choice(_("Only if"), self.facts)
            self.fields["op"] = forms.ChoiceField(
                label=_("is"), choices=OPERATORS, required=False, initial="eq"
            )
            self.fields["value"] = forms.CharField(
                label=_("this value"),
                required=False,
                help_text=_("true or false, a number, a code or a date"),
            )
        self.fields["phrase"] = BothField(label=_("The condition in words, after “if”"))
        self.fields["unknown"] = forms.ChoiceField(
            label=_("While nobody knows"), choices=UNKNOWN, required=False
        )

    GUARD = {"fact": "", "op": "eq", "value": "", "compound": ""}

    def raw(self) -> dict[str, Any]:
        """Raises `ValueError` with a sentence where a condition cannot be read."""
        facts = self.book.get("facts") or {}
        return rows.join(self.kind, {**self.GUARD, **self.cleaned_data}, self.old, facts)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (
            given.get("within") in ("hours", "days", "working_days", "months", "years")
            and given.get("amount") is None
        ):
            self.add_error("amount", _("Write how many."))
        if given.get("within") == "until" and not given.get("until"):
            self.add_error("until", _("Choose the fact that names the day."))
        if (given.get("fact") or given.get("compound")) and not given.get("phrase", ("", ""))[0]:
            self.add_error(
                "phrase", _("Say the condition in words: the sentence of the rule needs them.")
            )
        if not self.errors:
            try:
                self.raw()
            except ValueError as error:
                self.add_error("compound" if "compound" in self.fields else None, str(error))
        return given
