"""A rule book to hand out: the whole book, or one page of what is expected of one institution."""

from spona.conduct.booklet.contents import Card, Leaf, Leaflet, card, leaflet
from spona.conduct.booklet.html import html
from spona.conduct.booklet.pdf import pdf

__all__ = ["Card", "Leaf", "Leaflet", "card", "html", "leaflet", "pdf"]
