"""Files as strangers send them, made in the test: harmless ones and harmful ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

GPS = 0x8825


def image(kind: str, size: tuple[int, int] = (8, 6), mode: str = "RGB", **how: Any) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 120).save(written, format=kind, **how)
    return written.getvalue()


def jpeg(*, place: bool = False, turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = "kuća u Vranju"
    if place:
        exif.get_ifd(GPS)[1] = "N"
    return image("JPEG", exif=exif, comment=b"tajna")


def pdf(change: Callable[[PdfWriter], Any] | None = None) -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if change:
        change(writer)
    writer.write(written)
    return written.getvalue()


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.html", "<script>alert(1)</script>")
    return written.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that claim many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def launch(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("a.exe")}
    )
    writer._root_object[NameObject("/OpenAction")] = action


def deep_script(writer: PdfWriter) -> None:
    inner = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    writer.pages[0][NameObject("/X")] = ArrayObject([ArrayObject([inner])])


def script(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
