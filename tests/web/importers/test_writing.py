"""Imported files become contracts with their histories, once; what is wrong stays out, alone and told."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.actor import THE_SYSTEM
from domain.contract import events as c
from domain.contract.commands import contract_numbered
from domain.contract.contract import Contract
from domain.contract.procurement import ProcurementReleaseReceived
from domain.events import Told
from domain.ledger import MovedOn
from tests.shared import shared
from tests.web.importers.files import OCID, bring, contract, counts, csv_file, package, party, release, row, xlsx_file
from tests.web.office import BUREAU, NAME_A, SUIXI, A, World, a_world, contract_body, copied_world
from web.exporting import Wanted, _ocds
from web.importers import buffered
from web.importers.history import UPDATED
from web.importers.originals import original_of
from web.office import Office

BUYER_REF = f"CN-USCC:{SUIXI}"


def told_of(office: Office, number: str, authority: str = BUYER_REF) -> list[Told]:
    """Everything told of the contract with a number."""
    stream = contract_numbered(office.act(THE_SYSTEM), authority, number)
    assert stream is not None, number
    return office.ledger.of([stream])[stream]


def kinds(told: list[Told]) -> list[str]:
    return [one.event.topic.removeprefix("contract.").partition("/")[0] for one in told]


def topics(office: Office) -> Counter[str]:
    return Counter(one.event.topic for one in office.ledger.after(0, 100_000))


def event_of(told: list[Told], kind: type[Any]) -> Any:
    [found] = [one.event for one in told if isinstance(one.event, kind)]
    return found


# ---------------------------------------------------------------- sheets


def test_a_sheet_becomes_contracts(world: World, tmp_path: Path) -> None:
    obligations = [["合同编号", "义务编号", "责任方", "内容", "到期日", "完成日期"], [row(1)["number"], "M1", "乙方", "到货", "2025-11-30", "2025-11-20"]]
    payments = [["合同编号", "付款编号", "对应义务编号", "应付金额（元）", "付款期限（天）", "实际付款日期", "实付金额（元）"],
                [row(1)["number"], "P1", "M1", 300000, 30, "2025-12-01", 300000]]  # fmt: skip
    path = xlsx_file(tmp_path / "a.xlsx", [row(1, contractor_size="小型"), row(2)], 履约义务=obligations, 付款=payments)
    outcome = bring(world.office, path, who="county-supervisor")
    assert counts(outcome) == (2, 0, 0, 0)
    told = told_of(world.office, row(1)["number"])
    assert kinds(told) == ["signed", "obligation_fulfilled", "payment_made", "external_release_received"]
    assert {one.event.via for one in told} == {"import"}
    assert {one.event.by for one in told} == {world.office.actor(told[0].event.by).account}  # type: ignore[union-attr]
    signed = event_of(told, c.ContractSigned)
    assert (signed.signed_on, signed.holds_from, signed.region, signed.type) == (date(2025, 10, 1), date(2025, 10, 1), "440823", "CG")
    assert (event_of(told, c.PaymentMade).ref, event_of(told, c.PaymentMade).paid_on) == ("P1", date(2025, 12, 1))
    assert outcome.position == world.office.ledger.head()
    shown = world.ask("county-supervisor").get("/contracts")
    assert shown["total"] == 2
    card = world.ask("county-supervisor").get(f"/contracts/{row(1)['number']}")
    assert [one["state"] for one in card["payments"]] == ["paid"]
    document = world.office.evidence.open(event_of(told, c.ExternalReleaseReceived).digest)
    assert document == path.read_bytes(), "the file is kept whole"


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(n) for n in range(450)])
    assert counts(bring(world.office, path)) == (450, 0, 0, 0)
    head = world.office.ledger.head()
    assert counts(bring(world.office, path)) == (0, 450, 0, 0)
    copy = path.rename(tmp_path / "other-name.csv")
    assert counts(bring(world.office, copy, who="city-supervisor")) == (0, 450, 0, 0)
    assert world.office.ledger.head() == head
    again = xlsx_file(tmp_path / "b.xlsx", [row(n) for n in range(450)])  # another file, nothing new
    assert counts(bring(world.office, again)) == (0, 450, 0, 0)
    assert world.office.ledger.head() == head


def test_a_dry_run_records_nothing(world: World, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(1), row(2), row(3, contractor_id="91440800MA4X0OOO0Y")])
    head, kept = world.office.ledger.head(), list(world.office.evidence.digests())
    outcome = bring(world.office, path, dry_run=True)
    assert counts(outcome) == (2, 0, 1, 0)
    assert outcome.events == 8  # two contracts: signed, number, document; two parties
    assert world.office.ledger.head() == head
    assert list(world.office.evidence.digests()) == kept
    assert counts(bring(world.office, path)) == (2, 0, 1, 0)
    assert counts(bring(world.office, path, dry_run=True)) == (0, 2, 1, 0)


def test_a_contract_typed_by_hand_is_known_again(world: World, tmp_path: Path) -> None:
    body = contract_body(number=row(9)["number"])
    made = world.ask("county-supervisor").post("/contracts", body).json()
    file = xlsx_file(
        tmp_path / "a.xlsx", [row(9, name=body["name"], signed_on="2026-01-12", type="施工", starts_on="2026-01-12", ends_on="2026-12-31")],
        付款=[["合同编号", "付款编号", "实际付款日期", "实付金额（元）"], [row(9)["number"], "P1", "2026-01-12", 400000]],
    )  # fmt: skip
    assert counts(bring(world.office, file)) == (1, 0, 0, 0)
    card = world.ask("county-supervisor").get(f"/contracts/{made['id']}")
    assert [one["value"]["amount"] for one in card["payments_made"]] == ["400000.00"]
    assert card["name"] == body["name"]
    assert card["sources"]


def test_what_a_file_words_otherwise_is_told_and_left(world: World, tmp_path: Path) -> None:
    bring(world.office, csv_file(tmp_path / "a.csv", [row(1)]))
    outcome = bring(world.office, csv_file(tmp_path / "b.csv", [row(1, value="2000000.00", name="另一个名称")]))
    assert counts(outcome) == (0, 1, 0, 0)
    notes = [one.text for one in outcome.files[0].notes if one.code == "value_differs"]
    assert len(notes) == 2
    assert "1000000.00 CNY" in notes[0]
    assert "2000000.00 CNY" in notes[0]
    assert "contract.amended/1" not in topics(world.office)


def test_the_class_of_works_comes_along_or_later_and_is_not_changed_by_a_file(world: World, tmp_path: Path) -> None:
    bring(world.office, xlsx_file(tmp_path / "a.xlsx", [row(1, works="市政供排水工程"), row(2)]), who="county-supervisor")
    keeper = world.ask("county-supervisor")
    assert [keeper.get(f"/contracts/{row(n)['number']}")["works"] for n in (1, 2)] == ["municipal", None]
    later = bring(world.office, xlsx_file(tmp_path / "b.xlsx", [row(1, works="水利工程"), row(2, works="水利工程")]), who="county-supervisor")
    assert counts(later) == (1, 1, 0, 0)
    assert [keeper.get(f"/contracts/{row(n)['number']}")["works"] for n in (1, 2)] == ["municipal", "hydraulic"]
    (note,) = [one.text for one in later.files[0].notes if one.code == "value_differs"]
    assert "工程类别已登记为“市政供排水工程”，文件中是“水利工程”" in note


def test_a_wrong_row_stops_only_itself(world: World, tmp_path: Path) -> None:
    rows = [row(n) for n in range(300)]
    rows[150] = row(150, value="约一百万")
    rows[7] = row(7, signed_on="2025.2.30")
    folder = tmp_path / "rejects"
    outcome = bring(world.office, csv_file(tmp_path / "a.csv", rows), rejects=folder)
    assert counts(outcome) == (298, 0, 2, 0)
    assert [(one.row, one.column) for one in outcome.files[0].rejects] == [(9, "签订日期"), (152, "合同金额（元）")]
    mended = outcome.reject_file
    assert mended is not None
    text = mended.read_text("utf-8-sig").replace("约一百万", "1000000").replace("2025.2.30", "2025.2.28")
    mended.write_text(text, "utf-8-sig")
    assert counts(bring(world.office, mended)) == (2, 0, 0, 0)


def test_another_countys_contract_is_not_theirs(world: World, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(1), row(2, authority_id=BUREAU, authority_name="湛江市水务局")])
    outcome = bring(world.office, path, who="county-supervisor", rejects=tmp_path / "rejects")
    assert counts(outcome) == (1, 0, 1, 0)
    [reject] = outcome.files[0].rejects
    assert (reject.code, reject.row) == ("not_yours", 3)
    assert outcome.reject_file is not None
    assert counts(bring(world.office, outcome.reject_file, who="city-supervisor")) == (1, 0, 0, 0), "the reject file holds the row"


def test_days_that_cannot_be_are_kept_and_told(world: World, tmp_path: Path) -> None:
    happened = [["合同编号", "事件类型", "日期", "事件编号", "金额（元）"], [row(1)["number"], "付款", "2031-01-01", "T1", 5],
                [row(1)["number"], "付款", "2024-01-01", "T2", 6]]  # fmt: skip
    outcome = bring(world.office, xlsx_file(tmp_path / "a.xlsx", [row(1), row(2, signed_on="2031-05-05", starts_on="", ends_on="")], 事件=happened))
    assert counts(outcome) == (2, 0, 0, 0)
    assert {"day_ahead", "day_before_signing"} <= {one.code for one in outcome.files[0].notes}
    told = told_of(world.office, row(1)["number"])
    assert sorted(one.event.day for one in told if isinstance(one.event, c.PaymentMade)) == [date(2025, 10, 1), date(2026, 1, 12)]
    remarks = "".join(event_of(told, c.ExternalReleaseReceived).remarks)
    assert "2031-01-01" in remarks
    assert "2024-01-01" in remarks
    ahead = event_of(told_of(world.office, row(2)["number"]), c.ContractSigned)
    assert (ahead.signed_on, ahead.holds_from) == (date(2031, 5, 5), date(2026, 1, 12))
    assert [one for one in world.office.standings() if one.stopped] == []


def test_a_status_without_a_day_ends_the_contract_on_the_day_of_import(world: World, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(1, status="已完成"), row(2, status="已解除"), row(3, status="履行中")])
    bring(world.office, path)
    assert [kinds(told_of(world.office, row(n)["number"]))[1] for n in (1, 2, 3)] == ["completed", "terminated", "external_release_received"]
    assert counts(bring(world.office, path)) == (0, 3, 0, 0)


def test_other_currencies_hold_for_the_rows_below(world: World, tmp_path: Path) -> None:
    paid = [["合同编号", "付款编号", "实际付款日期", "实付金额（元）"], [row(1)["number"], "P1", "2025-12-01", 5]]
    bring(world.office, xlsx_file(tmp_path / "a.xlsx", [row(1, currency="USD")], 付款=paid))
    assert event_of(told_of(world.office, row(1)["number"]), c.PaymentMade).value.currency == "USD"


# ---------------------------------------------------------------- OCDS


PAID = {"id": "t1", "date": "2025-05-01T00:00:00+08:00", "value": {"amount": 100, "currency": "CNY"}}
MET = {"id": "m1", "title": "一期", "type": "delivery", "status": "met", "dueDate": "2025-06-01T00:00:00+08:00", "dateMet": "2025-05-20T00:00:00+08:00"}


def test_a_newer_release_adds_only_what_is_new(world: World, tmp_path: Path) -> None:
    scheduled = {**MET, "status": "scheduled", "dateMet": None}
    first = package(tmp_path / "1.json", release(contract(milestones=[scheduled], implementation={"transactions": [PAID]})))
    assert counts(bring(world.office, first)) == (1, 0, 0, 0)
    told = told_of(world.office, "C-2025-77")
    assert kinds(told) == ["signed", "payment_made", "external_release_received"]
    second = {**PAID, "id": "t2", "date": "2025-06-01T00:00:00+08:00"}
    amendment = {"id": "a1", "date": "2025-05-05T00:00:00Z", "rationale": "延期"}
    later = contract(milestones=[MET], implementation={"transactions": [PAID, second]}, amendments=[amendment])
    newer = package(tmp_path / "2.json", release(later, date="2025-07-01"))
    assert counts(bring(world.office, newer)) == (1, 0, 0, 0)
    told = told_of(world.office, "C-2025-77")
    assert kinds(told)[3:] == ["amended", "obligation_fulfilled", "payment_made", "external_release_received"]
    assert [one.event.day for one in told[3:6]] == [date(2025, 5, 5), date(2025, 5, 20), date(2025, 6, 1)]
    head = world.office.ledger.head()
    for path in (first, newer):
        assert counts(bring(world.office, path)) == (0, 1, 0, 0)
    assert world.office.ledger.head() == head


@pytest.mark.parametrize(("day", "amended"), [("2025-08-01", True), ("2025-02-01", False)])
def test_a_correction_counts_only_when_it_is_newer(world: World, tmp_path: Path, day: str, amended: bool) -> None:
    bring(world.office, package(tmp_path / "1.json", release(contract())))
    outcome = bring(world.office, package(tmp_path / "2.json", release(contract(value={"amount": 600000, "currency": "CNY"}), date=day)))
    assert [one.code for one in outcome.files[0].notes if one.code == "value_differs"] == ["value_differs"]
    told = told_of(world.office, "C-2025-77")
    found = [one.event for one in told if isinstance(one.event, c.ContractAmended)]
    assert [(one.rationale, one.value.amount) for one in found if one.value] == ([(UPDATED, Decimal(600000))] if amended else [])
    assert told[-1].event.topic == "contract.external_release_received/1", "the document is kept either way"


def test_numbers_within_a_process_do_not_meet(world: World, tmp_path: Path) -> None:
    files = [package(tmp_path / f"{n}.json", release(contract(id="1"), ocid=f"ocds-abc123-{n}")) for n in range(3)]
    same = [package(tmp_path / f"s{n}.json", release(contract(id="HT-2025-1"), ocid=f"ocds-abc123-s{n}")) for n in range(2)]
    assert counts(bring(world.office, *files, *same)) == (5, 0, 0, 0)
    numbers = {one.event.number for one in world.office.ledger.after(0, 9999) if isinstance(one.event, c.ContractSigned)}
    assert numbers == {*(f"ocds-abc123-{n}/1" for n in range(3)), "HT-2025-1", "ocds-abc123-s1/HT-2025-1"}
    assert counts(bring(world.office, *files, *same)) == (0, 5, 0, 0)


def test_sides_come_from_another_file_of_the_process(world: World, tmp_path: Path) -> None:
    alone = package(tmp_path / "contract.json", release(contract(), parties=None, buyer=None, awards=None))
    outcome = bring(world.office, alone, rejects=tmp_path / "rejects")
    assert counts(outcome) == (0, 0, 1, 0)
    [reject] = outcome.files[0].rejects
    assert (reject.code, reject.pointer) == ("authority_missing", "/releases/0/contracts/0")
    assert outcome.reject_file is not None
    award = package(tmp_path / "award.json", release(contracts=None, tag=["award"]))
    assert counts(bring(world.office, award)) == (0, 0, 0, 1)
    assert topics(world.office)["procurement.release_received/1"] == 1
    assert counts(bring(world.office, award)) == (0, 0, 0, 1)
    assert topics(world.office)["procurement.release_received/1"] == 1
    assert counts(bring(world.office, outcome.reject_file)) == (1, 0, 0, 0)
    signed = event_of(told_of(world.office, "C-2025-77"), c.ContractSigned)
    assert [one.id for one in signed.contractors] == [A]
    assert (signed.region, signed.ocid) == ("440823", OCID)
    received = [one.event for one in world.office.ledger.after(0, 9999) if isinstance(one.event, ProcurementReleaseReceived)]
    assert [one.winners[0].name for one in received] == [NAME_A]


def test_an_end_is_no_breach_and_an_unknown_signing_stays_unknown(world: World, tmp_path: Path) -> None:
    ended = contract(status="terminated", dateSigned=None, period=None, value=None)
    bring(world.office, package(tmp_path / "1.json", release(ended)))
    told = told_of(world.office, "C-2025-77")
    signed, end = event_of(told, c.ContractSigned), event_of(told, c.ContractTerminated)
    assert (signed.signed_on, signed.holds_from, signed.value) == (None, date(2025, 4, 1), None)
    assert (end.terminated_on, end.by_side) == (date(2025, 4, 1), None)
    assert "case.opened/1" not in topics(world.office)


def test_no_day_at_all_holds_from_the_import(world: World, tmp_path: Path) -> None:
    bring(world.office, package(tmp_path / "1.json", release(contract(dateSigned=None, period=None))))
    assert event_of(told_of(world.office, "C-2025-77"), c.ContractSigned).holds_from == date(2026, 1, 12)


def test_an_amended_value_was_another_one_at_the_signing(world: World, tmp_path: Path) -> None:
    amendment = {"id": "a1", "date": "2025-05-05T00:00:00Z", "rationale": "增加", "changes": [{"property": "value.amount", "former_value": 400000}]}
    bring(world.office, package(tmp_path / "1.json", release(contract(amendments=[amendment]))))
    told = told_of(world.office, "C-2025-77")
    assert event_of(told, c.ContractSigned).value.amount == 400000
    assert event_of(told, c.ContractAmended).value.amount == 500000


def test_the_document_comes_out_as_it_came(world: World, tmp_path: Path) -> None:
    strange = release(contract(x_unknown={"contact": "张三 13800000000"}), x_more=[1])
    path = package(tmp_path / "1.json", strange)
    bring(world.office, path)
    told = told_of(world.office, "C-2025-77")
    found = original_of(world.office, told)
    assert (found.process, found.contract_id) == (OCID, "C-2025-77")
    assert found.document is not None
    assert json.loads(found.document)["releases"] == [strange]
    out = tmp_path / "out.json"
    with out.open("wb") as stream:
        _ocds(world.office, Wanted(world.office.moment()), stream, "")
    assert json.loads(out.read_bytes())["releases"] == [strange]
    log = b"".join(row.state for row in world.office.recorder.after(0, 10_000))
    assert b"13800000000" not in log, "whom to call stands in the sealed document alone"
    for folder in (tmp_path / "data").rglob("*"):
        assert folder.is_dir() or b"13800000000" not in folder.read_bytes(), folder


def test_an_erased_document_is_not_kept_again(world: World, tmp_path: Path) -> None:
    path = package(tmp_path / "1.json", release(contract()))
    bring(world.office, path)
    digest = event_of(told_of(world.office, "C-2025-77"), c.ExternalReleaseReceived).digest
    world.office.sealer.erase(world.office.evidence.subject(digest), world.office.now)
    assert counts(bring(world.office, path)) == (0, 1, 0, 0)
    assert original_of(world.office, told_of(world.office, "C-2025-77")).document is None


# ---------------------------------------------------------------- the real files


def test_the_real_publishers_come_in_whole(world: World, tmp_path: Path) -> None:
    folder = shared("data", "ocds-real")
    outcome = bring(world.office, folder, rejects=tmp_path / "rejects")
    every = [told for path in folder.glob("*/*.json") for told in _current(path)]
    wanted = {(told["ocid"], str(one["id"])) for told in every for one in told.get("contracts") or []}
    signed = [one.event for one in world.office.ledger.after(0, 9999) if isinstance(one.event, c.ContractSigned)]
    assert {(one.ocid, one.source.removeprefix(f"ocds:{one.ocid}:").split("#")[0]) for one in signed if one.source and one.ocid} == wanted
    assert counts(outcome) == (28, 0, 0, 18)
    head = world.office.ledger.head()
    again = bring(world.office, folder)
    assert counts(again) == (0, 28, 0, 18)
    assert world.office.ledger.head() == head
    assert [one for one in world.office.standings() if one.stopped] == []
    assert world.ask("city-supervisor").get("/contracts")["total"] == len(signed) == 22
    assert world.ask("city-supervisor").get("/desk")["counts"]["all"] == 0, "their authorities are none of ours"
    paid = sum(len((one.get("implementation") or {}).get("transactions") or []) for _, one in _latest(folder))
    assert topics(world.office)["contract.payment_made/1"] == paid


def _current(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text("utf-8-sig"))
    if "records" in document:
        return [record["compiledRelease"] for record in document["records"]]
    return list(document.get("releases", [document]))


def _latest(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Each contract as the file with the most payments tells it."""
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for path in sorted(folder.glob("*/*.json")):
        for told in _current(path):
            for place, one in enumerate(told.get("contracts") or []):
                old = found.get((told["ocid"], str(one["id"]), place))
                if old is None or _payments(one) >= _payments(old):
                    found[told["ocid"], str(one["id"]), place] = one
    return [(ocid, one) for (ocid, _, _), one in found.items()]


