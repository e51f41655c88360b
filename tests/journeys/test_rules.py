"""A rule is written, contradicts another, is mended, tried, discussed, signed and published."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from demo.draft import AUTHOR, HEAD
from spona.cases.models import Case
from spona.protocols.models import Draft
from tests.journeys.conftest import Newcomer
from tests.journeys.screens_rules import (
    KOSTA,
    NUMBER,
    REVIEWER,
    RULE_OF_GUARDIAN,
    WAITING,
    rule_written,
)
from tests.journeys.steps import (
    agree,
    choose,
    press,
    section,
    sees,
    sees_text,
    write,
)
from tests.journeys.stories import boy_in_care, boy_met, case_path, run_of, taken_over

BOOK = "Dete bez pratnje"
CONFIRMED, PROPOSED = "Potvrda prijema obaveštenja", "Predlaganje privremenog staratelja"
APPOINTED, INTERVIEW = "Postavljanje privremenog staratelja", "Prvi razgovor sa detetom"


def test_the_lawyer_writes_a_rule_and_mends_a_contradiction(
    library: None, sign_in: Newcomer
) -> None:
    lena = sign_in(AUTHOR)
    _begins_a_draft(lena)
    press(lena, "Add a rule")
    write(lena, "Number of the rule", RULE_OF_GUARDIAN)
    _sees_the_sentence_while_she_types(lena)
    _is_told_of_the_contradiction(lena)
    _mends_it(lena)
    press(lena, "Save the rule")
    sees(lena, "Rule %(rule)s is saved.")
    _tries_it_while_the_clock_moves(lena)


def _begins_a_draft(lena: Page) -> None:
    lena.goto(reverse("protocols:draft_list"))
    press(lena, "New draft")
    choose(lena, "Change a published book", BOOK)
    write(lena, "Number of the new version", NUMBER)
    press(lena, "Begin")


def _row(lena: Page, number: int, field: str, value: str) -> None:
    box = lena.locator(f"[name=row-{number}-{field}]")
    if box.evaluate("one => one.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)


def _sees_the_sentence_while_she_types(lena: Page) -> None:
    press(lena, "Add the row")
    for field, value in (
        ("when", "csr_confirmed"),
        ("must", "guardian_proposed"),
        ("within", "hours"),
        ("amount", "24"),
    ):
        _row(lena, 0, field, value)
    preview = lena.locator("#preview")
    expect(preview).to_contain_text("24 sata")
    _row(lena, 0, "amount", "12")
    expect(preview).to_contain_text("12 sati")


def _is_told_of_the_contradiction(lena: Page) -> None:
    """No guardian before the first interview; and UASC-03 says no interview before a guardian."""
    lena.locator("#add").select_option("before")
    press(lena, "Add the row")
    _row(lena, 1, "may_not", "guardian_appointed")
    _row(lena, 1, "before", "first_interview")
    fault = lena.locator("#preview .error")
    expect(fault).to_contain_text("UASC-03")
    expect(fault).to_contain_text(INTERVIEW)


def _mends_it(lena: Page) -> None:
    _row(lena, 1, "before", "csr_confirmed")
    expect(lena.locator("#preview .error")).to_have_count(0)
    expect(lena.locator("#preview .said").first).to_contain_text("pre")


def _tries_it_while_the_clock_moves(lena: Page) -> None:
    press(lena, "Try it")
    for act in ("csr_notified", "csr_confirmed"):
        lena.locator(f"button[name=act][value={act}]").click()
    owed = section(lena, "Owed").locator("li", has_text=PROPOSED)
    expect(owed).to_be_visible()
    press(lena, "1 day on")
    expect(owed).to_contain_text("kasni")


def test_institutions_are_asked_one_objects_and_is_answered(
    library: None, sign_in: Newcomer
) -> None:
    draft = rule_written(timezone.now())
    lena, ruza, rada = sign_in(AUTHOR), sign_in(HEAD), sign_in(WAITING, width=375)
    _asks(lena, draft)
    _objects(ruza)
    _accepts(rada)
    _answers(lena)
    ruza.goto(reverse("protocols:opinion_give", args=[draft.pk]))
    sees_text(ruza, "Važi i noću.")


def _asks(lena: Page, draft: Draft) -> None:
    lena.goto(reverse("protocols:draft_consult", args=[draft.pk]))
    for centre in ("CSR Vranje", "CSR Beograd"):
        lena.get_by_role("checkbox", name=centre).check()
    press(lena, "Ask for opinions")
    sees(lena, "The institutions are asked; they find it on their desks.")


def _comes_from_the_desk(page: Page) -> None:
    page.goto("/")
    page.locator("a", has_text=BOOK).first.click()


def _objects(ruza: Page) -> None:
    _comes_from_the_desk(ruza)
    rule = ruza.locator(".opinion", has_text=RULE_OF_GUARDIAN)
    rule.get_by_label("Imamo primedbu").check()
    press(ruza, "Give the opinion")
    sees(ruza, "An objection needs its reason: without it the author cannot answer.")
    rule.locator("textarea").fill("Noću dežura jedna osoba.")
    press(ruza, "Accept everything that is not marked")
    sees(ruza, "Your opinion is recorded. Until the book is signed you can change it.")


def _accepts(rada: Page) -> None:
    _comes_from_the_desk(rada)
    press(rada, "Accept everything that is not marked")
    sees(rada, "Your opinion is recorded. Until the book is signed you can change it.")


def _answers(lena: Page) -> None:
    lena.reload()
    sees_text(lena, "Noću dežura jedna osoba.")
    lena.locator(".answer-form textarea").fill("Važi i noću.")
    press(lena, "Answer")
    sees(lena, "Your answer stands beside the objection.")


def test_another_signs_the_coordinator_publishes_and_the_head_decides_on_what_runs(
    library: None, sign_in: Newcomer
) -> None:
    at = timezone.now()
    old = boy_in_care(at)
    draft = rule_written(at)
    lena, aleksa, kosta = sign_in(AUTHOR), sign_in(REVIEWER), sign_in(KOSTA)
    _asks_a_lawyer(lena, draft)
    _signs(aleksa)
    _publishes(kosta, draft)

    met_at = timezone.now()  # today, also in the first hour of a day
    new = taken_over(boy_met(met_at), met_at)
    assert run_of(old).version.version != NUMBER
    assert run_of(new).version.version == NUMBER
    dragana = sign_in("dragana-dezurna")
    dragana.goto(case_path(new))
    sees_text(dragana, PROPOSED)
    _applies_it_and_takes_it_back(sign_in(HEAD), old)


def _asks_a_lawyer(lena: Page, draft: Draft) -> None:
    lena.goto(reverse("protocols:draft_sign", args=[draft.pk]))
    choose(lena, "Who is asked to sign", "Aleksa")
    press(lena, "Ask")


def _signs(aleksa: Page) -> None:
    _comes_from_the_desk(aleksa)
    write(aleksa, "Your function", "advokat (sintetički)")
    aleksa.locator("[name=read]").check()
    press(aleksa, "Sign")


def _publishes(kosta: Page, draft: Draft) -> None:
    kosta.goto(reverse("protocols:draft_sign", args=[draft.pk]))
    press(kosta.locator("main form"), "Publish")
    agree(kosta)
    sees_text(kosta, "advokat (sintetički)")
    expect(kosta.locator(f"#{RULE_OF_GUARDIAN}")).to_contain_text("12 sati")


def _applies_it_and_takes_it_back(ruza: Page, old: Case) -> None:
    ruza.goto(reverse("coordination:migration_list"))
    press(ruza, "See what would change")
    line = ruza.locator("li", has_text=old.code).first
    expect(line).to_contain_text(PROPOSED)
    line.get_by_role("checkbox").check()
    press(ruza, "Those that are ticked go on under the new version")
    assert run_of(old).version.version == NUMBER
    press(ruza, "Take back")
    agree(ruza)
    sees(ruza, "Taken back: every matter has the version that it had.")
    assert run_of(old).version.version != NUMBER
