"""The pages on which rules are written, spoken about, signed and published, and what then runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse
from playwright.sync_api import Page, expect

from demo.draft import AUTHOR, HEAD, PROTOCOL, RULE, SCHOOL, consult
from spona.accounts.models import User
from spona.conduct.editing import Document
from spona.protocols import actions
from spona.protocols.forms.rows import KINDS
from spona.protocols.models import Draft, Version, VersionText
from tests.journeys.screens import Screen
from tests.journeys.stories import actor

REVIEWER, KOSTA, WAITING = "aleksa-advokat", "kosta-koordinator", "rada-beograd"
OF_CHILDREN, INTAKE = "unaccompanied-child", "intake"
NUMBER, RULE_OF_GUARDIAN = "2026.9-demo", "LOC-UC-90"


class Drafts(NamedTuple):
    """One of which opinions are asked, one with faults, one that waits to be signed, one signed."""

    asked: Draft
    faulty: Draft
    waiting: Draft
    signed: Draft
    running: Version


def rules_written(at: datetime) -> Drafts:
    """What the demo tells, and drafts in the other states; a new version binds since today."""
    consult(at)
    faulty = _draft("conference-decision", at)
    first = ("rules", 0)
    rule = {**faulty.document.get(first), "id": "LOC-DEMO-1", "rows": [{"when": "x", "must": "y"}]}
    edit = actions.Edit(first, "LOC-DEMO-1", rule, insert=True)
    actions.draft_change(draft=faulty, edit=edit, by=actor(AUTHOR), at=at)
    signed = _signed(_draft("feedback", at), at)
    running = _signed(rule_written(at), at)
    version = actions.draft_publish(
        draft=running, valid_from=date(at.year, at.month, at.day), by=actor(KOSTA), at=at
    )
    return Drafts(
        asked=Draft.objects.get(protocol=PROTOCOL),
        faulty=faulty,
        waiting=_asked_to_sign(_draft(INTAKE, at), at),
        signed=signed,
        running=version,
    )


def _draft(protocol: str, at: datetime) -> Draft:
    """The book that binds, word for word, under a number of its own."""
    base = Version.objects.in_force(protocol, at)
    text = Document(VersionText.objects.get(version=base).text).put(("version",), "2026.2-demo")
    return actions.draft_begin(text=text.text, based_on=base, by=actor(AUTHOR), at=at)


def rule_written(at: datetime) -> Draft:
    """A guardian is proposed within 12 hours: as the lawyer leaves it when she has written it."""
    base = Version.objects.in_force(OF_CHILDREN, at)
    document = Document(VersionText.objects.get(version=base).text).put(("version",), NUMBER)
    rule = {
        "id": RULE_OF_GUARDIAN,
        "law": {"act": None},
        "verified": "local",
        "on_breach": [{"after": "PT0H", "tell": "head_of_service"}],
        "rows": [{"when": "csr_confirmed", "must": "guardian_proposed", "within": "PT12H"}],
    }
    written = document.insert(("rules", len(document.data["rules"])), rule)
    return actions.draft_begin(text=written.text, based_on=base, by=actor(AUTHOR), at=at)


def _asked_to_sign(draft: Draft, at: datetime) -> Draft:
    lawyer = User.objects.get(pk=actor(REVIEWER).user_id or 0)
    actions.signature_ask(draft=draft, reviewer=lawyer, by=actor(AUTHOR), at=at)
    return draft


def _signed(draft: Draft, at: datetime) -> Draft:
    _asked_to_sign(draft, at)
    actions.signature_give(
        draft=draft, function="advokat (sintetički)", digest=draft.digest, by=actor(REVIEWER), at=at
    )
    return Draft.objects.get(pk=draft.pk)


def rule_screens(drafts: Drafts) -> list[Screen]:
    return [*_writing(drafts), *_speaking(drafts), *_published(drafts)]


def _writing(drafts: Drafts) -> Iterator[Screen]:
    asked = drafts.asked.pk
    number = list(drafts.asked.wordings).index(RULE)
    yield Screen("drafts", AUTHOR, reverse("protocols:draft_list"))
    yield Screen("draft-begin", AUTHOR, reverse("protocols:draft_begin"))
    for page in ("draft_detail", "draft_text", "draft_compare", "draft_try", "rule_new"):
        yield Screen(page.replace("_", "-"), AUTHOR, reverse(f"protocols:{page}", args=[asked]))
    yield Screen("draft-tried", AUTHOR, reverse("protocols:draft_try", args=[asked]), then=_try)
    faulty = reverse("protocols:draft_detail", args=[drafts.faulty.pk])
    yield Screen("draft-faulty", AUTHOR, faulty)
    rule = reverse("protocols:rule_edit", args=[asked, number])
    yield Screen("rule-edit", AUTHOR, rule)
    yield Screen("rule-rows", AUTHOR, reverse("protocols:rule_new", args=[asked]), then=_each_row)
    for section, key in (("acts", "enrolled"), ("parties", "school"), ("facts", "needs_language")):
        path = reverse("protocols:part_edit", args=[asked, section, key])
        yield Screen(f"part-{section}", AUTHOR, path)
        path = reverse("protocols:part_new", args=[asked, section])
        yield Screen(f"part-new-{section}", AUTHOR, path)


def _try(page: Page) -> None:
    """A child is to go to school; nobody has asked for it when a week is over."""
    for number, button in enumerate(("[name=act][value=school_wanted]", "[name=move][value=next]")):
        page.locator(f"button{button}").click()
        expect(page.locator("ol.rows > li:not(.muted)")).to_have_count(number + 1)


def _each_row(page: Page) -> None:
    for number, kind in enumerate(KINDS):
        page.locator("#add").select_option(kind)
        page.locator("button[name=add]").click()
        expect(page.locator(".rule-row")).to_have_count(number + 1)


def _speaking(drafts: Drafts) -> Iterator[Screen]:
    asked = drafts.asked.pk
    yield Screen("draft-consult", AUTHOR, reverse("protocols:draft_consult", args=[asked]))
    consult_ = reverse("protocols:draft_consult", args=[asked])
    yield Screen("draft-consult-coordinator", KOSTA, consult_)
    for name, who in (("asked", WAITING), ("objected", SCHOOL), ("accepted", HEAD)):
        path = reverse("protocols:opinion_give", args=[asked])
        yield Screen(f"opinion-{name}", who, path)
    for name, who, draft in (
        ("author", AUTHOR, drafts.asked),
        ("reviewer", REVIEWER, drafts.waiting),
        ("signed", AUTHOR, drafts.signed),
        ("publish", KOSTA, drafts.signed),
    ):
        yield Screen(f"draft-sign-{name}", who, reverse("protocols:draft_sign", args=[draft.pk]))
    yield Screen("desk-asked-for-opinion", WAITING, "/")
    yield Screen("desk-asked-to-sign", REVIEWER, "/")


def _published(drafts: Drafts) -> Iterator[Screen]:
    new, base = drafts.running, drafts.asked.based_on
    assert base is not None
    place = [new.protocol, new.version]
    book = reverse("protocols:version_detail", args=[base.protocol, base.version])
    yield Screen("book-small", HEAD, book, then=_diagram)
    yield Screen("book-of-school", HEAD, f"{book}?party=school")
    yield Screen("book-new", HEAD, reverse("protocols:version_detail", args=place))
    before = Version.objects.filter(protocol=new.protocol).earliest("published_at")
    compared = [new.protocol, before.version, new.version]
    yield Screen("book-compare", HEAD, reverse("protocols:version_compare", args=compared))
    yield Screen("running-and-new-rules", HEAD, reverse("coordination:migration_list"))
    plan = reverse("coordination:migration_plan", args=[new.pk])
    yield Screen("running-plan", HEAD, plan)
    yield Screen("rules-held", HEAD, reverse("home:held"))


def _diagram(page: Page) -> None:
    page.locator("details", has=page.locator("svg")).locator("summary").click()
