"""Who may do what, readable as one page. A person holds roles in one organisation at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.base.actor import Reach


class May(StrEnum):
    """What a role allows. Which case, is decided by access and not by role."""

    RECORD_ENCOUNTERS = "record_encounters"
    CLAIM_NOTIFICATIONS = "claim_notifications"
    WORK_ON_CASES = "work_on_cases"
    ACT_FOR_PARTY = "act_for_party"
    GRANT_ACCESS = "grant_access"
    SEE_WHOLE_ORGANISATION = "see_whole_organisation"
    RECEIVE_WHAT_GOES_UP = "receive_what_goes_up"
    SEE_RULES_AND_FIGURES = "see_rules_and_figures"
    RUN_DUTY_ROSTER = "run_duty_roster"
    INVITE_PEOPLE = "invite_people"
    WRITE_RULES = "write_rules"
    SIGN_RULES = "sign_rules"
    PUBLISH_RULES = "publish_rules"
    GIVE_OPINIONS = "give_opinions"


@dataclass(frozen=True, slots=True)
class Role:
    """`level` is the rung that breaches climb to: head of service, director, coordinator."""

    key: str
    name: str | Promise
    may: frozenset[May]
    level: str = ""


def _role(key: str, name: str | Promise, *may: May, level: str = "") -> Role:
    return Role(key, name, frozenset(may), level)


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        _role("outreach_worker", _("Outreach worker"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role(
            "duty_officer",
            _("Duty officer"),
            May.RECORD_ENCOUNTERS,
            May.CLAIM_NOTIFICATIONS,
            May.WORK_ON_CASES,
            May.ACT_FOR_PARTY,
            May.GRANT_ACCESS,
            May.SEE_WHOLE_ORGANISATION,
        ),
        _role(
            "case_manager",
            _("Case manager"),
            May.RECORD_ENCOUNTERS,
            May.CLAIM_NOTIFICATIONS,
            May.WORK_ON_CASES,
            May.ACT_FOR_PARTY,
            May.GRANT_ACCESS,
        ),
        _role(
            "head_of_service",
            _("Head of service"),
            May.RECORD_ENCOUNTERS,
            May.CLAIM_NOTIFICATIONS,
            May.WORK_ON_CASES,
            May.ACT_FOR_PARTY,
            May.GRANT_ACCESS,
            May.SEE_WHOLE_ORGANISATION,
            May.RECEIVE_WHAT_GOES_UP,
            May.SEE_RULES_AND_FIGURES,
            May.RUN_DUTY_ROSTER,
            May.INVITE_PEOPLE,
            May.GIVE_OPINIONS,
            level="head_of_service",
        ),
        _role(
            "director",
            _("Director"),
            May.SEE_WHOLE_ORGANISATION,
            May.RECEIVE_WHAT_GOES_UP,
            May.SEE_RULES_AND_FIGURES,
            May.RUN_DUTY_ROSTER,
            May.INVITE_PEOPLE,
            May.GIVE_OPINIONS,
            level="director",
        ),
        _role("guardian", _("Guardian"), May.WORK_ON_CASES, May.ACT_FOR_PARTY),
        _role("police_officer", _("Police officer"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role("facility_worker", _("Centre worker"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role("health_worker", _("Health worker"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role("school_worker", _("School worker"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role("youth_worker", _("Youth worker"), May.RECORD_ENCOUNTERS, May.ACT_FOR_PARTY),
        _role("asylum_officer", _("Asylum officer"), May.ACT_FOR_PARTY),
        _role(
            "coordinator",
            _("Coordinator"),
            May.RECEIVE_WHAT_GOES_UP,
            May.SEE_RULES_AND_FIGURES,
            May.PUBLISH_RULES,
            level="coordinator",
        ),
        _role("lawyer", _("Lawyer"), May.WRITE_RULES, May.SIGN_RULES),
        _role("one_time_recipient", _("Recipient without an account"), May.ACT_FOR_PARTY),
        _role("administrator", _("Administrator"), May.INVITE_PEOPLE, May.RUN_DUTY_ROSTER),
    )
}


# Roles that only make sense in one type of institution; the others are found everywhere.
ONLY_IN: dict[str, frozenset[str]] = {
    "police_officer": frozenset({"MUP"}),
    "asylum_officer": frozenset({"KZA"}),
    "health_worker": frozenset({"DZ"}),
    "school_worker": frozenset({"SKOLA", "SU"}),
    "one_time_recipient": frozenset(),  # of a page with a code, never of a person who signs in
    "youth_worker": frozenset({"KZM"}),
}


def offered(type_code: str) -> list[Role]:
    """The roles that a person may hold in an institution of this type."""
    return [role for key, role in ROLES.items() if type_code in ONLY_IN.get(key, {type_code})]


def names(keys: Iterable[str]) -> list[str]:
    """The names of roles in the language of the page; one that no longer exists shows its key."""
    return [str(ROLES[key].name) if key in ROLES else key for key in keys]


def allows(roles: frozenset[str], what: May) -> bool:
    """True if any of the roles allows it; a role that no longer exists allows nothing."""
    return any(what in ROLES[key].may for key in roles if key in ROLES)


def reach(roles: frozenset[str]) -> Reach:
    """How far a person sees within the organisation."""
    return "organisation" if allows(roles, May.SEE_WHOLE_ORGANISATION) else "own"
