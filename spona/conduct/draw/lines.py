"""Which links are drawn as lines, and which are told by numbers inside the boxes.

A picture with more lines than a reader can follow says nothing. Closing and opening many acts at
once is told in the box that does it (*zatvara 3, 7–9*), and so is whatever a picture of its size
cannot hold as lines; the widest fans go first, duties last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spona.conduct.book import Kind
from spona.conduct.draw.picture import FIRES, Link, Node, Picture
from spona.conduct.draw.wording import word

FAN = 4  # acts opened or closed at once: from here on a note
LEAST = 24  # lines that any picture holds
PER_BOX = {  # lines for each box in larger pictures, before fans of this kind are told
    Kind.EXCLUDE.value: 1.2,
    Kind.INCLUDE.value: 1.3,
    Kind.MILESTONE.value: 1.4,
    Kind.CONDITION.value: 1.6,
    Kind.RESPONSE.value: 2.2,
}
FANNED = (Kind.EXCLUDE.value, Kind.INCLUDE.value)


def settle(picture: Picture) -> Picture:
    """The picture with only the links that become lines, and the others as notes of its boxes."""
    numbers = {node.key: node.number for node in picture.nodes}
    loops = [link for link in picture.links if link.source == link.target]
    links = [link for link in picture.links if link.source != link.target]
    out, into = _hubs(links)
    rest = [link for link in links if link not in out and link not in into]
    out |= _over_budget(rest, len(picture.nodes))
    notes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for link in dict.fromkeys(loops):
        notes[link.source].append((link.kind, _loop(link, picture.lang)))
    _tell(notes, "out", [link for link in links if link in out], numbers, picture.lang)
    _tell(notes, "in", [link for link in links if link in into], numbers, picture.lang)
    return replace(
        picture,
        nodes=tuple(_with(node, notes[node.key]) for node in picture.nodes),
        links=tuple(link for link in rest if link not in out),
        told=tuple(link for link in links if link in out or link in into),
    )


def _with(node: Node, notes: Iterable[tuple[str, str]]) -> Node:
    return replace(node, notes=tuple(dict.fromkeys(notes)))


def _hubs(links: Sequence[Link]) -> tuple[set[Link], set[Link]]:
    """Links of wide fans: told at their source, and of the others those told at their target.

    A fact has no number by which a box could name it.
    """
    fans = Counter((link.kind, link.source) for link in links)
    out = {
        link for link in links if link.kind in FANNED and fans[link.kind, link.source] >= FAN
    }  # fmt: skip
    rest = [link for link in links if link not in out]
    sheaves = Counter((link.kind, link.target) for link in rest)
    return out, {
        link for link in rest if link.kind in FANNED and sheaves[link.kind, link.target] >= FAN
    }


def _over_budget(links: Sequence[Link], boxes: int) -> set[Link]:
    left = Counter((link.source, link.target) for link in links)
    told: set[Link] = set()
    for kind, lines in PER_BOX.items():
        budget = max(LEAST, round(boxes * lines))
        fans: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            if link.kind == kind and not link.source.startswith("fact:"):
                fans[link.source].append(link)
        for fan in sorted(fans.values(), key=len, reverse=True):
            if len(left) <= budget:
                break
            told.update(fan)
            left -= Counter((link.source, link.target) for link in fan)
    return told


def _loop(link: Link, lang: str) -> str:
    if link.kind in (Kind.RESPONSE.value, FIRES):
        return f"{word('again', lang)}: {link.label}" if link.label else word("again", lang)
    return word(f"self_{link.kind}", lang)


def _tell(
    notes: dict[str, list[tuple[str, str]]],
    way: str,
    links: Sequence[Link],
    numbers: dict[str, int],
    lang: str,
) -> None:
    named: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for link in links:
        here, there = (link.source, link.target) if way == "out" else (link.target, link.source)
        named[here, link.kind, link.label].add(numbers[there])
    for (here, kind, label), others in named.items():
        terms = f" ({label})" if label else ""
        notes[here].append((kind, f"{word(f'{way}_{kind}', lang)} {ranges(others)}{terms}"))


def ranges(numbers: Iterable[int]) -> str:
    """`1–3, 7`: at least three in a row are joined."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = (
        [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run] for run in runs
    )
    return ", ".join(part for several in parts for part in several)
