"""What people do on pages, in the words that stand on them.

The words are asked of the message catalogues, so that a journey reads in one language and runs in
the one that the staff see.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

STAFF_LANGUAGE = "sr-latn"
VALUE = re.compile(r"%\(\w+\)\w|%%|<[^>]+>")
# The button in a field for a moment has the browser's own ring, which a script cannot read.
FOCUS_IS_SEEN = """() => {
  if (document.activeElement.type === "datetime-local") return true;
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
}"""
FOCUSED_WORDS = """() => {
  const at = document.activeElement;
  const label = at.labels?.length ? at.labels[0].textContent : "";
  const said = at.getAttribute("aria-label") || label || at.textContent || "";
  return said.replace(/\\s+/g, " ").trim();
}"""

Place = Page | Locator


def words(message: str, context: str = "") -> str:
    """`message` as staff read it."""
    with translation.override(STAFF_LANGUAGE):
        return translation.pgettext(context, message) if context else translation.gettext(message)


def pattern(message: str) -> re.Pattern[str]:
    """The sentence of a message, whatever its values."""
    parts = [re.escape(part) for part in VALUE.split(words(message))]
    return re.compile(".*".join(part.replace(r"\ ", r"\s+") for part in parts), re.DOTALL)


def starting(message: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{pattern(message).pattern}", re.DOTALL)


# --- what one does


def press(place: Place, message: str) -> None:
    """A button, or a link that one follows, by the words with which it begins."""
    name = starting(message)
    button = place.get_by_role("button", name=name)
    button.or_(place.get_by_role("link", name=name)).locator("visible=true").first.click()


def begin(page: Page, act: str) -> None:
    """One of the acts that can happen now in a referral or a handover."""
    press(section(page, "What can be done now"), act)


def write(place: Place, label: str, text: str) -> None:
    field(place, label).fill(text)


def choose(place: Place, label: str, choice: str) -> None:
    """A line of a list, by words in it."""
    box = field(place, label)
    line = box.locator("option", has_text=words(choice)).first
    box.select_option(value=line.get_attribute("value"))


def answer(place: Place, question: str, said: str) -> None:
    """One of the answers under a question, by its first words."""
    group = place.get_by_role("group", name=starting(question))
    group.get_by_role("radio", name=starting(said)).first.check()


def field(place: Place, label: str) -> Locator:
    """By the whole label, but for *(if you know)*."""
    inside = place.locator("main") if isinstance(place, Page) else place
    return inside.get_by_label(re.compile(rf"^\s*{pattern(label).pattern}\s*(\(|$)")).first


def unfold(place: Place, message: str) -> None:
    place.locator("summary", has_text=pattern(message)).first.click()


def agree(page: Page) -> None:
    """The question that is asked before something important is sent."""
    page.locator("dialog#confirm button[value=yes]").click()


def attach(place: Place, label: str, file: Path) -> None:
    field(place, label).set_input_files(file)


# --- what one does with the keyboard alone


def tab_to(page: Page, message: str, *, at_most: int = 60) -> None:
    """Tab until the focus is on the element that begins with these words; it is always seen."""
    wanted = starting(message)
    passed = []
    for _number in range(at_most):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED_WORDS))
        assert page.evaluate(FOCUS_IS_SEEN), f"the focus is not seen on {passed[-1]!r}"
        if wanted.match(passed[-1]):
            return
    raise AssertionError(f"Tab never comes to {words(message)!r}, only to {passed}")


# --- what one sees


def sees(place: Place, message: str) -> None:
    """The sentence stands on the page and is not hidden."""
    expect(_shown(place, pattern(message)).first).to_be_visible()


def sees_text(place: Place, text: str) -> None:
    expect(_shown(place, text).first).to_be_visible()


def sees_no(place: Place, message: str) -> None:
    expect(_shown(place, pattern(message))).to_have_count(0)


def _shown(place: Place, text: str | re.Pattern[str]) -> Locator:
    return place.get_by_text(text).locator("visible=true")


def is_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(pattern(heading))


def duty(page: Page, what: str) -> Locator:
    """The line of a list of duties."""
    return page.locator(".duty", has_text=what).first


def section(page: Page, heading: str) -> Locator:
    """A part of the page, by its heading."""
    title = page.get_by_role("heading", name=starting(heading))
    return page.locator("section", has=title).last
