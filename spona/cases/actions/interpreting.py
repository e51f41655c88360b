"""The register of interpreters of an institution, and who interpreted for a child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import codes, permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Interpreter, Interpreting
from spona.people.models import Person

NO_NAME = _("Write the name of the interpreter.")
NO_LANGUAGE = _("Choose at least one language from the list.")
SIGNED_LATER = _("The statement cannot have been signed after today.")
NOT_IN_REGISTER = _("Choose an interpreter of your register who is still called.")
NOT_YET = _("This cannot have been later than now. Give the time when it was.")
NO_SUCH_CODE = _("Choose from the list.")
NO_PURPOSE = _("Write for what the interpreter was needed.")
CHILD_NOT_ASKED = _("Say whether the child accepts this interpreter.")
CONFLICT = _(
    "This person should not interpret for the child. Find another one, by telephone if need be; "
    "if there is truly nobody else, write why it could not wait."
)


@dataclass(frozen=True, slots=True)
class InterpreterDraft:
    """What is known of an interpreter. `languages` are ISO 639-3."""

    name: str
    languages: Sequence[str]
    reach: str
    dialect: str = ""
    sex: str = Person.Sex.UNKNOWN
    phone: str = ""
    confidentiality_signed_on: date | None = None
    active: bool = True


@transaction.atomic
def interpreter_add(*, draft: InterpreterDraft, by: Actor, at: datetime) -> Interpreter:
    """Put somebody into the register of the actor's institution."""
    interpreter = Interpreter(organisation_id=_home(by))
    _fill(interpreter, draft, at)
    interpreter.save(force_insert=True)
    audit.record("interpreter_add", interpreter, by=by, at=at)
    return interpreter


@transaction.atomic
def interpreter_change(
    *, interpreter: Interpreter, row_version: int, draft: InterpreterDraft, by: Actor, at: datetime
) -> Interpreter:
    """Change a row of the register; who is not called any more is no longer `active`.

    Raises `Stale` if somebody has changed it since `row_version` was shown.
    """
    rows = Interpreter.objects.filter(organisation_id=_home(by)).select_for_update()
    current = rows.filter(pk=interpreter.pk).first()
    if current is None:
        raise NotAllowed
    if current.row_version != row_version:
        raise Stale
    _fill(current, draft, at)
    current.row_version += 1
    current.save(force_update=True)
    audit.record("interpreter_change", current, by=by, at=at)
    return current


def _home(by: Actor) -> int:
    """The institution whose register it is."""
    if by.organisation_id is None or not permissions.can_keep_interpreters(by):
        raise NotAllowed
    return by.organisation_id


def _fill(interpreter: Interpreter, draft: InterpreterDraft, at: datetime) -> None:
    if not draft.name.strip():
        raise Refused(NO_NAME)
    if not draft.languages or any(code not in codes.languages() for code in draft.languages):
        raise Refused(NO_LANGUAGE)
    if draft.reach not in Interpreter.Reach.values or draft.sex not in Person.Sex.values:
        raise Refused(NO_SUCH_CODE)
    signed_on = draft.confidentiality_signed_on
    if signed_on and signed_on > timezone.localdate(at):
        raise Refused(SIGNED_LATER)
    interpreter.name = draft.name
    interpreter.languages = list(draft.languages)
    interpreter.reach = draft.reach
    interpreter.dialect = draft.dialect
    interpreter.sex = draft.sex
    interpreter.phone = draft.phone
    interpreter.confidentiality_signed_on = draft.confidentiality_signed_on
    interpreter.active = draft.active


# --- for a child


@dataclass(frozen=True, slots=True)
class InterpretingDraft:
    """Who interpreted, or that nobody did. `interpreter` is of the register, else `name` stands.

    `conflicts` are the questions of the check that were answered with yes.
    """

    language: str
    mode: str
    held_at: datetime
    purpose: str
    interpreter: Interpreter | None = None
    name: str = ""
    dialect: str = ""
    conflicts: Sequence[str] = field(default_factory=tuple)
    conflict_reason: str = ""
    child: str = ""


@transaction.atomic
def interpreting_record(
    *, case: Case, draft: InterpretingDraft, by: Actor, at: datetime
) -> Interpreting:
    """Write down who interpreted. Somebody with a conflict is refused unless it is said why it
    could not wait; a child that refuses is believed, and no reason is asked of it."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_write_around)
    _check_meeting(draft, at)
    nobody = draft.mode == Interpreting.Mode.NONE
    if not nobody:
        _check_interpreter(draft, by)
    name = draft.interpreter.name if draft.interpreter else draft.name
    done = Interpreting.objects.create(
        case=current,
        interpreter=None if nobody else draft.interpreter,
        interpreter_name="" if nobody else name,
        language=draft.language,
        dialect=draft.dialect,
        mode=draft.mode,
        held_at=draft.held_at,
        purpose=draft.purpose,
        conflicts=[] if nobody else list(draft.conflicts),
        conflict_reason="" if nobody else draft.conflict_reason,
        child="" if nobody else draft.child,
        recorded_at=at,
        recorded_by_id=by.user_id,
        recorded_by_name=by.name,
    )
    detail = {"mode": done.mode, "conflicts": done.conflicts, "child": done.child}
    audit.record("interpreting_record", done, by=by, at=at, case_id=current.pk, detail=detail)
    return done


def _check_meeting(draft: InterpretingDraft, at: datetime) -> None:
    if draft.held_at > at:
        raise Refused(NOT_YET)
    if draft.language not in codes.languages() or draft.mode not in Interpreting.Mode.values:
        raise Refused(NO_SUCH_CODE)
    if not draft.purpose.strip():
        raise Refused(NO_PURPOSE)


def _check_interpreter(draft: InterpretingDraft, by: Actor) -> None:
    mine = Interpreter.objects.visible_to(by).active()
    if draft.interpreter and not mine.filter(pk=draft.interpreter.pk).exists():
        raise Refused(NOT_IN_REGISTER)
    if draft.interpreter is None and not draft.name.strip():
        raise Refused(NO_NAME)
    if draft.child not in Interpreting.Child.values:
        raise Refused(CHILD_NOT_ASKED)
    if any(code not in Interpreting.Conflict.values for code in draft.conflicts):
        raise Refused(NO_SUCH_CODE)
    refused = draft.child == Interpreting.Child.REFUSED
    if draft.conflicts and not refused and not draft.conflict_reason.strip():
        raise Refused(CONFLICT)
