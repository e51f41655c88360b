"""P17: what a stranger sends is harmless before it is kept, or is not kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit

from spona.base import uploads
from spona.base.tests.files import (
    deep_script,
    image,
    jpeg,
    launch,
    pdf,
    png_of_size,
    script,
    zipped,
)
from spona.base.uploads import BadFile, clean


def test_a_pdf_is_kept_as_it_is() -> None:
    kept = clean("Rešenje.PDF", io.BytesIO(pdf()))
    assert (kept.name, kept.content_type, kept.content) == (
        "Rešenje.PDF",
        "application/pdf",
        pdf(),
    )
    assert len(PdfReader(io.BytesIO(kept.content)).pages) == 1


def test_a_link_in_a_pdf_is_no_program() -> None:
    link = Link(rect=(1, 1, 9, 9), target_page_index=0, fit=Fit("/Fit"))
    assert clean("a.pdf", io.BytesIO(pdf(lambda w: w.add_annotation(0, link)))).content


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK")]
    + [(kind, mode) for kind in ("PNG", "WEBP") for mode in ("RGB", "L", "RGBA", "P")],
)
def test_every_ordinary_image_is_kept(kind: str, mode: str) -> None:
    kept = clean(f"slika.{kind.lower()}", io.BytesIO(image(kind, mode=mode)))
    with Image.open(io.BytesIO(kept.content)) as again:
        assert (again.format, again.size) == (kind, (8, 6))


def test_a_photograph_loses_its_place_and_words_and_stands_upright() -> None:
    kept = clean("slika.jpg", io.BytesIO(jpeg(place=True, turned=6)))
    with Image.open(io.BytesIO(kept.content)) as again:
        assert dict(again.getexif()) == {}
        assert again.size == (6, 8)
    for secret in (b"Exif", b"Vranju", b"tajna"):
        assert secret not in kept.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_hides_behind_an_image(kind: str) -> None:
    kept = clean(f"a.{kind.lower()}", io.BytesIO(image(kind) + zipped()))
    assert b"a.html" not in kept.content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", uploads.EMPTY),
        ("a.pdf", pdf() + b" " * uploads.MAX_BYTES, uploads.TOO_BIG),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", uploads.WRONG_KIND),
        ("a.html", b"<html><script>1</script>", uploads.WRONG_KIND),
        ("a.txt", b"text", uploads.WRONG_KIND),
        ("a.csv", b"=1+1", uploads.WRONG_KIND),
        ("a.docx", zipped(), uploads.WRONG_KIND),
        ("a.pdf.exe", pdf(), uploads.WRONG_KIND),
        ("pdf", pdf(), uploads.WRONG_KIND),
        ("", pdf(), uploads.WRONG_KIND),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"<html><script>1</script>", uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", image("PNG"), uploads.NOT_WHAT_IT_SAYS),
        ("a.png", image("JPEG"), uploads.NOT_WHAT_IT_SAYS),
        ("a.jpg", image("GIF"), uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"\x00\x01\x02\x03", uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", pdf() + zipped(), uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"<script>1</script>" + pdf(), uploads.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF", uploads.UNREADABLE),
        ("a.png", image("PNG", (400, 300))[:60], uploads.UNREADABLE),
        ("a.jpg", image("JPEG")[:300], uploads.UNREADABLE),
        ("a.pdf", pdf(lambda w: w.encrypt("x", algorithm="RC4-128")), uploads.LOCKED),
        ("a.pdf", pdf(script), uploads.ACTS),
        ("a.pdf", pdf(lambda w: w.add_attachment("a.exe", b"MZ")), uploads.ACTS),
        ("a.pdf", pdf(launch), uploads.ACTS),
        ("a.pdf", pdf(deep_script), uploads.ACTS),
        ("a.png", png_of_size(50_000, 50_000), uploads.TOO_MANY_PIXELS),
        ("a.png", png_of_size(7_000, 6_000), uploads.TOO_MANY_PIXELS),
        (
            "a.webp",
            image("WEBP", save_all=True, append_images=[Image.new("RGB", (8, 6))]),
            uploads.MOVES,
        ),
    ],
)
def test_what_may_not_be_kept_is_refused_in_one_sentence(
    name: str, content: bytes, sentence: object
) -> None:
    with pytest.raises(BadFile) as refused:
        clean(name, io.BytesIO(content))
    assert refused.value.sentence is sentence


def test_a_pdf_with_a_script_written_in_another_spelling_is_refused() -> None:
    spelled = pdf(deep_script).replace(b"/JavaScript", b"/J#61vaScript")
    with pytest.raises(BadFile) as refused:
        clean("a.pdf", io.BytesIO(spelled))
    assert refused.value.sentence in (uploads.ACTS, uploads.UNREADABLE)


def test_a_pdf_of_countless_objects_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_PDF_OBJECTS", 2)
    with pytest.raises(BadFile) as refused:
        clean("a.pdf", io.BytesIO(pdf()))
    assert refused.value.sentence is uploads.TOO_BIG


def test_a_pdf_without_pages_is_refused() -> None:
    written = io.BytesIO()
    PdfWriter().write(written)
    with pytest.raises(BadFile) as refused:
        clean("a.pdf", io.BytesIO(written.getvalue()))
    assert refused.value.sentence is uploads.UNREADABLE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\x\\rešenje.pdf", "rešenje.pdf"),
        ("../../etc/a.pdf", "a.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("a\n\0b.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 136 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_tricks(name: str, shown: str) -> None:
    assert clean(name, io.BytesIO(pdf())).name == shown
