"""Rule books and their published versions, which never change."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

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
    def binding(self, at: datetime) -> VersionQuerySet:
        """Those whose first day has come by then."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=timezone.localdate(at)))

    def in_force(self, protocol: str, at: datetime) -> Version:
        """The newest published version that binds by then; raises `Version.DoesNotExist`."""
        return self.binding(at).filter(protocol=protocol).latest("published_at", "pk")


class Version(models.Model):
    """A published rule book and the digest of its text. The text stands apart, so that a row that
    only names its version does not carry a hundred kilobytes along."""

    protocol = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)  # null: since it was published

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
        return _compiled(self.digest)[0]

    @property
    def graph(self) -> Graph:
        return _compiled(self.digest)[1]


class VersionText(models.Model):
    """The YAML of a published rule book, as its authors wrote it."""

    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, primary_key=True, related_name="written"
    )
    text = models.TextField()


_COMPILED: dict[str, tuple[Book, Graph]] = {}


def learn(digest: str, text: str) -> tuple[Book, Graph]:
    """Read and compile a text once a process: the digest stands for it."""
    if digest not in _COMPILED:
        book = reader.read_text(text)
        _COMPILED[digest] = book, Graph.of(book)
    return _COMPILED[digest]


def _compiled(digest: str) -> tuple[Book, Graph]:
    if digest in _COMPILED:
        return _COMPILED[digest]
    return learn(digest, VersionText.objects.get(version__digest=digest).text)


def warm() -> None:
    """Compile what is in force before the first request asks for it."""
    for version in Version.objects.order_by("protocol", "-published_at").distinct("protocol"):
        _compiled(version.digest)
