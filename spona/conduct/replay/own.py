"""The names by which a run of Spona tells of itself in a log, so that it can be read back whole."""

from __future__ import annotations

KIND = "spona:kind"  # act | fact | handed
PARTY = "spona:party"
REASON = "spona:reason"  # whether a reason was given; never the reason
PROXY = "spona:by_proxy"  # recorded for a party that does not work in Spona
RESTARTS = "spona:restarts"  # acts whose clocks begin anew, after a handover
FACT = "spona:fact:"  # what the event establishes
UNKNOWN = "spona:unknown"  # facts that are unknown again
STARTED = "spona:started"  # of the trace: when the run began
BOOK = "spona:protocol"  # of the trace: id and version of its rule book
UNTOLD = "spona:untold"  # of the trace: acts and facts that never leave
LEARNED, HANDED = "fact learned", "party handed over"  # names of events that are no acts
