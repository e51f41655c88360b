"""Two files of one child in words: what differs, what is proposed and why, what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from spona.base.actor import Actor
from spona.base.script import in_script
from spona.cases import codes
from spona.cases.actions import AccessRow, Compared, MergeChoice
from spona.cases.models import Case, CaseAccess, Merge
from spona.coordination.actions import Twice
from spona.coordination.forms.merging import ACCESS, OWED
from spona.coordination.views import rows
from spona.coordination.views.heads import DECLARED
from spona.coordination.views.tabs import birth_words
from spona.coordination.views.telling import when
from spona.people.actions import BOTH, Joining, Since
from spona.people.models import Person, PersonLanguage, PersonName
from spona.people.rules import Better, Proposal, Side, better_birth, better_value

FACTS: dict[str, str | Promise] = {
    "birth": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "country_said": gettext_lazy("Country, as said"),
    "father": gettext_lazy("Father's name"),
}
WHY: dict[Better, str | Promise] = {
    Better.ONLY: gettext_lazy("Proposed, because only one of the files says it."),
    Better.DOCUMENT: gettext_lazy("Proposed, because it stands in a document."),
    Better.PRECISE: gettext_lazy("Proposed, because it is known more closely."),
    Better.OPEN: gettext_lazy("No rule can say which is right. Ask the child."),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of the person in both records. `why` says why `proposal` is proposed."""

    fact: str
    label: str
    kept: str
    other: str
    proposal: Proposal

    @property
    def differs(self) -> bool:
        return self.proposal.why is not Better.SAME

    @property
    def why(self) -> str:
        return str(WHY.get(self.proposal.why, ""))

    @property
    def side(self) -> str:
        return self.proposal.side.value if self.proposal.side else ""


def differences(joining: Joining) -> list[Difference]:
    """Every fact, those that are alike among them."""
    return [_difference(fact, joining) for fact in Person.facts()]


def _difference(fact: str, joining: Joining) -> Difference:
    kept, other = joining.kept, joining.other
    if fact == "birth":
        ours, theirs = ((one.birth, one.birth_declared_by) for one in (kept, other))
        proposal = better_birth(ours, theirs)
    else:
        values = getattr(kept, fact), getattr(other, fact)
        proposal = better_value(*values, empty=("", None, Person.Sex.UNKNOWN.value))
    return Difference(fact, label_of(fact), said_of(kept, fact), said_of(other, fact), proposal)


def label_of(fact: str) -> str:
    fields = {one.name: one.verbose_name for one in Person._meta.concrete_fields}
    return str(FACTS.get(fact) or capfirst(str(fields[fact])))


def said_of(person: Person, fact: str) -> str:
    """The value as it is read; a dash where nothing is known."""
    if fact == "birth":
        words = birth_words(person)
        return f"{words}, {DECLARED[person.birth_declared_by]}" if words else NOTHING
    shown = getattr(person, f"get_{fact}_display", lambda: getattr(person, fact))()
    return str(shown) if shown else NOTHING


def offered(one: Difference, compared: Compared) -> tuple[str, str]:
    """Both values, each with the file in which it stands."""
    return f"{compared.kept.code}: {one.kept}", f"{compared.other.code}: {one.other}"


def name_words(name: PersonName) -> str:
    return f"{name} ({name.get_kind_display()})"


def side_words(side: str, kept: Case, other: Case) -> str:
    both = _("%(one)s and %(other)s") % {"one": kept.code, "other": other.code}
    return {Side.KEPT.value: kept.code, Side.OTHER.value: other.code, BOTH: both}[side]


# --- access


def access_words(access: CaseAccess) -> str:
    """Who, on which basis, until when."""
    whom = str(access.user) if access.user else _("everybody who sees all cases there")
    until = _(" until %(at)s") % {"at": when(access.until)} if access.until else ""
    return f"{access.organisation}: {whom} ({access.get_basis_display()}{until})"


def access_lines(
    seen: Sequence[AccessRow], kept: Case, other: Case
) -> list[tuple[Case, list[str]]]:
    """Who reads what, file by file, as far as the reader may know."""
    return [
        (case, [access_words(one.access) for one in seen if one.side == side and one.options])
        for side, case in ((Side.KEPT, kept), (Side.OTHER, other))
    ]


# --- what is owed


def twice_words(one: Twice) -> str:
    """Until when it is owed, and how it stands in the other file."""
    due = _("due %(at)s") % {"at": when(one.duty.due_at)} if one.duty.due_at else _("no term")
    if one.owed is not None and one.later_there:
        then = {"at": _moment(one.owed.due_at)}
        there = _("owed in the other file too, but later: %(at)s") % then
    elif one.owed is not None:
        there = _("owed in the other file too: %(at)s") % {"at": _moment(one.owed.due_at)}
    elif one.done is not None:
        there = _("done in the other file: %(at)s") % {"at": when(one.done.occurred_at)}
    else:
        there = _("not in the other file")
    return f"{due}; {there}"


def _moment(due: datetime | None) -> str:
    return when(due) if due else _("no term")