def _payments(one: dict[str, Any]) -> int:
    return len((one.get("implementation") or {}).get("transactions") or [])


# ---------------------------------------------------------------- at random, at once


DAYS = st.dates(date(2025, 3, 1), date(2025, 12, 31))
TRANSACTIONS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(DAYS, st.integers(1, 10**6)), max_size=5)
MILESTONES = st.dictionaries(st.sampled_from("mno"), st.tuples(DAYS, st.booleans()), max_size=3)
TELLINGS = st.lists(st.tuples(TRANSACTIONS, MILESTONES, st.sampled_from(["active", "terminated"])), min_size=1, max_size=4)


_processes = count(1)


def _telling(process: int, number: int, told: tuple[dict[str, tuple[date, int]], dict[str, tuple[date, bool]], str]) -> dict[str, Any]:
    paid, met, status = told
    transactions = [{"id": key, "date": f"{on}T00:00:00+08:00", "value": {"amount": amount, "currency": "CNY"}} for key, (on, amount) in paid.items()]
    milestones = [{"id": key, "title": key, "type": "delivery", **({"status": "met", "dateMet": f"{on}T00:00:00+08:00"} if done else {"status": "scheduled"})}
                  for key, (on, done) in met.items()]  # fmt: skip
    made = contract(id=f"HT-2025-{process}", status=status, milestones=milestones, implementation={"transactions": transactions})
    return release(made, ocid=f"ocds-abc123-{process}", date=(date(2026, 1, 1) + timedelta(number)).isoformat())


