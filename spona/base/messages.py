"""Catalogues of messages without gettext on the machine.

Message ids are English. Serbian Latin is written by people in locale/sr_Latn, the Cyrillic in
locale/sr is generated from it and kept out of the repository; formats of dates are no messages
(they would be transliterated) and stand in config/formats. Babel reads Python; templates go
through Django's `templatize`, which turns their tags into calls.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from spona.names.cyrillic import to_cyrillic, without_marks

FOLDERS = ("spona", "config", "demo")
_SKIPPED = {"tests", "migrations", "static", "node_modules"}
_TEMPLATE_ENDINGS = {".html", ".txt", ".xml", ".svg"}
_LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **_LAZY,
    "npgettext_lazy": DEFAULT_KEYWORDS["npgettext"],
    "gettext_noop": DEFAULT_KEYWORDS["gettext"],
}

# Written by hand and not by Babel, whose header carries the date of every run.
_HEADER = """# Spona in Serbian. Message ids are English; see spona/base/messages.py.
# A stroke keeps two letters apart in Cyrillic and is never shown: in|jekcija.
msgid ""
msgstr ""
"Project-Id-Version: spona\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && \
(n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""

_NAMED = re.compile(r"%\(\w+\)[-+#0]*\d*(?:\.\d+)?[a-z]|\{\w+\}", re.IGNORECASE)
_UNNAMED = re.compile(r"%[-+#0]*\d*(?:\.\d+)?[a-z]|\{\}", re.IGNORECASE)

Key = tuple[str | None, tuple[str, ...]]  # context; the id, and its plural if it has one


def collect(locale: Path) -> int:
    """Bring the Latin catalogue up to date with the sources beside `locale`.

    Translations are kept, what is no longer used is removed. Returns how many messages still
    have no Serbian.
    """
    written = _read(locale)
    written.update(_found(locale.parent), no_fuzzy_matching=True)
    _write(_po(locale, "sr_Latn"), _text(written, "sr_Latn"))
    return sum(not _translated(message) for message in _messages(written))


def build(locale: Path) -> int:
    """Compile the Latin catalogue; generate and compile the Cyrillic. Returns their length."""
    written = _read(locale)
    _compile(locale, "sr_Latn", _spelled(written, "sr_Latn", without_marks))
    cyrillic = _spelled(written, "sr", to_cyrillic)
    _write(_po(locale, "sr"), _text(cyrillic, "sr"))
    _compile(locale, "sr", cyrillic)
    return len(written)


def check(locale: Path) -> list[str]:
    """What is wrong with the Latin catalogue, one sentence each; an empty list is good."""
    written = {_key(message): message for message in _messages(_read(locale))}
    found = {_key(message) for message in _messages(_found(locale.parent))}
    stale = [f"not collected: {_shown(key)}" for key in sorted(found - written.keys(), key=str)]
    stale += [f"no longer used: {_shown(key)}" for key in sorted(written.keys() - found, key=str)]
    wrong = [(fault, key) for key, message in written.items() if (fault := _fault(message))]
    return stale + [f"{fault}: {_shown(key)}" for fault, key in wrong]


def _found(root: Path) -> Catalog:
    catalog = Catalog(locale="sr_Latn")
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        for line, message, comments, context in extract(
            "python", BytesIO(_python(path)), keywords=_KEYWORDS, comment_tags=["Translators:"]
        ):
            catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def _sources(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if _SKIPPED.isdisjoint(parts) and (path.suffix == ".py" or _is_template(path)):
                yield path


def _is_template(path: Path) -> bool:
    return path.suffix in _TEMPLATE_ENDINGS and "templates" in path.parts


def _python(path: Path) -> bytes:
    """The file as Python. `templatize` keeps the indentation of the page, which Python refuses."""
    if path.suffix == ".py":
        return path.read_bytes()
    lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _read(locale: Path) -> Catalog:
    path = _po(locale, "sr_Latn")
    if not path.exists():
        return Catalog(locale="sr_Latn")
    with path.open("rb") as file:
        return read_po(file, locale="sr_Latn")


def _spelled(written: Catalog, language: str, spell: Callable[[str], str]) -> Catalog:
    spelled = Catalog(locale=language)
    for message in _messages(written):
        strings = tuple(spell(string) for string in _strings(message))
        string = strings if message.pluralizable else strings[0]
        spelled.add(message.id, string, flags=message.flags, context=message.context)
    return spelled


def _text(catalog: Catalog, language: str) -> bytes:
    """Files but no line numbers, one order: two people who collect get the same text."""
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=0,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return _HEADER.replace("{language}", language).encode() + body.getvalue().rstrip() + b"\n"


def _compile(locale: Path, language: str, catalog: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    _write(_po(locale, language).with_suffix(".mo"), compiled.getvalue())


def _po(locale: Path, language: str) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)  # the header has no id


def _key(message: Message) -> Key:
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return message.context, ids


def _shown(key: Key) -> str:
    context, ids = key
    return f"{ids[0]!r}" + (f" ({context})" if context else "")


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ""  # None before anybody wrote it
    return (string,) if isinstance(string, str) else tuple(string)


def _translated(message: Message) -> bool:
    return all(_strings(message))


def _fault(message: Message) -> str:
    """Every Serbian form must show what the last English form shows: *one* is also 21 and 31."""
    if not _translated(message):
        return "no Serbian"
    if message.fuzzy:
        return "fuzzy"
    expected = _placeholders(_key(message)[1][-1])
    if any(_placeholders(string) != expected for string in _strings(message)):
        return "other placeholders"
    return ""


def _placeholders(text: str) -> tuple[set[str], list[str]]:
    """Named ones may be repeated or change places, the others may not."""
    plain = text.replace("%%", "")
    return set(_NAMED.findall(plain)), _UNNAMED.findall(_NAMED.sub("", plain))