# --- exactly what will happen


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of what will happen, in whole sentences."""

    title: str
    sentences: tuple[str, ...]


def will_happen(
    compared: Compared, choice: MergeChoice, twice: Sequence[Twice], duties: dict[str, str]
) -> list[Chapter]:
    """What the person is about to decide, said before it is done."""
    chapters = [
        Chapter(_("The child"), tuple(_of_the_child(compared, choice))),
        Chapter(_("The files"), tuple(_of_the_files(compared))),
        Chapter(_("Who sees what"), tuple(_of_access(compared, choice))),
    ]
    if twice:
        owed = [(rows.duty_label(one.duty), duties[one.duty.number]) for one in twice]
        said = tuple(f"{label}: {OWED[decided]}." for label, decided in owed)
        chapters.insert(2, Chapter(_("What is owed"), said))
    return chapters


def _of_the_child(compared: Compared, choice: MergeChoice) -> list[str]:
    joining = Joining(
        compared.joining.kept, compared.joining.other, choice.fields, choice.main_name
    )
    said = [
        f"{one.label}: {one.other if choice.fields.get(one.fact) == Side.OTHER else one.kept}."
        for one in differences(joining)
    ]
    names = joining.names()
    count = ngettext("All %(n)d name is kept", "All %(n)d names are kept", len(names))
    main = joining.main()
    staff = _("staff call the child %(name)s") % {"name": main or NOTHING}
    known = ", ".join(name_words(one) for one in names) or NOTHING
    return [*said, f"{count % {'n': len(names)}}: {known}; {staff}."]


def _of_the_files(compared: Compared) -> list[str]:
    both = {"kept": compared.kept.code, "other": compared.other.code}
    said = [_("What lies in each file stays there; each file links to the other one.")]
    if compared.asked is not None:
        said.append(
            _("Nothing happens yet: %(who)s is asked, and says yes or no.")
            % {"who": compared.asked}
        )
        said.append(_("Each institution goes on with its own file."))
    elif compared.closes:
        said.append(_("%(kept)s is led on. %(other)s is closed as opened twice.") % both)
        said.append(_("The placement that stands in %(other)s ends there.") % both)
    if compared.closes and compared.conflict:
        who = ", ".join(in_script(one.guardian_name) for one in compared.guardians[Side.OTHER])
        said.append(_("The guardianship of %(who)s ends in %(other)s.") % {"who": who, **both})
    return said


def _of_access(compared: Compared, choice: MergeChoice) -> list[str]:
    said = [
        _("Who sees one of the files goes on seeing it, and reads there what is known of the child"
          " from both.")
    ]  # fmt: skip
    by_row = {one.access.pk: one.access for one in compared.rows}
    said += [
        f"{access_words(by_row[pk])}: {ACCESS[one.what]}. {one.reason}".strip()
        for pk, one in choice.access.items()
        if pk in by_row
    ]
    return said


def chosen(merge: Merge, joining: Joining) -> dict[str, str]:
    """From which file each fact is that differed, by its label."""
    fields: dict[str, str] = merge.answers["fields"]
    return {
        label_of(fact): side_words(fields[fact], merge.kept, merge.other)
        for fact in joining.differing()
    }


# --- on the page of a case


@dataclass(frozen=True, slots=True)
class Banner:
    """A merging of this file with another one, for those who see both. `guardians`: each file has
    another one in office."""

    merge: Merge
    other: Case
    waits_for_us: bool
    guardians: tuple[str, ...]


def banners(case: Case, actor: Actor, at: datetime) -> list[Banner]:
    """Those that stand or wait, the latest first."""
    found = Merge.objects.visible_to(actor, at).of(case).filter(undone_at=None, refused_at=None)
    merges = found.select_related("kept__organisation", "other__organisation", "asked")
    return [
        Banner(
            one,
            one.other_than(case),
            one.is_waiting and one.asked_id == actor.organisation_id,
            _two_guardians(case, one.other_than(case)) if one.stands else (),
        )
        for one in merges.latest_first()
    ]


def past(case: Case, actor: Actor, at: datetime) -> list[tuple[Merge, Case]]:
    """Those that were taken back or refused, with the other file, the latest first."""
    over = Q(undone_at__isnull=False) | Q(refused_at__isnull=False)
    found = Merge.objects.visible_to(actor, at).of(case).filter(over)
    merges = found.select_related("kept", "other").latest_first()
    return [(one, one.other_than(case)) for one in merges]


def _two_guardians(*cases: Case) -> tuple[str, ...]:
    """Different people in office in the two files; nobody where it is one, or one is missing."""
    offices = [list(case.guardianships.filter(until_at=None)) for case in cases]
    who = [
        {one.guardian_id or one.guardian_name.casefold() for one in office} for office in offices
    ]
    if not all(who) or not who[0].isdisjoint(who[1]):
        return ()
    return tuple(
        f"{in_script(one.guardian_name)} ({case.code})"
        for case, office in zip(cases, offices, strict=True)
        for one in office
    )


def since_words(key: str, since: Since, person: Person) -> tuple[str, str]:
    """Label and value of one entry that was made after the merging."""
    if key in since.facts:
        return label_of(key), said_of(person, key)
    if key.startswith("document-"):
        document = next(one for one in since.documents if f"document-{one.pk}" == key)
        return document.get_kind_display(), document.number
    if key.startswith("name-"):
        name = next(one for one in since.names if f"name-{one.pk}" == key)
        return _("Name"), name_words(name)
    code = key.removeprefix("language-")
    return _("Language"), language_words(next(one for one in since.languages if one.code == code))


def language_words(language: PersonLanguage) -> str:
    known = codes.languages()
    return str(known.get(language.code, language.code))
