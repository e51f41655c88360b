"""A small synthetic rule book whose one rule a test writes; it states no law."""

from __future__ import annotations

from spona.conduct.book import Book
from spona.conduct.reader import read_text
from spona.conduct.text import (
    sentence,
)

HEAD = """
id: small
version: "1"
title: {sr-latn: Mala knjiga, en: Small book}
parties:
  police:
    type: MUP
    gender: f
    sr-latn: {nom: policija, gen: policije, dat: policiji, acc: policiju,
              ins: policijom, loc: policiji}
    en: {name: the police}
  ministry:
    type: MRZBSP
    gender: n
    sr-latn: {nom: ministarstvo, gen: ministarstva, dat: ministarstvu, acc: ministarstvo,
              ins: ministarstvom, loc: ministarstvu}
    en: {name: the ministry}
  schools:
    type: SKOLA
    gender: f
    plural: true
    sr-latn: {nom: škole, gen: škola, dat: školama, acc: škole, ins: školama, loc: školama}
    en: {name: the schools}
facts:
  urgent: {type: boolean, label: {sr-latn: Hitnost, en: Urgency}}
  agreed: {type: date, label: {sr-latn: Dogovoren dan, en: Day agreed},
           phrase: {sr-latn: dogovorenog dana, en: the day agreed}}
  set_for: {type: date, label: {sr-latn: Zakazano za, en: Set for}}
  bell: {type: datetime, label: {sr-latn: Početak časa, en: Beginning of class}}
acts:
  asked:
    by: police
    sr-latn: {label: Pitanje, kada: je pitanje postavljeno, da: postavi pitanje,
              gen: postavljanja pitanja}
    en: {label: Question, when: a question has been asked, do: ask a question, noun: the question}
  answered:
    by: ministry
    with: [police, schools]
    without: [ministry]
    sr-latn: {label: Odgovor, kada: je odgovor dat, da: odgovori, gen: odgovora}
    en: {label: Answer, when: an answer has been given, do: answer, noun: the answer}
  taught:
    by: [schools, police]
    sr-latn: {label: Nastava, kada: je nastava održana, da: održe nastavu, gen: nastave}
    en: {label: Teaching, when: teaching has been held, do: teach, noun: the teaching}
  heard:
    by: anyone
    sr-latn: {label: Glas, kada: se glas čuo, da: zabeleži glas, gen: glasa}
    en: {label: Voice, when: a voice has been heard, do: record the voice, noun: the voice}
rules:
"""


def book_with(row: str, verified: str = "read", extra: str = "") -> Book:
    rule = (
        f'  - {{id: T-1, source: "http://example.org", verified: {verified}, {extra}rows: [{row}]}}'
    )
    return read_text(HEAD + rule)


def said(row: str, lang: str = "sr-latn", verified: str = "read", extra: str = "") -> str:
    book = book_with(row, verified, extra)
    return sentence(book, book.rules[0], book.rules[0].rows[0], lang)


TAUGHT = "{when: asked, must: taught, within: PT24H}"
ANSWER = "{when: asked, must: answered, within: {working_days: 5}}"
LADDER = (
    "on_breach: [{after: PT0H, tell: head_of_service}, {after: PT6H, tell: director},"
    " {after: P1D, tell: coordinator}], "
)
