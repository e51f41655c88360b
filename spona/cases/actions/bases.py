"""Lines of the ledger: recorded, reviewed by the guardian, withdrawn (*opoziv*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.codes import sharing as codes
from spona.cases.models import Case, Document, LegalBasis
from spona.cases.rules.sharing import ConsentFault, consent_fault

NO_SUCH_CODE = _("Choose from the list.")
NOTHING_NAMED = _("Choose which data it is about.")
NO_END = _("A consent names one institution and ends on a day.")
ENDED = _("This has been withdrawn already.")
ONLY_CONSENT = _(
    "Only a consent can be withdrawn. What rests on a duty or on vital interest goes on; the person"
    " is told why."
)
NO_REASON = _("Say in a few words what makes it necessary.")
NOT_EXPLAINED = _("First explain what is shared, with whom, and what a withdrawal cannot undo.")
FAULTS: dict[ConsentFault, str | Promise] = {
    ConsentFault.REPRESENTATIVE_NEEDED: _(
        "For a child the guardian consents; the child is heard. Alone a child of 15 or more"
        " consents only to health care."
    ),
    ConsentFault.NO_REPRESENTATIVE: _(
        "No guardian is appointed, so nobody can consent for the child. Record vital interest or a"
        " legal duty; the guardian will look at it within three days."
    ),
    ConsentFault.PATIENT_DECIDES: _(
        "At 15 a patient who understands decides alone. The guardian can consent only where the"
        " patient has refused."
    ),
    ConsentFault.OWN_WORD_NEEDED: _("Here the person's own word is needed."),
}


@dataclass(frozen=True, slots=True)
class BasisDraft:
    """A line as it is typed. `categories` and `purpose` are codes of `codes/sharing.yaml`; `law`
    is a law or rule with how far it was verified; `patient_refused` for health care only."""

    kind: str
    purpose: str
    categories: Sequence[str]
    recipient: Organisation | None = None
    decision: str = LegalBasis.Decision.GIVEN
    consent_kind: str = ""
    expires_at: datetime | None = None
    given_by: str = ""
    given_by_name: str = ""
    language: str = ""
    interpreter_name: str = ""
    mode: str = ""
    present: Sequence[str] = field(default_factory=tuple)
    explained: bool = False
    child_view: str = LegalBasis.View.NOT_ASKED
    child_told: bool = False
    law: str = ""
    law_verified: str = ""
    note: str = ""
    document: Document | None = None
    patient_refused: bool = False


@transaction.atomic
def basis_record(*, case: Case, draft: BasisDraft, by: Actor, at: datetime) -> LegalBasis:
    """Write a consent, a refusal, a duty or vital interest into the ledger.

    Raises `Refused` where this person cannot give this consent, or something is missing.
    """
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_work_in)
    _check(current, draft, at)
    guardianship = current.guardianships.filter(until_at=None).order_by("-from_at").first()
    basis = LegalBasis.objects.create(
        case=current,
        kind=draft.kind,
        consent_kind=draft.consent_kind,
        decision=draft.decision,
        purpose=draft.purpose,
        recipient=draft.recipient,
        categories=list(draft.categories),
        from_at=at,
        expires_at=draft.expires_at,
        given_by=draft.given_by,
        guardianship=guardianship if draft.given_by == "guardian" else None,
        given_by_name=draft.given_by_name,
        language=draft.language,
        interpreter_name=draft.interpreter_name,
        mode=draft.mode,
        present=list(draft.present),
        explained=draft.explained,
        child_view=draft.child_view,
        child_told=draft.child_told,
        law=draft.law,
        law_verified=draft.law_verified,
        note=draft.note,
        document=draft.document,
        recorded_by_id=by.user_id,
        recorded_by_name=by.name,
        recorded_at=at,
    )
    detail = {"kind": draft.kind, "decision": draft.decision, "purpose": draft.purpose}
    audit.record("basis_record", basis, by=by, at=at, case_id=current.pk, detail=detail)
    return basis


def _check(case: Case, draft: BasisDraft, at: datetime) -> None:
    if draft.kind not in LegalBasis.Kind.values or draft.purpose not in codes.purposes():
        raise Refused(NO_SUCH_CODE)
    if not draft.categories:
        raise Refused(NOTHING_NAMED)
    if not set(draft.categories) <= set(codes.categories()):
        raise Refused(NO_SUCH_CODE)
    if draft.kind == LegalBasis.Kind.CONSENT:
        _check_consent(case, draft, at)
    elif not draft.note.strip() and not draft.law:
        raise Refused(NO_REASON)


def _check_consent(case: Case, draft: BasisDraft, at: datetime) -> None:
    """A refusal costs nothing: it needs neither an end nor an explanation."""
    if draft.consent_kind not in LegalBasis.ConsentKind.values:
        raise Refused(NO_SUCH_CODE)
    if draft.decision != LegalBasis.Decision.GIVEN:
        return
    if draft.recipient is None or draft.expires_at is None or draft.expires_at <= at:
        raise Refused(NO_END)
    if not draft.explained:
        raise Refused(NOT_EXPLAINED)
    fault = consent_fault(
        draft.consent_kind,
        age=case.person.age_on(timezone.localdate(at)),
        given_by=draft.given_by,
        has_guardian=case.guardianships.filter(until_at=None).exists(),
        patient_refused=draft.patient_refused,
        child_agrees=draft.child_view == LegalBasis.View.AGREES,
    )
    if fault is not None:
        raise Refused(FAULTS[fault])


@transaction.atomic
def basis_review(*, basis: LegalBasis, by: Actor, at: datetime) -> LegalBasis:
    """The guardian has looked at what was shared before there was a guardian."""
    current = _mine(basis, by, at)
    current.reviewed_at, current.reviewed_by_name = at, by.name
    current.save(update_fields=["reviewed_at", "reviewed_by_name"])
    audit.record("basis_review", current, by=by, at=at, case_id=current.case_id)
    return current


@transaction.atomic
def basis_withdraw(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> LegalBasis:
    """Withdraw a consent from now on. What rests on it is ended by the storey above
    (`coordination.actions.consent_withdraw`); from this moment `decide` justifies nothing by it."""
    current = _mine(basis, by, at)
    if not current.is_consent:
        raise Refused(ONLY_CONSENT)
    if current.withdrawn_at is not None:
        raise Refused(ENDED)
    current.withdrawn_at, current.withdrawn_by_name, current.withdrawn_why = at, by.name, why
    current.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
    audit.record("basis_withdraw", current, by=by, at=at, case_id=current.case_id)
    return current


def _mine(basis: LegalBasis, by: Actor, at: datetime) -> LegalBasis:
    gate.locked(basis.case_id, by=by, at=at, may=permissions.can_work_in)
    rows = LegalBasis.objects.visible_to(by, at).select_for_update(of=("self",))
    found = rows.filter(pk=basis.pk).first()
    if found is None:
        raise NotAllowed
    return found
