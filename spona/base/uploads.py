"""A file of a stranger, made harmless before it is kept (P17).

Three witnesses must agree on what a file is: its name, its first bytes and a parser that reads it
whole. A PDF that acts or carries files is refused; an image is decoded and written anew, so that
neither its place (EXIF) nor anything hidden behind it is left. SVG and HTML are never accepted.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

import puremagic
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from spona.base.errors import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PDF_OBJECTS = 50_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

EMPTY = _("The file is empty.")
TOO_BIG = _("The file is larger than 10 MB.")
WRONG_KIND = _("Only PDF, JPEG, PNG and WebP files can be added.")
NOT_WHAT_IT_SAYS = _("The file is not what its name says.")
UNREADABLE = _("The file cannot be read. It may be damaged.")
LOCKED = _("The PDF is locked with a password. Remove the password and add it again.")
ACTS = _("The PDF holds a program or other files. Print it to a new PDF and add that.")
TOO_MANY_PIXELS = _("The image is too large. Make it smaller and add it again.")
MOVES = _("The image has several frames. Only still images can be added.")

# Names in a PDF that make it act, submit, or carry a file.
_ACTING = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/RichMedia",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
    }
)


class BadFile(Refused):
    """A file that is not kept; the sentence says why and, where it can, what to do."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """What may be kept: `content` is harmless, `name` is fit to be shown."""

    name: str
    content_type: str
    content: bytes


def clean(name: str, file: IO[bytes]) -> CleanFile:
    """Read at most 10 MB of `file` and return what may be kept of it, or raise `BadFile`."""
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise BadFile(EMPTY)
    if len(content) > MAX_BYTES:
        raise BadFile(TOO_BIG)
    shown = _shown_name(name)
    content_type = _TYPES.get(PurePosixPath(shown).suffix.lower())
    if content_type is None:
        raise BadFile(WRONG_KIND)
    if content_type != _type_by_content(content):
        raise BadFile(NOT_WHAT_IT_SAYS)
    return CleanFile(shown, content_type, _CLEANERS[content_type](content))


def _shown_name(name: str) -> str:
    """The last part of the name, without control or direction characters, its ending kept."""
    last = PureWindowsPath(name).name
    printable = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    path = PurePosixPath(printable)
    return path.stem[: 140 - len(path.suffix)] + path.suffix


def _type_by_content(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _pdf(content: bytes) -> bytes:
    """The same bytes, if they are one PDF from the first byte to the last and do nothing."""
    if not content.startswith(b"%PDF-") or not re.search(rb"%%EOF[\s\0]*\Z", content):
        raise BadFile(NOT_WHAT_IT_SAYS)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise BadFile(LOCKED)
        if not len(reader.pages):
            raise BadFile(UNREADABLE)
        acting = any(_acts(thing) for thing in _objects(reader))
    except Refused:
        raise
    except Exception as damaged:
        # pypdf raises whatever its parsing ran into; all of it means the same to who added it.
        raise BadFile(UNREADABLE) from damaged
    if acting:
        raise BadFile(ACTS)
    return content


def _objects(reader: PdfReader) -> Iterator[Any]:
    numbers = {number for table in reader.xref.values() for number in table}
    numbers |= set(reader.xref_objStm)
    if len(numbers) > MAX_PDF_OBJECTS:
        raise BadFile(TOO_BIG)
    yield reader.trailer
    for number in sorted(numbers - {0}):
        yield reader.get_object(number)


def _acts(thing: Any) -> bool:
    """True if a name that acts is a key or a value in `thing`; references are visited apart."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (DictionaryObject, StreamObject)):
            if not _ACTING.isdisjoint(part.keys()):
                return True
            waiting.extend(dict.values(part))
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))
        elif isinstance(part, str) and str(part) in _ACTING:
            return True
    return False


def _image(content: bytes, *, kind: str) -> bytes:
    """The pixels, written anew in the same format: nothing else of the file is left."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadFile(TOO_MANY_PIXELS)
            if getattr(image, "n_frames", 1) > 1:
                raise BadFile(MOVES)
            upright = ImageOps.exif_transpose(image)
            return _written_anew(upright, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError) as damaged:
        raise BadFile(UNREADABLE) from damaged


def _written_anew(image: Image.Image, kind: str) -> bytes:
    see_through = kind != "JPEG" and image.has_transparency_data
    pixels = image.convert("RGBA" if see_through else "RGB")
    pixels.info = {}
    written = io.BytesIO()
    pixels.save(written, format=kind, quality=90)
    return written.getvalue()


def _jpeg(content: bytes) -> bytes:
    return _image(content, kind="JPEG")


def _png(content: bytes) -> bytes:
    return _image(content, kind="PNG")


def _webp(content: bytes) -> bytes:
    return _image(content, kind="WEBP")


_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": _pdf,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
