"""Rule books and their published versions, which never change."""

from __future__ import annotations

from functools import lru_cache

from django.db import models

from spona.conduct import reader
from spona.conduct.book import Book
from spona.conduct.graph import Graph


class Law(models.Model):
    """A law or instruction that rules cite; `verified` says how far its data was checked."""

    key = models.CharField(max_length=32, unique=True)
    name_sr = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    gazette = models.CharField(max_length=300, blank=True)
    verified = models.CharField(max_length=8)
    source = models.TextField(blank=True)


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, protocol: str) -> Version:
        """The newest published version; raises `Version.DoesNotExist`."""
        return self.filter(protocol=protocol).latest("published_at")


class Version(models.Model):
    """A published rule book: its text, and the digest that proves which text it was."""

    protocol = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "version"], name="a_version_is_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.protocol} {self.version}"

    @property
    def book(self) -> Book:
        return _compiled(self.digest, self.text)[0]

    @property
    def graph(self) -> Graph:
        return _compiled(self.digest, self.text)[1]


@lru_cache(maxsize=64)
def _compiled(digest: str, text: str) -> tuple[Book, Graph]:
    """Read and compiled once a process: the digest stands for the text."""
    book = reader.read_text(text)
    return book, Graph.of(book)
