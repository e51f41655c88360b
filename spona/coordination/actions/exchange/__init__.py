"""Exchange with other systems by files: in, out, and out to somebody else."""

from spona.coordination.actions.exchange.exporting import (
    Recipient,
    cases_export,
    cases_send,
    unhcr_export,
)
from spona.coordination.actions.exchange.importing import cases_import
from spona.coordination.actions.exchange.report import Exported, Imported

__all__ = [
    "Exported",
    "Imported",
    "Recipient",
    "cases_export",
    "cases_import",
    "cases_send",
    "unhcr_export",
]
