"""OCDS out: valid against the schemas, and what came as OCDS comes out as it came."""

import io
import json
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from projections.exports.ocds import Publisher, record_package, release_package, write_release_package
from tests.projections.exports.test_sheets import CARD
from tests.shared import shared
from web.importers.ocds import read_ocds
from web.importers.record import ContractRecord

AT = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
US = Publisher("湛江市水务局", "ocds-lvyue0", "https://example.org/ocds", "CN-USCC", "11440800000000000G")
ENDED: dict[str, Any] = {
    **CARD,
    "status": "completed",
    "history": [
        *CARD["history"],
        {"kind": "amendment", "on": "2026-04-10", "ref": "B1", "note": "工期顺延"},
        {
            "kind": "payment",
            "on": "2026-06-01",
            "ref": "P1",
            "about": "P1",
            "value": {"amount": "5", "currency": "CNY"},
        },
        {"kind": "completion", "on": "2026-10-30", "ref": "completion"},
    ],
}
BARE = {
    "id": "7",
    "number": "HT-7",
    "authority": CARD["authority"],
    "contractors": [],
    "value": None,
    "signed_on": "2026-01-01",
}


@cache
def validator(kind: str) -> Draft4Validator:
    schemas = {}
    for path in shared("data", "ocds-schema-1.1").glob("*schema*.json"):
        body = json.loads(path.read_text())
        schemas[body.get("id", path.name)] = Resource.from_contents(body, DRAFT4)
    body = json.loads(shared("data", "ocds-schema-1.1", f"{kind}-package-schema.json").read_text())
    return Draft4Validator(body, registry=Registry().with_resources(schemas.items()), format_checker=FormatChecker())


def written(cards: list[dict[str, Any]]) -> Any:
    stream = io.BytesIO()
    assert write_release_package(cards, stream, US, AT) == len(cards)
    return json.loads(stream.getvalue())


@pytest.mark.parametrize("card", [CARD, ENDED, BARE], ids=["running", "ended", "bare"])
def test_packages_are_valid(card: dict[str, Any]) -> None:
    package = written([card])
    assert [error.message for error in validator("release").iter_errors(package)] == []
    assert package == json.loads(json.dumps(release_package([card], US, AT), default=float))
    records = json.loads(json.dumps(record_package([card], US, AT), default=float))
    assert [error.message for error in validator("record").iter_errors(records)] == []


def test_a_release_for_each_state() -> None:
    releases = written([ENDED])["releases"]
    assert [(one["tag"], one["date"]) for one in releases] == [
        (["contract"], "2026-01-12T00:00:00+08:00"),
        (["contractAmendment"], "2026-04-10T00:00:00+08:00"),
        (["implementation"], "2026-06-01T00:00:00+08:00"),
        (["contractTermination"], "2026-10-30T00:00:00+08:00"),
    ]
    assert len({one["id"] for one in releases}) == 4
    assert [one["contracts"][0]["status"] for one in releases] == ["active", "active", "active", "terminated"]
    assert [party["roles"] for party in releases[0]["parties"]] == [["buyer"], ["supplier"], ["supplier"]]


def test_what_goes_out_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(written([ENDED, {**CARD, "number": "HT-2"}])))
    first, second = read_ocds(path, "x.json", date(2026, 11, 23))
    assert isinstance(first, ContractRecord)
    assert isinstance(second, ContractRecord)
    assert (first.number, second.number) == ("HT-1", "HT-2")
    assert (first.name, str(first.value), first.signed_on) == ("泵站采购", "1000000.10 CNY", date(2026, 1, 12))
    assert (first.starts_on, first.ends_on, first.region) == (date(2026, 1, 15), date(2026, 12, 31), "440823")
    assert [party.ref for party in first.contractors] == ["CN-USCC:91440800MA4X00000Y", "CN-USCC:91440800MA4X000012"]
    assert [(one.kind, one.on, one.ref) for one in first.happened] == [
        ("fulfilment", date(2026, 4, 1), "M1"),
        ("amendment", date(2026, 4, 10), "B1"),
        ("payment", date(2026, 5, 1), "P1"),
        ("payment", date(2026, 6, 1), "P1-2"),
        ("ended_unsaid", date(2026, 10, 30), "terminated"),
    ]
    odd = {note.code for note in first.notes}
    assert odd <= {"ended_day_of_release", "lead_assumed", "changed_between_releases"}


