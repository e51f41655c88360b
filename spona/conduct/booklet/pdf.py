"""A rule book as PDF, set by typst; its own fonts print č ć ž š đ and Cyrillic."""

from __future__ import annotations

from collections.abc import Iterator

from spona.conduct.booklet.contents import Card, Leaf, Leaflet, word

PAGE = """\
#set page(paper: "a4", margin: (x: 22mm, y: 24mm), numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt, lang: {lang}, script: {script})
#set par(justify: false, leading: 0.62em)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
#show heading.where(level: 3): set text(size: 11pt)
#let small(body) = text(size: 9pt, fill: luma(35%), body)
"""
LANG = {"sr-latn": ("sr", "latn"), "sr": ("sr", "cyrl"), "en": ("en", "latn")}


def pdf(book: Leaflet, of: Card | None = None, diagram: str = "") -> bytes:
    """The document as PDF; with a card, that card alone. `diagram` is SVG, drawn elsewhere."""
    import typst

    made: bytes = typst.compile(markup(book, of, diagram).encode())
    return made


def markup(book: Leaflet, of: Card | None = None, diagram: str = "") -> str:
    """The same as text for typst; everything that was written by people stands in quotes."""
    lang, script = LANG[book.lang]
    head = PAGE.format(lang=quoted(lang), script=quoted(script))
    lines = _card(book, of) if of else _book(book, diagram)
    tail = [
        f"#v(2em) #small[#{quoted(word('no_advice', book.lang))}]",
        f"#small[#{quoted(word('proof', book.lang))}: #{quoted(book.digest)}]",
    ]
    return "\n\n".join([head, *lines, *tail])


def quoted(text: str) -> str:
    """A string of typst: nothing in it is a command."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _title(book: Leaflet, title: str) -> Iterator[str]:
    yield f"= #{quoted(title)}"
    version = f"{book.title}, {word('version', book.lang)} {book.version}"
    yield f"#small[#{quoted(version)}]"


def _book(book: Leaflet, diagram: str) -> Iterator[str]:
    yield from _title(book, book.title)
    if book.summary:
        yield f"#{quoted(book.summary)}"
    yield f"== #{quoted(word('parties', book.lang))}"
    yield "\n".join(f"- #{quoted(name)}" for name in book.parties)
    title = quoted(word("contents", book.lang))
    yield f"#outline(title: {title}, depth: 3, target: heading.where(level: 3))"
    if diagram:
        image = f'image(bytes({quoted(diagram)}), format: "svg", width: 100%)'
        yield f'#page(paper: "a3", flipped: true, margin: 12mm)[#{image}]'
    yield f"#pagebreak(weak: true)\n== #{quoted(word('rules', book.lang))}"
    for leaf in book.leaves:
        yield f"#block(breakable: true)[\n{_leaf(leaf, book.lang)}\n]"


def _leaf(leaf: Leaf, lang: str) -> str:
    term = f"; {word('term', lang)}: {leaf.deadline_badge}" if leaf.deadline_badge else ""
    parts = [f"=== #{quoted(leaf.id)}", f"#{quoted(' '.join(leaf.sentences))}"]
    small = [leaf.note, leaf.breach, f"{leaf.law} [{leaf.badge}{term}]"]
    if leaf.source:
        small.append(f"{word('source', lang)}: {leaf.source}")
    parts += [f"#small[#{quoted(one)}]" for one in small if one]
    return "\n\n".join(parts)


def _card(book: Leaflet, of: Card) -> Iterator[str]:
    yield from _title(book, of.party)
    yield f"*#{quoted(word('expected', book.lang))}*"
    groups = {"must": of.must, "may_not": of.may_not, "told": of.told, "always": of.always}
    for key, lines in groups.items():
        if lines:
            yield f"== #{quoted(word(key, book.lang))}"
            yield "\n".join(f"- #{quoted(said)} #small[#{quoted(rule)}]" for said, rule in lines)
    if not any(groups.values()):
        yield f"#{quoted(word('nothing', book.lang))}"
