"""What would change in a running matter, in a sentence each."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.base.script import in_script, said, written_language
from spona.conduct import text
from spona.conduct.migrating import Change, Kind
from spona.coordination.forms.acts import party_label
from spona.coordination.views.rows import act_label
from spona.protocols.models import Version

SENTENCES: dict[Kind, str | Promise] = {
    Kind.LOST_ACT: gettext_lazy("“%(what)s” has happened, and the new version does not know it."),
    Kind.LOST_FACT: gettext_lazy("“%(what)s” is known, and the new version cannot keep it."),
    Kind.LOST_PARTY: gettext_lazy("“%(what)s” takes part, and the new version has no such part."),
    Kind.ENDED: gettext_lazy("“%(what)s” would be owed no more."),
    Kind.FORGOTTEN: gettext_lazy("A rule waits for “%(what)s” and would wait no longer."),
    Kind.MOVED: gettext_lazy("“%(what)s” would be due %(after)s and not %(before)s."),
    Kind.LATE: gettext_lazy("“%(what)s” would be owed, and late at once: due %(after)s."),
    Kind.STALLED: gettext_lazy("“%(what)s” would be owed, and nothing could ever discharge it."),
    Kind.FIRES: gettext_lazy("“%(what)s” would happen by itself at once."),
    Kind.BEGUN: gettext_lazy("“%(what)s” would be owed, due %(after)s."),
}
BY_THE_OLD = frozenset({Kind.LOST_ACT, Kind.ENDED})


def sentence(change: Change, old: Version, new: Version) -> str:
    """With the rule that makes it so, where there is one."""
    told = str(SENTENCES[change.kind]) % {
        "what": _what(change, old, new),
        "before": _moment(change.before),
        "after": _moment(change.after),
    }
    return f"{told} ({change.rule_id})" if change.rule_id else told


def _what(change: Change, old: Version, new: Version) -> str:
    match change.kind:
        case Kind.LOST_FACT | Kind.FORGOTTEN:
            return ", ".join(said(old.book.facts[key].label) for key in change.names)
        case Kind.LOST_PARTY:
            return ", ".join(party_label(old.book, key) for key in change.names)
    version = old if change.kind in BY_THE_OLD else new
    return _(" or ").join(act_label(version, act) for act in change.names)


def _moment(at: datetime | None) -> str:
    if at is None:
        return _("without a deadline")
    return in_script(text.moment(at, written_language()))
