"""Two versions compared in words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import in_script, said, written_language
from spona.conduct.book import Book
from spona.conduct.compare import compare, part_name
from spona.protocols.models import Version
from spona.protocols.views import doors

SECTIONS = {
    "book": gettext_lazy("The book"),
    "rules": gettext_lazy("Rules"),
    "acts": gettext_lazy("Acts"),
    "parties": gettext_lazy("Parties"),
    "facts": gettext_lazy("Facts"),
}
HOW = {
    "added": gettext_lazy("new"),
    "gone": gettext_lazy("no longer there"),
    "changed": gettext_lazy("changed"),
}


@signed_in
@require_GET
def draft_compare(request: Request, pk: int) -> HttpResponse:
    """What a draft changes in the published book on which it is based."""
    draft = doors.shown(request, pk)
    if draft.based_on is None:
        raise Http404
    book = draft.sound.book
    context = doors.frame(request, draft, "draft_compare") | {
        "faults": draft.sound.faults,
        "old": draft.based_on.version,
        "new": book.version if book else "",
        "groups": _groups(draft.based_on.book, book) if book else [],
    }
    return render(request, "protocols/draft_compare.html", context)


@signed_in
@require_GET
def version_compare(request: Request, protocol: str, old: str, new: str) -> HttpResponse:
    before = get_object_or_404(Version, protocol=protocol, version=old)
    after = get_object_or_404(Version, protocol=protocol, version=new)
    context = {
        "title": said(after.book.title),
        "old": old,
        "new": new,
        "groups": _groups(before.book, after.book),
        "crumbs": [
            Link(_("Rules of conduct"), reverse("protocols:version_list")),
            Link(said(after.book.title), reverse("protocols:version_detail", args=[protocol, new])),
            Link(_("What changed")),
        ],
    }
    return render(request, "protocols/version_compare.html", context)


def _groups(old: Book, new: Book) -> list[tuple[Any, list[Any]]]:
    lang = written_language()
    found = compare(old, new, lang)
    return [
        (title, [_shown(one, lang) for one in found if one.section == section])
        for section, title in SECTIONS.items()
        if any(one.section == section for one in found)
    ]


def _shown(one: Any, lang: str) -> dict[str, Any]:
    parts = [
        (in_script(part_name(part.part, lang)), in_script(part.old), in_script(part.new))
        for part in one.said
    ]
    return {
        "name": in_script(one.name),
        "key": one.key,
        "how": one.how,
        "word": HOW[one.how],
        "parts": parts,
    }
