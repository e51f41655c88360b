"""Why an act may not happen, in a sentence with the names of those who stand for the parties."""

from __future__ import annotations

from spona.base.script import in_script, written_language
from spona.conduct import text
from spona.conduct.marking import Blocked
from spona.coordination.models import Run


def why_not(run: Run, blocked: Blocked) -> str:
    """The sentence of the first hard block, or of the first guard that wants a reason."""
    first = sorted(blocked.blocks, key=lambda block: block.strength)[0]
    book, names = run.version.book, party_names(run)
    return in_script(text.why_not(book, blocked.act, first, names, written_language()))


def party_names(run: Run) -> dict[str, str]:
    """The institutions that stand for the parties, by name."""
    bound = run.bindings.current().exclude(organisation=None).select_related("organisation")
    return {binding.party: binding.name or str(binding.organisation) for binding in bound}
