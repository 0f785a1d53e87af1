"""OCDS in every wrapping, of every version, clean and dirty."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from web.importers import json_pieces
from web.importers.local import local_id
from web.importers.ocds import read_ocds
from web.importers.record import ContractRecord, Note, ProcurementRecord, Record, Reject

TODAY = date(2026, 11, 23)


def release(**members: Any) -> dict[str, Any]:
    return {
        "ocid": "ocds-213czf-1",
        "id": "1",
        "date": "2020-01-01T00:00:00Z",
        "tag": ["contract"],
        "initiationType": "tender",
        "buyer": {"id": "B", "name": "Bee Council"},
        "awards": [{"id": "a", "suppliers": [{"id": "S", "name": "Sup Ltd"}]}],
        "contracts": [contract()],
        **members,
    }


def contract(**members: Any) -> dict[str, Any]:
    value = {"amount": 10.5, "currency": "GBP"}
    return {"id": "c", "awardID": "a", "title": "T", "value": value, "dateSigned": "2020-01-02T00:00:00Z", **members}


def read(tmp_path: Path, told: Any, name: str = "x.json") -> list[Record]:
    path = tmp_path / name
    path.write_bytes(told if isinstance(told, bytes) else json.dumps(told).encode())
    return list(read_ocds(path, name, TODAY))


def one(tmp_path: Path, told: Any) -> ContractRecord:
    [record] = read(tmp_path, told)
    assert isinstance(record, ContractRecord)
    return record


def codes(record: Record) -> set[str]:
    return {note.code for note in notes(record)}


def notes(record: Record) -> tuple[Note, ...]:
    return record.faults if isinstance(record, Reject) else record.notes


# ------------------------------------------------------------------ wrappings

WRAPPINGS: dict[str, Any] = {
    "release": lambda r: r,
    "release package": lambda r: {"publisher": {"name": "P"}, "releases": [r]},
    "releases as an object": lambda r: {"releases": r},
    "record package": lambda r: {"records": [{"ocid": r["ocid"], "compiledRelease": r}]},
    "record of embedded releases": lambda r: {"records": [{"ocid": r["ocid"], "releases": [r]}]},
    "record": lambda r: {"ocid": r["ocid"], "releases": [r], "compiledRelease": r},
    "array": lambda r: [r],
    "array of packages": lambda r: [{"releases": [r]}],
    "lists in lists": lambda r: [[r]],
    "version by version": lambda r: {"records": [{"ocid": r["ocid"], "versionedRelease": versioned(r)}]},
}


def versioned(value: Any) -> Any:
    """A release as a versioned one; ids stay as they are."""
    if isinstance(value, dict):
        return {key: item if key in {"id", "ocid"} else versioned(item) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [versioned(item) for item in value]
    old = {"releaseDate": "2019-01-01", "releaseID": "0", "releaseTag": ["tender"], "value": "old"}
    return [old, {"releaseDate": "2020-01-01", "releaseID": "1", "releaseTag": ["contract"], "value": value}]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "decoded again"])
def test_a_contract_comes_out_of_every_wrapping(tmp_path: Path, wrapping: str, kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kept:
        monkeypatch.setattr(json_pieces, "CACHED", 0)
    record = one(tmp_path, WRAPPINGS[wrapping](release()))
    assert record.key == "ocds:ocds-213czf-1:c"
    assert (record.name, str(record.value), record.signed_on) == ("T", "10.5 GBP", date(2020, 1, 2))
    assert record.authority is not None
    assert record.authority.ref == f"local:{local_id('ocds-213czf', 'Bee Council')}"
    assert [party.name for party in record.contractors] == ["Sup Ltd"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    assert one(tmp_path, json.dumps(release(), ensure_ascii=False).encode(encoding)).number == "c"


@pytest.mark.parametrize("name", ["x.jsonl", "x.json"])
@pytest.mark.parametrize("kept", [True, False])
def test_json_lines(tmp_path: Path, name: str, kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kept:
        monkeypatch.setattr(json_pieces, "CACHED", 0)
    lines = [json.dumps(release()), "", "{broken", json.dumps({"releases": [release(ocid="ocds-213czf-2")]})]
    records = read(tmp_path, "\n".join(lines).encode(), name)
    assert [type(record) for record in records] == [Reject, ContractRecord, ContractRecord]
    assert isinstance(records[0], Reject)
    assert (records[0].row, records[0].code) == (3, "not_json")


def test_one_value_over_many_lines_in_a_jsonl(tmp_path: Path) -> None:
    [record] = read(tmp_path, json.dumps(release(), indent=1).encode(), "x.jsonl")
    assert isinstance(record, ContractRecord)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (b"", "file_empty"),
        (b" \n ", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"hello", "not_json"),
        (b'{"releases":[{"ocid":"a"', "not_json"),
        (b'{"a":1}x', "not_json"),
        (b"{1:2}", "not_json"),
        (b'{"a":1,}', "not_json"),
        (b"[1,]", "not_json"),
        (b'{"foo":1}', "not_ocds"),
        (b"12", "not_ocds"),
        (b"null", "not_ocds"),
        (b"[]", "not_ocds"),
        (b"[1,2]", "not_ocds"),
        (b'{"releases":[]}', "package_empty"),
        (b'{"releases":[[]]}', "package_empty"),
        (b'{"ocid":"B\xe9"}', "not_utf8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested_too_deep"),
        (b'{"releases":[' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"]}", "nested_too_deep"),
        (json.dumps(release(x=json.loads("[" * 200 + "]" * 200))).encode(), "nested_too_deep"),
    ],
)
def test_a_bad_file_gives_one_reject(tmp_path: Path, told: bytes, code: str) -> None:
    [record] = read(tmp_path, told)
    assert isinstance(record, Reject)
    assert record.code == code
    assert record.reason


# ------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"value": {"amount": "abc", "currency": "GBP"}}, "value/amount", "number_form"),
        ({"value": {"amount": -3, "currency": "GBP"}}, "value/amount", "money_negative"),
        ({"value": {"amount": True, "currency": "GBP"}}, "value/amount", "money_form"),
        ({"value": {"amount": [1]}}, "value/amount", "money_form"),
        ({"value": [1, 2]}, "value", "money_form"),
        ({"value": {"amount": 10**30, "currency": "GBP"}}, "value/amount", "money_form"),
        ({"dateSigned": "2020-13-45"}, "dateSigned", "day_form"),
        ({"dateSigned": "03/04/2020"}, "dateSigned", "day_ambiguous"),
        ({"dateSigned": ["2020-01-01"]}, "dateSigned", "day_form"),
        ({"period": {"startDate": "soon"}}, "period/startDate", "day_form"),
        ({"id": None}, "id", "contract_id_missing"),
    ],
)
def test_a_wrong_contract_is_rejected_where_it_is_wrong(tmp_path: Path, members: dict[str, Any], pointer: str, code: str) -> None:
    good = contract(id="good")
    records = read(tmp_path, {"releases": [release(contracts=[good, contract(**members)])]})
    assert [type(record) for record in records] == [ContractRecord, Reject]
    reject = records[1]
    assert isinstance(reject, Reject)
    assert (reject.pointer, reject.code) == (f"/releases/0/contracts/1/{pointer}", code)
    assert [one["id"] for one in reject.original["contracts"]] == [members.get("id", "c")]


def test_all_that_is_wrong_with_a_contract_is_told_at_once(tmp_path: Path) -> None:
    [record] = read(tmp_path, release(contracts=[contract(value={"amount": "x"}, dateSigned="y")]))
    assert isinstance(record, Reject)
    assert {fault.code for fault in record.faults} == {"number_form", "day_form"}


@pytest.mark.parametrize(
    ("signed", "day"),
    [
        ("2017-01-19 00:00:00", date(2017, 1, 19)),
        ("2017/1/19", date(2017, 1, 19)),
        ("20170119", date(2017, 1, 19)),
        (20170119, date(2017, 1, 19)),
        ("19/01/2017", date(2017, 1, 19)),
        (1484784000000, date(2017, 1, 19)),
        ({"$date": "2017-01-19T00:00:00Z"}, date(2017, 1, 19)),
        ("2015-12-31T23:00:00-06:00", date(2015, 12, 31)),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_days_in_several_shapes(tmp_path: Path, signed: Any, day: date | None) -> None:
    record = one(tmp_path, release(contracts=[contract(dateSigned=signed)]))
    assert record.signed_on == day
    assert ("signing_day_missing" in codes(record)) == (day is None)


@pytest.mark.parametrize(
    ("value", "money", "code"),
    [
        ({"amount": "1,234.50", "currency": "GBP"}, "1234.50 GBP", "number_as_text"),
        ({"amount": "1.234,50", "currency": "EUR"}, "1234.50 EUR", "number_as_text"),
        ({"amount": 5, "currency": "gbp"}, "5 GBP", "currency_spelt_otherwise"),
        ({"amount": 5, "currency": "人民币"}, "5.00 CNY", "currency_spelt_otherwise"),
        ({"amount": 5}, "5 XXX", "currency_missing"),
        ({"amount": 5, "currency": "pounds"}, "5 XXX", "currency_unknown"),
        ({"amount": 1.005, "currency": "CNY"}, "1.01 CNY", "money_rounded"),
        (7, "7 XXX", "currency_missing"),
    ],
)
def test_amounts_as_publishers_write_them(tmp_path: Path, value: Any, money: str, code: str) -> None:
    record = one(tmp_path, release(contracts=[contract(value=value)]))
    assert str(record.value) == money
    assert code in codes(record)


def test_money_is_exact(tmp_path: Path) -> None:
    raw = json.dumps(release()).replace("10.5", "123456789012345.67").encode()
    assert str(one(tmp_path, raw).value) == "123456789012345.67 GBP"


def test_repeated_keys_and_broken_characters_are_told(tmp_path: Path) -> None:
    raw = json.dumps(release()).replace('"title": "T"', '"title": "A", "title": "T\\ud800"').encode()
    record = one(tmp_path, raw)
    assert record.name == "T\ufffd"
    assert {"key_repeated", "character_broken"} <= codes(record)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "9" * 5000, "1e999999999999999999999", "1e400"])
def test_numbers_that_are_none(tmp_path: Path, amount: str) -> None:
    [record] = read(tmp_path, json.dumps(release()).replace("10.5", amount).encode())
    assert isinstance(record, Reject)
    assert record.pointer == "/contracts/0/value/amount"


# ------------------------------------------------------------------ merging


def test_the_latest_release_wins_and_lists_merge_by_id(tmp_path: Path) -> None:
    first = release(contracts=[contract(implementation={"transactions": [tx("1", 5), tx("2", 6)]})])
    later = {
        "ocid": "ocds-213czf-1", "id": "2", "date": "2020-06-01T00:00:00Z", "tag": ["implementation"],
        "contracts": [{"id": "c", "title": None, "status": "active",
                       "implementation": {"transactions": [tx("2", 7), tx("3", 8)]}}],
    }  # fmt: skip
    record = one(tmp_path, {"releases": [later, first]})
    paid = {happening.ref: str(happening.value) for happening in record.happened}
    assert paid == {"1": "5 GBP", "2": "7 GBP", "3": "8 GBP"}
    assert record.released_on == date(2020, 6, 1)
    assert record.name == "c"
    assert [party.name for party in record.contractors] == ["Sup Ltd"]


def tx(identifier: str | None, amount: Any, **members: Any) -> dict[str, Any]:
    value = {"amount": amount, "currency": "GBP"}
    return {"id": identifier, "date": "2020-03-01T00:00:00Z", "value": value, **members}


def test_payments_without_ids_repeated_in_every_release_were_made_once(tmp_path: Path) -> None:
    done = {"transactions": [tx(None, 5), tx(None, 5)]}
    later = {"transactions": [tx(None, 5), tx(None, 5), tx(None, 9)]}
    releases = [
        release(contracts=[contract(implementation=done)]),
        release(id="2", date="2020-05-01T00:00:00Z", contracts=[contract(implementation=later)]),
    ]
    record = one(tmp_path, {"releases": releases})
    assert sorted(str(one.value) for one in record.happened) == ["5 GBP", "5 GBP", "9 GBP"]
    assert len({one.ref for one in record.happened}) == 3
    again = one(tmp_path, {"releases": releases[1:]})
    assert {one.ref for one in again.happened} == {one.ref for one in record.happened}


def test_a_note_after_merging_points_to_the_release_that_says_it(tmp_path: Path) -> None:
    releases = [
        release(),
        release(id="2", date="2020-05-01T00:00:00Z", contracts=[{"id": "c", "value": {"amount": "x"}}]),
    ]
    [record] = read(tmp_path, {"releases": releases})
    assert isinstance(record, Reject)
    assert record.pointer == "/releases/1/contracts/0/value/amount"


def test_amendments_say_what_changed(tmp_path: Path) -> None:
    amendment = {
        "id": "A1",
        "date": "2020-04-01T00:00:00Z",
        "rationale": "more",
        "amendsReleaseID": "1",
        "releaseID": "2",
    }
    changed = contract(value={"amount": 20, "currency": "GBP"}, amendments=[amendment])
    later = release(id="2", date="2020-04-02T00:00:00Z", tag=["contractAmendment"], contracts=[changed])
    record = one(tmp_path, {"releases": [release(), later]})
    [amended] = [one for one in record.happened if one.kind == "amendment"]
    assert (amended.on, amended.ref, amended.note, str(amended.value)) == (date(2020, 4, 1), "A1", "more", "20 GBP")
    assert [(one.field, one.before, one.after) for one in amended.changes] == [("value.amount", "10.5", "20")]


def test_amendments_of_the_first_version(tmp_path: Path) -> None:
    old = {"date": "2020-04-01T00:00:00Z", "changes": [{"property": "value.amount", "former_value": 8}]}
    record = one(tmp_path, release(contracts=[contract(amendment=old)]))
    [amended] = record.happened
    assert [(one.field, one.before) for one in amended.changes] == [("value.amount", "8")]


# ------------------------------------------------------------------ what happened


def test_an_unreadable_payment_stays_out_and_its_contract_comes_in(tmp_path: Path) -> None:
    done = {"transactions": [tx("1", 5), tx("2", "x"), tx("3", -1)]}
    records = read(tmp_path, release(contracts=[contract(implementation=done)]))
    assert [type(record) for record in records] == [ContractRecord, Reject, Reject]
    assert isinstance(records[0], ContractRecord)
    assert [one.ref for one in records[0].happened] == ["1"]
    assert [record.pointer for record in records[1:] if isinstance(record, Reject)] == [
        "/contracts/0/implementation/transactions/1/value/amount",
        "/contracts/0/implementation/transactions/2/value/amount",
    ]
    assert all(isinstance(record, Reject) and record.part_of == records[0].key for record in records[1:])


def test_milestones_of_contract_and_implementation(tmp_path: Path) -> None:
    agreed = {"id": "M1", "title": "Deliver", "type": "delivery", "dueDate": "2020-02-01T00:00:00Z"}
    met = {**agreed, "status": "met", "dateMet": "2020-02-03T00:00:00Z"}
    half = {"id": "M2", "title": "Report", "status": "partiallyMet"}
    record = one(tmp_path, release(contracts=[contract(milestones=[agreed], implementation={"milestones": [met, half]})]))
    assert [(one.ref, one.due_on, one.status) for one in record.obligations] == [
        ("M1", date(2020, 2, 1), "met"),
        ("M2", None, "partiallyMet"),
    ]
    assert [(one.kind, one.on, one.about) for one in record.happened] == [
        ("fulfilment", date(2020, 2, 3), "M1"),
        ("partly_met", None, "M2"),
    ]


def test_days_that_lie_ahead_or_before_signing_are_kept_and_told(tmp_path: Path) -> None:
    done = {"transactions": [tx("1", 5, date="2019-01-01"), tx("2", 5, date="2099-01-01")]}
    record = one(tmp_path, release(contracts=[contract(implementation=done)]))
    assert [one.on for one in record.happened] == [date(2019, 1, 1), date(2099, 1, 1)]
    assert {"day_ahead", "day_before_signing"} <= codes(record)


def test_performance_failures_are_told_and_judged_by_nobody(tmp_path: Path) -> None:
    failure = {"id": "1", "period": {"endDate": "2020-12-31T00:00:00Z"}, "category": "late", "penaltyImposed": "5%"}
    record = one(tmp_path, release(contracts=[contract(implementation={"performanceFailures": [failure]})]))
    [told] = record.happened
    assert (told.kind, told.on, told.note) == ("performance_failure", date(2020, 12, 31), "late；5%")


# ------------------------------------------------------------------ parties


def test_the_shapes_of_organisations(tmp_path: Path) -> None:
    code = {"scheme": "CN-USCC", "id": "91440800ma4x00000y"}
    told = release(
        parties=[{"id": "S", "name": "Sup Ltd", "identifier": code, "roles": ["supplier"], "details": {"scale": "small"}}],
        buyer={"name": "Bee", "identifier": {"scheme": "GB-GOR", "id": 77}},
    )
    record = one(tmp_path, told)
    assert record.authority is not None
    assert record.authority.ref == "GB-GOR:77"
    [party] = record.contractors
    assert (party.ref, party.size, party.region, party.lead) == ("CN-USCC:91440800MA4X00000Y", "small", "440800", True)


def test_a_wrong_chinese_code_is_refused(tmp_path: Path) -> None:
    supplier = {"id": "S", "name": "Sup", "identifier": {"scheme": "CN-USCC", "id": "91440800MA4X000001"}}
    [record] = read(tmp_path, release(awards=[{"id": "a", "suppliers": [supplier]}]))
    assert isinstance(record, Reject)
    assert record.code.startswith("uscc_")
    assert record.pointer == "/awards/0/suppliers/0/identifier/id"


def test_payers_of_the_first_version(tmp_path: Path) -> None:
    old = {
        "id": "1", "date": "2020-03-01T00:00:00Z", "amount": {"amount": 3, "currency": "GBP"},
        "providerOrganization": {"id": "B9", "scheme": "GB-GOR", "legalName": "Bee"},
        "receiverOrganization": {"legalName": "Sup Ltd"},
    }  # fmt: skip
    record = one(tmp_path, release(contracts=[contract(implementation={"transactions": [old]})]))
    [paid] = record.happened
    assert paid.payer is not None
    assert paid.payer.ref == "GB-GOR:B9"
    assert str(paid.value) == "3 GBP"


def test_a_contract_without_an_award_takes_the_only_one_or_the_role(tmp_path: Path) -> None:
    assert "award_assumed" in codes(one(tmp_path, release(contracts=[contract(awardID=None)])))
    parties = [{"id": "S", "name": "Role Ltd", "roles": ["supplier"]}]
    record = one(tmp_path, release(awards=None, parties=parties))
    assert [party.name for party in record.contractors] == ["Role Ltd"]
    assert "contractor_by_role" in codes(record)
    assert one(tmp_path, release(awards=[])).contractors == ()


# ------------------------------------------------------------------ procurements and losses


def test_a_release_without_a_contract_is_a_procurement(tmp_path: Path) -> None:
    award = {"id": "a", "value": {"amount": 5, "currency": "GBP"}, "suppliers": [{"name": "Sup"}], "date": "bad"}
    [record] = read(tmp_path, release(contracts=None, awards=[award], tender={"id": "t", "title": "Pumps"}))
    assert isinstance(record, ProcurementRecord)
    assert (record.process, record.name) == ("ocds-213czf-1", "Pumps")
    assert [(award.id, str(award.value), award.on) for award in record.awards] == [("a", "5 GBP", None)]
    assert "day_form" in codes(record)


def test_links_are_not_followed(tmp_path: Path) -> None:
    link = {"url": "http://127.0.0.1:1/x", "date": "2020-01-01T00:00:00Z", "tag": ["contract"]}
    [record] = read(tmp_path, {"records": [{"ocid": "ocds-213czf-1", "releases": [link]}]})
    assert isinstance(record, Reject)
    assert record.code == "record_without_releases"
    [beside] = read(tmp_path, {"records": [{"ocid": "ocds-213czf-1", "releases": [link], "compiledRelease": release()}]})
    assert isinstance(beside, ContractRecord)
    assert "linked_release" in codes(beside)


def test_contracts_of_a_release_without_ocid_are_each_told(tmp_path: Path) -> None:
    told = release(contracts=[contract(), contract(id="d")])
    del told["ocid"]
    records = read(tmp_path, {"releases": [told, release()]})
    assert [type(record) for record in records] == [Reject, Reject, ContractRecord]
    assert isinstance(records[1], Reject)
    assert (records[1].code, records[1].pointer) == ("ocid_missing", "/releases/0/contracts/1")


def test_unknown_members_stay_in_the_document(tmp_path: Path) -> None:
    told = release(x_extra={"deep": [1, 2.5, "é"]})
    record = one(tmp_path, told)
    assert record.document is not None
    assert json.loads(record.document)["releases"] == [told]
    assert record.document_digest is not None
    assert one(tmp_path, copy.deepcopy(told)).document_digest == record.document_digest
