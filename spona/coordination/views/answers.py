"""What an entry holds, in words: the questions of its act as they were asked, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from spona.base.actor import Actor
from spona.base.parts import Fact
from spona.base.script import in_script, said
from spona.cases.models import Document
from spona.conduct.book import Book, Field
from spona.coordination.actions import engine
from spona.coordination.models import RunEvent
from spona.coordination.views.outlook import fact_words
from spona.directory.models import Centre


def answers(book: Book, event: RunEvent, actor: Actor, at: datetime) -> list[Fact]:
    """The answers that were given; facts learned without an act are answers too."""
    act = book.acts.get(event.act)
    if act is None:
        return [
            Fact(said(fact.label), fact_words(book, fact, engine.typed(fact.type, value)))
            for key, value in event.facts.items()
            if (fact := book.facts.get(key))
        ]
    asked = [question for question in act.form if question.key in event.form]
    return [_fact(question, event.form[question.key], actor, at) for question in asked]


def _fact(question: Field, value: Any, actor: Actor, at: datetime) -> Fact:
    label = said(question.label)
    if question.type == "document":
        return _document(label, value, actor, at)
    return Fact(label, _words(question, value))


def _words(question: Field, value: Any) -> str:
    if question.type == "boolean":
        return _("yes") if value else _("no")
    if question.type == "code":
        words = question.choices.get(value)
        return said(words) if words else str(value)
    if question.type in ("person", "place"):
        return _chosen(value)
    return _moment(question.type, str(value)) or in_script(str(value))


def _moment(kind: str, value: str) -> str:
    """A day or a moment as one writes it; empty for what is none."""
    if kind == "date" and (on := parse_date(value)):
        return date_format(on, "DATE_FORMAT")
    if kind == "datetime" and (at := parse_datetime(value)):
        local = timezone.localtime(at) if at.tzinfo else at
        return date_format(local, "DATETIME_FORMAT")
    return ""


def _chosen(value: Any) -> str:
    if not isinstance(value, dict):
        return in_script(str(value))
    if value.get("centre"):
        centre = Centre.objects.select_related("organisation").filter(pk=value["centre"]).first()
        return str(centre or "")
    parts = (in_script(str(value.get("name", ""))), str(value.get("phone", "")))
    return ", ".join(part for part in parts if part)


def _document(label: str, value: Any, actor: Actor, at: datetime) -> Fact:
    """A door to the file, for those who see it."""
    number = value.get("document") if isinstance(value, dict) else None
    found = Document.objects.visible_to(actor, at).filter(pk=number or 0).first()
    if found is None:
        return Fact(label, _("kept in the case"))
    return Fact(label, str(found), reverse("cases:document_detail", args=[found.pk]))
