"""The invented children live their stories so far, act by act, as those who work with them would
have recorded them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from demo import casework
from demo.people import load_children, load_staff
from demo.persons import Act, BirthPrecision, Child, DeclaredBy, Sex, Work
from demo.story import SEEN_ALL, Story
from spona.accounts.models import Membership, Municipality, Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess, Encounter
from spona.conduct.book import Field
from spona.coordination import actions
from spona.coordination.actions.notifications import Claim
from spona.coordination.models import Duty, Run
from spona.directory.models import Centre
from spona.people import actions as people

SEX = {Sex.FEMALE: "f", Sex.MALE: "m", Sex.UNKNOWN: "unknown"}
DECLARED = {DeclaredBy.WORKER: "observation", DeclaredBy.NOBODY: "other"}
TYPED_AFTER = timedelta(minutes=4)


def play(now: datetime) -> int:
    """Play every story that has not been played; returns how many."""
    now = now.replace(second=0, microsecond=0)
    staff = _staff()
    children = sorted(load_children().values(), key=lambda child: -child.met.hours)
    told: dict[str, Case] = {}
    stories = [story for child in children if (story := _begun(child, now, staff, told))]
    for story in stories:
        steps: list[Act | Work] = [*story.child.acts, *story.child.work]
        for step in sorted(steps, key=lambda step: -step.hours):
            if isinstance(step, Act):
                _play_act(story, step)
            else:
                casework.do(story, step)
        for obstacle in story.child.obstacles:
            _obstacle(story, obstacle.act, obstacle.code, story.moment(obstacle.hours), obstacle.by)
    return len(stories)


def _staff() -> dict[str, Actor]:
    members = Membership.objects.active().select_related("user", "organisation")
    by_email = {member.user.email: member.actor() for member in members}
    return {key: by_email[person.email] for key, person in load_staff().items()}


def _begun(
    child: Child, now: datetime, staff: Mapping[str, Actor], told: dict[str, Case]
) -> Story | None:
    """The encounter; none where this child has been met before."""
    story = Story(child, now, staff, told)
    by, met = staff[child.met.by], story.moment(child.met.hours)
    token = uuid5(NAMESPACE_URL, f"spona-demo/{child.key}")
    with rls.acting(by, met):
        if Encounter.objects.filter(client_token=token).exists():
            return None
        light = not child.acts
        name = child.names[0] if child.names else None
        story.encounter = cases.encounter_record(
            by=by,
            at=met + TYPED_AFTER,
            kind="light" if light else "child",
            occurred_at=met,
            seen_where=child.met.place,
            municipality=Municipality.objects.get(key=child.met.municipality),
            age_said=child.age.years,
            sex=SEX[child.sex],
            language=child.languages[0] if child.languages else "",
            needs=list(child.needs),
            alone=None if light else not child.facts.get("relative_present", False),
            safety_information_given=True,
            name_said=f"{name.given} {name.family}" if name else "",
            client_token=token,
        )
    return story


def _play_act(story: Story, act: Act) -> None:
    by, occurred = story.staff[act.by], story.moment(act.hours)
    at = max(occurred, story.moment(act.recorded_hours)) + TYPED_AFTER
    with rls.acting(by, at):
        if act.act == "child_met":
            assert story.encounter is not None  # noqa: S101 - `_begun` made it
            story.notification = actions.encounter_begin(encounter=story.encounter, by=by, at=at)
        elif act.act == "csr_notified":
            _call(story, by, occurred, at)
        elif act.act == "csr_confirmed":
            _claim(story, by, occurred, at)
        else:
            _record(story, act, by, occurred, at)


def _call(story: Story, by: Actor, occurred: datetime, at: datetime) -> None:
    actions.call_record(
        notification=story.begun,
        called_at=occurred,
        answered=True,
        spoke_with="dežurna, Demo",
        by=by,
        at=at,
    )


def _claim(story: Story, by: Actor, occurred: datetime, at: datetime) -> None:
    claim = Claim(occurred_at=occurred)
    case = actions.notification_claim(notification=story.begun, claim=claim, by=by, at=at)
    story.told[story.child.key] = case
    case.synthetic = True
    case.save(update_fields=["synthetic"])
    _person(story, case, by, at)
    for member in Membership.objects.active().with_role("case_manager"):
        if member.organisation_id == case.organisation_id and member.user_id != by.user_id:
            cases.access_grant(
                case=case,
                organisation=member.organisation,
                user=member.user,
                basis=CaseAccess.Basis.OWNER,
                by=by,
                at=at,
            )


def _person(story: Story, case: Case, by: Actor, at: datetime) -> None:
    """The name in the child's own script, the date of birth where it is known better."""
    child, person = story.child, case.person
    for name in child.names[1:]:
        draft = people.NameDraft(given=name.given, family=name.family, script=name.script)
        people.name_add(person=person, by=by, at=at, name=draft, case_id=case.pk)
    for code in child.languages[1:]:
        people.language_set(person=person, by=by, at=at, language={"code": code}, case_id=case.pk)
    born = child.age.born(story.now.date())
    if born and child.age.precision is not BirthPrecision.ESTIMATED:
        people.person_correct(
            person=person,
            by=by,
            at=at,
            row_version=person.row_version,
            case_id=case.pk,
            birth_date=born,
            birth_precision=child.age.precision.value,
            birth_declared_by=DECLARED.get(child.age.declared_by, child.age.declared_by.value),
        )


def _record(story: Story, act: Act, by: Actor, occurred: datetime, at: datetime) -> None:
    run = story.run
    heard = f"{Organisation.objects.get(key=act.done_by)}, telefonom" if act.done_by else ""
    draft = actions.ActDraft(
        act=act.act,
        occurred_at=occurred,
        seen=SEEN_ALL,
        form=_form(story, run, act),
        present=run.version.book.acts[act.act].with_,
        source_of_knowledge=heard,
    )
    actions.act_record(run_id=run.pk, draft=draft, by=by, at=at)


def _form(story: Story, run: Run, act: Act) -> dict[str, Any]:
    """Answers to what the act asks: the place, the guardian, a moment; nothing else is made up."""
    answers: dict[str, Any] = {}
    for field in run.version.book.acts[act.act].form:
        answer = _answer(story, act, field)
        if answer is not None:
            answers[field.key] = answer
    return answers


def _answer(story: Story, act: Act, field: Field) -> Any:
    if field.type == "place" and act.where:
        centre = Centre.objects.select_related("organisation").get(organisation__key=act.where)
        return {"centre": centre.pk, "name": centre.organisation.name_sr}
    if field.key == "place" and act.where:
        return Organisation.objects.get(key=act.where).name_sr
    if field.type == "person" and story.child.guardian:
        guardian = story.staff[story.child.guardian]
        return {"user": guardian.user_id, "name": guardian.name, "phone": "000-000-120"}
    if field.type == "datetime" and field.required:
        return story.moment(act.hours + 1).isoformat()
    return None


def _obstacle(story: Story, act: str, code: str, at: datetime, by: str) -> None:
    actor = story.staff[by]
    with rls.acting(actor, at):
        duty = Duty.objects.owed().filter(run_id=story.run.pk, acts__contains=[act]).first()
        if duty is not None:
            actions.obstacle_record(duty=duty, code=code, note="", by=actor, at=at)
