"""One contracting process put together: its releases and records from one file, merged, with where each thing stood."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from domain.values.fault import Malformed
from web.importers.json_pieces import Piece
from web.importers.ocds_contract import History
from web.importers.ocds_merge import Node, compiled, latest, placed
from web.importers.ocds_parties import publisher_of
from web.importers.ocds_reading import Notes, Wrong, child, objects, text
from web.importers.ocds_shape import departures, shown
from web.importers.record import Note, Place
from web.importers.written import Placeholder, day_of

_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Process(msgspec.Struct):
    """A process put together from its pieces."""

    ocid: str
    file: str
    today: date
    release: Node
    history: History
    publisher: str
    package: dict[str, Any]
    raw: list[Any]
    released_on: date | None
    notes: Notes


def together(ocid: str, pieces: list[Piece], file: str, today: date) -> Process:
    notes = Notes(file)
    whole: list[tuple[datetime, Node]] = []
    parts: list[tuple[datetime, Node]] = []
    raw: list[Any] = []
    for piece in pieces:
        decoded = piece.load()
        raw.append(decoded.value)
        for fault in decoded.odd:
            notes.keep(Note.of(fault, Place(file, pointer=piece.pointer)))
        told_whole, told = _releases(piece, decoded.value, notes)
        whole += [(_instant(node, notes), node) for node in told_whole]
        parts += [(_instant(node, notes), node) for node in told]
    parts.sort(key=lambda pair: pair[0])
    whole.sort(key=lambda pair: pair[0])
    if not whole and not parts:
        place = Place(file, pointer=pieces[0].pointer)
        raise Wrong(Note("record_without_releases", place, "记录中没有可读的发布（只有链接，或为空）；不从网络读取"))
    base = whole[-1:]
    later = [pair for pair in parts if not base or pair[0] > base[0][0]]
    release = compiled(node for _, node in base + later)
    for note in departures(release, file):
        notes.keep(note)
    history = [(_day(when), node) for when, node in (parts or base)]
    released_on = _day((base + later)[-1][0])
    package = dict(pieces[0].package)
    return Process(
        ocid,
        file,
        today,
        release,
        History(history),
        publisher_of(ocid, package, release),
        package,
        raw,
        released_on,
        notes,
    )


def _releases(piece: Piece, value: Any, notes: Notes) -> tuple[list[Node], list[Node]]:
    """The releases of a piece: those that say everything, and those that say a part."""
    if not piece.is_record:
        return [], [placed(value, piece.pointer)]
    node = placed(value, piece.pointer)
    embedded = [one for one in objects(node, "releases", notes) if not _is_link(one)]
    links = len(node["releases"]) - len(embedded) if isinstance(node.get("releases"), list) else 0
    if links > 0:
        notes.add("linked_release", node.where("releases"), "{count} 个发布只有链接，没有读取", count=links)
    if (whole := child(node, "compiledRelease")) is not None:
        return [whole], embedded
    if not embedded and (versioned := child(node, "versionedRelease")) is not None:
        return [placed(latest(versioned), f"{piece.pointer}/versionedRelease")], []
    return [], embedded


def _is_link(release: Node) -> bool:
    return "url" in release and not (release.keys() - {"url", "date", "tag"})


def _instant(release: Node, notes: Notes) -> datetime:
    """When a release was made; one without a date comes before all others."""
    value = text(release, "date")
    if value is None:
        return _BEFORE_ALL
    try:
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        on = day_of(value)
        return datetime(on.year, on.month, on.day, tzinfo=UTC)
    except (Malformed, Placeholder):
        notes.add("release_date_form", release.where("date"), "发布日期“{given}”不能识别，按最早排列", given=shown(value))
        return _BEFORE_ALL


def _day(when: datetime) -> date | None:
    return None if when == _BEFORE_ALL else when.date()


def document_of(process: Process) -> bytes:
    """What the file says of this process, whole: its releases and records as they came, and the package around them."""
    records = [value for value in process.raw if _is_record(value)]
    releases = [value for value in process.raw if not _is_record(value)]
    whole = dict(process.package)
    if records:
        whole["records"] = records
    if releases or not records:
        whole["releases"] = releases
    return _ENCODER.encode(whole)


def _is_record(value: Any) -> bool:
    return "compiledRelease" in value or "versionedRelease" in value or ("releases" in value and "tag" not in value)
