"""A rule with its law, its badges by part, who is told of a breach, and its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.base.script import written_language
from spona.conduct.text.words import LAWS, ROLES
from spona.protocols.forms.choosing import BothField, TermField, choice, group
from spona.protocols.forms.rows import KINDS, RowForm
from spona.protocols.rules import rows, terms

BADGES: list[tuple[str, str | Promise]] = [
    ("read", _("read in its source")),
    ("partly", _("partly checked")),
    ("memory", _("from memory, not checked")),
    ("local", _("agreed locally, no regulation")),
    ("signed", _("confirmed by a lawyer")),
]
RUNGS = 4
MOST_ROWS = 30


def _laws() -> list[tuple[str, str]]:
    place = 1 if written_language() == "en" else 0
    return [(key, names[place]) for key, names in LAWS.items()]


def _roles() -> list[tuple[str, str]]:
    place = 1 if written_language() == "en" else 0
    return [(key, names[place]) for key, names in ROLES.items()]


class RuleForm(forms.Form):
    """`raw()` is the rule as the YAML will have it; what no field shows stays as it was."""

    id = forms.RegexField(
        label=_("Number of the rule"),
        regex=r"^[A-Z][A-Za-z0-9-]*$",
        max_length=40,
        error_messages={
            "invalid": _("A capital letter, then letters, digits and hyphens, as in UASC-02.")
        },
    )
    law = forms.ChoiceField(label=_("Law or instruction"), required=False)
    article = forms.CharField(label=_("Article"), max_length=40, required=False)
    source = forms.CharField(
        label=_("Where it was read"), required=False, help_text=_("An address or a publication.")
    )
    text = forms.ChoiceField(
        label=_("How far the duty was checked"), choices=BADGES, initial="local"
    )
    deadline = choice(
        _("How far the deadline was checked"), BADGES, help_text=_("Left empty: as the duty.")
    )
    badge_article = choice(
        _("How far the article was checked"), BADGES, help_text=_("Left empty: as the duty.")
    )
    signed_by = forms.CharField(label=_("Confirmed by"), required=False)
    signed_on = forms.CharField(
        label=_("Confirmed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = BothField(label=_("Note"), long=True)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, book: Any, old: dict[str, Any], seen: str
    ) -> None:
        super().__init__(data, initial={**_split(old), "seen": seen}, prefix="rule")
        self.book, self.old = book, old
        kept = group(old.get("law")).get("act")
        known = _laws()
        more = [(kept, kept)] if kept and kept not in dict(known) else []
        self.fields["law"].choices = [("", _("none")), *known, *more]  # type: ignore[attr-defined]
        for number in range(RUNGS):
            self.fields[f"after_{number}"] = TermField(label=_("If it is late, after"))
            self.fields[f"tell_{number}"] = choice(_("this is told"), _roles())
        self.rows = self._rows(data)

    @property
    def rungs(self) -> list[tuple[Any, Any]]:
        return [(self[f"after_{n}"], self[f"tell_{n}"]) for n in range(RUNGS)]

    @property
    def kinds(self) -> list[tuple[str, str | Promise]]:
        return list(KINDS.items())

    def _rows(self, data: QueryDict | None) -> list[RowForm]:
        """Those of the rule, or those that were typed: `rows` lists kind and origin of each."""
        olds = [row for row in self.old.get("rows") or [] if rows.kind_of(row)]
        if data is None:
            return [self._row(None, n, rows.kind_of(old), old) for n, old in enumerate(olds)]
        found = []
        for number, one in enumerate(data.getlist("row")[:MOST_ROWS]):
            kind, _sign, origin = one.partition(":")
            old = olds[int(origin)] if origin.isdigit() and int(origin) < len(olds) else {}
            if kind in KINDS:
                found.append(self._row(data, number, kind, old))
        added = data.get("kind", "") if "add" in data else ""
        if added in KINDS and len(found) < MOST_ROWS:
            found.append(self._row(None, len(found), added, {}))
        return found

    def _row(self, data: QueryDict | None, number: int, kind: str, old: dict[str, Any]) -> RowForm:
        form = RowForm(data, kind=kind, book=self.book, old=old, prefix=f"row-{number}")
        known = [row for row in self.old.get("rows") or [] if rows.kind_of(row)]
        origin = next((str(n) for n, row in enumerate(known) if row is old), "")
        form.mark = f"{kind}:{origin}"  # type: ignore[attr-defined]
        return form

    def mark_nothing(self) -> None:
        """Another row is asked for: what is not filled in yet is no mistake."""
        for form in (self, *self.rows):
            form._errors = ErrorDict()  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        """All rows too; a rule has one at least."""
        sound = [row.is_valid() for row in self.rows]
        kept = (
            [row for row in self.rows if not row.cleaned_data.get("remove")] if all(sound) else []
        )
        if self.is_bound and all(sound) and not kept:
            self.add_error(None, _("A rule has one row at least. Add one."))
        return super().is_valid() and all(sound)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number in range(RUNGS):
            after, tell = given.get(f"after_{number}"), given.get(f"tell_{number}")
            if after and bool(after[0]) != bool(tell):
                self.add_error(f"tell_{number}", _("Say both: after how long, and who is told."))
        parts = {given.get(name) for name in ("text", "deadline", "badge_article")}
        if "signed" in parts and not (given.get("signed_by") and given.get("signed_on")):
            self.add_error("signed_by", _("Say who confirmed it and on which day."))
        return given

    def raw(self) -> dict[str, Any]:
        given, old = self.cleaned_data, self.old
        made: dict[str, Any] = {"id": given["id"], "law": self._law()}
        made |= {"source": given["source"], "verified": _badge(given, old.get("verified"))}
        made |= {"on_breach": self._ladder(), "note": rows.phrases(given["note"])}
        made["rows"] = [row.raw() for row in self.rows if not row.cleaned_data["remove"]]
        told = {key: value for key, value in made.items() if value not in ("", None, {}, [])}
        kept = {key: value for key, value in old.items() if key not in made}
        order = [*(key for key in old if key in told or key in kept), *ORDER]
        return {
            key: {**told, **kept}[key] for key in dict.fromkeys(order) if key in told or key in kept
        }

    def _law(self) -> dict[str, Any] | None:
        old, given = group(self.old.get("law")), self.cleaned_data
        if not given["law"] and not self.old.get("law"):
            return {"act": None} if not self.old else None
        law = {**old, "act": given["law"] or None}
        if given["article"] or "article" in old:
            law["article"] = given["article"] or None
        return law

    def _ladder(self) -> list[dict[str, Any]]:
        steps = [
            (self.cleaned_data[f"after_{n}"], self.cleaned_data[f"tell_{n}"]) for n in range(RUNGS)
        ]
        shown = [{"after": terms.join(*after), "tell": tell} for after, tell in steps if tell]
        return [*shown, *(self.old.get("on_breach") or [])[RUNGS:]]


ORDER = (
    "id",
    "law",
    "source",
    "verified",
    "unit_words",
    "on_breach",
    "warn",
    "of",
    "note",
    "rows",
)


def _badge(given: dict[str, Any], old: Any) -> Any:
    parts = {"deadline": given["deadline"], "article": given["badge_article"]}
    named = {part: word for part, word in parts.items() if word}
    if not named and given["text"] != "signed" and not isinstance(old, dict):
        return given["text"]
    signed = {"by": given["signed_by"], "on": given["signed_on"]}
    made = {"text": given["text"], **named, **({"signed": signed} if given["signed_by"] else {})}
    order = [key for key in group(old) if key in made]
    return {key: made[key] for key in dict.fromkeys([*order, *made])}


def _split(old: dict[str, Any]) -> dict[str, Any]:
    law, note, badge = group(old.get("law")), group(old.get("note")), old.get("verified")
    parts = badge if isinstance(badge, dict) else {"text": badge or "local"}
    signed = group(parts.get("signed"))
    fields = {
        "id": old.get("id", ""),
        "law": law.get("act") or "",
        "article": law.get("article") or "",
        "source": old.get("source", ""),
        "text": parts.get("text", "local"),
        "deadline": parts.get("deadline", ""),
        "badge_article": parts.get("article", ""),
        "signed_by": signed.get("by", ""),
        "signed_on": signed.get("on", ""),
        "note": (note.get("sr-latn", ""), note.get("en", "")),
    }
    for number, step in enumerate((old.get("on_breach") or [])[:RUNGS]):
        fields[f"after_{number}"] = terms.split(group(step).get("after"))
        fields[f"tell_{number}"] = group(step).get("tell", "")
    return fields
