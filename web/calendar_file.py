"""A calendar file (RFC 5545): all-day entries that a calendar on a desk or a phone takes in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST = 75  # octets of a line, its end not counted (RFC 5545 section 3.1)
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


class Entry(NamedTuple):
    """A day and what it is. `about` and `name` make its UID: the same day moved stays the same entry."""

    about: UUID
    name: str
    on: date
    summary: str
    description: str = ""
    url: str = ""


def calendar_file(title: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """The file's bytes: CRLF, folded at 75 octets, never inside a character."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lvyue//Lvyue 1//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{text(title)}"]
    for one in entries:
        lines += _event(one, now)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(one: Entry, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{uuid5(one.about, one.name)}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.on + timedelta(1):%Y%m%d}", f"SUMMARY:{text(one.summary)}",
    ]  # fmt: skip
    lines += [f"DESCRIPTION:{text(one.description)}"] if one.description else []
    lines += [f"URL:{one.url}"] if one.url else []
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def text(value: str) -> str:
    """A TEXT value; of other control characters, which none may hold, nothing is left."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPED.get(sign, sign) for sign in plain if sign == "\n" or sign == "\t" or (sign >= " " and sign != "\x7f"))


def folded(line: str) -> bytes:
    """One content line with its CRLF, folded."""
    parts, room = [bytearray()], LONGEST
    for sign in line:
        octets = sign.encode()
        if len(parts[-1]) + len(octets) > room:
            parts.append(bytearray())
            room = LONGEST - 1  # the space that begins a continued line counts
        parts[-1] += octets
    return b"\r\n ".join(bytes(part) for part in parts) + b"\r\n"
