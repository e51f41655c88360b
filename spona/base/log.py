"""What may stand in a log of the server: no address that is a key."""

from __future__ import annotations

import logging
import re

# An address of which the last part opens something to whoever has it.
KEYS = re.compile(
    r"(/(?:calendar|invitations/(?:open|join)|password/reset/key)/)(?!renew/|end/)[^\s/'\"]+"
)


class WithoutTokens(logging.Filter):
    """Takes keys out of the addresses of a record before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = KEYS.sub(r"\1…", message)
        if clean != message:
            record.msg, record.args = clean, None
        return True
