"""From an encounter to a case: the centre is told, a named person takes over, access begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.base.script import in_script, written_language
from spona.cases import actions as cases
from spona.cases.models import Case, Encounter
from spona.cases.rules import KEPT_WITHOUT_A_CASE
from spona.conduct import text
from spona.coordination import permissions
from spona.coordination.actions import engine, projection
from spona.coordination.actions.doubles import told
from spona.coordination.actions.notices import Outbox
from spona.coordination.actions.starting import begin, do, doing
from spona.coordination.models import Call, Notification, Run
from spona.people.actions import NameDraft, PersonDraft
from spona.people.rules.scripts import script_typed

PROTOCOL = "unaccompanied-child"

# What the centre is told of a child: a copy with its own controller. The worker's note stays.
PACKAGE = (
    "seen_where",
    "place_note",
    "age_said",
    "sex",
    "language",
    "name_said",
    "needs",
    "danger_now",
    "alone",
    "wants_asylum",
)

# What is taken out of a package once it is as old as an encounter may be (trust.md: 90 days).
FORGOTTEN: dict[str, Any] = {
    "name_said": "",
    "place_note": "",
    "language": "",
    "needs": [],
    "wants_asylum": None,
    "contact_name": "",
}

# Who usually stands for a party: an institution of the same town, or the only one in the country.
OF_THE_TOWN = {"police": "MUP", "health": "DZ", "school": "SKOLA"}
OF_THE_COUNTRY = {"asylum_office": "KZA", "thb_centre": "CZZTLJ", "commissariat": "KIRS"}


@transaction.atomic
def encounter_begin(*, encounter: Encounter, by: Actor, at: datetime) -> Notification:
    """A child was met: its run begins and the competent centre gets the package.

    The clock of the rules starts at the encounter's `occurred_at`. Called again for the same
    encounter it gives the same notification.
    """
    if not permissions.can_record_encounter(by):
        raise NotAllowed()
    with rls.engine_room():
        known = Notification.objects.filter(encounter_id=encounter.pk).first()
        if known is not None:
            return known
        centre = _competent(encounter)
        run = _begin(encounter, centre, by=by, at=at)
        notification = Notification.objects.create(
            run=run,
            encounter_id=encounter.pk,
            sender_id=encounter.organisation_id,
            recipient=centre,
            package=_package(encounter, by),
            sent_at=at,
            sent_by_name=by.name,
        )
        outbox = Outbox(at)
        outbox.notification_sent(notification)
        outbox.send()
    audit.record("notification_send", notification, by=by, at=at)
    return notification


def _competent(encounter: Encounter) -> Organisation:
    """The centre of the place where the child was found (UASC-02a)."""
    centre = (
        Organisation.objects.competent_for(encounter.municipality).first()
        if encounter.municipality
        else None
    )
    if centre is None:
        raise Refused(
            _(
                "No centre for social work is known for this place. Call 192, and choose the"
                " nearest municipality from the list."
            )
        )
    return centre


def _package(encounter: Encounter, by: Actor) -> dict[str, Any]:
    package = {field: getattr(encounter, field) for field in PACKAGE}
    return package | {
        "occurred_at": encounter.occurred_at.isoformat(),
        "municipality": encounter.municipality.name_sr if encounter.municipality else "",
        "contact_name": by.name,
        "contact_organisation": by.organisation_name,
    }


def _begin(encounter: Encounter, centre: Organisation, *, by: Actor, at: datetime) -> Run:
    run = begin(
        protocol=PROTOCOL,
        organisation_id=encounter.organisation_id,
        encounter_id=encounter.pk,
        started_at=encounter.occurred_at,
        parties={
            "finder": encounter.organisation_id,
            "field_worker": encounter.organisation_id,
            "csr": centre.pk,
        },
    )
    facts = {
        "age": encounter.age_said,
        "intends_asylum": encounter.wants_asylum,
        "relative_present": None if encounter.alone is None else not encounter.alone,
    }
    then = encounter.occurred_at
    happened = [doing("child_met", then, "finder", by=by, at=at, facts=facts)]
    if encounter.wants_asylum:
        happened.append(doing("intention_voiced", then, "finder", by=by, at=at))
    engine.steps(run, happened)
    return run


@transaction.atomic
def call_record(
    *,
    notification: Notification,
    called_at: datetime,
    answered: bool,
    spoke_with: str,
    by: Actor,
    at: datetime,
) -> Call:
    """The call is the notice: where a named person answered, the clocks run from the call."""
    if by.organisation_id != notification.sender_id:
        raise NotAllowed()
    if called_at > at:
        raise Refused(_("The call cannot be later than now. Give the time of the call."))
    if answered and not spoke_with.strip():
        raise Refused(_("Write who answered: without a name nobody has been notified."))
    with rls.engine_room():
        run = engine.locked(notification.run_id)
        if called_at < run.started_at:
            raise Refused(_("The call cannot be earlier than the encounter."))
        call = Call.objects.create(
            notification=notification,
            sender_id=notification.sender_id,
            recipient_id=notification.recipient_id,
            called_at=called_at,
            answered=answered,
            spoke_with=spoke_with,
            recorded_by_name=by.name,
        )
        notification.refresh_from_db()
        if answered and notification.notified_at is None:
            _notified(run, notification, called_at, by=by, at=at, spoken_to=spoke_with)
    audit.record("call_record", call, by=by, at=at, detail={"answered": answered})
    return call


def _notified(
    run: Run,
    notification: Notification,
    occurred_at: datetime,
    *,
    by: Actor,
    at: datetime,
    spoken_to: str,
) -> None:
    party = "finder" if by.organisation_id == notification.sender_id else "csr"
    do(run, "csr_notified", occurred_at, party, by=by, at=at, form={"spoken_to": spoken_to})
    notification.notified_at = occurred_at
    notification.save(update_fields=["notified_at"])


@dataclass(frozen=True, slots=True)
class Claim:
    """How a named person of the centre takes over. `occurred_at`: since when he or she has it;
    `danger`: to the child's life, health or development; without an answer, as the finder said.
    `also`: the child's name put into other scripts. `apart` and `same`: cases that were said to be
    of other children, or of this one."""

    occurred_at: datetime
    intake_number: str = ""
    danger: bool | None = None
    also: tuple[NameDraft, ...] = ()
    apart: frozenset[int] = frozenset()
    same: int | None = None


@transaction.atomic
def notification_claim(
    *, notification: Notification, claim: Claim, by: Actor, at: datetime
) -> Case:
    """Take the notification over: this creates the case and the access, and the duties are theirs.

    Of two people who claim at once one gets it; the other is told who has.
    """
    if not permissions.can_claim(by, notification.recipient_id):
        raise NotAllowed()
    _not_impossible(notification, claim, at)
    with rls.engine_room():
        run = engine.locked(notification.run_id)
        notification.refresh_from_db()
        _still_free(notification)
        if notification.notified_at is None:
            _notified(run, notification, claim.occurred_at, by=by, at=at, spoken_to=by.name)
    case = _open_case(notification, claim.also, by=by, at=at)
    with rls.engine_room():
        _hand_run_to(run, case)
        _bind_the_usual(run, case, at=claim.occurred_at)
        danger = notification.package["danger_now"] if claim.danger is None else claim.danger
        form = {"taken_by": by.name, "danger": danger, "intake_number": claim.intake_number}
        facts = {"endangered": danger}
        then = claim.occurred_at
        do(run, "csr_confirmed", then, "csr", by=by, at=at, form=form, facts=facts)
        notification.confirmed_at = claim.occurred_at
        notification.confirmed_by_id = by.user_id
        notification.confirmed_by_name = by.name
        notification.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_by_name"])
        outbox = Outbox(at)
        for duty in run.duties.owed().select_related("version"):
            outbox.duty_opened(duty)
        outbox.send()
    audit.record("notification_claim", notification, by=by, at=at, case_id=case.pk)
    told(case, apart=claim.apart, same=claim.same, by=by, at=at, case_id=case.pk)
    return case


def _not_impossible(notification: Notification, claim: Claim, at: datetime) -> None:
    if claim.occurred_at > at:
        raise Refused(_("The event cannot be later than now. Give the time when it happened."))
    # The run is not the centre's to see before there is a case; its package says when it began.
    met_at = datetime.fromisoformat(notification.package["occurred_at"])
    if claim.occurred_at < (notification.notified_at or met_at):
        raise Refused(
            _("Nobody can take over before the notification. Give the time of taking over.")
        )


def _still_free(notification: Notification) -> None:
    if notification.confirmed_at is not None:
        raise Stale(
            _("%(who)s took this over already, at %(when)s. What you wrote is kept.")
            % {
                "who": in_script(notification.confirmed_by_name),
                "when": text.moment(notification.confirmed_at, written_language()),
            }
        )


def _open_case(
    notification: Notification, also: Sequence[NameDraft], *, by: Actor, at: datetime
) -> Case:
    package = notification.package
    person = person_met(package)
    names = [*person["names"], *also] if person["names"] else []
    return cases.case_open(
        by=by,
        at=at,
        organisation=notification.recipient,
        person={**person, "names": names},
        municipality=_municipality(notification),
        encounter_id=notification.encounter_id,
        lead=User.objects.filter(pk=by.user_id or 0).first(),
        needs=package["needs"],
        unrepresented_since=notification.notified_at,
        synthetic=notification.recipient.synthetic,
    )


def person_met(package: dict[str, Any]) -> PersonDraft:
    """Who the child is as said: an age becomes an estimated year of birth, said by the child."""
    met_on = datetime.fromisoformat(package["occurred_at"]).date()
    age = package["age_said"]
    given, family = name_met(package)
    script = script_typed(given, "Latn")
    return PersonDraft(
        birth_date=date(met_on.year - age, 1, 1) if age is not None else None,
        birth_precision="estimated" if age is not None else "unknown",
        birth_declared_by="child",
        sex=package["sex"],
        names=(
            [{"given": given, "family": family, "script": script, "is_main": True}] if given else []
        ),
        languages=[{"code": package["language"], "is_main": True}] if package["language"] else [],
    )


def name_met(package: dict[str, Any]) -> tuple[str, str]:
    """The first word of the name that was said, and the rest."""
    given, _space, family = str(package["name_said"]).strip().partition(" ")
    return given, family


def _municipality(notification: Notification) -> Any:
    with rls.engine_room():
        encounter = Encounter.objects.select_related("municipality").get(
            pk=notification.encounter_id
        )
    return encounter.municipality


def _hand_run_to(run: Run, case: Case) -> None:
    """What was recorded before there was a case now belongs to it."""
    run.case = case
    run.save(update_fields=["case"])
    for rows in (run.events, run.bindings, run.duties):
        rows.update(case=case)
    run.duties.filter(organisation_id=case.organisation_id, inside=False).update(inside=True)


def _bind_the_usual(run: Run, case: Case, *, at: datetime) -> None:
    """Institutions that everybody would name; another can be bound at any time."""
    here = Q(type__code__in=OF_THE_TOWN.values(), municipality=case.municipality)
    anywhere = Q(type__code__in=OF_THE_COUNTRY.values())
    candidates = Organisation.objects.filter(here | anywhere, suspended_at=None)
    known = dict(candidates.order_by("-id").values_list("type__code", "id"))
    usual = {
        party: known[code]
        for party, code in (OF_THE_TOWN | OF_THE_COUNTRY).items()
        if code in known and party in run.version.book.parties
    }
    projection.bind_all(run, usual, at=at)


@transaction.atomic
def packages_forget(*, at: datetime) -> int:
    """Take out of old packages what could say who was met; returns how many were changed."""
    with rls.engine_room():
        old = Notification.objects.filter(sent_at__lt=at - KEPT_WITHOUT_A_CASE)
        known = list(old.filter(forgotten_at=None).select_for_update()[:500])
        for notification in known:
            notification.package = notification.package | FORGOTTEN
            notification.forgotten_at = at
            notification.save(update_fields=["package", "forgotten_at"])
    return len(known)