@pytest.fixture(scope="module")
def lasting() -> Iterator[World]:
    """One world for all examples; each of them is a process of its own."""
    with a_world("2026-03-02") as world:
        yield world


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(tellings=TELLINGS, data=st.data())
def test_any_releases_in_any_order_add_each_fact_once(lasting: World, tellings: list[Any], data: st.DataObject) -> None:
    order, process, office = data.draw(st.permutations(range(len(tellings)))), next(_processes), lasting.office
    folder = office.settings.data.parent
    files = [package(folder / f"{n}.json", _telling(process, n, one)) for n, one in enumerate(tellings)]
    for n in order:
        bring(office, files[n])
    told = told_of(office, f"HT-2025-{process}")
    paid = Counter(one.event.ref for one in told if isinstance(one.event, c.PaymentMade))
    assert paid == Counter({key for one in tellings for key in one[0]}), "each payment once, whichever file told of it first"
    met = Counter(one.event.ref for one in told if isinstance(one.event, c.ObligationFulfilled))
    assert met == Counter({key for one in tellings for key, (_, done) in one[1].items() if done})
    assert sum(isinstance(one.event, c.ContractTerminated) for one in told) == any(one[2] == "terminated" for one in tellings)
    head = office.ledger.head()
    assert counts(bring(office, *files)) == (0, len(files), 0, 0)
    assert office.ledger.head() == head
    assert counts(bring(office, *files, dry_run=True)) == (0, len(files), 0, 0)


