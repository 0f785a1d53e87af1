"""Releases of one contracting process merged by the rules of OCDS 1.1, each object knowing where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

DEEPEST = 64
"""Levels; OCDS needs about ten."""
_WHOLE_LISTS = frozenset({"additionalIdentifiers", "additionalClassifications"})
_OF_THE_RELEASE = frozenset({"id", "date", "tag"})


class TooDeep(Exception):
    """Nested deeper than any release is."""


class Node(dict[str, Any]):
    """A JSON object that knows its place (a JSON pointer), and the place of members that came from elsewhere."""

    __slots__ = ("at", "elsewhere")

    def __init__(self, members: Mapping[str, Any], at: str, elsewhere: dict[str, str] | None = None) -> None:
        super().__init__(members)
        self.at = at
        self.elsewhere = elsewhere

    def where(self, key: str) -> str:
        """The pointer of a member."""
        holder = self.at if self.elsewhere is None else self.elsewhere.get(key, self.at)
        return f"{holder}/{escape(key)}"


def escape(key: str) -> str:
    """A member's name within a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def placed(value: Any, at: str, level: int = 0) -> Any:
    """The value with a Node for each object. Raises TooDeep."""
    if level > DEEPEST:
        raise TooDeep
    if isinstance(value, dict):
        node = Node(value, at)
        for key, item in value.items():
            if isinstance(item, dict | list):  # pointers are made for what can hold something only: it saves a third
                node[key] = placed(item, f"{at}/{escape(key)}", level + 1)
        return node
    if isinstance(value, list):
        return [placed(item, f"{at}/{number}", level + 1) if isinstance(item, dict | list) else item for number, item in enumerate(value)]
    return value


def compiled(releases: Iterable[Node]) -> Node:
    """One release that says what all of them say together; they come in order, the latest wins."""
    whole: Node | None = None
    for release in releases:
        if whole is None:
            # What holds for a later release holds for the first: null says nothing, the same id in a list once.
            whole = release
            continue
        body = Node({key: item for key, item in release.items() if key not in _OF_THE_RELEASE}, release.at)
        whole = _merged(whole, body)
        whole.update({key: release[key] for key in _OF_THE_RELEASE & release.keys()})
    if whole is None:
        raise ValueError("nothing to compile")
    return whole


def _merged(old: Node, new: Node) -> Node:
    elsewhere = dict(old.elsewhere or {})
    elsewhere.update({key: old.at for key in old if key not in new and key not in elsewhere})
    for key in new:
        elsewhere.pop(key, None)
    made = Node(old, new.at, elsewhere)
    for key, value in new.items():
        before = made.get(key)
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Node) and isinstance(before, Node):
            made[key] = _merged(before, value)
        elif isinstance(value, list) and isinstance(before, list) and _by_id(key, before, value):
            made[key] = _merged_list(before, value)
        else:
            made[key] = value
    return made


def _by_id(key: str, before: list[Any], after: list[Any]) -> bool:
    return key not in _WHOLE_LISTS and all(isinstance(item, Node) for item in [*before, *after])


def _merged_list(before: list[Node], after: list[Node]) -> list[Node]:
    """Objects of one id become one. Those without an id are added, unless an equal one is there already: publishers
    repeat their lists in every release, and a payment told three times was still made once."""
    made: list[Node] = list(before)
    position = {_key(item): number for number, item in enumerate(made) if _key(item) is not None}
    spare = [item for item in before if _key(item) is None]
    for item in after:
        key = _key(item)
        if key is None:
            if item in spare:
                spare.remove(item)
            else:
                made.append(item)
        elif key in position:
            made[position[key]] = _merged(made[position[key]], item)
        else:
            position[key] = len(made)
            made.append(item)
    return made


def _key(item: Node) -> str | None:
    identifier = item.get("id")
    return None if identifier is None or isinstance(identifier, dict | list) else str(identifier)


def latest(value: Any) -> Any:
    """A versioned release as it last stood: of each list of versions the last value."""
    if isinstance(value, list):
        if value and all(isinstance(item, dict) and "value" in item and "releaseDate" in item for item in value):
            return max(value, key=lambda version: str(version["releaseDate"]))["value"]
        return [latest(item) for item in value]
    if isinstance(value, dict):
        return {key: latest(item) for key, item in value.items()}
    return value
