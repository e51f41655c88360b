"""The pages of a draft, for those who write it, are asked, sign, publish, and for strangers."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import signed_in
from spona.protocols import actions
from spona.protocols.models import Draft, Opinion, Version
from spona.protocols.rules.reading import wording
from spona.protocols.tests.story import NOW, TEXT, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Office()


def english(member: Membership) -> Client:
    client = signed_in(member)
    client.cookies["language"] = "en"
    return client


def page(office: Office, name: str, *args: Any, who: str = "author") -> Any:
    address = reverse(f"protocols:{name}", args=[office.draft.pk, *args])
    return english(getattr(office, who)).get(address)


def send(office: Office, name: str, data: Any, *args: Any, who: str = "author", **more: Any) -> Any:
    address = reverse(f"protocols:{name}", args=[office.draft.pk, *args])
    return english(getattr(office, who)).post(address, data, **more)


def rule_data(office: Office, number: int = 0, /, **more: Any) -> dict[str, Any]:
    """What the form of a rule sends when nothing is changed."""
    form = page(office, "rule_edit", number).context["form"]
    return form_data(form) | {"row": [row.mark for row in form.rows]} | rows_data(form) | more


def form_data(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "widgets_names"):
            parts = bound.field.widget.decompress(value)
            for suffix, part in zip(bound.field.widget.widgets_names, parts, strict=True):
                found[f"{bound.html_name}{suffix}"] = "" if part is None else part
        elif value not in (None, False):
            found[bound.html_name] = "on" if value is True else value
    return found


def rows_data(form: Any) -> dict[str, Any]:
    return {key: value for row in form.rows for key, value in form_data(row).items()}


# --- the list and a beginning


def test_a_lawyer_begins_with_an_empty_book(office: Office) -> None:
    client = english(office.author)
    given = {"protocol": "new-book", "title": "Nova", "title_en": "New", "version": "1"}
    answer = client.post(reverse("protocols:draft_begin"), given)
    draft = Draft.objects.get(protocol="new-book")
    assert answer["Location"] == reverse("protocols:draft_detail", args=[draft.pk])
    assert "No rule has been written yet" in client.get(answer["Location"]).content.decode()


def test_a_lawyer_begins_with_a_published_book_and_sees_what_changes(office: Office) -> None:
    version, _new = actions.version_publish(text=TEXT, by=office.coordinator.actor(), at=NOW)
    client = english(office.author)
    taken = client.post(reverse("protocols:draft_begin"), {"based_on": version.pk, "version": "1"})
    assert taken.status_code == 422
    client.post(reverse("protocols:draft_begin"), {"based_on": version.pk, "version": "2"})
    office.draft = Draft.objects.get(based_on=version)
    office.change(("rules", 0, "rows", 0, "within"), "PT12H")
    said = page(office, "draft_compare").content.decode()
    assert "24 hours" in said
    assert "12 hours" in said


@pytest.mark.parametrize("who", ["police", "coordinator", "stranger"])
def test_nobody_else_begins_a_draft(office: Office, who: str) -> None:
    client = english(getattr(office, who))
    assert client.get(reverse("protocols:draft_begin")).status_code == 404


def test_the_list_shows_what_is_asked_of_the_reader(office: Office) -> None:
    office.consult()
    office.ask_reviewer()
    for who, said in (
        ("police", "an opinion on a draft"),
        ("reviewer", "a signature under a draft"),
    ):
        client = english(getattr(office, who))
        assert said in client.get(reverse("protocols:draft_list")).content.decode()
    empty = english(office.stranger).get(reverse("protocols:draft_list")).content.decode()
    assert "There are no drafts" in empty


PAGES = ("draft_detail", "draft_text", "draft_try", "draft_consult", "draft_sign")


@pytest.mark.parametrize("name", PAGES)
def test_its_pages_open_for_the_author_and_a_colleague(office: Office, name: str) -> None:
    for who in ("author", "colleague"):
        assert page(office, name, who=who).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, "draft_compare", "opinion_give", "rule_new"])
def test_a_stranger_finds_nothing(office: Office, name: str) -> None:
    office.consult()
    assert page(office, name, who="stranger").status_code == 404
    assert page(office, name, who="officer").status_code == 404


def test_who_is_asked_reads_and_does_not_write(office: Office) -> None:
    office.consult()
    assert page(office, "draft_detail", who="police").status_code == 200
    for name, args in (
        ("draft_text", ()),
        ("rule_edit", (0,)),
        ("part_new", ("acts",)),
        ("draft_consult", ()),
    ):
        assert page(office, name, *args, who="police").status_code == 404
    for name, args in (("draft_undo", ()), ("draft_abandon", ()), ("rule_remove", (0,))):
        assert send(office, name, {}, *args, who="police").status_code == 404


# --- the table


def test_the_table_says_who_must_what_and_when(office: Office) -> None:
    said = page(office, "draft_detail").content.decode()
    for words in ("ministry", "must", "24 hours", "may not before that", "local agreement"):
        assert words in said


def test_saving_a_rule_unchanged_changes_nothing(office: Office) -> None:
    for number in (0, 1):
        answer = send(office, "rule_edit", rule_data(office, number), number)
        assert answer.status_code == 302
    assert office.fresh.text == TEXT


def test_a_changed_term_changes_one_word_of_the_text(office: Office) -> None:
    answer = send(office, "rule_edit", rule_data(office, **{"row-0-amount": "12"}), 0)
    assert answer["Location"].endswith("#T-1")
    assert office.fresh.text == TEXT.replace("PT24H", "PT12H")


def test_the_sentence_is_seen_while_one_types_and_nothing_is_saved(office: Office) -> None:
    data = rule_data(office, **{"row-0-amount": "36", "look": "1"})
    whole = send(office, "rule_edit", data, 0)
    assert whole.status_code == 200
    part = send(office, "rule_edit", data, 0, headers={"HX-Request": "true"}).content.decode()
    assert "36 hours" in part
    assert "36 sati" in part
    assert "<html" not in part
    assert office.fresh.text == TEXT


def test_a_row_is_added_and_another_taken_out(office: Office) -> None:
    added = send(office, "rule_edit", rule_data(office, add="1", kind="closes"), 0)
    form = added.context["form"]
    assert [row.kind for row in form.rows] == ["must", "closes"]
    data = rule_data(office, row=[row.mark for row in form.rows]) | {
        "row-1-when": "answered", "row-1-closes": "asked", "row-0-remove": "on",
    }  # fmt: skip
    assert send(office, "rule_edit", data, 0).status_code == 302
    assert office.document().get(("rules", 0, "rows")) == [{"when": "answered", "closes": "asked"}]


def test_asking_for_a_row_marks_nothing_that_is_not_filled_in_yet(office: Office) -> None:
    asked = send(office, "rule_new", {"row": ["must:"], "add": "1", "kind": "closes"})
    assert asked.status_code == 200
    assert "has-error" not in asked.content.decode()


def test_what_a_row_says_beside_the_usual_is_not_folded_away(office: Office) -> None:
    rows = page(office, "rule_edit", 1).context["form"].rows
    assert [row.is_further for row in rows] == [False, True]


def test_a_rule_without_a_row_or_a_number_comes_back_with_what_was_typed(office: Office) -> None:
    answer = send(office, "rule_new", {"rule-id": "small", "rule-source": "kanarinac"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "one row at least" in said
    assert "kanarinac" in said


def test_a_new_rule_stands_before_another(office: Office) -> None:
    data = {
        "rule-id": "T-0", "rule-text": "local", "row": ["must:"], "row-0-when": "asked",
        "row-0-must": "answered", "row-0-within": "immediately", "row-0-measure_unit": "hours",
        "row-0-measure_amount": "1",
    }  # fmt: skip
    address = reverse("protocols:rule_new", args=[office.draft.pk])
    assert english(office.author).post(f"{address}?before=0", data).status_code == 302
    assert office.document().get(("rules", 0))["rows"] == [
        {"when": "asked", "must": "answered", "within": "immediately", "measure": "PT1H"}
    ]
    assert office.fresh.sound.faults == ()


def test_a_colleague_was_quicker_and_what_was_typed_stays(office: Office) -> None:
    data = rule_data(office, **{"row-0-amount": "12"})
    office.change(("rules", 0, "rows", 0, "within"), "P3D", who=office.colleague)
    answer = send(office, "rule_edit", data, 0)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert office.colleague.user.name in said
    assert 'value="12"' in said
    again = data | {"rule-seen": answer.context["form"]["seen"].value()}
    assert send(office, "rule_edit", again, 0).status_code == 302


def test_a_rule_goes_and_comes_back_by_undo(office: Office) -> None:
    seen = office.fresh.wordings["T-2"]
    send(office, "rule_remove", {"seen": seen}, 1)
    assert "T-2" not in office.fresh.text
    send(office, "draft_undo", {})
    assert office.fresh.text == TEXT
    assert send(office, "rule_remove", {}, 9).status_code == 404


def test_a_rule_that_is_not_there_is_404(office: Office) -> None:
    assert page(office, "rule_edit", 7).status_code == 404
    assert page(office, "part_edit", "acts", "nothing").status_code == 404
    assert page(office, "part_new", "laws").status_code == 404


def test_a_fault_stands_beside_its_rule(office: Office) -> None:
    office.change(("rules", 0, "rows", 0, "must"), "nothing")
    said = page(office, "draft_detail").content.decode()
    assert "There is no act &#x27;nothing&#x27; in this book." in said
    assert page(office, "rule_edit", 0).status_code == 200
    assert "cannot be tried" in page(office, "draft_try").content.decode()


# --- acts, parties, facts


@pytest.mark.parametrize(
    ("section", "key"),
    [("acts", "asked"), ("acts", "taught"), ("parties", "schools"), ("facts", "agreed")],
)
def test_saving_a_part_unchanged_changes_nothing(office: Office, section: str, key: str) -> None:
    data = form_data(page(office, "part_edit", section, key).context["form"])
    assert send(office, "part_edit", data, section, key).status_code == 302
    assert office.document().data == Draft(text=TEXT).document.data


def test_an_act_is_added_with_its_four_phrases(office: Office) -> None:
    data = {"part-key": "told", "part-by": ["police"], "part-closed": "on"}
    assert send(office, "part_new", data, "acts").status_code == 422
    for lang, names in (
        ("sr-latn", ("label", "kada", "da", "gen")),
        ("en", ("label", "when", "do", "noun")),
    ):
        data |= {f"part-{lang}_{name}": "rečeno" for name in names}
    assert send(office, "part_new", data, "acts").status_code == 302
    assert office.document().get(("acts", "told"))["included"] is False
    assert office.fresh.sound.faults == ()
    assert send(office, "part_new", data, "acts").status_code == 422


def test_a_party_and_a_fact_are_added(office: Office) -> None:
    cases = dict.fromkeys(("nom", "gen", "dat", "acc", "ins", "loc"), "sud")
    data = {
        "part-key": "court",
        "part-type": "any",
        "part-gender": "m",
        "part-english": "the court",
    }
    data |= {f"part-{name}": said for name, said in cases.items()}
    assert send(office, "part_new", data, "parties").status_code == 302
    fact = {
        "part-key": "size",
        "part-type": "code",
        "part-values": "big, small",
        "part-label_sr": "a",
        "part-label_en": "b",
    }
    assert send(office, "part_new", fact, "facts").status_code == 302
    assert office.document().get(("facts", "size"))["values"] == ["big", "small"]
    assert office.fresh.sound.faults == ()


def test_a_part_is_taken_out(office: Office) -> None:
    seen = wording(office.document().get(("facts", "bell")))
    assert send(office, "part_remove", {"seen": seen}, "facts", "bell").status_code == 302
    assert "bell" not in office.document().data["facts"]


# --- the text


def test_the_text_is_saved_with_faults_and_shown_with_their_lines(office: Office) -> None:
    text = TEXT.replace("must: answered", "must: nothing")
    answer = send(office, "draft_text", {"text": text.replace("\n", "\r\n"), "row_version": 1})
    assert answer.status_code == 302
    assert office.fresh.text == text
    said = page(office, "draft_text").content.decode()
    assert "There is no act" in said


def test_what_is_no_yaml_comes_back_with_its_line(office: Office) -> None:
    answer = send(office, "draft_text", {"text": "id: a\n- b: kanarinac", "row_version": 1})
    assert answer.status_code == 422
    assert "kanarinac" in answer.content.decode()
    assert office.fresh.text == TEXT


# --- trying


def test_a_draft_is_tried_and_nothing_is_kept(office: Office) -> None:
    first = send(office, "draft_try", {"act": "asked"})
    assert "Answer" in first.content.decode()
    moved = send(office, "draft_try", {"move": "next", "played": first.context["played"]})
    assert moved.context["owed"][0]["late"]
    assert "agreed" in moved.context["owed"][0]["why"].lower()
    blocked = send(office, "draft_try", {"act": "taught", "played": first.context["played"]})
    assert blocked.context["happened"][0]["refused"]
    known = send(
        office,
        "draft_try",
        {"fact": "urgent", "value-urgent": "true", "played": first.context["played"]},
    )
    assert known.context["facts"][0]["value"] == "true"
    back = send(office, "draft_try", {"back": "1", "played": first.context["played"]})
    assert back.context["steps"] == 0
    assert send(office, "draft_try", {"again": "1", "played": "forged"}).context["steps"] == 0


# --- opinions


def test_an_institution_objects_rule_by_rule(office: Office) -> None:
    assert page(office, "opinion_give", who="police").status_code == 404
    office.consult()
    data = {"choice-T-1": "object"} | {f"wording-{k}": v for k, v in office.fresh.wordings.items()}
    refused = send(office, "opinion_give", data, who="police")
    assert refused.status_code == 422
    assert "needs its reason" in refused.content.decode()
    data |= {"reason-T-1": "Prekratko.", "accept_rest": "1"}
    assert send(office, "opinion_give", data, who="police").status_code == 302
    assert list(Opinion.objects.order_by("rule_id").values_list("rule_id", "accepts")) == [
        ("T-1", False),
        ("T-2", True),
    ]
    assert "Prekratko." in page(office, "draft_consult").content.decode()
    assert "Prekratko." in page(office, "opinion_give", who="police").content.decode()


def test_an_empty_opinion_is_none(office: Office) -> None:
    office.consult()
    assert send(office, "opinion_give", {}, who="police").status_code == 422


def test_the_author_asks_and_answers(office: Office) -> None:
    assert send(office, "draft_consult", {}).status_code == 422
    data = {"organisations": [office.police.organisation_id], "until": "2026-12-10"}
    assert send(office, "draft_consult", data).status_code == 302
    office.opine()
    address = reverse("protocols:opinion_answer", args=[Opinion.objects.get().pk])
    assert english(office.police).post(address, {"answer": "x"}).status_code == 404
    english(office.author).post(address, {"answer": ""})
    english(office.author).post(address, {"answer": "Dogovoreno."})
    assert Opinion.objects.get().answer == "Dogovoreno."


# --- signing and publishing


def test_a_draft_is_signed_by_another_and_published_with_its_objection(office: Office) -> None:
    office.consult()
    office.opine()
    assert (
        send(office, "reviewer_ask", {"reviewer": office.colleague.user_id + 9999}).status_code
        == 422
    )
    assert send(office, "reviewer_ask", {"reviewer": office.reviewer.user_id}).status_code == 302
    assert send(office, "draft_sign", {}).status_code == 404
    assert send(office, "draft_sign", {}, who="reviewer").status_code == 422
    signs = {"function": "advokat", "read": "on", "digest": office.fresh.digest}
    assert send(office, "draft_sign", signs, who="reviewer").status_code == 302
    day = {"valid_from": "2026-12-10"}
    assert send(office, "draft_publish", day).status_code == 404
    assert send(office, "draft_publish", {}, who="coordinator").status_code == 422
    answer = send(office, "draft_publish", day, who="coordinator")
    assert answer.status_code == 302
    said = english(office.stranger).get(answer["Location"]).content.decode()
    assert office.reviewer.user.name in said
    assert "Prekratko." in said
    assert "December" in said


def test_a_text_that_was_changed_is_not_signed(office: Office) -> None:
    office.ask_reviewer()
    digest = office.fresh.digest
    office.change(("rules", 0, "rows", 0, "within"), "PT12H")
    answer = send(
        office, "draft_sign", {"function": "a", "read": "on", "digest": digest}, who="reviewer"
    )
    assert answer.status_code == 422
    assert answer.context["form"]["digest"].value() == office.fresh.digest


def test_a_signature_is_taken_back(office: Office) -> None:
    office.sign()
    assert send(office, "draft_reopen", {}, who="stranger").status_code == 404
    assert send(office, "draft_reopen", {}).status_code == 302
    assert office.fresh.state == Draft.State.DRAFT


def test_a_draft_is_given_up(office: Office) -> None:
    assert send(office, "draft_abandon", {}).status_code == 302
    send(office, "draft_abandon", {})
    assert office.fresh.state == Draft.State.ABANDONED
    assert send(office, "rule_edit", {}, 0).status_code == 422


def test_two_published_versions_are_compared(office: Office) -> None:
    for text in (TEXT, TEXT.replace('version: "1"', 'version: "2"').replace("PT24H", "PT12H")):
        actions.version_publish(text=text, by=office.coordinator.actor(), at=NOW)
    address = reverse("protocols:version_compare", args=["small", "1", "2"])
    assert "12 hours" in english(office.stranger).get(address).content.decode()
    assert Version.objects.count() == 2
