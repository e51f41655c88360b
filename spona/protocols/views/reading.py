"""Rule books as they are read: each rule in sentences, how far it was checked, its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import in_script, said, written_language
from spona.conduct import text
from spona.conduct.book import Book, Rule
from spona.conduct.text.words import nominative, upper
from spona.protocols import permissions
from spona.protocols.models import Draft, Version
from spona.protocols.rules.reading import parties_of
from spona.protocols.views import beside
from spona.protocols.views.consulting import objections


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in words, in the language and script of the page."""

    id: str
    href: str
    sentences: tuple[str, ...]
    verified: str
    signed: str
    deadline_badge: str
    law: str
    source: str
    note: str
    breach: str


@signed_in
@require_GET
def version_list(request: Request) -> HttpResponse:
    versions = list(Version.objects.order_by("protocol", "-published_at"))
    newest: dict[str, Version] = {}
    for one in versions:
        if one.valid_from is None or one.valid_from <= timezone.localdate():
            newest.setdefault(one.protocol, one)
    context = {
        "lines": [_version_line(one, versions, newest) for one in versions],
        "crumbs": [Link(_("Rules of conduct"))],
        "sees_drafts": _sees_drafts(request),
        "today": timezone.localdate(),
    }
    return render(request, "protocols/version_list.html", context)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version; `before` is the one before it, for what changed."""

    version: Version
    title: str
    in_force: bool
    before: str


def _version_line(
    one: Version, versions: Iterable[Version], newest: Mapping[str, Version]
) -> VersionLine:
    older = [
        other.version
        for other in versions
        if other.protocol == one.protocol and other.published_at < one.published_at
    ]
    title, in_force = said(one.book.title), newest.get(one.protocol) == one
    return VersionLine(one, title, in_force, older[0] if older else "")


def _sees_drafts(request: Request) -> bool:
    begins = permissions.can_begin(request.actor)
    return begins or Draft.objects.visible_to(request.actor).exists()


@signed_in
@require_GET
def version_detail(request: Request, protocol: str, version: str) -> HttpResponse:
    """The printed rule book; `party` shows the rules that make this party owe or wait."""
    found = get_object_or_404(Version, protocol=protocol, version=version)
    book, party = found.book, request.GET.get("party", "")
    if party and party not in book.parties:
        raise Http404
    rules = [rule for rule in book.rules if not party or concerns(book, rule, party)]
    context = {
        "version": found,
        "title": said(book.title),
        "summary": said(book.summary) if book.summary else "",
        "rules": [shown(found, rule) for rule in rules],
        "parties": _parties(book, party),
        "party": party,
        "diagram": "" if party else beside.diagram(book, get_language() or ""),
        **_behind(found),
        "crumbs": [_home(), Link(said(book.title))],
    }
    return render(request, "protocols/version_detail.html", context)


def _behind(version: Version) -> dict[str, Any]:
    """Who signed the text, and the objections that remained when it was published."""
    draft = Draft.objects.filter(version=version).first()
    if draft is None:
        return {}
    return {"signature": draft.signature, "objections": objections(draft)}


@signed_in
@require_GET
def rule_detail(request: Request, protocol: str, version: str, rule_id: str) -> HttpResponse:
    found = get_object_or_404(Version, protocol=protocol, version=version)
    rule = next((one for one in found.book.rules if one.id == rule_id), None)
    if rule is None:
        raise Http404
    title = said(found.book.title)
    whole = reverse("protocols:version_detail", args=[protocol, version])
    context = {
        "version": found,
        "rule": shown(found, rule),
        "parties": sorted({_name(found.book, key) for key in parties_of(found.book, rule)}),
        "crumbs": [_home(), Link(title, whole), Link(rule.id)],
    }
    return render(request, "protocols/rule_detail.html", context)


def _home() -> Link:
    return Link(_("Rules of conduct"), reverse("protocols:version_list"))


def shown(version: Version, rule: Rule) -> Shown:
    """Cyrillic is made from the Latin that was written; sources and numbers stay as they are."""
    told = text.rule_text(version.book, rule, written_language())
    address = [version.protocol, version.version, rule.id]
    return Shown(
        id=rule.id,
        href=reverse("protocols:rule_detail", args=address),
        sentences=tuple(in_script(sentence) for sentence in told.sentences),
        verified=rule.badge.text,
        signed=", ".join(part for part in (rule.badge.signed_by, rule.badge.signed_on) if part),
        deadline_badge=rule.badge.deadline if told.deadline_badge else "",
        law=in_script(told.law),
        source=told.source,
        note=in_script(told.note),
        breach=in_script(told.breach),
    )


# --- whom a rule concerns


def concerns(book: Book, rule: Rule, party: str) -> bool:
    return party in parties_of(book, rule)


def _parties(book: Book, chosen: str) -> list[Link]:
    """Only parties of whom some rule speaks."""
    spoken = {key for rule in book.rules for key in parties_of(book, rule)}
    keys = [key for key in book.parties if key in spoken]
    links = [Link(_name(book, key), f"?party={key}", key == chosen) for key in keys]
    return [Link(_("All"), "?", not chosen), *links]


def _name(book: Book, key: str) -> str:
    return in_script(upper(nominative(book.parties[key], written_language())))
