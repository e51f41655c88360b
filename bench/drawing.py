"""How long a drawing takes, warm: what a page that shows a protocol waits for.

Run with `python -m bench.drawing`. The best of several rounds, in the time of the processor.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time

from bench.conduct import report
from spona.conduct.draw import draw
from spona.conduct.reader import read

ROUNDS = 15
LIMIT_MS = 20.0
PROTOCOLS = Path(__file__).parents[1] / "protocols"


def drawing_ms(path: Path) -> float:
    book = read(path)
    draw(book)
    taken = []
    for _ in range(ROUNDS):
        begun = process_time()
        draw(book)
        taken.append(process_time() - begun)
    return min(taken) * 1_000


def main() -> None:
    for path in sorted(PROTOCOLS.glob("*.yaml")):
        report(f"{path.stem} drawn", drawing_ms(path), LIMIT_MS, "ms")


if __name__ == "__main__":
    main()
