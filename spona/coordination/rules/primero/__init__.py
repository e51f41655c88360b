"""Pure: a case as Primero v2 has it, read into our words, and written in its own.

Shape (API v2): a flat object with `id`, `enabled` and the names of fields; subforms are lists of
objects with `unique_id`; `referrals` as `GET /cases/:id/referrals` gives them, which is where the
OpenFn adaptor puts them (`withReferrals`). Each holds the body of `POST /cases/:id/referrals`.
What has no place here stays in `Record.rest`, under its own name. Two names are ours, since Primero
has no field for them: `birth_precision` (day, month, year, estimated) and, in a line of
`services_section`, `need_code` (`system:code`). Service types: `lookup-service-type` of the
configuration of v2 and of the one before it.
"""

from spona.coordination.rules.primero.reading import (
    Line,
    NotACase,
    Record,
    Row,
    Transition,
    flat,
    id_of,
    moment,
    read,
)
from spona.coordination.rules.primero.words import CONSENTS
from spona.coordination.rules.primero.writing import (
    Asked,
    Told,
    case_object,
    line_met,
    line_object,
    referral_line,
    referral_object,
    stamp,
)

__all__ = [
    "CONSENTS",
    "Asked",
    "Line",
    "NotACase",
    "Record",
    "Row",
    "Told",
    "Transition",
    "case_object",
    "flat",
    "id_of",
    "line_met",
    "line_object",
    "moment",
    "read",
    "referral_line",
    "referral_object",
    "stamp",
]
