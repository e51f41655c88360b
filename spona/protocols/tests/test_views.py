"""Rule books as everybody who is signed in may read them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from spona.accounts.tests.factories import person, signed_in
from spona.base.actor import Actor
from spona.coordination.tests.story import BOOKS, EVENING
from spona.protocols.actions import version_publish
from spona.protocols.models import Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    text = (BOOKS / "unaccompanied-child.yaml").read_text(encoding="utf-8")
    return version_publish(text=text, by=Actor(name="test"), at=EVENING)[0]


def address(version: Version, rule_id: str = "") -> str:
    args = [version.protocol, version.version]
    if rule_id:
        return reverse("protocols:rule_detail", args=[*args, rule_id])
    return reverse("protocols:version_detail", args=args)


def opened(url: str, role: str = "police_officer", language: str = "", **asked: str) -> Any:
    client = signed_in(person(role))
    if language:
        client.cookies["language"] = language
    return client.get(url, asked)


def test_the_list_names_the_newest_version(version: Version) -> None:
    said = opened(reverse("protocols:version_list")).content.decode()
    assert "Dete bez pratnje" in said
    assert "na snazi" in said


def test_an_empty_list_says_so() -> None:
    assert (
        "Pravila još nisu objavljena" in opened(reverse("protocols:version_list")).content.decode()
    )


def test_a_book_is_printed_rule_by_rule_with_badge_and_source(version: Version) -> None:
    said = opened(address(version)).content.decode()
    assert all(f'id="{rule.id}"' in said for rule in version.book.rules)
    assert "badge-read" in said
    assert "dužan je da" in said


@pytest.mark.parametrize("role", ["outreach_worker", "coordinator", "director", "health_worker"])
def test_whoever_is_signed_in_reads_a_rule(version: Version, role: str) -> None:
    answer = opened(address(version, "UASC-07"), role)
    assert answer.status_code == 200
    assert "privremeni zaključak" in answer.content.decode()


def test_nobody_else_does(version: Version) -> None:
    assert Client().get(address(version)).status_code == 302


def test_the_rules_of_one_party_are_fewer(version: Version) -> None:
    everything = opened(address(version)).context["rules"]
    police = opened(address(version), party="police").context["rules"]
    assert 0 < len(police) < len(everything)
    assert "MISS-02" in {rule.id for rule in police}
    assert "UASC-07" not in {rule.id for rule in police}


def test_what_is_not_there_is_404(version: Version) -> None:
    assert opened(address(version, "UASC-999")).status_code == 404
    assert opened(address(version), party="nobody").status_code == 404
    assert opened("/rules/another-book/1/").status_code == 404


def test_cyrillic_is_made_from_the_latin_and_english_is_written(version: Version) -> None:
    assert (
        "центар за социјални рад"
        in opened(address(version, "UASC-07"), language="sr").content.decode().lower()
    )
    assert "must" in opened(address(version, "UASC-07"), language="en").content.decode()


def test_reading_rules_costs_the_same_for_a_long_book(
    version: Version, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(person("coordinator"))
    client.get(address(version))  # what a process learns once
    with django_assert_max_num_queries(16):
        client.get(address(version))


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("html", b"<!DOCTYPE")])
def test_a_book_is_taken_along_whole_or_one_page_an_institution(
    version: Version, kind: str, begins: bytes
) -> None:
    url = reverse("protocols:version_print", args=[version.protocol, version.version, kind])
    assert opened(url).content.startswith(begins)
    answer = opened(url, party="police")
    assert answer.content.startswith(begins)
    assert f"police.{kind}" in answer["Content-Disposition"]
    assert opened(url, party="nobody").status_code == 404
    other = reverse("protocols:version_print", args=[version.protocol, version.version, "doc"])
    assert opened(other).status_code == 404
