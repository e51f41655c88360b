"""An association writes rules, the police are asked, a lawyer signs; all of them are synthetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.conduct.editing import Document
from spona.conduct.tests.small_book import HEAD
from spona.protocols import actions
from spona.protocols.actions import Edit, OpinionDraft
from spona.protocols.models import Consultation, Draft
from spona.protocols.rules.reading import wording

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SOON = date(2026, 12, 10)
HOUR = timedelta(hours=1)
RULES = """\
  # the first rule
  - id: T-1
    law: {act: null}
    verified: local
    rows:
      - {when: asked, must: answered, within: PT24H}   # a day
  - id: T-2
    verified: {text: read, deadline: local}
    source: "http://example.org"
    on_breach: [{after: PT0H, tell: head_of_service}]
    rows:
      - {may_not: taught, before: answered}
      - {when: heard, opens: taught, if: {urgent: true, phrase: {sr-latn: je hitno, en: so}}}
"""
TEXT = f"# Synthetic; it states no law.{HEAD}{RULES}"


class Office:
    """People by what they do here; `draft` is that of `author`."""

    def __init__(self) -> None:
        self.author = person("lawyer", OrganisationFactory.create(code="OCD"))
        self.colleague = person("lawyer", self.author.organisation)
        self.reviewer = person("lawyer", OrganisationFactory.create(code="MRZBSP"))
        self.ministry = person("director", self.reviewer.organisation)
        self.police = person("director", OrganisationFactory.create(code="MUP"))
        self.officer = person("police_officer", self.police.organisation)
        self.coordinator = person("coordinator")
        self.stranger = person("director")
        self.draft = actions.draft_begin(text=TEXT, based_on=None, by=self.author.actor(), at=NOW)

    @property
    def fresh(self) -> Draft:
        return Draft.objects.get(pk=self.draft.pk)

    def change(
        self, path: Any, value: Any, *, who: Membership | None = None, seen: str = ""
    ) -> Draft:
        document = self.fresh.document
        edit = Edit(path, "T-1", value, seen=seen or wording(document.get(path)))
        by = (who or self.author).actor()
        return actions.draft_change(draft=self.draft, edit=edit, by=by, at=NOW + HOUR)

    def consult(self) -> Consultation:
        """The police are asked, and nobody else."""
        actions.draft_consult(
            draft=self.draft,
            organisations=[self.police.organisation],
            until=SOON,
            by=self.author.actor(),
            at=NOW,
        )
        return self.fresh.consultations.get()

    def opine(
        self, rule_id: str = "T-1", *, accepts: bool = False, reason: str = "Prekratko."
    ) -> None:
        said = OpinionDraft(
            rule_id, self.fresh.wordings[rule_id], accepts, "" if accepts else reason
        )
        actions.opinions_give(
            consultation=self.fresh.consultations.get(),
            opinions=[said],
            by=self.police.actor(),
            at=NOW,
        )

    def ask_reviewer(self) -> None:
        actions.signature_ask(
            draft=self.draft, reviewer=self.reviewer.user, by=self.author.actor(), at=NOW
        )

    def sign(self) -> None:
        self.ask_reviewer()
        actions.signature_give(
            draft=self.draft, function="advokat (sintetički)", digest=self.fresh.digest,
            by=self.reviewer.actor(), at=NOW,
        )  # fmt: skip

    def publish(self, valid_from: date = SOON) -> Any:
        return actions.draft_publish(
            draft=self.draft, valid_from=valid_from, by=self.coordinator.actor(), at=NOW
        )

    def document(self) -> Document:
        return self.fresh.document
