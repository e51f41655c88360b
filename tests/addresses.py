"""Every address that Spona has, with the objects of the world of the tests in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from spona.base import rls
from spona.coordination.models import Notice, RunEvent
from spona.coordination.tests.story import run_of
from spona.protocols.models import Opinion, Version
from tests.world import TOKEN, World

ABSENT = 2_000_000_000
NO_NUMBER = "ZZZZZZZZ"


class Address(NamedTuple):
    """A name of a URL and which object stands in it. `absent` are arguments that name nothing."""

    name: str
    object: str = ""
    args: tuple[Any, ...] = ()
    absent: tuple[Any, ...] = ()

    @property
    def path(self) -> str:
        return reverse(self.name, args=self.args)

    @property
    def absent_path(self) -> str:
        return reverse(self.name, args=self.absent)


def names() -> list[str]:
    """All names in the resolver. A pattern without a name would escape the matrix."""
    return sorted(_names(get_resolver()))


def _names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            assert one.name, f"{one} has no name"
            yield ":".join((*spaces, one.name))
        else:
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _names(one, inner)


# Pages without a child in them: who one is, how one signs in, what the rules say.
HOUSE = ("account", "mfa_", "usersessions", "set_language", "protocols:", "directory:", "demo:")


def of_the_house(name: str) -> bool:
    return name.startswith(HOUSE)


def addresses(world: World) -> list[Address]:
    """One or more of each name; names without arguments need not be spelt out."""
    spelt = list(_spelt(world))
    known = {one.name for one in spelt}
    return [*spelt, *(Address(name) for name in names() if name not in known)]


OF_THE_BOY = (
    "cases:conference_new",
    "cases:document_add",
    "cases:need_add",
    "cases:note_add",
    "cases:basis_add",
    "coordination:access_add",
    "coordination:case_access",
    "coordination:case_detail",
    "coordination:case_doubles",
    "coordination:case_file",
    "coordination:case_log",
    "coordination:case_needs",
    "coordination:case_person",
    "coordination:case_referrals",
    "coordination:case_river",
    "coordination:case_sharing",
    "coordination:child_paper",
    "coordination:document_number_add",
    "coordination:handover_new",
    "coordination:name_add",
    "coordination:name_reveal",
    "coordination:person_correct",
    "coordination:referral_need",
)
CASE_WORK_OF_THE_BOY = (
    "cases:case_link_add",
    "cases:case_party_add",
    "cases:closure_propose",
    "cases:detention_add",
    "cases:hearing_add",
    "cases:interpreting_add",
    "cases:plan_new",
    "coordination:case_closure",
    "coordination:case_group",
    "coordination:case_people",
    "coordination:case_plan",
)
MET = {
    "encounter_detail": "boy",
    "encounter_state": "boy",
    "intention_add": "boy",
    "call_add": "girl",
}
DUTIES = {
    "police": "intention_registered",
    "health": "gbv_health_care",
    "guardian": "first_interview",
    "centre": "placement_foster",
    "obstacle": "accommodation_conclusion",
}
EVENTS = {
    "finder": "child_met",
    "centre": "bed_tonight",
    "guardian": "interview_without_interpreter",
    "health": "first_medical_exam",
    "trafficking": "thb_reported",
}
ACTS = {
    "police": "intention_registered",
    "health": "gbv_health_care",
    "guardian": "first_interview",
    "centre": "placement_foster",
    "anyone": "absence_noticed",
    "trafficking": "thb_reported",
}


def _spelt(world: World) -> Iterator[Address]:
    for name in OF_THE_BOY:
        yield _numbered(name, "boy", world.boy.pk)
    yield _numbered("coordination:conference_hold", "boy", world.conference.pk)
    yield _numbered("cases:document_detail", "boy", world.document.pk)
    yield _numbered("cases:need_resolve", "boy", world.need.pk)
    yield _numbered("cases:note_correct", "boy", world.note.pk)
    yield from _case_work(world)
    yield from _met(world)
    yield from _duties_and_events(world)
    yield from _runs(world)
    yield from _institutions(world)
    yield from _referrals(world)
    yield from _handover(world)
    yield from _access(world)
    yield from _queries(world)
    yield from _books()
    yield from _drafts(world)
    yield Address("coordination:migration_list")
    yield _numbered("coordination:migration_plan", "", Version.objects.latest("pk").pk)
    yield _numbered("coordination:migration_take_back", "", world.migration.pk)
    yield from _doubles(world)


def _doubles(world: World) -> Iterator[Address]:
    yield _numbered("coordination:double_find", "boy", world.boy.pk)
    both = (world.boy.pk, world.sister.pk)
    yield Address("coordination:double_decide", "boy", both, (ABSENT, world.sister.pk))
    for name in ("merge_detail", "merge_confirm", "merge_refuse", "merge_split"):
        yield _numbered(f"coordination:{name}", "merged", world.merge.pk)
        yield _numbered(f"coordination:{name}", "proposed", world.proposal.pk)


def _numbered(name: str, object_: str, pk: int) -> Address:
    return Address(name, object_, (pk,), (ABSENT,))


def _case_work(world: World) -> Iterator[Address]:
    for name in CASE_WORK_OF_THE_BOY:
        yield _numbered(name, "boy", world.boy.pk)
    kind = "initial"
    yield Address("cases:assessment_add", "boy", (world.boy.pk, kind), (ABSENT, kind))
    yield _numbered("cases:assessment_correct", "boy", world.assessment.pk)
    yield _numbered("coordination:assessment_print", "boy", world.assessment.pk)
    yield _numbered("coordination:plan_print", "boy", world.plan.pk)
    for name in ("plan_change", "plan_review", "goal_add"):
        yield _numbered(f"cases:{name}", "boy", world.plan.pk)
    for name in ("goal_reach", "goal_drop"):
        yield _numbered(f"cases:{name}", "boy", world.goal.pk)
    yield _numbered("cases:closure_return", "boy", world.closure.pk)
    yield _numbered("coordination:closure_confirm", "boy", world.closure.pk)
    yield _numbered("cases:case_party_end", "boy", world.party.pk)
    yield _numbered("cases:case_link_end", "boy", world.link.pk)
    yield _numbered("cases:interpreter_change", "owner", world.interpreter.pk)
    told = (world.hearing.pk, "lawyer")
    yield Address("cases:hearing_told", "boy", told, (ABSENT, "lawyer"))


def _met(world: World) -> Iterator[Address]:
    met = {"boy": world.boy.encounter_id, "girl": world.waiting.encounter_id}
    for name, who in MET.items():
        yield _numbered(f"coordination:{name}", who, met[who] or 0)
    yield _numbered("coordination:encounter_detail", "light", world.light.pk)
    yield _numbered("coordination:encounter_to_child", "light", world.light.pk)
    for name in ("notification_detail", "notification_claim"):
        yield _numbered(f"coordination:{name}", "boy", world.notification.pk)
        yield _numbered(f"coordination:{name}", "girl", world.waiting.pk)


def _duties_and_events(world: World) -> Iterator[Address]:
    for whose, act in DUTIES.items():
        yield _duty("duty_detail", whose, world.duty(act).number)
        yield _duty("duty_open", whose, world.duty(act).number)
    yield _duty("obstacle_add", "police", world.duty(DUTIES["police"]).number)
    yield _duty("obstacle_add", "centre", world.duty(DUTIES["centre"]).number)
    yield _duty("obstacle_overcome", "obstacle", world.duty(DUTIES["obstacle"]).number)
    for whose, act in EVENTS.items():
        yield _numbered("coordination:event_detail", whose, event(world, act).pk)
    for whose in ("centre", "trafficking"):
        number = event(world, EVENTS[whose]).pk
        yield _numbered("coordination:event_print", whose, number)
        yield _numbered("coordination:event_revoke", whose, number)


def _duty(name: str, whose: str, number: str) -> Address:
    return Address(f"coordination:{name}", whose, (number,), (NO_NUMBER,))


def event(world: World, act: str) -> RunEvent:
    with rls.engine_room():
        return RunEvent.objects.filter(case=world.boy, act=act).latest("seq")


def _runs(world: World) -> Iterator[Address]:
    run = run_of(world.boy).pk
    for whose, act in ACTS.items():
        yield Address("coordination:act_new", whose, (run, act), (ABSENT, act))
    yield _numbered("coordination:fact_new", "boy", run)
    yield _numbered("coordination:party_list", "boy", run)
    yield Address("coordination:party_bind", "police", (run, "police"), (ABSENT, "police"))


def _institutions(world: World) -> Iterator[Address]:
    manager = world.people["case_manager"].pk
    yield _numbered("accounts:membership_roles", "case_manager", manager)
    yield _numbered("accounts:membership_end", "case_manager", manager)
    yield _numbered("accounts:invitation_withdraw", "centre", world.invitation.pk)
    yield _numbered("accounts:shift_substitute", "owner", world.shift.pk)
    yield _numbered("accounts:shift_cancel", "owner", world.shift.pk)
    yield _numbered("accounts:session_end", "owner", world.session_of("owner"))
    for name in ("accounts:invitation_accept", "accounts:invitation_join"):
        yield Address(name, "centre", (TOKEN,), ("nijedan",))
    yield Address("home:calendar_feed", "owner", (TOKEN,), ("nijedan",))
    yield _numbered("coordination:substitution_end", "second_officer", world.substitution.pk)
    yield Address("account_reset_password_from_key", "", ("1", "a-b"), ("1", "a-c"))
    yield _numbered("home:owed_list", "police", world.town.station.pk)
    for who in ("police", "coordinator", "head"):
        yield _numbered("home:notice_read", who, notice(world, who).pk)
    yield Address("demo:sign_in", "", ("x", "y"), ("x", "z"))
    yield from _services(world)


OF_A_REFERRAL = (
    "referral_detail", "referral_answer", "message_add", "field_open", "doorway_new",
)  # fmt: skip
OF_A_HANDOVER = ("handover_detail", "handover_print", "handover_item_add")


def _referrals(world: World) -> Iterator[Address]:
    between = world.between
    for name in OF_A_REFERRAL:
        yield _lettered(name, "accepted", between.referral.number)
        yield _lettered(name, "unanswered", between.unanswered.number)
    yield _numbered("coordination:disclosure_end", "accepted", between.disclosure.pk)
    for name in ("referral_service", "referral_share"):
        need = between.need.pk
        args = (world.boy.pk, need)
        yield Address(f"coordination:{name}", "boy", args, (ABSENT, need))
    yield Address("coordination:door", "unanswered", (between.token,), ("nijedan",))


def _handover(world: World) -> Iterator[Address]:
    between = world.between
    for name in OF_A_HANDOVER:
        yield _lettered(name, "moved", between.handover.number)
    yield _numbered("coordination:handover_item_tick", "moved", between.item.pk)
    yield _numbered("coordination:handover_new", "moved", between.moved.pk)
    yield _numbered("coordination:case_detail", "moved", between.moved.pk)


def _lettered(name: str, object_: str, number: str) -> Address:
    return Address(f"coordination:{name}", object_, (number,), (NO_NUMBER,))


def _access(world: World) -> Iterator[Address]:
    for whose, basis in (("consent", world.between.basis), ("vital interest", world.between.vital)):
        yield _numbered("coordination:basis_detail", whose, basis.pk)
        yield _numbered("coordination:basis_withdraw", whose, basis.pk)
        yield _numbered("cases:basis_review", whose, basis.pk)
    yield _numbered("coordination:emergency_end", "over", world.between.emergency.pk)
    access = (world.boy.pk, world.access.pk)
    yield Address("coordination:access_end", "over", access, (ABSENT, world.access.pk))


def _queries(world: World) -> Iterator[Address]:
    yield _numbered("coordination:query_case", "boy", world.boy.pk)
    yield _numbered("coordination:query_encounter", "boy", world.boy.encounter_id or 0)
    yield _lettered("query_detail", "finder", world.query.number)
    for name in ("match_detail", "match_decide"):
        yield _lettered(name, "boy", world.match.number)


OF_A_SERVICE = ("service_detail", "service_change", "service_end", "capacity_say")


def _services(world: World) -> Iterator[Address]:
    for name in OF_A_SERVICE:
        yield _numbered(f"directory:{name}", "centre", world.service.pk)
        yield _numbered(f"directory:{name}", "safe house", world.safe_house.pk)


def notice(world: World, who: str) -> Notice:
    member = world.people[who]
    with rls.engine_room():
        found = Notice.objects.filter(organisation=member.organisation)
        return found.filter(level=who if who == "coordinator" else LEVELS.get(who, "")).latest("pk")


LEVELS = {"head": "head_of_service"}


def _books() -> Iterator[Address]:
    version = Version.objects.latest("pk")
    book, rule = (version.protocol, version.version), version.book.rules[0].id
    yield Address("protocols:version_detail", "", book, (version.protocol, "0"))
    yield Address("protocols:rule_detail", "", (*book, rule), (*book, "NEMA-1"))
    copy = (*book, "html")
    yield Address("protocols:version_print", "", copy, (*book, "doc"))
    compared = (version.protocol, version.version, version.version)
    yield Address("protocols:version_compare", "", compared, (*book, "0"))


OF_A_DRAFT = (
    "draft_detail", "draft_text", "draft_undo", "draft_abandon", "draft_compare", "draft_try",
    "draft_consult", "draft_sign", "draft_reopen", "draft_publish", "rule_new", "reviewer_ask",
    "opinion_give",
)  # fmt: skip


def _drafts(world: World) -> Iterator[Address]:
    pk = world.office.draft.pk
    for name in OF_A_DRAFT:
        yield _numbered(f"protocols:{name}", "", pk)
    for name in ("rule_edit", "rule_remove"):
        yield Address(f"protocols:{name}", "", (pk, 0), (ABSENT, 0))
    yield Address("protocols:part_new", "", (pk, "acts"), (ABSENT, "acts"))
    for name in ("part_edit", "part_remove"):
        part = ("acts", "asked")
        yield Address(f"protocols:{name}", "", (pk, *part), (ABSENT, *part))
    opinion = Opinion.objects.latest("pk")
    yield _numbered("protocols:opinion_answer", "", opinion.pk)
