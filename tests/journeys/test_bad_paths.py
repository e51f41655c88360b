"""What goes wrong is said in a sentence, and nothing that was typed is lost."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Newcomer
from tests.journeys.steps import answer, attach, choose, field, press, sees, sees_text, write
from tests.journeys.stories import act_path, boy_in_care, case_path, encounters, owed

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_an_impossible_date_keeps_what_was_typed(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana = sign_in("dragana-dezurna")
    dragana.goto(case_path(case, "person_correct"))
    for label, typed in (
        ("Day of birth", "31"),
        ("Month of birth", "2"),
        ("Year of birth", "2011"),
    ):
        write(dragana, label, typed)
    press(dragana, "Save")
    sees(dragana, "There is no such day in the calendar.")
    expect(field(dragana, "Day of birth")).to_have_value("31")

    dragana.goto(act_path(case, "bed_tonight"))
    write(dragana, "When it happened", "2099-01-01T10:00")
    write(dragana, "Mesto", "Demo kuća, soba 2")
    press(dragana, "Record")
    sees(dragana, "The event cannot be later than now. Give the time when it happened.")
    expect(field(dragana, "Mesto")).to_have_value("Demo kuća, soba 2")


def test_a_file_that_is_not_what_it_says_gets_a_sentence(sign_in: Newcomer, tmp_path: Path) -> None:
    case = boy_in_care(timezone.now())
    dragana = sign_in("dragana-dezurna")
    text, drawing = tmp_path / "rešenje.pdf", tmp_path / "slika.svg"
    text.write_text("Ovo je običan tekst.", encoding="utf-8")
    drawing.write_text(PICTURE, encoding="utf-8")
    dragana.goto(reverse("cases:document_add", args=[case.pk]))
    for file in (text, drawing):
        write(dragana, "Title", "Rešenje, sintetičko")
        choose(dragana, "Kind", "rešenje")
        attach(dragana, "File", file)
        press(dragana, "Save")
        expect(dragana.locator(".error-summary")).to_be_visible()
        expect(field(dragana, "Title")).to_have_value("Rešenje, sintetičko")
    sees(dragana, "Only PDF, JPEG, PNG and WebP files can be added.")


def test_what_somebody_has_done_already_is_not_done_twice(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana, nebojsa = sign_in("dragana-dezurna"), sign_in("nebojsa-dezurni")
    for officer, place in ((dragana, "Demo kuća, soba 2"), (nebojsa, "Demo kuća, soba 3")):
        officer.goto(act_path(case, "bed_tonight"))
        write(officer, "Mesto", place)
    press(dragana, "Record")
    sees(dragana, "Recorded: %(act)s")
    press(nebojsa, "Record")
    sees(nebojsa, "Somebody has done this already (%(who)s, at %(when)s). What you wrote is kept.")
    sees_text(nebojsa, "Dragana Dežurnić-Demo")
    expect(field(nebojsa, "Mesto")).to_have_value("Demo kuća, soba 3")


def test_a_correction_of_an_older_version_comes_back_with_both(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana, nebojsa = sign_in("dragana-dezurna"), sign_in("nebojsa-dezurni")
    for officer, country in ((dragana, "AF"), (nebojsa, "PK")):
        officer.goto(case_path(case, "person_correct"))
        write(officer, "Country, as said", country)
    press(dragana, "Save")
    expect(dragana).to_have_url(case_path(case, "case_person"))
    press(nebojsa, "Save")
    sees(nebojsa, "As it stands in the record now")
    sees_text(nebojsa, "AF")
    expect(field(nebojsa, "Country, as said")).to_have_value("PK")


def test_a_lost_connection_loses_nothing_and_doubles_nothing(sign_in: Newcomer) -> None:
    jelena = sign_in("jelena-teren", width=375)
    _a_child_is_typed(jelena)
    jelena.context.set_offline(True)
    press(jelena, "Save and tell the centre")
    sees(
        jelena,
        "There is no connection. What you typed is kept on this page: try again when the"
        " connection is back.",
    )
    expect(field(jelena, "Age, as said")).to_have_value("15")
    assert encounters() == 0

    jelena.context.set_offline(False)
    press(jelena, "Save and tell the centre")
    sees(jelena, "The notification was sent, but nobody has taken it over.")
    assert encounters() == 1


def test_an_answer_lost_on_the_way_makes_no_second_encounter(sign_in: Newcomer) -> None:
    """The server has written it, the telephone does not know: sending again is the same one."""
    jelena = sign_in("jelena-teren", width=375)
    _a_child_is_sent_and_the_answer_lost(jelena)
    press(jelena, "Save and tell the centre")
    sees(jelena, "The notification was sent, but nobody has taken it over.")
    assert encounters() == 1


def test_what_was_put_back_is_thrown_away_for_another_child(sign_in: Newcomer) -> None:
    jelena = sign_in("jelena-teren", width=375)
    _a_child_is_sent_and_the_answer_lost(jelena)
    press(jelena, "Start empty")
    expect(field(jelena, "Age, as said")).to_have_value("")
    _a_child_is_typed(jelena)
    press(jelena, "Save and tell the centre")
    sees(jelena, "The notification was sent, but nobody has taken it over.")
    assert encounters() == 2


def _a_child_is_sent_and_the_answer_lost(jelena: Page) -> None:
    _a_child_is_typed(jelena)
    jelena.route("**/encounters/new/child/", _lose_the_answer)
    press(jelena, "Save and tell the centre")
    jelena.wait_for_url("chrome-error://**")
    assert encounters() == 1
    jelena.unroute("**/encounters/new/child/")
    jelena.goto(reverse("coordination:encounter_child"))
    sees(jelena, "We have put back what you typed and had not sent.")


def _lose_the_answer(route: Route) -> None:
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
        route.abort("connectionreset")
    else:
        route.continue_()


def _a_child_is_typed(jelena: Page) -> None:
    jelena.goto(reverse("coordination:encounter_child"))
    choose(jelena, "Where the person was met", "put")
    write(jelena, "Age, as said", "15")
    choose(jelena, "Language", "dari")
    answer(jelena, "Is the child in danger now?", "No")
    choose(jelena, "Municipality", "Vranje")


def test_a_stranger_finds_nothing(sign_in: Newcomer) -> None:
    """Hidden and absent are the same page."""
    case = boy_in_care(timezone.now())
    branka = sign_in("branka-beograd")
    number = owed(case, "bed_tonight").number
    for path in (
        case_path(case),
        act_path(case, "bed_tonight"),
        reverse("coordination:duty_detail", args=[number]),
        "/cases/999999/",
    ):
        answered = branka.goto(path)
        assert answered is not None
        assert answered.status == 404
        sees(branka, "The page does not exist or is not available to you.")
        assert case.code not in branka.content()
