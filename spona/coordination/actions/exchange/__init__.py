"""Exchange with other systems by files: in, out, and out to somebody else."""

from spona.coordination.actions.exchange.importing import cases_import
from spona.coordination.actions.exchange.report import Exported, Imported

__all__ = ["Exported", "Imported", "cases_import"]
