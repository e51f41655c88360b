"""DCR graphs of other programs: the two XML forms of dcr-js, read and (its own form) written.

Nestings are flattened: a relation of a nesting is one of each event in it. What this engine does
not execute (subprocesses, guards over data, spawning) is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.etree.ElementTree import (
    Element,
    ParseError,
    SubElement,
    indent,
    register_namespace,
    tostring,
)

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from spona.conduct.book import Kind, Unit
from spona.conduct.build import term
from spona.conduct.graph import Graph
from spona.conduct.marking import Marking
from spona.conduct.relations import Length, Relation, length

NAMESPACE = "http://tk/schema/dcr"
EXECUTED = (Kind.CONDITION, Kind.MILESTONE, Kind.RESPONSE, Kind.INCLUDE, Kind.EXCLUDE)
KINDS = {kind.value: kind for kind in EXECUTED}
GROUPS = frozenset({"nesting", "event"})
FOREIGN = frozenset({"coresponce", "update", "spawn", "subProcess", "templateSpawn"})


class Refused(ValueError):  # noqa: N818 -- it is said of the file
    """The file cannot be executed here; the message is a sentence that names what."""


class Plain(NamedTuple):
    """A graph without law: `acts` with their labels, and the marking it begins with.

    `roles` names who does an act, where the graph says so.
    """

    acts: Mapping[str, str]
    relations: tuple[Relation, ...]
    executed: frozenset[str]
    included: frozenset[str]
    pending: frozenset[str]
    roles: Mapping[str, str] = {}

    def graph(self) -> Graph:
        return Graph.from_relations(tuple(self.acts), self.relations)

    def begin(self, graph: Graph, at: datetime) -> Marking:
        """The marking of a run that begins at `at`; what was executed counts as just done."""
        done = dict.fromkeys(self.executed, at)
        return graph.marking(at, done, self.included, dict.fromkeys(self.pending))


def read_dcr(xml: bytes | str) -> Plain:
    """The graph in `xml`; raises `Refused`."""
    try:
        root = fromstring(xml)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(f"This is no XML that may be read: {error}.") from error
    for element in root.iter():
        _known(element)
    members: dict[str, list[str]] = {}
    events = dict(_events(root, members))
    executed, included, pending = _marked(root, events)
    acts = {key: event.get("description") or _label(root, key) for key, event in events.items()}
    found = tuple(r for e in root.iter() for r in _relations(e, members))
    strange = {act for r in found for act in (r.source, *r.targets)} - acts.keys()
    if strange or not acts:
        raise Refused(f"The graph has no event {min(strange, default='at all')}.")
    roles = {key: role for key, event in events.items() if (role := _role(event))}
    return Plain(acts, found, executed, included, pending, roles)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _known(element: Element) -> None:
    name, kind = _name(element), element.get("type", "").lower()
    if name in FOREIGN or (name == "event" and kind in ("subprocess", "form")):
        raise Refused(f"The {kind or name} {_called(element)} is not executed here.")
    if element.get("guard") or element.get("expressionId"):
        raise Refused(f"The guard of the relation {_called(element)} is not executed here.")


def _called(element: Element) -> str:
    return next(
        (element.get(key, "") for key in ("id", "sourceId") if element.get(key)), "without a name"
    )


def _events(root: Element, members: dict[str, list[str]]) -> Iterator[tuple[str, Element]]:
    """The events that are no nestings; `members` learns which events each name stands for."""
    tops = [e for e in root.iter() if _name(e) in ("events", "dcrGraph")]
    for top in tops[:1]:
        yield from _inside(top, members)


def _inside(parent: Element, members: dict[str, list[str]]) -> Iterator[tuple[str, Element]]:
    for element in parent:
        key = element.get("id")
        if _name(element) not in GROUPS or key is None:
            continue
        if key in members:
            raise Refused(f"The event {key} stands there twice.")
        members[key] = []
        if _name(element) == "nesting" or element.get("type") == "nesting":
            inner = list(_inside(element, members))
            members[key] = [name for name, _ in inner]
            yield from inner
        else:
            members[key] = [key]
            yield key, element


def _role(event: Element) -> str:
    """Who does it: an attribute in one form, the first of a list in the other."""
    return event.get("role") or (event.findtext("custom/roles/role") or "").strip()


def _label(root: Element, key: str) -> str:
    mappings = (e for e in root.iter("labelMapping") if e.get("eventId") == key)
    return next((e.get("labelId", key) for e in mappings), key)


def _marked(root: Element, events: Mapping[str, Element]) -> tuple[frozenset[str], ...]:
    """What is executed, included and pending: beside the events, or on each."""
    marking = root.find(".//marking")
    names = ("executed", "included", "pendingResponses")
    if marking is not None:
        parts = ([e.get("id") for e in marking.findall(f"{name}/event")] for name in names)
        return tuple(frozenset(events) & frozenset(part) for part in parts)
    flags = ("executed", "included", "pending")
    return tuple(frozenset(k for k, e in events.items() if e.get(f) == "true") for f in flags)


def _relations(element: Element, members: Mapping[str, list[str]]) -> Iterator[Relation]:
    name = element.get("type", "") if _name(element) == "relation" else _name(element)
    source = element.get("sourceRef") or element.get("sourceId")
    target = element.get("targetRef") or element.get("targetId")
    if source is None or target is None:
        return
    if name not in KINDS:
        raise Refused(f"The relation {_called(element)} is of a kind not executed here: {name}.")
    time = _length(element.get("time"), _called(element))
    for one in members.get(source, [source]):
        for other in members.get(target, [target]):
            yield Relation(KINDS[name], one, (other,), length=time)


def _length(time: str | None, called: str) -> Length | None:
    try:
        return length(term(time)) if time else None
    except ValueError as error:
        raise Refused(f"The time of the relation {called} cannot be read: {time}.") from error


def write_dcr(plain: Plain, extension: Element | None = None) -> str:
    """The graph in the form of dcr-js, without a drawing; `extension` stands after it."""
    register_namespace("dcr", NAMESPACE)
    root = Element(f"{{{NAMESPACE}}}definitions")
    graph = SubElement(root, f"{{{NAMESPACE}}}dcrGraph", id="dcrGraph")
    flags = {"executed": plain.executed, "included": plain.included, "pending": plain.pending}
    for act, label in plain.acts.items():
        marked = {flag: str(act in acts).lower() for flag, acts in flags.items()}
        named = {"id": act, "description": label}
        if act in plain.roles:
            named["role"] = plain.roles[act]
        SubElement(graph, f"{{{NAMESPACE}}}event", named | marked)
    for number, relation in enumerate(plain.relations, 1):
        time = {"time": _iso(relation.length)} if relation.length is not None else {}
        ends = {"sourceRef": relation.source, "targetRef": relation.targets[0]}
        made = {"id": f"Relation_{number}", "type": relation.kind.value}
        SubElement(graph, f"{{{NAMESPACE}}}relation", made | ends | time)
    if extension is not None:
        root.append(extension)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _iso(time: Length) -> str:
    if isinstance(time, timedelta):
        return f"PT{time // timedelta(hours=1)}H"
    return f"P{time.amount}{'M' if time.unit is Unit.MONTHS else 'D'}"
