"""Lines of the ledger: recorded, reviewed by the guardian, withdrawn (*opoziv*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
from spona.cases.models import Case, Document, Guardianship, LegalBasis
from spona.cases.rules.sharing import (
    NOT_UNDERSTANDING,
    RESTRICTED,
    ConsentFault,
    consent_fault,
    shares,
)

LONGEST = timedelta(days=366)  # agreed, not read in a law: then it is asked again
NO_SUCH_CODE = _("Choose from the list.")
NOT_SAID_HOW = _("Write in the note who found that the person does not decide alone, and when.")
NOTHING_NAMED = _("Choose which data it is about.")
NO_RECIPIENT = _("A consent names one institution. Choose which.")
NO_END = _("Choose the day on which it ends.")
TOO_LONG = _("Choose a day within a year. Then it is asked for again.")
NO_NAME = _("Write the name of the parent.")
ENDED = _("This is no longer in force.")
A_REFUSAL = _("This is a refusal. If the person agrees now, record the consent.")
NOT_A_CONSENT = _("Nobody has consented here. A duty or vital interest is ended, not withdrawn.")
A_CONSENT = _("This is a consent: it is withdrawn by whoever gave it.")
NO_REASON = _("Say in a few words what makes it necessary.")
NOT_EXPLAINED = _("First explain what is shared, with whom, and what a withdrawal cannot undo.")
ANOTHER_PURPOSE = _("This kind of consent does not go with this purpose. Choose another purpose.")
NO_GUARDIAN = _("No guardian is appointed yet. The guardian looks at it when there is one.")
GUARDIAN_LOOKS = _("The guardian looks at it, signed in as the guardian.")
REVIEWED = _("The guardian has already looked at this.")
NO_REVIEW = _("The guardian gives or withdraws a consent; there is nothing to look at here.")
FAULTS: dict[ConsentFault, str | Promise] = {
    ConsentFault.REPRESENTATIVE_NEEDED: _(
        "For a child the guardian consents; the child is heard. Alone a child of 15 or more"
        " consents only to health care."
    ),
    ConsentFault.NO_REPRESENTATIVE: _(
        "No guardian is appointed, so nobody can consent for the child. Record vital interest or a"
        " legal duty; the guardian will look at it within three days."
    ),
    ConsentFault.PARENT_NOT_PROVEN: _(
        "A parent consents only where the child has no guardian and a document in the file shows"
        " who represents the child. Add the document and choose it here."
    ),
    ConsentFault.PATIENT_DECIDES: _(
        "At 15 a patient who understands decides alone. The guardian can consent only where the"
        " patient has refused."
    ),
    ConsentFault.OWN_WORD_NEEDED: _("Here the person's own word is needed."),
    ConsentFault.COURT_NEEDED: _(
        "For an adult somebody else consents only where a court has restricted legal capacity: then"
        " the guardian consents, the decision is in the file, and the person does not object."
    ),
}


@dataclass(frozen=True, slots=True)
class BasisDraft:
    """A line as it is typed. `categories`, `purpose` and `law` are codes of `codes/sharing.yaml`;
    how far a law was verified is read there and never typed. In a consent `law` says why somebody
    else decides although the age says otherwise; for most there is no such reason."""

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
    note: str = ""
    document: Document | None = None


@transaction.atomic
def basis_record(*, case: Case, draft: BasisDraft, by: Actor, at: datetime) -> LegalBasis:
    """Write a consent, a refusal, a duty or vital interest into the ledger.

    Raises `Refused` where this person cannot give this consent, or something is missing.
    """
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_keep_ledger)
    gate.not_by_emergency(current, by=by, at=at)
    guardian = _guardian(current)
    _check(current, draft, guardian, at)
    by_guardian = guardian if draft.given_by == LegalBasis.GivenBy.GUARDIAN else None
    law = codes.laws()[draft.law] if draft.law else None
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
        guardianship=by_guardian,
        given_by_name=by_guardian.guardian_name if by_guardian else draft.given_by_name,
        language=draft.language,
        interpreter_name=draft.interpreter_name,
        mode=draft.mode,
        present=list(draft.present),
        explained=draft.explained,
        child_view=draft.child_view,
        child_told=draft.child_told,
        law=law.name.code if law else "",
        law_verified=law.verified if law else "",
        note=draft.note,
        document=draft.document,
        recorded_by_id=by.user_id,
        recorded_by_name=by.name,
        recorded_at=at,
    )
    detail = {"kind": draft.kind, "decision": draft.decision, "purpose": draft.purpose}
    audit.record("basis_record", basis, by=by, at=at, case_id=current.pk, detail=detail)
    return basis


def _guardian(case: Case) -> Guardianship | None:
    return case.guardianships.filter(until_at=None).order_by("-from_at").first()


def _check(case: Case, draft: BasisDraft, guardian: Guardianship | None, at: datetime) -> None:
    _check_codes(draft)
    if draft.document is not None and draft.document.case_id != case.pk:
        raise Refused(NO_SUCH_CODE)
    if draft.kind == LegalBasis.Kind.CONSENT:
        _check_consent(case, draft, guardian, at)
    else:
        _check_necessity(draft)
    if draft.expires_at is not None and not at < draft.expires_at <= at + LONGEST:
        raise Refused(NO_END if draft.expires_at <= at else TOO_LONG)


def _check_codes(draft: BasisDraft) -> None:
    known = (
        (draft.kind, LegalBasis.Kind.values),
        (draft.decision, LegalBasis.Decision.values),
        (draft.child_view, LegalBasis.View.values),
        (draft.purpose, codes.purposes()),
        *((category, codes.categories()) for category in draft.categories),
    )
    if any(code not in codes_ for code, codes_ in known):
        raise Refused(NO_SUCH_CODE)
    if not draft.categories:
        raise Refused(NOTHING_NAMED)


def _check_necessity(draft: BasisDraft) -> None:
    """A duty and vital interest: which one and why. What was vital tonight ends on a day."""
    law = codes.laws().get(draft.law)
    if law is None or law.kind != draft.kind or draft.decision != LegalBasis.Decision.GIVEN:
        raise Refused(NO_SUCH_CODE)
    if not draft.note.strip():
        raise Refused(NO_REASON)
    if draft.kind == LegalBasis.Kind.VITAL_INTEREST and draft.expires_at is None:
        raise Refused(NO_END)


def _check_consent(
    case: Case, draft: BasisDraft, guardian: Guardianship | None, at: datetime
) -> None:
    """A refusal costs nothing: it needs neither an end nor an explanation."""
    if draft.consent_kind not in LegalBasis.ConsentKind.values or not _is_exception(draft):
        raise Refused(NO_SUCH_CODE)
    if draft.decision != LegalBasis.Decision.GIVEN:
        return
    if not shares(draft.consent_kind, draft.purpose):
        raise Refused(ANOTHER_PURPOSE)
    if draft.recipient is None:
        raise Refused(NO_RECIPIENT)
    if draft.expires_at is None:
        raise Refused(NO_END)
    if not draft.explained:
        raise Refused(NOT_EXPLAINED)
    _check_giver(case, draft, guardian, at)


def _is_exception(draft: BasisDraft) -> bool:
    """Nothing, or why somebody else decides; who is a patient is a question of health care."""
    if draft.law == NOT_UNDERSTANDING:
        return draft.consent_kind == LegalBasis.ConsentKind.HEALTH
    return draft.law in ("", RESTRICTED)


def _check_giver(
    case: Case, draft: BasisDraft, guardian: Guardianship | None, at: datetime
) -> None:
    fault = consent_fault(
        draft.consent_kind,
        age=case.person.age_on(timezone.localdate(at)),
        given_by=draft.given_by,
        has_guardian=guardian is not None,
        proven=draft.document is not None,
        child_view=draft.child_view,
        because=draft.law,
    )
    if fault is not None:
        raise Refused(FAULTS[fault])
    if draft.law and not draft.note.strip():
        raise Refused(NOT_SAID_HOW)
    if draft.given_by == LegalBasis.GivenBy.PARENT and not draft.given_by_name.strip():
        raise Refused(NO_NAME)


@transaction.atomic
def basis_review(*, basis: LegalBasis, note: str, by: Actor, at: datetime) -> LegalBasis:
    """The guardian has looked at what is shared without consent; `note` is what the guardian says
    to it. For a guardian without an account it is written down by whoever runs the case."""
    current = _mine(basis, by, at)
    if current.is_consent:
        raise Refused(NO_REVIEW)
    if current.reviewed_at is not None:
        raise Refused(REVIEWED)
    guardian = _guardian(current.case)
    if guardian is None:
        raise Refused(NO_GUARDIAN)
    if not permissions.can_review(by, current.case, guardian.guardian_id):
        raise Refused(GUARDIAN_LOOKS)
    current.reviewed_at, current.reviewed_by_name = at, guardian.guardian_name
    current.reviewed_note = note
    current.save(update_fields=["reviewed_at", "reviewed_by_name", "reviewed_note"])
    audit.record("basis_review", current, by=by, at=at, case_id=current.case_id)
    return current


@transaction.atomic
def basis_withdraw(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> LegalBasis:
    """Withdraw a consent from now on, also in a closed case. What rests on it is ended by the
    storey above (`coordination.actions.consent_withdraw`); from this moment `decide` justifies
    nothing by it."""
    current = _mine(basis, by, at)
    if not current.is_consent:
        raise Refused(NOT_A_CONSENT)
    return _end(current, "basis_withdraw", why, by=by, at=at)


@transaction.atomic
def basis_end(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> LegalBasis:
    """A duty or vital interest is no longer there, or was recorded by mistake."""
    current = _mine(basis, by, at)
    if current.is_consent:
        raise Refused(A_CONSENT)
    if not why.strip():
        raise Refused(NO_REASON)
    return _end(current, "basis_end", why, by=by, at=at)


def _end(basis: LegalBasis, verb: str, why: str, *, by: Actor, at: datetime) -> LegalBasis:
    if basis.decision == LegalBasis.Decision.REFUSED:
        raise Refused(A_REFUSAL)
    if basis.withdrawn_at is not None:
        raise Refused(ENDED)
    basis.withdrawn_at, basis.withdrawn_by_name, basis.withdrawn_why = at, by.name, why
    basis.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_why"])
    audit.record(verb, basis, by=by, at=at, case_id=basis.case_id)
    return basis


def _mine(basis: LegalBasis, by: Actor, at: datetime) -> LegalBasis:
    gate.locked(basis.case_id, by=by, at=at, may=permissions.can_keep_ledger)
    rows = LegalBasis.objects.visible_to(by, at).select_related("case")
    found = rows.select_for_update(of=("self",)).filter(pk=basis.pk).first()
    if found is None:
        raise NotAllowed
    return found
