"""Assessments: answers to the questions of a form, and their corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.codes import assessments
from spona.cases.codes.assessments import Question
from spona.cases.models import Assessment, AssessmentVersion, Case, Interpreting

LONGEST = 600  # an answer is short: what is longer belongs nowhere, or into a note
NO_SUCH_FORM = _("There is no such assessment.")
NO_SUCH_QUESTION = _("This assessment does not ask that.")
NOTHING_SAID = _("Answer at least one question.")
NOT_YET = _("An assessment cannot have been made after now.")
WHO_INTERPRETED = _("Choose who interpreted, or say that no interpreter was there.")
NOBODY_INTERPRETED = _("Nobody interpreted then. Choose another meeting, or say so.")


@transaction.atomic
def assessment_record(
    *,
    case: Case,
    kind: str,
    made_at: datetime,
    answers: Mapping[str, Any],
    interpretation: str,
    by: Actor,
    at: datetime,
    interpreting: Interpreting | None = None,
    registry_number: str = "",
) -> Assessment:
    """Keep an assessment. `answers` are by key of the question: a truth value, a code or a text.

    Answers to questions of a layer are kept apart. Raises `Refused` for an unknown form, question
    or code, and where it is not said who interpreted.
    """
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_run)
    if made_at > at:
        raise Refused(NOT_YET)
    open_, restricted = _sorted_out(kind, answers)
    assessment = Assessment.objects.create(
        case=current,
        kind=kind,
        made_at=made_at,
        answers=open_,
        restricted=restricted,
        interpretation=interpretation,
        interpreting=_interpreted(current, interpretation, interpreting),
        registry_number=registry_number,
        recorded_at=at,
        author_id=by.user_id,
        author_name=by.name,
        author_organisation=by.organisation_name,
    )
    detail = {"kind": kind}
    audit.record("assessment_record", assessment, by=by, at=at, case_id=current.pk, detail=detail)
    return assessment


def _sorted_out(kind: str, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What everybody of the case may read, and the rest."""
    form = assessments.forms().get(kind)
    if form is None:
        raise Refused(NO_SUCH_FORM)
    asked = {question.key: question for question in form.questions()}
    given = {key: answer for key, answer in answers.items() if answer not in (None, "")}
    if not given:
        raise Refused(NOTHING_SAID)
    if any(key not in asked or not _fits(asked[key], answer) for key, answer in given.items()):
        raise Refused(NO_SUCH_QUESTION)
    restricted = {key: answer for key, answer in given.items() if asked[key].sensitive}
    return {key: given[key] for key in given if key not in restricted}, restricted


def _fits(question: Question, answer: Any) -> bool:
    if question.type == "boolean":
        return isinstance(answer, bool)
    if question.type == "code":
        return answer in question.choices
    return isinstance(answer, str) and len(answer) <= LONGEST


def _interpreted(case: Case, how: str, interpreting: Interpreting | None) -> Interpreting | None:
    if how not in Assessment.Interpretation.values:
        raise Refused(WHO_INTERPRETED)
    if how != Assessment.Interpretation.INTERPRETED:
        return None
    if interpreting is None or interpreting.case_id != case.pk:
        raise Refused(WHO_INTERPRETED)
    if not interpreting.took_place:
        raise Refused(NOBODY_INTERPRETED)
    return interpreting


@transaction.atomic
def assessment_correct(
    *,
    assessment: Assessment,
    row_version: int,
    answers: Mapping[str, Any],
    by: Actor,
    at: datetime,
    registry_number: str = "",
) -> Assessment:
    """Put other answers in place of the earlier ones, which are kept.

    Raises `Stale` if somebody has corrected it since `row_version` was shown.
    """
    gate.locked_open(assessment.case_id, by=by, at=at, may=permissions.can_run)
    current = Assessment.objects.visible_to(by, at).filter(pk=assessment.pk).first()
    if current is None:
        raise NotAllowed
    if current.row_version != row_version:
        raise Stale
    open_, restricted = _sorted_out(current.kind, answers)
    _keep(current, by=by, at=at)
    current.answers, current.restricted = open_, restricted
    current.registry_number = registry_number
    current.corrected_at = at
    current.row_version += 1
    current.save(force_update=True)
    audit.record("assessment_correct", current, by=by, at=at, case_id=current.case_id)
    return current


def _keep(assessment: Assessment, *, by: Actor, at: datetime) -> None:
    AssessmentVersion.objects.create(
        case_id=assessment.case_id,
        assessment=assessment,
        number=assessment.row_version,
        answers=assessment.answers,
        restricted=assessment.restricted,
        replaced_at=at,
        replaced_by_id=by.user_id,
        replaced_by_name=by.name,
    )