def test_two_at_once_double_nothing(tmp_path: Path) -> None:
    world = copied_world(tmp_path / "data")
    path = csv_file(tmp_path / "a.csv", [row(n) for n in range(600)])
    found: list[Any] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        found.append(bring(world.office, path))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.total("imported") for one in found) == 600
    assert sum(one.total("unchanged") for one in found) == 600
    assert sum(one.total("rejected") for one in found) == 0
    assert topics(world.office)["contract.signed/1"] == 600
    world.close()


def test_a_batch_that_loses_every_race_goes_one_by_one(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append = buffered.Buffered.append
    lost: list[int] = []

    def losing(self: buffered.Buffered) -> Any:
        if len(self.pending) > 8:
            lost.append(len(self.pending))
            raise MovedOn(self.pending[0].originator_id)
        return append(self)

    monkeypatch.setattr(buffered.Buffered, "append", losing)
    assert counts(bring(world.office, csv_file(tmp_path / "a.csv", [row(n) for n in range(20)]))) == (20, 0, 0, 0)
    assert len(lost) == 3
    assert topics(world.office)["contract.signed/1"] == 20


def test_five_thousand_rows(world: World, tmp_path: Path) -> None:
    seen: list[int] = []
    head, path = world.office.ledger.head(), csv_file(tmp_path / "a.csv", [row(n) for n in range(5_000)])
    from web.importers.writing import import_files, sources_of

    outcome = import_files(world.office, sources_of([path]), progress=lambda told: seen.append(told.done))
    assert counts(outcome) == (5_000, 0, 0, 0)
    assert seen[0] == 200
    assert seen[-1] == 5_000
    assert max(later - former for former, later in pairwise(seen)) <= 200, "nobody waits behind more than a batch"
    assert world.office.ledger.head() - outcome.events == head


def test_a_foreign_party_keeps_its_scheme_and_currency(world: World, tmp_path: Path) -> None:
    buyer = {"id": "GB-1", "name": "Met Office", "identifier": {"scheme": "GB-GOV", "id": "42"}, "roles": ["buyer"]}
    supplier = {"id": "x", "name": "Some Ltd", "roles": ["supplier"]}
    told = release(
        contract(value={"amount": 5, "currency": "GBP"}), parties=[buyer, supplier], buyer={"id": "GB-1", "name": "Met Office"},
        awards=[{"id": "1", "suppliers": [{"id": "x", "name": "Some Ltd"}]}],
    )  # fmt: skip
    assert counts(bring(world.office, package(tmp_path / "1.json", told), who="county-supervisor")) == (1, 0, 0, 0)
    signed = event_of(told_of(world.office, "C-2025-77", "GB-GOV:42"), c.ContractSigned)
    assert (signed.authority.ref, signed.contractors[0].scheme, signed.value.currency, signed.region) == ("GB-GOV:42", "local", "GBP", "440823")
    assert party(A, "x")["id"] == f"CN-USCC-{A}"


def test_contracts_are_folded_as_they_were_decided(world: World, tmp_path: Path) -> None:
    bring(world.office, package(tmp_path / "1.json", release(contract(milestones=[MET], implementation={"transactions": [PAID]}))))
    told = told_of(world.office, "C-2025-77")
    found = world.office.ledger.get(Contract, told[0].stream)
    assert (found.status, list(found.fulfilled), list(found.paid)) == ("performing", ["m1"], ["t1"])


def test_both_databases_take_a_batch_and_its_repetition(any_world: World, tmp_path: Path) -> None:
    sheet = csv_file(tmp_path / "a.csv", [row(n, name="含\u3000空格与“引号”的名称") for n in range(230)])
    ocds = package(tmp_path / "b.json", release(contract(milestones=[MET], implementation={"transactions": [PAID]})))
    assert counts(bring(any_world.office, sheet, ocds)) == (231, 0, 0, 0)
    head = any_world.office.ledger.head()
    assert counts(bring(any_world.office, sheet, ocds)) == (0, 231, 0, 0)
    assert any_world.office.ledger.head() == head
    loops = any_world.ask("county-supervisor").get(f"/contracts/{row(1)['number']}")["loops"]
    assert loops, "their authority is an organisation of this installation: what is open is watched"