def test_the_class_of_works_goes_out_and_comes_in(tmp_path: Path) -> None:
    cards = [{**CARD, "works": "hydraulic"}, {**CARD, "number": "HT-2", "works": "municipal"}, {**CARD, "number": "HT-3", "works": None}]
    package, path = written(cards), tmp_path / "x.json"
    path.write_text(json.dumps(package))
    assert [one.works for one in read_ocds(path, "x.json") if isinstance(one, ContractRecord)] == ["hydraulic", "municipal", None]
    assert [error.message for error in validator("release").iter_errors(package)] == []


def test_a_class_of_works_said_here_stands_beside_the_publishers_own_categories(tmp_path: Path) -> None:
    path, out = tmp_path / "x.json", tmp_path / "out.json"
    tender = {"id": "T", "title": "t", "additionalProcurementCategories": ["consultingServices"]}
    release = {"ocid": "ocds-213czf-1", "id": "1", "date": "2026-03-01T00:00:00Z", "tag": ["contract"], "initiationType": "tender", "tender": tender,
               "buyer": {"id": "B", "name": "Bee"}, "awards": [{"id": "a", "suppliers": [{"id": "S", "name": "Sup"}]}],
               "contracts": [{"id": "c", "awardID": "a", "dateSigned": "2020-01-02T00:00:00Z"}]}  # fmt: skip
    path.write_text(json.dumps({"releases": [release]}))
    (record,) = [one for one in read_ocds(path, "x.json") if isinstance(one, ContractRecord)]
    assert record.works is None
    for _ in range(2):  # once it is said, nothing more is added
        package = written([{**card(record), "works": "municipal"}])
        assert package["releases"][-1]["tender"] == {"id": "T", "additionalProcurementCategories": ["consultingServices", "municipalWorks"]}
        assert package["releases"][0] == release
        assert len(package["releases"]) == 2
        out.write_text(json.dumps(package))
        (record,) = [one for one in read_ocds(out, "out.json") if isinstance(one, ContractRecord)]
        assert record.works == "municipal"
        assert [error.message for error in validator("release").iter_errors(package)] == []


def test_both_classes_of_works_are_none(tmp_path: Path) -> None:
    package, path = written([{**CARD, "works": "hydraulic"}]), tmp_path / "x.json"
    for one in package["releases"]:
        one["tender"]["additionalProcurementCategories"].append("municipalWorks")
    path.write_text(json.dumps(package))
    (record,) = [one for one in read_ocds(path, "x.json") if isinstance(one, ContractRecord)]
    assert (record.works, "works_ambiguous" in {note.code for note in record.notes}) == (None, True)


def test_an_imported_document_comes_out_as_it_came_with_what_was_added(tmp_path: Path) -> None:
    path = shared("data", "ocds-real", "mexico-jalisco", "ocds-xs1qbl-SFIN-03-0016-00-2017.json")
    records = [one for one in read_ocds(path, "x.json") if isinstance(one, ContractRecord)]
    cards = [card(record) for record in records]
    cards[1]["history"] = [
        {
            "kind": "payment",
            "on": "2018-02-01",
            "ref": "X1",
            "value": {"amount": "5.50", "currency": "MXN"},
            "via": "web",
        }
    ]
    package = written(cards)
    compiled = json.loads(path.read_text("utf-8-sig"))["records"][0]["compiledRelease"]
    assert package["releases"][0] == compiled
    assert [one["tag"] for one in package["releases"][1:]] == [["implementationUpdate"]]
    out = tmp_path / "out.json"
    out.write_text(json.dumps(package))
    again = {one.key: one for one in read_ocds(out, "out.json") if isinstance(one, ContractRecord)}
    assert set(again) == {record.key for record in records}
    assert [one.ref for one in again[records[1].key].happened][-1:] == ["X1"]
    assert [error.message for error in validator("release").iter_errors(package)] == []


def card(record: ContractRecord) -> dict[str, Any]:
    """An imported contract as the export sees it."""

    def party(one: Any) -> dict[str, Any]:
        return {"scheme": one.scheme, "id": one.id, "name": one.name}

    return {
        "id": record.key,
        "number": record.number,
        "contract_id": record.number,
        "award": record.award,
        "process": record.process,
        "original": record.document,
        "authority": party(record.authority),
        "contractors": [party(one) for one in record.contractors],
        "value": record.value,
        "history": [],
    }
