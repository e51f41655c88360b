"""What another form cannot say, collected while a rule book is put into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator


class Lost:
    """Sentences, each with the rules or acts of which it is true."""

    def __init__(self) -> None:
        self._where: dict[str, dict[str, None]] = defaultdict(dict)

    def say(self, sentence: str, where: str) -> None:
        self._where[sentence][where] = None

    def __iter__(self) -> Iterator[str]:
        """One line for each sentence, with the places of which it is true."""
        for sentence, places in self._where.items():
            yield f"{sentence}: {', '.join(places)}."

    def __len__(self) -> int:
        return len(self._where)
