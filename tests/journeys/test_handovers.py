"""A child moves to another town and is never with nobody; what was decided is not forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import Case, Conference
from spona.coordination.models import Handover
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import (
    answer,
    begin,
    choose,
    duty,
    press,
    sees,
    sees_no,
    sees_text,
    write,
)
from tests.journeys.stories import (
    actor,
    appoint,
    boy_in_care,
    case_path,
    handed_over,
    handover_path,
    step,
)

HOUR = timedelta(hours=1)
FLAGS = (
    "Ima li zdravstvenih tegoba koje ne čekaju?",
    "Postoji li rizik od samopovređivanja?",
    "Preti li neko detetu?",
    "Da li je dete na terapiji?",
    "Putuju li braća ili sestre zajedno sa detetom?",
)
CONFIRM, CRITICAL = "Potvrda preuzimanja", "Usmena predaja kritičnih podataka"
NEW, OLD = "Postavljanje novog privremenog staratelja", "Razrešenje dotadašnjeg staratelja"
DECIDED, DONE = "Kontrolni pregled u domu zdravlja", "Odluka izvršena"


def test_a_child_goes_from_vranje_to_belgrade(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    appoint(case, at)
    dragana, branka = sign_in("dragana-dezurna"), sign_in("branka-beograd")
    _vranje_tells_belgrade(dragana, case)
    _belgrade_confirms_by_name(branka)
    _five_flags_by_telephone(dragana, branka)
    handover = _of(case)
    step(handover, "departed", "dragana-dezurna", timezone.now(), **_departure())
    _it_arrives(branka, handover)
    _the_new_guardian_is_in_before_the_old_is_out(dragana, branka, handover)
    _belgrade_takes_the_case_over(branka, handover)


def test_a_child_without_a_guardian_is_seen_on_both_desks(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at - 2 * HOUR)
    handover = handed_over(case, at - HOUR)
    named = {"taken_by": "Branka Beogradić-Demo"}
    step(handover, "receiving_confirmed", "branka-beograd", at, **named)
    for key in ("dragana-dezurna", "branka-beograd"):
        page = sign_in(key)
        page.goto(handover_path(handover))
        sees(page, "Without a guardian: %(gap)s")


def _of(case: Case) -> Handover:
    with rls.engine_room():
        return Handover.objects.get(case=case)


def _departure() -> dict[str, str]:
    return {
        "escort": "Vozač, Demo",
        "expected_at": (timezone.now() + 5 * HOUR).isoformat(),
    }


def _vranje_tells_belgrade(dragana: Page, case: Case) -> None:
    dragana.goto(case_path(case, "handover_new"))
    choose(dragana, "To which centre", "CSR Beograd")
    answer(dragana, "Has the child been moved already?", "No, the move is planned")
    tomorrow = timezone.localtime() + timedelta(days=1)
    write(dragana, "When the move is planned", tomorrow.strftime("%Y-%m-%dT%H:%M"))
    write(dragana, "Why the child is moved", "Slobodno mesto u kući za mlade.")
    press(dragana, "Tell the other centre")
    sees(dragana, "The other centre was told. Call it as well.")


def _belgrade_confirms_by_name(branka: Page) -> None:
    """Before that she reads a few fields and not the case."""
    branka.reload()
    expect(duty(branka, CONFIRM)).to_be_visible()
    branka.goto("/handovers/")
    press(branka.locator("main li").first, "Open")
    sees(branka, "What you may know before you confirm")
    begin(branka, CONFIRM)
    write(branka, "Ko preuzima (ime i prezime)", "Branka Beogradić-Demo")
    press(branka, "Record")
    sees(branka, "Recorded: %(act)s")


def _five_flags_by_telephone(dragana: Page, branka: Page) -> None:
    page = dragana.url
    dragana.reload()
    begin(dragana, CRITICAL)
    for question in FLAGS:
        answer(dragana, question, "Yes" if question == FLAGS[0] else "No")
    write(dragana, "Sa kim je razgovarano", "Branka Beogradić-Demo")
    press(dragana, "Record")
    branka.goto(page)
    told = branka.locator(".card", has_text=FLAGS[0])
    expect(told.locator(".facts > div")).to_have_count(len(FLAGS))


def _it_arrives(branka: Page, handover: Handover) -> None:
    branka.goto(handover_path(handover))
    begin(branka, "Dolazak deteta")
    press(branka, "Record")
    sees(branka, "Recorded: %(act)s")


def _the_new_guardian_is_in_before_the_old_is_out(
    dragana: Page, branka: Page, handover: Handover
) -> None:
    dragana.goto(handover_path(handover))
    begin(dragana, OLD)
    sees(dragana, "Something comes first")
    branka.goto(handover_path(handover))
    begin(branka, NEW)
    answer(branka, "Novi privremeni staratelj", "Sanja")
    press(branka, "Record")
    sees(branka, "Recorded: %(act)s")
    dragana.reload()
    sees_no(dragana, "Something comes first")
    press(dragana, "Record")
    sees(dragana, "Recorded: %(act)s")


def _belgrade_takes_the_case_over(branka: Page, handover: Handover) -> None:
    branka.goto(handover_path(handover))
    sees_text(branka.locator(".lede"), "CSR Vranje")
    begin(branka, "Preuzimanje predmeta")
    write(branka, "Voditelj slučaja (ime i prezime)", "Branka Beogradić-Demo")
    press(branka, "Record")
    branka.goto(handover_path(handover))
    sees_text(branka.locator(".lede"), "CSR Beograd")


def test_a_decision_of_the_conference_is_owed_by_whoever_took_it_on(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    _planned(case)
    dragana = sign_in("dragana-dezurna")
    dragana.goto(case_path(case, "case_plan"))
    press(dragana, "Write the minutes")
    write(dragana, "Minutes", "Svi su saglasni. Dete je pitano.")
    first = dragana.locator(".row-fields").first
    write(first, "What was decided", DECIDED)
    choose(first, "Who does it", "DZ Vranje (demo)")
    soon = timezone.localdate() + timedelta(days=5)
    write(first, "By which day", soon.isoformat())
    press(dragana, "Save")
    sees_text(dragana, DECIDED)

    zorica = sign_in("zorica-zdravlje")
    press(duty(zorica, DONE), "Do it now")
    zorica.locator("main").get_by_role("link", name=DONE).click()
    write(zorica, "Šta je učinjeno", "Pregled je obavljen.")
    press(zorica, "Record")
    sees(zorica, "Recorded: %(act)s")
    expect(zorica.locator(".duty", has_text=DONE)).to_have_count(0)


def _planned(case: Case) -> Conference:
    by, at = actor("dragana-dezurna"), timezone.now()
    invited = [cases.ParticipantDraft(name="Zorica Zdravstvenić-Demo")]
    with rls.acting(by, at):
        return cases.conference_plan(case=case, planned_at=at, participants=invited, by=by, at=at)
