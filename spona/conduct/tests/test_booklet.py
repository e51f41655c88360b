"""A rule book to hand out, in two scripts and English, whole or one page an institution."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from spona.conduct.booklet import Card, card, html, leaflet, pdf
from spona.conduct.booklet.pdf import markup, quoted
from spona.conduct.command import main
from spona.conduct.reader import read

BOOKS = {path.stem: path for path in sorted(Path("protocols").glob("*.yaml"))}
REFERRAL = read(BOOKS["referral"])


def words_of(made: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split()
    )


@pytest.mark.parametrize("name", BOOKS)
def test_the_book_holds_every_rule_with_badge_and_source(name: str) -> None:
    book = read(BOOKS[name])
    said = html(leaflet(book, "sr-latn"))
    for rule in book.rules:
        assert f'id="{rule.id}"' in said
        assert f'href="#{rule.id}"' in said
    assert book.digest in said
    assert "<script" not in said


def test_the_card_says_what_is_expected_of_one_party_alone() -> None:
    of = card(REFERRAL, "receiver", "en")
    assert any("confirm receipt" in said for said, _rule in of.must)
    assert not any("ask the person" in said for said, _rule in of.must)
    said = html(leaflet(REFERRAL, "en"), of)
    assert "What is expected of you" in said
    assert "The receiving service" in said


def test_who_owes_nothing_is_told_so() -> None:
    of = Card("X", (), (), (), ())
    assert "No rule of this book binds you" in html(leaflet(REFERRAL, "en"), of)
    assert "No rule of this book binds you" in markup(leaflet(REFERRAL, "en"), of)


def test_both_scripts_are_printed_in_pdf() -> None:
    latin = words_of(pdf(leaflet(REFERRAL, "sr-latn")))
    assert all(sign in latin for sign in "čćžšđ")
    cyrillic = words_of(pdf(leaflet(REFERRAL, "sr"), card(REFERRAL, "sender", "sr")))
    assert "Шта се од вас очекује" in cyrillic


def test_a_diagram_has_its_own_page() -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h5"/></svg>'
    book = leaflet(REFERRAL, "en")
    with_it, without = (len(PdfReader(BytesIO(pdf(book, None, one))).pages) for one in (drawn, ""))
    assert with_it == without + 1
    assert drawn in html(book, None, drawn)


def test_what_people_wrote_is_no_command() -> None:
    assert quoted('a "b" \\ #c') == '"a \\"b\\" \\\\ #c"'
    assert "#import" not in markup(leaflet(REFERRAL, "en"))


@pytest.mark.parametrize("name", ["out.html", "out.pdf"])
def test_the_command_writes_a_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    assert (
        main(["book", str(BOOKS["referral"]), "-o", str(out), "--party", "sender", "--lang", "en"])
        == 0
    )
    assert out.stat().st_size > 1000
    assert str(out) in capsys.readouterr().out


def test_the_command_says_what_it_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(BOOKS["referral"])
    assert main(["book", book, "-o", str(tmp_path / "a.doc")]) == 2
    assert main(["book", book, "-o", str(tmp_path / "a.pdf"), "--party", "nobody"]) == 2
    assert main(["book", book, "-o", str(tmp_path / "none" / "a.html")]) == 2
    assert "nobody" in capsys.readouterr().err
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("id: x", encoding="utf-8")
    assert main(["book", str(faulty), "-o", str(tmp_path / "a.html")]) == 1
