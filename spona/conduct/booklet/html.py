"""A rule book as one HTML file that needs nothing else: for the phone first, and for paper."""

from __future__ import annotations

from html import escape

from spona.conduct.booklet.contents import Card, Leaf, Leaflet, word

LANG = {"sr-latn": "sr-Latn", "sr": "sr-Cyrl", "en": "en"}
STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 "Noto Sans",system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:16px;
  color:#1d2328;background:#faf8f4}
h1{line-height:1.2}
h2{border-bottom:2px solid;padding-bottom:4px;margin-top:2rem}
nav ol{columns:12rem;padding-left:1.2em}
a{color:#0b5d5e}
article{padding:8px 0;border-bottom:1px solid #e5dfd4;break-inside:avoid}
h3{margin:0}
p{margin:4px 0}
.small{font-size:.8125rem;color:#59626a;overflow-wrap:anywhere}
.badge{border:1px dashed #6b737a;border-radius:3px;padding:0 6px}
ul{padding-left:1.2em}
li{margin:6px 0}
figure{margin:0;overflow-x:auto}
@media(prefers-color-scheme:dark){body{color:#ece8e0;background:#14181a}
a{color:#7cc4c1}
.small{color:#a7afb3}
article{border-color:#2f3639}}
@media print{body{font-size:11pt;max-width:none;color:#000;background:#fff}
nav a{color:inherit;text-decoration:none}}
@page{size:A4;margin:20mm 18mm}
"""


def html(book: Leaflet, of: Card | None = None, diagram: str = "") -> str:
    """The whole document; with a card, that card alone. `diagram` is SVG, drawn elsewhere."""
    body = _card(book, of) if of else _book(book, diagram)
    return (
        f'<!DOCTYPE html>\n<html lang="{LANG[book.lang]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(book.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n"
        f'<p class="small">{escape(word("no_advice", book.lang))}</p>\n'
        f'<p class="small">{escape(word("proof", book.lang))}: {book.digest}</p>\n'
        "</body>\n</html>\n"
    )


def _head(book: Leaflet, title: str) -> str:
    version = f"{escape(book.title)}, {word('version', book.lang)} {escape(book.version)}"
    return f'<h1>{escape(title)}</h1>\n<p class="small">{version}</p>'


def _book(book: Leaflet, diagram: str) -> str:
    links = "".join(
        f'<li><a href="#{escape(leaf.id)}">{escape(leaf.id)}</a></li>' for leaf in book.leaves
    )
    parties = "".join(f"<li>{escape(name)}</li>" for name in book.parties)
    parts = [
        _head(book, book.title),
        f"<p>{escape(book.summary)}</p>" if book.summary else "",
        f"<h2>{word('parties', book.lang)}</h2>\n<ul>{parties}</ul>",
        f"<nav><h2>{word('contents', book.lang)}</h2>\n<ol>{links}</ol></nav>",
        f"<h2>{word('diagram', book.lang)}</h2>\n<figure>{diagram}</figure>" if diagram else "",
        f"<h2>{word('rules', book.lang)}</h2>",
        *(_leaf(leaf, book.lang) for leaf in book.leaves),
    ]
    return "\n".join(part for part in parts if part)


def _leaf(leaf: Leaf, lang: str) -> str:
    term = f"; {word('term', lang)}: {leaf.deadline_badge}" if leaf.deadline_badge else ""
    lines = [f"<p>{escape(' '.join(leaf.sentences))}</p>"]
    lines += [f'<p class="small">{escape(part)}</p>' for part in (leaf.note, leaf.breach) if part]
    badge = f'<span class="badge">{escape(leaf.badge + term)}</span>'
    lines.append(f'<p class="small">{escape(leaf.law)} {badge}</p>')
    if leaf.source:
        lines.append(f'<p class="small">{word("source", lang)}: {escape(leaf.source)}</p>')
    body = "\n".join(lines)
    return f'<article id="{escape(leaf.id)}">\n<h3>{escape(leaf.id)}</h3>\n{body}\n</article>'


def _card(book: Leaflet, of: Card) -> str:
    groups = {"must": of.must, "may_not": of.may_not, "told": of.told, "always": of.always}
    parts = [_head(book, of.party), f"<p>{word('expected', book.lang)}</p>"]
    for key, lines in groups.items():
        if lines:
            items = "".join(
                f'<li>{escape(said)} <span class="small">{escape(rule)}</span></li>'
                for said, rule in lines
            )
            parts.append(f"<h2>{word(key, book.lang)}</h2>\n<ul>{items}</ul>")
    if not any(groups.values()):
        parts.append(f"<p>{word('nothing', book.lang)}</p>")
    return "\n".join(parts)
