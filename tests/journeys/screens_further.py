"""The pages between institutions, of the ledger and of the work on a case, and who reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from spona.base import rls
from spona.cases.models import Case, ClosureRequest, Conference, Encounter, Interpreter, LegalBasis
from spona.coordination.models import Handover, Referral
from spona.directory.models import Service
from tests.journeys.beside import Past, case_called
from tests.journeys.screens import DRAGANA, JELENA, NOBODY, PETAR, RUZA, Screen

BRANKA, STEFAN, SANJA = "branka-beograd", "stefan-staratelj", "sanja-starateljka"
NADA, UROS, MILA = "nada-savetnica", "uros-ucitelj", "mila-mladi"
KOSTA, DIMITRIJE = "kosta-koordinator", "dimitrije-direktor"


def further_screens(past: Past) -> list[Screen]:
    with rls.engine_room():
        return [
            *_doors(past),
            *_referrals(past),
            *_referring(past.told),
            *_handovers(past),
            *_ledger(past.told),
            *_access(past),
            *_written(past.told),
            *_ending(past),
            *_directory(),
            *_figures(),
            *_small(past.told),
        ]


def _at(name: str, *args: Any) -> str:
    return reverse(name, args=args)


# --- referrals


def _doors(past: Past) -> Iterator[Screen]:
    path = _at("coordination:door", past.token)
    yield Screen("door-code", NOBODY, path)
    yield Screen("door", NOBODY, path, then=partial(_unlock, code=past.code))


def _unlock(page: Page, code: str) -> None:
    box = page.locator("[name=code]")
    if box.count():
        box.fill(code)
        page.locator("main form button").click()


def _referrals(past: Past) -> Iterator[Screen]:
    listed = _at("coordination:referral_list")
    yield Screen("referrals-to-us", UROS, listed)
    yield Screen("referrals-to-us-none", PETAR, listed)
    yield Screen("referrals-sent", DRAGANA, listed + "?sent=1")
    yield Screen("referrals-ended", NADA, listed + "?ended=1")
    for key, name, recipient in (
        ("demo-skola-srpski", "waiting", UROS),
        ("demo-skola-upis", "withdrawn", UROS),
        ("demo-kzm-mladi", "countered", MILA),
        ("demo-igra-radionice", "without-account", ""),
    ):
        yield from _two_sides(Referral.objects.get(service__key=key), name, recipient)
    begun = Referral.objects.get(service__key="demo-pravna-pomoc-podrska", ended_at=None)
    yield from _two_sides(begun, "begun", NADA)
    yield from _two_sides(past.closed, "closed", NADA)
    yield from _two_sides(past.declined, "declined", NADA)
    page = _at("coordination:referral_detail", _without_account().number)
    yield Screen("doorway-new", DRAGANA, page, then=_make_a_page)
    yield Screen("field-open", DRAGANA, _at("coordination:field_open", begun.number))
    outcome = _at("coordination:act_new", begun.run_id, "outcome_recorded")
    yield Screen("referral-outcome", NADA, outcome)
    yield Screen("case-referrals", DRAGANA, _at("coordination:case_referrals", past.told.pk))


def _two_sides(referral: Referral, name: str, recipient: str) -> Iterator[Screen]:
    path = _at("coordination:referral_detail", referral.number)
    yield Screen(f"referral-{name}-sender", DRAGANA, path)
    if recipient:
        yield Screen(f"referral-{name}-recipient", recipient, path)


def _without_account() -> Referral:
    return Referral.objects.get(service__key="demo-igra-radionice")


def _make_a_page(page: Page) -> None:
    page.locator("main form[action$='/page/'] button").click()


def _referring(case: Case) -> Iterator[Screen]:
    """The four steps; the second and the third are reached by what was chosen before."""
    need = case.needs.get(code="school", resolved_at=None)
    service = Service.objects.get(key="demo-skola-upis")
    chosen = f"?services={service.pk}&urgency=hitno&purpose=education"
    share = _at("coordination:referral_share", case.pk, need.pk) + chosen
    yield Screen("referral-need", DRAGANA, _at("coordination:referral_need", case.pk))
    yield Screen(
        "referral-service", DRAGANA, _at("coordination:referral_service", case.pk, need.pk)
    )
    yield Screen("referral-share", DRAGANA, share)
    yield Screen("referral-share-refused", DRAGANA, share, then=_next)
    yield Screen("referral-check", DRAGANA, share, then=_give_the_age)


def _next(page: Page) -> None:
    page.locator("main form button.btn-primary").click()


def _give_the_age(page: Page) -> None:
    for field in ("age", "languages"):
        page.locator(f"[name=give_{field}][value=now]").check()
    _next(page)


# --- handovers


def _handovers(past: Past) -> Iterator[Screen]:
    for key, name in ((DRAGANA, "sending"), (BRANKA, "receiving")):
        yield Screen(f"handovers-{name}", key, _at("coordination:handover_list"))
    begun = Handover.objects.get(case=case_called("Karim"))
    for handover, how in ((begun, "planned"), (past.moving, "on-the-way")):
        path = _at("coordination:handover_detail", handover.number)
        yield Screen(f"handover-{how}-sending", DRAGANA, path)
        yield Screen(f"handover-{how}-receiving", BRANKA, path)
    record = _at("coordination:handover_print", past.moving.number)
    yield Screen("handover-print", DRAGANA, record)
    yield Screen("handover-new", DRAGANA, _at("coordination:handover_new", past.told.pk))
    for handover, act, key in (
        (begun, "departed", DRAGANA),
        (begun, "siblings_decided", DRAGANA),
        (past.moving, "critical_handover", DRAGANA),
        (past.moving, "arrived", BRANKA),
        (past.moving, "guardian_in", BRANKA),
    ):
        path = _at("coordination:act_new", handover.run_id, act)
        yield Screen(f"handover-act-{act.replace('_', '-')}", key, path)


# --- the ledger, and who may see


def _ledger(case: Case) -> Iterator[Screen]:
    consent = LegalBasis.objects.filter(case=case, kind="consent").latest("pk")
    duty = LegalBasis.objects.filter(case=case, kind="legal_duty").earliest("pk")
    yield Screen("sharing", DRAGANA, _at("coordination:case_sharing", case.pk))
    yield Screen("sharing-guardian", SANJA, _at("coordination:case_sharing", case.pk))
    yield Screen("basis-add", DRAGANA, _at("cases:basis_add", case.pk))
    for number, kind in enumerate(("refusal", "consent", "duty", "vital")):
        then = partial(_what, number=number)
        yield Screen(f"basis-add-{kind}", DRAGANA, _at("cases:basis_add", case.pk), then=then)
    yield Screen("basis-consent", DRAGANA, _at("coordination:basis_detail", consent.pk))
    yield Screen("basis-duty", DRAGANA, _at("coordination:basis_detail", duty.pk))
    yield Screen("basis-withdraw", SANJA, _at("coordination:basis_withdraw", consent.pk))
    yield Screen("basis-end", DRAGANA, _at("coordination:basis_withdraw", duty.pk))
    yield Screen("basis-review", SANJA, _at("cases:basis_review", duty.pk))


def _what(page: Page, number: int) -> None:
    page.locator("main input[type=radio]").nth(number).check()
    _next(page)


def _access(past: Past) -> Iterator[Screen]:
    add = _at("coordination:access_add", past.told.pk)
    opened = case_called("Zmarai", organisation__key="csr-vranje")
    nada = Referral.objects.filter(service__key="demo-pravna-pomoc-podrska").earliest("pk")
    yield Screen("access", DRAGANA, _at("coordination:case_access", opened.pk))
    yield Screen("access-add", DRAGANA, add)
    yield Screen("access-add-who", DRAGANA, f"{add}?organisation={nada.recipient_id}")
    yield Screen("emergency", BRANKA, _at("coordination:emergency"))
    yield Screen("emergency-case", BRANKA, _at("coordination:case_detail", opened.pk))
    yield Screen("case-guardian", SANJA, _at("coordination:case_detail", past.told.pk))


# --- the work on a case


def _written(case: Case) -> Iterator[Screen]:
    assessment = case.assessments.latest("pk")
    yield Screen("assessment-print", DRAGANA, _at("coordination:assessment_print", assessment.pk))
    yield Screen("assessment-correct", DRAGANA, _at("cases:assessment_correct", assessment.pk))
    initial = _at("cases:assessment_add", case.pk, "initial")
    yield Screen("assessment-add-initial", DRAGANA, initial)
    plan = case.plans.get()
    yield Screen("plan-print", DRAGANA, _at("coordination:plan_print", plan.pk))
    yield Screen("case-plan-full", DRAGANA, _at("coordination:case_plan", case.pk))
    for page in ("plan_change", "plan_review", "goal_add"):
        yield Screen(page.replace("_", "-"), DRAGANA, _at(f"cases:{page}", plan.pk))
    goal = plan.goals.filter(state="open").earliest("pk")
    yield Screen("goal-drop", DRAGANA, _at("cases:goal_drop", goal.pk))
    conference = Conference.objects.get(case=case, held_at=None)
    yield Screen("conference-hold", DRAGANA, _at("coordination:conference_hold", conference.pk))
    note = case.notes.latest("pk")
    yield Screen("note-correct", DRAGANA, _at("cases:note_correct", note.pk))
    for page in ("case_people", "case_file", "case_needs", "case_log", "case_detail"):
        yield Screen(
            f"{page.replace('_', '-')}-full", DRAGANA, _at(f"coordination:{page}", case.pk)
        )
    interpreter = Interpreter.objects.earliest("pk")
    yield Screen("interpreter-change", DRAGANA, _at("cases:interpreter_change", interpreter.pk))
    siblings = case_called("Maryam")
    yield Screen("case-group-siblings", DRAGANA, _at("coordination:case_group", siblings.pk))


def _ending(past: Past) -> Iterator[Screen]:
    proposal = ClosureRequest.objects.waiting().get()
    yield Screen("closure-waiting", RUZA, _at("coordination:case_closure", proposal.case_id))
    yield Screen("closure-return", RUZA, _at("cases:closure_return", proposal.pk))


# --- the house


def _directory() -> Iterator[Screen]:
    support = Service.objects.get(key="demo-pravna-pomoc-podrska")
    yield Screen("services", DRAGANA, _at("directory:service_list"))
    yield Screen("service", DRAGANA, _at("directory:service_detail", support.pk))
    yield Screen("service-own", NADA, _at("directory:service_detail", support.pk))
    yield Screen("service-new", RUZA, _at("directory:service_new"))


def _figures() -> Iterator[Screen]:
    yield Screen("figures", RUZA, _at("home:figures"))
    yield Screen("figure-rows", RUZA, _at("home:figure_rows"))
    yield Screen("figure-cases", DIMITRIJE, _at("home:figure_cases"))
    yield Screen("figures-network", KOSTA, _at("home:figures_network"))


def _small(case: Case) -> Iterator[Screen]:
    yield Screen("calendar", DRAGANA, _at("home:calendar"))
    for page in ("substitution_list", "substitution_new"):
        yield Screen(page.replace("_", "-"), RUZA, _at(f"coordination:{page}"))
    yield Screen("substitution-of-oneself", UROS, _at("coordination:substitution_new"))
    yield Screen("keys", DRAGANA, "/", then=_keys)
    yield Screen("search-found", DRAGANA, "/", then=partial(_search, words=case.code))
    light = Encounter.objects.filter(kind="light").earliest("id")
    to_child = _at("coordination:encounter_to_child", light.pk)
    yield Screen("encounter-to-child", JELENA, to_child)
    yield Screen("organisation-choose", RUZA, _at("accounts:organisation_choose"))
    yield Screen("signed-out", STEFAN, _at("account_logout"))


def _keys(page: Page) -> None:
    page.keyboard.press("?")


def _search(page: Page, words: str) -> None:
    page.locator("#search").fill(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
