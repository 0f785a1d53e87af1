"""Real releases made dirty at random: reading never fails, and no contract is lost without a word."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shared import shared
from web.importers.ocds import read_ocds
from web.importers.record import ContractRecord, Note, Reject

SOURCES = (
    ("mexico-inai", "PC-0006-PC-0006.json"),
    ("mexico-inai", "PC-0087-PC-0087.json"),
    ("mexico-cdmx", "OCDS-87SD3T-AD-SF-DRM-063-2015-01.json"),
    ("mexico-jalisco", "ocds-xs1qbl-SFIN-03-0007-00-2017-20180118T043956743Z-implementation.json"),
)
JUNK = st.sampled_from([
    None, "", "x", "-", 0, -1, 3.5, True, [], {}, [None], [[]], {"id": None}, "2020-02-30", "0001-01-01T00:00:00Z",
    "9" * 400, 10**25, -(10**25), {"amount": "1.0.0"}, ["a", {"id": 1}], "\ud83d", "\u0000", "NaN", {"$date": 5}, "1,5",
])  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a document."""
    found = [at] if at else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        found += places(item, (*at, key))
    return found


def holder(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        if not isinstance(document, dict | list):
            return None
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def mutate(document: Any, path: tuple[Any, ...], how: str, junk: Any) -> None:
    inside, key = holder(document, path), path[-1]
    known = (isinstance(inside, dict) and key in inside) or (isinstance(inside, list) and isinstance(key, int) and key < len(inside))
    if not known:
        return
    if how == "drop":
        del inside[key]
    elif how == "replace":
        inside[key] = copy.deepcopy(junk)
    elif how == "wrap":
        inside[key] = [inside[key]]
    elif how == "text":
        inside[key] = json.dumps(inside[key])
    elif how == "double" and isinstance(inside, list):
        inside.insert(key, copy.deepcopy(inside[key]))


def told_contracts(document: Any) -> int:
    """Contracts that are there to be told of, lists in lists included, equal ones of one id once."""
    releases = document["releases"] if isinstance(document, dict) and isinstance(document.get("releases"), list) else [document]
    count = 0
    for release in releases:
        if isinstance(release, dict):
            seen: list[Any] = []
            for contract in flat(release.get("contracts")):
                if not (isinstance(contract, dict) and contract in seen and str(contract.get("id") or "").strip()):
                    seen.append(contract)
            count += len(seen)
    return count


def flat(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [item for one in value for item in flat(one)]
    return [] if value is None else [value]


@st.composite
def dirty(draw: st.DrawFn) -> Any:
    folder, name = draw(st.sampled_from(SOURCES))
    document = json.loads(shared("data", "ocds-real", folder, name).read_text("utf-8-sig"))
    every = places(document)
    telling = [path for path in every if "contracts" in path or path[-1] in {"ocid", "releases", "date", "parties", "buyer"}]
    for _ in range(draw(st.integers(1, 6))):
        path = draw(st.sampled_from(telling if draw(st.booleans()) else every))
        how = draw(st.sampled_from(["drop", "replace", "wrap", "text", "double"]))
        mutate(document, path, how, draw(JUNK))
    return document


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=dirty())
def test_no_contract_is_lost_without_a_word(document: Any, tmp_path_factory: Any) -> None:
    path: Path = tmp_path_factory.mktemp("dirty") / "x.json"
    path.write_text(json.dumps(document), "ascii")
    records = list(read_ocds(path, "x.json"))
    assert records
    contracts = [record for record in records if isinstance(record, ContractRecord)]
    whole = [record for record in records if isinstance(record, Reject) and record.part_of is None]
    assert len(contracts) + len(whole) >= told_contracts(document)
    assert len({record.key for record in contracts}) == len(contracts)
    for record in records:
        told: tuple[Note, ...] = record.faults if isinstance(record, Reject) else record.notes
        for note in told:
            assert note.text
            assert note.place.file == "x.json"
            if note.place.pointer:
                assert resolves(document, note.place.pointer), note.place.pointer


def resolves(document: Any, pointer: str) -> bool:
    """Whether a pointer leads somewhere, or to a member that is missing from something that is there."""
    value = document
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return last
    return True


@settings(max_examples=60, deadline=None)
@given(raw=st.one_of(st.binary(max_size=60), st.text('{}[]",:0 reles"\\u', max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused(raw: bytes, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("raw") / "x.json"
    path.write_bytes(raw)
    assert list(read_ocds(path, "x.json"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, 13_000), flips=st.lists(st.tuples(st.integers(0, 13_000), st.integers(0, 255)), max_size=4))
def test_a_damaged_file_is_read_or_refused(cut: int, flips: list[tuple[int, int]], tmp_path_factory: Any) -> None:
    raw = bytearray(shared("data", "ocds-real", *SOURCES[3]).read_bytes())
    for at, byte in flips:
        raw[at % len(raw)] = byte
    path = tmp_path_factory.mktemp("cut") / "x.json"
    path.write_bytes(raw[: cut or len(raw)])
    records = list(read_ocds(path, "x.json"))
    assert records
