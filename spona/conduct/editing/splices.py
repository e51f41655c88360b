"""Which stretches of a text change when one of its values becomes another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spona.conduct.editing import writing
from spona.conduct.editing.spans import Entry, Node, column, line_end, line_start


class Splice(NamedTuple):
    """text[start:end] becomes `new`."""

    start: int
    end: int
    new: str


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same type throughout: `1` is neither `"1"` nor `true`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def applied(text: str, splices: Iterable[Splice]) -> str:
    """The text after all splices, whose places are those of `text`."""
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


class Change:
    """The splices that make `node`, which says `old`, say `new`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def splices(self, node: Node, old: Any, new: Any, inside: bool = False) -> Iterator[Splice]:
        """`inside` brackets a plain scalar may hold less."""
        if same(old, new):
            return
        inside = inside or node.style == "flow"
        if node.kind == "mapping" and isinstance(new, dict) and old.keys() & new.keys():
            yield from self._mapping(node, old, new, inside)
        elif node.kind == "sequence" and isinstance(new, list) and old and new:
            yield from self._sequence(node, old, new, inside)
        else:
            yield self._whole(node, new, inside)

    def _whole(self, node: Node, new: Any, inside: bool) -> Splice:
        text, start = self.text, node.start
        if node.kind == "scalar" and not isinstance(new, dict | list):
            written = writing.scalar(new, inside, _kept(node.style))
        elif node.style == "block" and new and isinstance(new, dict) and node.kind == "mapping":
            written = writing.block(new, column(text, start))
        else:
            written = writing.flow(new)
        if start == node.end and text[start - 1 : start] == ":":
            written = f" {written}"
        return Splice(start, node.end, written + ("\n" if self._takes_line(node) else ""))

    def _takes_line(self, node: Node) -> bool:
        return node.end > node.start and self.text[node.end - 1] == "\n"

    # --- mappings

    def _mapping(self, node: Node, old: Any, new: Any, inside: bool) -> Iterator[Splice]:
        if node.style == "flow" and old.keys() != new.keys():
            yield self._brackets(node, _final(node, old, new), old, new)
            return
        for entry in node.entries:
            if entry.key in new:
                yield from self._value(entry, old, new, inside)
        if node.style == "block":
            yield from self._lines_gone(node, new)
            yield from self._lines_new(node, old, new)

    def _value(self, entry: Entry, old: Any, new: Any, inside: bool) -> Iterator[Splice]:
        was, now = old[entry.key], new[entry.key]
        value, between = entry.value, self.text[entry.colon : entry.value.start]
        moved = value.style == "block" and not same(was, now) and not between.strip()
        if moved and not (isinstance(now, dict | list) and now and type(now) is type(was)):
            ending = "\n" if self._takes_line(value) else ""
            written = writing.flow(now) if isinstance(now, dict | list) else _scalar(now)
            yield Splice(entry.colon, value.end, f" {written}{ending}")
        elif value.style == "flow" and now and type(now) is type(was) and not (was or inside):
            yield self._opened(entry, now)
        else:
            yield from self.splices(value, was, now, inside)

    def _opened(self, entry: Entry, new: Any) -> Splice:
        """An empty pair of brackets becomes lines."""
        indent = column(self.text, entry.start) + 2
        pad = " " * indent
        if isinstance(new, list):
            lines = "".join(f"\n{pad}- {writing.block(one, indent + 2)}" for one in new)
        else:
            lines = "".join(f"\n{pad}{_named(key, new[key], indent)}" for key in new)
        return Splice(entry.colon, entry.value.end, lines)

    def _lines_gone(self, node: Node, new: Any) -> Iterator[Splice]:
        """The first key may stand behind a dash: then the next one takes its place."""
        kept = [entry for entry in node.entries if entry.key in new]
        if kept[0] is not node.entries[0]:
            yield Splice(node.entries[0].start, kept[0].start, "")
        for entry in node.entries:
            if entry.key not in new and entry.start > kept[0].start:
                start = line_start(self.text, entry.start)
                yield Splice(start, line_end(self.text, entry.value.end), "")

    def _lines_new(self, node: Node, old: Any, new: Any) -> Iterator[Splice]:
        """New keys stand behind the one before them, as `new` orders them."""
        indent, last = column(self.text, node.entries[0].start), ""
        known = {entry.key: entry for entry in node.entries}
        added: dict[str, list[str]] = {}
        for key in new:
            if key in old:
                last = key
            else:
                added.setdefault(last, []).append(_named(key, new[key], indent))
        for after, lines in added.items():
            pad = " " * indent
            if after:
                yield self._behind(known[after].value.end, [f"{pad}{line}" for line in lines])
            else:
                start = node.entries[0].start
                yield Splice(start, start, "".join(f"{line}\n{pad}" for line in lines))

    def _behind(self, end: int, lines: Sequence[str]) -> Splice:
        at = line_end(self.text, end)
        if at and self.text[at - 1] == "\n":
            return Splice(at, at, "".join(f"{line}\n" for line in lines))
        return Splice(at, at, "".join(f"\n{line}" for line in lines))

    def _brackets(self, node: Node, final: list[Entry | str], old: Any, new: Any) -> Splice:
        """A mapping in brackets anew: what stays keeps its text and what stood between."""
        first, last = node.entries[0], node.entries[-1]
        written = self.text[node.start : first.start]
        before: Entry | str | None = None
        for one in final:
            if before is not None:
                written += self._between(node, before, one)
            written += self._piece(one, old, new)
            before = one
        return Splice(node.start, node.end, written + self.text[last.value.end : node.end])

    def _piece(self, one: Entry | str, old: Any, new: Any) -> str:
        if isinstance(one, str):
            return f"{writing.key_of(one)}: {writing.flow(new[one])}"
        changes = self.splices(one.value, old[one.key], new[one.key], inside=True)
        moved = [Splice(s - one.start, e - one.start, text) for s, e, text in changes]
        return applied(self.text[one.start : one.value.end], moved)

    def _between(self, node: Node, before: Entry | str, one: Entry | str) -> str:
        if isinstance(before, Entry) and isinstance(one, Entry):
            where = node.entries.index(before) + 1
            if node.entries[where : where + 1] == [one]:
                return self.text[before.value.end : one.start]
        return ", "

    # --- sequences

    def _sequence(self, node: Node, old: Any, new: Any, inside: bool) -> Iterator[Splice]:
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
        both = min(len(gone), len(come))
        for number in range(both):
            yield from self.splices(node.items[head + number], gone[number], come[number], inside)
        if come[both:]:
            yield self._items_new(node, head + both, come[both:])
        elif gone[both:]:
            yield from self._items_gone(node, head + both, len(gone) - both)

    def _items_new(self, node: Node, at: int, values: list[Any]) -> Splice:
        if node.style == "flow":
            written = [writing.flow(value) for value in values]
            if at:
                end = node.items[at - 1].end
                return Splice(end, end, "".join(f", {one}" for one in written))
            start = node.items[0].start
            return Splice(start, start, "".join(f"{one}, " for one in written))
        indent = column(self.text, node.start)
        pad = " " * indent
        lines = [f"- {self._item(node, value, indent + 2)}" for value in values]
        if at:
            return self._behind(node.items[at - 1].end, [f"{pad}{line}" for line in lines])
        start = node.dashes[0]
        return Splice(start, start, "".join(f"{line}\n{pad}" for line in lines))

    def _item(self, node: Node, value: Any, indent: int) -> str:
        """As its neighbours are written: in brackets, or on lines."""
        alike = node.items[0].style
        return writing.flow(value) if alike == "flow" else writing.block(value, indent)

    def _items_gone(self, node: Node, at: int, count: int) -> Iterator[Splice]:
        if node.style == "block":
            for number in range(at, at + count):
                start = line_start(self.text, node.dashes[number])
                yield Splice(start, line_end(self.text, node.items[number].end), "")
        elif at:
            yield Splice(node.items[at - 1].end, node.items[at + count - 1].end, "")
        else:
            yield Splice(node.items[0].start, node.items[count].start, "")


def _final(node: Node, old: Any, new: Any) -> list[Entry | str]:
    """The entries that stay in the order of the text, each new key behind the one before it."""
    final: list[Entry | str] = [entry for entry in node.entries if entry.key in new]
    place = 0
    for key in new:
        if key in old:
            place = (
                next(
                    n for n, one in enumerate(final) if not isinstance(one, str) and one.key == key
                )
                + 1
            )
        else:
            final.insert(place, key)
            place += 1
    return final


def _alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many values at the beginning are the same."""
    count = 0
    while count < min(len(one), len(other)) and same(one[count], other[count]):
        count += 1
    return count


def _kept(style: str) -> str:
    return '"' if style in "|>" else style


def _scalar(value: Any) -> str:
    return writing.scalar(value, flow=False)


def _named(key: str, value: Any, indent: int) -> str:
    """A part of a book (an act, a party) on lines of its own, a smaller value on its line."""
    if (
        isinstance(value, dict)
        and len(value) > 2
        and any(isinstance(v, dict) for v in value.values())
    ):
        return f"{writing.key_of(key)}:\n{' ' * (indent + 2)}{writing.block(value, indent + 2)}"
    return writing.entry(key, value, indent)
