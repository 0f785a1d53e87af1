"""A calendar file holds to RFC 5545: read back by a reader that knows no more than the standard says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from web.calendar_file import LONGEST, Entry, calendar_file, text

NOW = datetime(2026, 7, 24, 1, 0, tzinfo=UTC)
CASE = UUID(int=7)
SAID = st.text(st.characters(exclude_categories=("Cs",)), max_size=90)
ENTRY = st.builds(
    Entry, st.uuids(), st.sampled_from(("repairable", "last-day")), st.dates(date(2020, 1, 1), date(2090, 1, 1)), SAID, SAID, st.just(""),
)  # fmt: skip


def lines_of(body: bytes) -> list[tuple[str, str]]:
    """Unfolded content lines, as name (with its parameters) and value."""
    assert body.endswith(b"\r\n")
    raw = body.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in raw), "every line ends with CRLF"
    assert all(len(line) <= LONGEST for line in raw)
    for line in raw:
        line.decode()  # no character is cut in two
    whole = body.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode().split("\r\n")
    return [(line.partition(":")[0], line.partition(":")[2]) for line in whole]


def unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


@given(st.lists(ENTRY, max_size=4), SAID)
def test_what_is_put_in_comes_out(entries: list[Entry], title: str) -> None:
    told = lines_of(calendar_file(title, entries, NOW))
    assert told[0] == ("BEGIN", "VCALENDAR")
    assert told[-1] == ("END", "VCALENDAR")
    assert [value for name, value in told if name == "VERSION"] == ["2.0"]
    assert sum(1 for one in told if one == ("BEGIN", "VEVENT")) == len(entries)
    assert [unescaped(value) for name, value in told if name == "SUMMARY"] == [_plain(one.summary) for one in entries]
    assert [value for name, value in told if name == "DTSTART;VALUE=DATE"] == [f"{one.on:%Y%m%d}" for one in entries]
    assert {value for name, value in told if name == "DTSTAMP"} <= {"20260724T010000Z"}
    uids = [value for name, value in told if name == "UID"]
    assert len(set(uids)) == len({(one.about, one.name) for one in entries})


def _plain(said: str) -> str:
    """What no TEXT may hold is left out."""
    lines = said.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or (sign >= " " and sign != "\x7f"))


def test_an_all_day_entry_ends_on_the_next_day_and_keeps_its_uid() -> None:
    first = lines_of(calendar_file("案件", [Entry(CASE, "repairable", date(2026, 7, 29), "可以申请", url="http://127.0.0.1/my")], NOW))
    moved = lines_of(calendar_file("案件", [Entry(CASE, "repairable", date(2026, 8, 31), "可以申请")], NOW))
    assert ("DTEND;VALUE=DATE", "20260730") in first
    assert ("DTEND;VALUE=DATE", "20260901") in moved
    assert [one for one in first if one[0] == "UID"] == [one for one in moved if one[0] == "UID"]
    assert ("URL", "http://127.0.0.1/my") in first
    assert text("甲,乙;丙\\丁\n戊") == "甲\\,乙\\;丙\\\\丁\\n戊"
