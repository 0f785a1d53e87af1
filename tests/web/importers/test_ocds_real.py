"""Real releases of five publishers: every contract comes out, and what the schema calls invalid is told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.shared import SHARED, shared
from web.importers.ocds import read_ocds
from web.importers.ocds_shape import SHAPES
from web.importers.record import ContractRecord, ProcurementRecord, Reject

FILES = sorted((SHARED / "data" / "ocds-real").glob("*/*.json")) if SHARED else []


def current(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The state of each process in a file, found without the importer."""
    if "records" in document:
        return [record["compiledRelease"] for record in document["records"]]
    if "compiledRelease" in document:
        return [document["compiledRelease"]]
    return list(document.get("releases", [document]))


def contracts(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for release in current(document):
        yield from release.get("contracts") or []


def test_there_are_real_files() -> None:
    shared("data", "ocds-real")
    assert len(FILES) == 39


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name[-24:]}")
def test_every_contract_comes_out(path: Path) -> None:
    document = json.loads(path.read_text("utf-8-sig"))
    told = list(contracts(document))
    records = list(read_ocds(path, path.name))
    made = [record for record in records if isinstance(record, ContractRecord)]
    assert not [record for record in records if isinstance(record, Reject)]
    assert [record.number.partition("#")[0] for record in made] == [str(contract["id"]) for contract in told]
    assert len({record.key for record in made}) == len(made)
    if not told:
        assert all(isinstance(record, ProcurementRecord) for record in records)
        assert len(records) == len(current(document))
    for record, contract in zip(made, told, strict=True):
        done = contract.get("implementation") or {}
        payments = [one for one in record.happened if one.kind == "payment"]
        assert len(payments) == len(done.get("transactions") or [])
        assert len(record.obligations) == len({m["id"] for m in done.get("milestones") or []})
        if contract.get("value"):
            assert record.value is not None
            assert float(record.value.amount) == contract["value"]["amount"]
        assert (record.signed_on is None) == (not contract.get("dateSigned"))
        assert record.authority is not None
        assert record.document is not None


def test_what_inai_breaks_is_told_where_the_schema_says() -> None:
    validator = Draft4Validator(json.loads(shared("data", "ocds-schema-1.1", "release-schema.json").read_text()))
    seen = 0
    for path in (path for path in FILES if path.parent.name == "mexico-inai"):
        document = json.loads(path.read_text("utf-8-sig"))
        wanted = {pointer(error) for error in validator.iter_errors(document) if error.validator in {"type", "required"}}
        notes = {
            note.place.pointer
            for record in read_ocds(path, path.name)
            for note in (record.faults if isinstance(record, Reject) else record.notes)
            if note.code in {"member_kind", "member_missing"}
        }
        assert wanted <= notes
        seen += len(wanted)
    assert seen > 100


def pointer(error: Any) -> str:
    path = [str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path]
    if error.validator == "required":
        path.append(error.message.split("'")[1])
    return "/" + "/".join(path)


def test_valid_publishers_have_no_departures() -> None:
    for path in FILES:
        if path.parent.name in {"mexico-jalisco", "australia-nsw"}:
            for record in read_ocds(path, path.name):
                assert not isinstance(record, Reject)
                assert not [note for note in record.notes if note.code in {"member_kind", "member_missing"}]


def test_the_shapes_are_the_schemas() -> None:
    schema = json.loads(shared("data", "ocds-schema-1.1", "release-schema.json").read_text())
    for name, members in SHAPES.items():
        told = schema if name == "Release" else schema["definitions"][name]
        assert set(members) == set(told["properties"])
        assert {key for key, member in members.items() if member.required} == set(told.get("required", ()))
        for key, member in members.items():
            types = told["properties"][key].get("type")
            assert member.many == ("array" in (types if isinstance(types, list) else [types]))
            ref = told["properties"][key].get("$ref") or told["properties"][key].get("items", {}).get("$ref")
            if ref:
                assert member.kind == ref.rsplit("/", 1)[1]


def test_the_series_of_mexico_city_is_one_contract_that_changed() -> None:
    path = shared("data", "ocds-real", "mexico-cdmx", "OCDS-87SD3T-SEFIN-DRM-A-001-2016.json")
    [record] = read_ocds(path, "x.json")
    assert isinstance(record, ContractRecord)
    assert record.status == "pending"
    assert str(record.value) == "984398.88 MXN"
    changes = [note.params for note in record.notes if note.code == "changed_between_releases"]
    assert {(one["field"], one["before"], one["after"]) for one in changes} == {
        ("value.amount", "492199.44", "984398.88"),
        ("status", "active", "pending"),
    }
    payment = next(one for one in record.happened if one.kind == "payment")
    assert payment.ref == "CLC0010000020-2016"
    assert payment.payee is not None
    assert payment.payee.name.startswith("TIENDAS COMERCIAL MEXICANA")


def test_terminated_is_an_end_and_no_breach() -> None:
    path = shared("data", "ocds-real", "mexico-inai", "PC-0088-PC-0088.json")
    [record] = read_ocds(path, "x.json")
    assert isinstance(record, ContractRecord)
    assert [one.kind for one in record.happened] == ["ended_unsaid"]


def test_two_contracts_of_one_id_are_two() -> None:
    path = shared("data", "ocds-real", "mexico-inai", "PC-0087-PC-0087.json")
    made = [record for record in read_ocds(path, "x.json") if isinstance(record, ContractRecord)]
    assert [(record.number, str(record.value)) for record in made] == [
        ("1360250", "338952 MXN"),
        ("1360250#2", "435305.54 MXN"),
    ]
    assert any(note.code == "contract_repeated" for record in made for note in record.notes)


def test_the_document_of_a_process_is_what_came() -> None:
    path = shared("data", "ocds-real", "mexico-jalisco", "ocds-xs1qbl-SFIN-03-0001-00-2017.json")
    [record] = read_ocds(path, "x.json")
    assert not isinstance(record, Reject)
    assert record.document is not None
    assert json.loads(record.document) == json.loads(path.read_text("utf-8-sig"))
