"""What the component templates are given. A page fills these in; `base/components/` draws them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from spona.base.clock import State


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. `method` post makes a form; `confirm` is asked first, in words."""

    label: str
    href: str
    method: Literal["get", "post"] = "get"
    primary: bool = True
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One line of the desk: what, for whom, by when, why, and what to do now.

    `who` holds short facts in reading order (case code first). `blocked` says which rule blocks
    the button and how to get there; `obstacle` says what stands in the way outside the house, and
    `cannot` is where one says so (key `o`).
    """

    what: str
    state: State
    who: tuple[str, ...] = ()
    href: str = ""
    since: datetime | None = None
    due: datetime | None = None
    rule: str = ""
    rule_href: str = ""
    verified: str = ""
    owner: str = ""
    obstacle: str = ""
    blocked: str = ""
    act: Act | None = None
    cannot: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A breadcrumb, a tab or any named door. `count` is shown when it is not None."""

    label: str
    href: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a definition list or of check-your-answers (`change_href` then says where)."""

    label: str
    value: str
    change_href: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list; without `href` it cannot be started yet and `hint` says why."""

    label: str
    done: bool = False
    href: str = ""
    hint: str = ""
