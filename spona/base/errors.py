"""What a person may be told when something is not done. The sentence is translated and shown."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_ALLOWED = _("You cannot do this.")
STALE = _("Somebody has changed this in the meantime. Look at the new version and try again.")


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """An action was not done; `sentence` says why, in the language of whoever asked."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NotAllowed(Refused):
    """The role or the access of the actor does not permit it. Says nothing about what exists."""

    def __init__(self, sentence: str | Promise = NOT_ALLOWED) -> None:
        super().__init__(sentence)


class Stale(Refused):
    """Somebody changed the same thing since it was shown."""

    def __init__(self, sentence: str | Promise = STALE) -> None:
        super().__init__(sentence)
