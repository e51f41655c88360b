"""Runs as event logs for research: who they were about stays here, small groups stay unseen."""

from spona.coordination.rules.eventlog import ocel, xes
from spona.coordination.rules.eventlog.choosing import common
from spona.coordination.rules.eventlog.values import Happened, Pseudonyms, Told, untold_of

__all__ = ["Happened", "Pseudonyms", "Told", "common", "ocel", "untold_of", "xes"]
