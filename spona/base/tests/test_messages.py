"""Messages without gettext: found, written once, shown in both scripts."""

import gettext
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from django.core.management import CommandError, call_command
from pytest_django import Settings

from spona.base import messages
from spona.base.management.commands.messages import Command

VIEW = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy

TITLE = gettext_lazy("My duties")
OPEN = pgettext_lazy("verb", "Open")
NOT_OURS = "Not for translation"
def view(n, name):
    # Translators: shown to the person on duty
    _("Hello, %(name)s") % {"name": name}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
"""
PAGE = """{% load i18n %}
    <p title="it's (">{% translate "Open" context "adjective" %}</p>
  {% blocktranslate count n=days trimmed %}
      {{ n }} child waits
    {% plural %}
      {{ n }} children wait
  {% endblocktranslate %}
{% blocktranslate with who=person context "desk" %}Duty of {{ who }}: 100%{% endblocktranslate %}
<b>{{ note|default:_("No note") }}</b>{% trans 'Take an injection' %}
"""
DAYS = ("%(n)s dan", "%(n)s dana", "%(n)s dana")
CHILDREN = ("%(n)s dete čeka", "%(n)s dece čeka", "%(n)s dece čeka")
SERBIAN: dict[str, str | tuple[str, ...]] = {
    "%(n)s child waits": CHILDREN,
    "%(n)s day": DAYS,
    "Duty of %(who)s: 100%%": "%(who)s, obaveza: 100%%",
    "Hello, %(name)s": "Zdravo, %(name)s. Dobro došli, %(name)s.",
    "My duties": "Moje obaveze",
    "No note": "Nema beleške",
    "Take an injection": "Primite in|jekciju",
}
OPEN = {"verb": "Otvorite", "adjective": "Otvoren"}


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    for path, text in (
        ("spona/cases/views.py", VIEW),
        ("spona/cases/templates/cases/page.html", PAGE),
        ("spona/cases/tests/test_views.py", '_("Only a test")'),
        ("spona/cases/notes.txt", '{% trans "Not a template" %}'),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path / "locale"


def written(locale: Path) -> Path:
    return locale / "sr_Latn" / "LC_MESSAGES" / "django.po"


def translate(locale: Path, **changed: str | tuple[str, ...]) -> None:
    """Fill in the Serbian as an editor would; `changed` by the first word of the message."""
    with written(locale).open("rb") as file:
        catalog = read_po(file, locale="sr_Latn")
    for message in catalog:
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[0]
            serbian = SERBIAN.get(english) or OPEN[message.context or ""]
            message.string = changed.get(english.split()[0], serbian)
    with written(locale).open("wb") as file:
        write_po(file, catalog)


def built(locale: Path, language: str) -> gettext.GNUTranslations:
    messages.build(locale)
    with (locale / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_message_of_python_and_templates_is_found_and_nothing_else(locale: Path) -> None:
    assert messages.collect(locale) == len(SERBIAN) + len(OPEN)
    text = written(locale).read_text()
    assert all(f'msgid "{english}"' in text for english in SERBIAN)
    assert "Not" not in text
    assert "Only" not in text
    assert "#. Translators: shown to the person on duty" in text


def test_a_second_run_changes_nothing(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    assert messages.collect(locale) == 0
    once = written(locale).read_bytes()
    (locale.parent / "spona/cases/views.py").write_text("# a line more\n" + VIEW)
    messages.collect(locale)
    assert written(locale).read_bytes() == once


def test_translations_stay_and_unused_ones_go(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    (locale.parent / "spona/cases/views.py").write_text('_("My duties"); _("New")')
    assert messages.collect(locale) == 1
    text = written(locale).read_text()
    assert "Moje obaveze" in text
    assert "Zdravo" not in text


def test_both_scripts_have_three_plurals_and_no_strokes(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    latin, cyrillic = built(locale, "sr_Latn"), built(locale, "sr")
    assert [latin.ngettext("%(n)s day", "%(n)s days", n) % {"n": n} for n in (1, 2, 5, 21)] == [
        *("1 dan", "2 dana", "5 dana", "21 dan")
    ]
    assert cyrillic.ngettext("%(n)s child waits", "", 22) % {"n": 22} == "22 деце чека"
    assert latin.gettext("Take an injection") == "Primite injekciju"
    assert cyrillic.gettext("Take an injection") == "Примите инјекцију"
    assert cyrillic.gettext("Hello, %(name)s") == "Здраво, %(name)s. Добро дошли, %(name)s."
    assert cyrillic.pgettext("verb", "Open") == "Отворите"
    assert latin.pgettext("adjective", "Open") == "Otvoren"


def test_the_generated_cyrillic_can_be_read_by_people(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    messages.build(locale)
    text = (locale / "sr" / "LC_MESSAGES" / "django.po").read_text()
    assert '"Language: sr\\n"' in text
    assert 'msgstr[2] "%(n)s дана"' in text


def test_without_serbian_the_english_is_shown(locale: Path) -> None:
    messages.collect(locale)
    cyrillic = built(locale, "sr")
    assert cyrillic.gettext("My duties") == "My duties"
    assert cyrillic.ngettext("%(n)s day", "%(n)s days", 5) == "%(n)s days"


def test_a_full_catalogue_has_no_faults(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    assert messages.check(locale) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"My": ""}, "no Serbian: 'My duties'"),
        ({"Open": ""}, "no Serbian: 'Open' (adjective)"),
        ({"%(n)s": ("%(n)s dan", "%(n)s dana", "")}, "no Serbian: '%(n)s day'"),
        ({"Hello,": "Zdravo, %(ime)s"}, "other placeholders: 'Hello, %(name)s'"),
        ({"Duty": "Obaveza: %(who)s, %s"}, "other placeholders: 'Duty of %(who)s: 100%%' (desk)"),
        # one day, and also 21 and 31 of them
        ({"%(n)s": ("jedan dan", "%(n)s", "%(n)s")}, "other placeholders: '%(n)s day'"),
    ],
)
def test_faults_of_the_serbian_are_named(
    locale: Path, changed: dict[str, str | tuple[str, ...]], fault: str
) -> None:
    messages.collect(locale)
    translate(locale, **changed)
    assert fault in messages.check(locale)


def test_a_guess_is_not_a_translation(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    text = written(locale).read_text()
    written(locale).write_text(text.replace('msgid "No note"', '#, fuzzy\nmsgid "No note"'))
    assert messages.check(locale) == ["fuzzy: 'No note'"]


def test_a_stale_catalogue_is_told(locale: Path) -> None:
    messages.collect(locale)
    translate(locale)
    (locale.parent / "spona/cases/views.py").write_text(VIEW.replace("My duties", "My tasks"))
    assert messages.check(locale) == ["not collected: 'My tasks'", "no longer used: 'My duties'"]


def test_a_page_that_cannot_be_read_is_named(locale: Path) -> None:
    page = locale.parent / "spona/cases/templates/cases/page.html"
    page.write_text("{% blocktranslate %}{% if x %}{% endblocktranslate %}")
    with pytest.raises(SyntaxError, match=r"page\.html"):
        messages.collect(locale)


def test_the_command_collects_builds_and_checks(locale: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [locale]
    said = StringIO()
    call_command(Command(stdout=said), "collect")
    with pytest.raises(CommandError, match="no Serbian: 'My duties'"):
        call_command(Command(stdout=said), "check")
    translate(locale)
    call_command(Command(stdout=said), "check")
    call_command(Command(stdout=said), "build")
    assert said.getvalue().splitlines() == [
        "Collected; 9 without Serbian.",
        "Every message has its Serbian.",
        "Built 9 messages in both scripts.",
    ]
