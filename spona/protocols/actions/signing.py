"""A named lawyer who wrote nothing of a draft confirms exactly its text, or the author goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from spona.accounts.models import User
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.protocols import permissions
from spona.protocols.actions.drafting import CLOSED, SIGNED
from spona.protocols.models import Draft, Signature


@transaction.atomic
def signature_ask(*, draft: Draft, reviewer: User, by: Actor, at: datetime) -> Signature:
    """Ask a lawyer to read the draft and sign it; raises `Refused` where that person wrote it."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_write(by, locked):
        raise NotAllowed
    if not locked.is_written:
        raise Refused(SIGNED if locked.state == Draft.State.SIGNED else CLOSED)
    if not permissions.can_review(reviewer, locked):
        raise Refused(_("Nobody signs what they wrote themselves. Ask another lawyer."))
    asked, _new = Signature.objects.get_or_create(
        draft=locked, user=reviewer, defaults={"asked_at": at, "asked_by": by.name}
    )
    audit.record("signature_ask", asked, by=by, at=at, detail={"draft": locked.pk})
    return asked


@transaction.atomic
def signature_give(
    *, draft: Draft, function: str, digest: str, by: Actor, at: datetime
) -> Signature:
    """Sign the text with this digest, by one's own name and in a function. Raises `NotAllowed`,
    `Refused` where the draft is closed, `Stale` where the text is no longer the one that was read.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_sign(by, locked):
        raise NotAllowed
    if not locked.is_written:
        raise Refused(SIGNED if locked.state == Draft.State.SIGNED else CLOSED)
    if not digest or locked.digest != digest:
        raise Stale(_("The text was changed while you were reading. Read it again and sign then."))
    signature = Signature.objects.get(draft=locked, user_id=by.user_id or 0)
    signature.name, signature.function = by.name, function
    signature.digest, signature.signed_at = digest, at
    signature.save()
    locked.state = Draft.State.SIGNED
    locked.save(update_fields=["state"])
    audit.record("signature_give", signature, by=by, at=at, detail={"digest": digest})
    return signature


@transaction.atomic
def draft_reopen(*, draft: Draft, by: Actor, at: datetime) -> Draft:
    """The signature no longer holds and the draft may be changed again."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not (permissions.can_write(by, locked) or permissions.can_sign(by, locked)):
        raise NotAllowed
    if locked.state != Draft.State.SIGNED:
        raise Refused(_("This draft is not signed."))
    locked.signatures.update(digest="", signed_at=None)
    asked = locked.consultations.exists()
    locked.state = Draft.State.CONSULTED if asked else Draft.State.DRAFT
    locked.save(update_fields=["state"])
    audit.record("draft_reopen", locked, by=by, at=at)
    return locked
