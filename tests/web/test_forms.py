"""Forms from bodies: nothing typed is lost, days and sums as people write them, wrong places named."""

from typing import Any

import pytest
from starlette.datastructures import FormData

from web import forms, typed
from web.acts.case_bodies import Notice, SanctionIn
from web.acts.contracts import CheckResult, Contract, Payment
from web.acts.repairs import Application
from web.options import TABLED, WORDED, Choices
from web.pages.acts import ALL

FULL = {
    "number": "K1", "name": "清淤", "type": "SG", "region": "440823", "signed_on": "2026.3.1", "starts_on": "２０２６年３月１日", "ends_on": "2026/12/31",
    "authority-id": "１１４４０８２３０００００００００Ｔ", "authority-name": "水务局", "contractors-0-id": "91440800MA4X00000Y", "contractors-0-name": "甲",
    "contractors-0-lead": "true", "value-amount": "１，２００．５", "value-unit": "wan", "retention_percent": "3%",
    "obligations-3-ref": "M1", "obligations-3-title": "一期", "obligations-3-owed_by": "contractor",
    "obligations-7-ref": "", "obligations-7-owed_by": "contractor",
    "payments-0-ref": "P1", "payments-0-after": "M1", "payments-0-value-amount": "5万元", "payments-0-value-unit": "yuan", "payments-0-term_days": "３０",
}  # fmt: skip


def read(body: Any, given: Any) -> tuple[Any, forms.Reading]:
    pairs = [(name, one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]
    reading = forms.Reading(FormData(pairs), lambda file: {}, lambda digest: {"digest": digest, "name": "a", "size": 1})
    return forms.without_empty_rows(reading.tree(body), body), reading


def test_a_whole_form_is_read_as_its_body() -> None:
    tree, _ = read(Contract, FULL)
    body, wrong = typed.body_of(Contract, tree)
    assert wrong == []
    assert isinstance(body, Contract)
    assert [str(body.signed_on), str(body.starts_on), str(body.ends_on)] == ["2026-03-01", "2026-03-01", "2026-12-31"]
    assert body.value is not None
    assert body.value.amount == 12_005_000
    assert body.payments[0].value.amount == 50_000
    assert body.payments[0].term_days == 30
    assert body.authority.id == "11440823000000000T"
    assert body.retention_percent == 3
    assert [one.ref for one in body.obligations] == ["M1"], "an empty row is no row"
    assert body.security is None, "an optional group in which nothing was typed is not given"
    assert body.contractors[0].lead


def test_everything_typed_stands_in_the_form_again() -> None:
    tree, _ = read(Contract, {**FULL, "ends_on": "明年底", "value-amount": "一百万"})
    body, wrong = typed.body_of(Contract, tree)
    assert body is None
    assert {one.place for one in wrong} == {"ends_on", "value"}
    shown = {one["name"]: one["value"] for one in forms.fields(Contract, tree, lambda name: [])}
    assert shown["ends_on"] == "明年底"
    assert shown["value"] == {"amount": "一百万", "unit": "wan"}
    assert shown["authority-name"] == "水务局"


def test_every_wrong_place_is_told_at_once() -> None:
    tree, _ = read(Contract, {"value-amount": "x", "contractors-0-name": "甲", "obligations-0-title": "一期", "obligations-0-due_on": "2026-02-30"})
    _, wrong = typed.body_of(Contract, tree)
    assert {one.place for one in wrong} >= {"number", "name", "authority-id", "value", "contractors-0-id", "obligations-0-ref", "obligations-0-due_on"}


@pytest.mark.parametrize(("pointer", "place"), [
    ("/document_number", "document_number"), ("/proposed/decision_types", "proposed-decision_types"), ("/proposed/fine/amount", "proposed-fine"),
    ("/proposed/decision_types/0", "proposed-decision_types"), ("/nothing", None), (None, None),
])  # fmt: skip
def test_a_pointer_names_a_place(pointer: str | None, place: str | None) -> None:
    assert typed.place_at(pointer, Notice) == place


def test_a_pointer_into_rows() -> None:
    assert typed.place_at("/obligations/2/due_on", Contract) == "obligations-2-due_on"
    assert typed.place_at("/obligations", Contract) == "obligations"
    assert typed.place_at("/value", Payment) == "value"
    assert typed.place_at("/sanction", SanctionIn) is None


@pytest.mark.parametrize("number", ["45000", "1", "202603"])
def test_a_bare_number_is_no_day(number: str) -> None:
    tree, _ = read(Payment, {"ref": "P1", "value-amount": "1", "paid_on": number})
    body, wrong = typed.body_of(Payment, tree)
    assert body is None
    assert [one.place for one in wrong] == ["paid_on"]


def test_lines_are_people() -> None:
    tree, _ = read(CheckResult, {"inspectors": "张三\r\n李四、王五\n\n", "items-0-code": "CK-01", "items-0-result": "pass"})
    body, wrong = typed.body_of(CheckResult, tree)
    assert wrong == []
    assert isinstance(body, CheckResult)
    assert body.inspectors == ["张三", "李四", "王五"]


def test_files_that_were_kept_come_again() -> None:
    digest = "sha256:" + "a" * 64
    tree, _ = read(Application, {"sanction": "01a21002-9087-733b-a789-3ae48c50439c", "fulfilment_proof-kept": [digest], "commitment-text": "承诺"})
    body, wrong = typed.body_of(Application, tree)
    assert wrong == []
    assert isinstance(body, Application)
    assert body.fulfilment_proof == [digest]
    assert body.contact is None


def test_rows_come_and_go() -> None:
    tree = forms.with_row(forms.with_row(forms.blank(Contract), Contract, "obligations"), Contract, "obligations")
    tree["obligations"][1]["title"] = "二期"
    assert [row["title"] for row in forms.without_row(tree, "obligations-0")["obligations"]] == ["二期"]
    assert forms.with_row(tree, Contract, "number") == tree
    assert forms.without_row(tree, "obligations-x") == tree


def test_every_list_of_options_is_known() -> None:
    def named(body: Any) -> set[str]:
        return {one.options for one in forms.pieces(body) if one.options} | {name for one in forms.pieces(body) if one.inner for name in named(one.inner)}

    wanted = {name for one in ALL for body in {one.body, one.asked} for name in named(body)}
    assert wanted
    assert [name for name in sorted(wanted) if name not in WORDED and name not in TABLED and not hasattr(Choices, f"_{name}")] == []
