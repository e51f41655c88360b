"""A published book to take along: PDF or HTML, whole or one page for one institution."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from spona.base.http import Request, signed_in
from spona.conduct.booklet import card, html, leaflet, pdf
from spona.protocols.models import Version
from spona.protocols.views import beside

TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@signed_in
@require_GET
def version_print(request: Request, protocol: str, version: str, kind: str) -> HttpResponse:
    """`kind` is pdf or html; `party` is the key of the institution for whom one page is made."""
    found = get_object_or_404(Version, protocol=protocol, version=version)
    book, party, lang = found.book, request.GET.get("party", ""), get_language() or "sr-latn"
    if kind not in TYPES or (party and party not in book.parties):
        raise Http404
    whole, of = leaflet(book, lang), card(book, party, lang) if party else None
    diagram = "" if of else beside.diagram(book, lang)
    made = pdf(whole, of, diagram) if kind == "pdf" else html(whole, of, diagram).encode()
    name = "-".join(part for part in (protocol, version, party) if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(made, content_type=TYPES[kind], headers=headers)
