"""Each screen is photographed wide, on a phone and in Cyrillic, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import FloatRect, Page

from demo.play import play
from spona.coordination.actions import catch_up, tell_what_is_due
from tests.journeys.beside import happened
from tests.journeys.conftest import SHOTS, Newcomer
from tests.journeys.screens import ADA, Screen, all_screens
from tests.journeys.screens_further import further_screens
from tests.journeys.screens_rules import rule_screens, rules_written
from tests.journeys.stories import boy_in_care

WIDE, PHONE, NARROWEST = 1280, 375, 320  # CSS pixels
HEIGHT = 800
TALLEST = 3000  # of a picture; what comes after is more of the same list
SLOWLY = 30_000  # milliseconds for a picture
TARGETS = {"runOnly": ["target-size", "color-contrast"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
OVERFLOWS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


@pytest.fixture
def stories(town: None, password: Callable[[str], str]) -> list[Screen]:
    at = timezone.now()
    play(at)
    catch_up(at=at)
    tell_what_is_due(at=at)
    password(ADA)  # one that can be changed
    past = happened(at)
    found = [*all_screens(at), *further_screens(past)]
    return sorted(found, key=lambda screen: screen.who)


@pytest.fixture
def rules(library: None) -> list[Screen]:
    at = timezone.now()
    boy_in_care(at)
    return sorted(rule_screens(rules_written(at)), key=lambda screen: screen.who)


def test_every_screen(stories: list[Screen], newcomer: Newcomer, sign_in: Newcomer) -> None:
    _look_at_all(stories, newcomer, sign_in)


def test_every_screen_of_rules(rules: list[Screen], newcomer: Newcomer, sign_in: Newcomer) -> None:
    _look_at_all(rules, newcomer, sign_in)


def _look_at_all(screens: list[Screen], newcomer: Newcomer, sign_in: Newcomer) -> None:
    faults: list[str] = []
    page, signed_in = newcomer(), ""
    for screen in screens:
        if screen.who != signed_in:
            page.context.close()
            page, signed_in = sign_in(screen.who), screen.who
        faults += [f"{screen.name} {fault}" for fault in _look_at(page, screen)]
    assert not faults, "\n".join(["", *faults])


def _look_at(page: Page, screen: Screen) -> list[str]:
    """What is wrong with one screen; its pictures are left in shots/."""
    faults = []
    _script(page, "sr-latn")
    answered = page.goto(screen.path)
    if answered is None or answered.status != screen.status:
        return [f"answers {answered and answered.status}"]
    _go_on(page, screen)
    _photograph(page, screen.name, WIDE, "latin")
    faults += _axe(page, "wide")
    page.emulate_media(color_scheme="dark")
    faults += _axe(page, "dark", CONTRAST)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    if page.evaluate(OVERFLOWS):
        faults.append(f"is wider than {NARROWEST} px")
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    _open(page, screen)
    _photograph(page, screen.name, PHONE, "latin")
    faults += _axe(page, "phone", TARGETS)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    _script(page, "sr")
    _open(page, screen)
    _photograph(page, screen.name, WIDE, "cyrillic")
    return faults


def _open(page: Page, screen: Screen) -> None:
    page.goto(screen.path)
    _go_on(page, screen)


def _go_on(page: Page, screen: Screen) -> None:
    if screen.then is not None:
        screen.then(page)


def _script(page: Page, language: str) -> None:
    known = next(one for one in page.context.cookies() if one["name"] == "language")
    page.context.add_cookies([{**known, "value": language}])  # type: ignore[typeddict-item]


def _photograph(page: Page, name: str, width: int, script: str) -> None:
    path = SHOTS / f"{name}-{width}-{script}.png"
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=path, full_page=True, clip=clip, timeout=SLOWLY)


def _axe(page: Page, look: str, options: dict[str, Any] | None = None) -> list[str]:
    chosen = {"options": options} if options else {}
    found = Axe().run(page, **chosen).response["violations"]
    return [
        f"({look}) {one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:3])}"
        for one in found
    ]
