"""Paper: an entry as a page for the file, and the child's own paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spona.audit import actions as audit
from spona.base.http import Request, signed_in
from spona.base.parts import Link
from spona.base.script import in_script, written_language
from spona.cases.models import Case
from spona.conduct import text
from spona.coordination.actions.looking import version_of
from spona.coordination.models import Duty, RunEvent
from spona.coordination.views.events import event_of, event_page
from spona.coordination.views.heads import case_of, read

PAPER = Path(__file__).resolve().parent.parent / "paper.yaml"
SERBIAN = "srp"


@signed_in
@require_GET
def event_print(request: Request, pk: int) -> HttpResponse:
    """One page for the file: who, what, by which rule, when; room for signature and stamp."""
    at = timezone.now()
    event, case = event_of(request, pk, at)
    audit.read("event_read", [event], by=request.actor, at=at, case_ids=[event.case_id])
    context = event_page(request, event, case, at) | {
        "now": at,
        "registry_number": event.form.get("registry_number", ""),
        "rule": _rule(event),
        "owner": case.organisation if case else None,
    }
    return render(request, "coordination/event_print.html", context)


def _rule(event: RunEvent) -> dict[str, str]:
    """By which rule the act was owed, its law and how far it was checked; empty where by none."""
    ended = Duty.objects.filter(ended_by=event).exclude(rule="").first()
    if ended is None:
        return {}
    language, book = written_language(), version_of(event.run_id).book
    told = text.rule_text(book, book.rule(ended.rule), language)
    return {
        "id": ended.rule,
        "law": in_script(told.law),
        "badge": in_script(told.badge),
        "verified": book.rule(ended.rule).badge.text,
    }


# --- the child's own paper


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of the paper in one language. `reviewed`: a native speaker has read it."""

    code: str
    tag: str
    name: str
    direction: str
    reviewed: bool
    words: Mapping[str, str]
    next: tuple[str, ...]
    also: tuple[str, ...]


@cache
def sheets() -> dict[str, Sheet]:
    """By ISO 639-3, as `paper.yaml` has them."""
    read_in: list[dict[str, Any]] = yaml.safe_load(PAPER.read_text(encoding="utf-8"))["languages"]
    return {
        one["code"]: Sheet(
            one["code"],
            one["tag"],
            one["name"],
            one["direction"],
            one["reviewed"],
            one["words"],
            tuple(one["next"]),
            tuple(one.get("also", ())),
        )
        for one in read_in
    }


@signed_in
@require_GET
def child_paper(request: Request, case_id: int) -> HttpResponse:
    """In the child's language where there is a text, and in Serbian for whoever helps it."""
    at = timezone.now()
    case = case_of(request, case_id, at)
    chosen = sheets().get(request.GET.get("language", "")) or _spoken(case)
    current = case.guardianships.filter(until_at=None).order_by("-from_at").first()
    read("paper_read", case, request, at)
    context = {
        "chosen": chosen,
        "texts": [in_page_script(sheets()[one]) for one in dict.fromkeys([chosen.code, SERBIAN])],
        "guardian": current,
        "centre": case.organisation,
        "back": reverse("coordination:case_detail", args=[case.pk]),
        "languages_of_paper": [
            Link(one.name, f"?language={one.code}", one == chosen) for one in sheets().values()
        ],
        "language_code": chosen.tag,
        "dir": chosen.direction,
    }
    return render(request, "coordination/paper.html", context)


def _spoken(case: Case) -> Sheet:
    """The child's main language, else another one that it speaks, else English."""
    spoken = sorted(case.person.languages.all(), key=lambda one: not one.is_main)
    offered = {code: sheet for sheet in sheets().values() for code in (sheet.code, *sheet.also)}
    return next((offered[one.code] for one in spoken if one.code in offered), sheets()["eng"])


def in_page_script(sheet: Sheet) -> Sheet:
    """Serbian in the script that the reader chose; every other language as it is."""
    if sheet.code != SERBIAN:
        return sheet
    words = {key: in_script(said) for key, said in sheet.words.items()}
    return replace(sheet, words=words, next=tuple(in_script(said) for said in sheet.next))
