"""Every page that staff reach, and who reaches it. Needs the stories of the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from playwright.sync_api import Page

from demo.people import load_staff
from spona.accounts.models import DutyShift, Membership
from spona.base import rls
from spona.cases.models import Case, Encounter
from spona.coordination.models import Duty, Notification, RunEvent
from spona.protocols.models import Version
from tests.journeys.stories import actor, run_of

NOBODY, ADA, ANA = "", "ada-administrator", "ana-azil"
JELENA, DRAGANA, PETAR = "jelena-teren", "dragana-dezurna", "petar-policija"
RUZA, KATA = "ruza-rukovodilac", "kata-kuca"

TWICE = ("nebojsa-dezurni", "branka-beograd", "sanja-starateljka", "cedomir-centar")
"""Their role stands on the desk of somebody else."""


class Screen(NamedTuple):
    """`who` is a key of staff.yaml, or nobody who has signed in; `then` leads on from the page."""

    name: str
    who: str
    path: str
    status: int = 200
    then: Callable[[Page], None] | None = None


def all_screens(at: datetime) -> list[Screen]:
    """Those of the case that was met last, of the desks and of the house."""
    with rls.engine_room():
        return [
            *_outside(),
            *_desks(),
            *_encounters(),
            *_notifications(),
            *_case(_busiest()),
            *_acts(_busiest(), _without_guardian()),
            *_duties(at),
            *_rules(),
            *_house(),
        ]


def _outside() -> Iterator[Screen]:
    yield Screen("login", NOBODY, reverse("account_login"))
    yield Screen("password-reset", NOBODY, reverse("account_reset_password"))
    yield Screen("invitation-refused", NOBODY, "/accounts/invitations/open/none/", 410)
    yield Screen("demo", NOBODY, reverse("demo:index"))
    yield Screen("not-found", DRAGANA, "/cases/999999/", 404)


def _desks() -> Iterator[Screen]:
    for key, person in load_staff().items():
        if key in TWICE:
            continue
        yield Screen(f"desk-{person.roles[0].value}-{key.partition('-')[0]}", key, "/")


def _encounters() -> Iterator[Screen]:
    for page in ("encounter_new", "encounter_light", "encounter_child", "encounter_list"):
        yield Screen(page.replace("_", "-"), JELENA, reverse(f"coordination:{page}"))
    light = Encounter.objects.filter(kind="light").earliest("id")
    sent = Notification.objects.filter(sender_id=actor(JELENA).organisation_id)
    waiting = sent.filter(confirmed_at=None).earliest("id")
    taken = sent.exclude(confirmed_at=None).earliest("id")
    for name, pk in (
        ("encounter-of-light-contact", light.pk),
        ("encounter-waiting", waiting.encounter_id),
        ("encounter-taken-over", taken.encounter_id),
    ):
        yield Screen(name, JELENA, reverse("coordination:encounter_detail", args=[pk]))


def _notifications() -> Iterator[Screen]:
    vranje = Notification.objects.filter(recipient__key="csr-vranje")
    waiting = vranje.filter(confirmed_at=None).earliest("id")
    taken = vranje.exclude(confirmed_at=None).earliest("id")
    for name, one in (("notification-waiting", waiting), ("notification-taken-over", taken)):
        path = reverse("coordination:notification_detail", args=[one.pk])
        yield Screen(name, DRAGANA, path)


def _busiest() -> Case:
    """The case of Vranje with the longest story that still has duties."""
    vranje = Case.objects.filter(organisation__key="csr-vranje", closed_at=None)
    return max(vranje, key=lambda case: RunEvent.objects.filter(run__case=case).count())


def _without_guardian() -> Case:
    vranje = Case.objects.filter(organisation__key="csr-vranje", closed_at=None)
    case = vranje.exclude(guardianships__until_at=None, guardianships__isnull=False).first()
    assert case is not None
    return case


def _case(case: Case) -> Iterator[Screen]:
    yield Screen("case-list", DRAGANA, reverse("coordination:case_list"))
    yield Screen("case-list-closed", DRAGANA, reverse("coordination:case_list") + "?closed=1")
    for page in (
        "case_detail", "case_river", "case_person", "person_correct", "name_add", "case_needs",
        "case_file", "case_log", "child_paper", "case_people", "case_group", "case_plan",
        "case_closure", "case_doubles",
    ):  # fmt: skip
        path = reverse(f"coordination:{page}", args=[case.pk])
        yield Screen(page.replace("_", "-"), DRAGANA, path)
    paper = reverse("coordination:child_paper", args=[case.pk])
    yield Screen("child-paper-persian", DRAGANA, f"{paper}?language=fas")
    yield Screen("child-paper-arabic", DRAGANA, f"{paper}?language=arb")
    for page in (
        "need_add", "note_add", "document_add", "conference_new", "plan_new", "interpreting_add",
        "case_party_add", "hearing_add", "case_link_add", "detention_add", "closure_propose",
    ):  # fmt: skip
        path = reverse(f"cases:{page}", args=[case.pk])
        yield Screen(page.replace("_", "-"), DRAGANA, path)
    assessment = reverse("cases:assessment_add", args=[case.pk, "full"])
    yield Screen("assessment-add", DRAGANA, assessment)
    yield Screen("interpreter-list", DRAGANA, reverse("cases:interpreter_list"))
    yield Screen("interpreter-new", DRAGANA, reverse("cases:interpreter_new"))
    run = run_of(case)
    yield Screen("facts", DRAGANA, reverse("coordination:fact_new", args=[run.pk]))
    yield Screen("parties", DRAGANA, reverse("coordination:party_list", args=[run.pk]))
    bind = reverse("coordination:party_bind", args=[run.pk, "interpreter"])
    yield Screen("party-bind", DRAGANA, bind)
    event = RunEvent.objects.filter(run=run, act="bed_tonight").earliest("id")
    yield Screen("event", DRAGANA, reverse("coordination:event_detail", args=[event.pk]))
    yield Screen("event-print", DRAGANA, reverse("coordination:event_print", args=[event.pk]))


def _acts(busy: Case, alone: Case) -> Iterator[Screen]:
    for name, case, act in (
        ("act-plain", alone, "bed_tonight"),
        ("act-blocked", alone, "intention_registered"),
        ("act-with-reason", alone, "guardian_appointed"),
        ("act-checklist", alone, "guardian_proposed"),
        ("act-place", busy, "urgent_placement"),
        ("act-file", busy, "accommodation_conclusion"),
        ("act-absence", busy, "absence_noticed"),
    ):
        path = reverse("coordination:act_new", args=[run_of(case).pk, act])
        yield Screen(name, DRAGANA, path)


def _duties(at: datetime) -> Iterator[Screen]:
    owed = Duty.objects.owed().exclude(due_at=None).soonest_first()
    for name, who, found in (
        ("duty", DRAGANA, owed.filter(organisation__key="csr-vranje", obstacle="")),
        ("duty-obstacle", DRAGANA, owed.exclude(obstacle="")),
        ("duty-of-police", PETAR, owed.filter(organisation__key="demo-ps-vranje")),
        ("duty-of-centre", KATA, owed.filter(organisation__key="demo-kuca-vranje")),
        ("duty-of-asylum-office", ANA, owed.filter(organisation__key="kancelarija-za-azil")),
    ):
        duty = found.first()
        if duty is not None:
            yield Screen(name, who, reverse("coordination:duty_detail", args=[duty.number]))
    other = owed.exclude(organisation__key="csr-vranje").exclude(organisation=None).first()
    assert other is not None
    yield Screen("waiting-for", DRAGANA, reverse("home:owed_list", args=[other.organisation_id]))


def _rules() -> Iterator[Screen]:
    version = Version.objects.filter(protocol="unaccompanied-child").latest("id")
    place = [version.protocol, version.version]
    yield Screen("rule-books", RUZA, reverse("protocols:version_list"))
    yield Screen("rule-book", RUZA, reverse("protocols:version_detail", args=place))
    yield Screen("rule", RUZA, reverse("protocols:rule_detail", args=[*place, "UASC-02"]))


def _house() -> Iterator[Screen]:
    yield Screen("notices", RUZA, reverse("home:notice_list"))
    yield Screen("search", DRAGANA, reverse("home:search"))
    for page in ("people_list", "invitation_send", "roster", "shift_plan"):
        yield Screen(page.replace("_", "-"), RUZA, reverse(f"accounts:{page}"))
    colleague = Membership.objects.active().get(user__email=load_staff()[DRAGANA].email)
    for page in ("membership_roles", "membership_end"):
        path = reverse(f"accounts:{page}", args=[colleague.pk])
        yield Screen(page.replace("_", "-"), RUZA, path)
    shift = DutyShift.objects.filter(organisation_id=colleague.organisation_id).latest("starts_at")
    substitute = reverse("accounts:shift_substitute", args=[shift.pk])
    yield Screen("shift-substitute", RUZA, substitute)
    for page in ("usersessions_list", "mfa_index"):
        yield Screen(page.replace("_", "-"), RUZA, reverse(page))
    yield Screen("password-change", ADA, reverse("account_change_password"))
    yield Screen("second-factor-set-up", RUZA, reverse("mfa_activate_totp"))
