"""Who writes rules, who is asked about them, who signs and who publishes."""

from __future__ import annotations

from spona.accounts.models import User
from spona.accounts.roles import May, allows
from spona.base.actor import Actor
from spona.protocols.models import Consultation, Draft, DraftRevision


def can_begin(actor: Actor) -> bool:
    return actor.is_signed_in and allows(actor.roles, May.WRITE_RULES)


def can_write(actor: Actor, draft: Draft) -> bool:
    """Lawyers of the institution that writes it."""
    return can_begin(actor) and actor.organisation_id == draft.organisation_id


def can_give_opinion(actor: Actor, consultation: Consultation) -> bool:
    """Who speaks for the institution that was asked."""
    speaks = allows(actor.roles, May.GIVE_OPINIONS)
    return speaks and actor.organisation_id == consultation.organisation_id


def can_sign(actor: Actor, draft: Draft) -> bool:
    """The lawyer who was asked, if he or she wrote nothing of it."""
    asked = draft.signatures.filter(user_id=actor.user_id or 0).exists()
    return asked and allows(actor.roles, May.SIGN_RULES) and not wrote(actor.user_id or 0, draft)


def wrote(user_id: int, draft: Draft) -> bool:
    """Whether this person had a hand in the text: nobody confirms the own work."""
    changed = DraftRevision.objects.filter(draft=draft, user_id=user_id, undone_at=None)
    return draft.author_id == user_id or changed.exists()


def can_review(user: User, draft: Draft) -> bool:
    lawyers = user.memberships.active().with_role("lawyer")
    return not wrote(user.pk, draft) and lawyers.exists()


def can_publish(actor: Actor) -> bool:
    return actor.is_signed_in and allows(actor.roles, May.PUBLISH_RULES)


def is_asked(actor: Actor) -> bool:
    """Whether drafts of others may wait for this person at all."""
    return allows(actor.roles, May.GIVE_OPINIONS) or allows(actor.roles, May.SIGN_RULES)
