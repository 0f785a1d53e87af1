"""One contract of a contracting process, with its obligations, payments, amendments and end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.values.money import Money
from web.importers.ocds_merge import Node
from web.importers.ocds_parties import Parties
from web.importers.ocds_reading import Notes, Wrong, child, day, money, objects, text
from web.importers.ocds_shape import shown
from web.importers.record import (
    Change,
    DocumentRecord,
    Happening,
    Note,
    ObligationRecord,
    PartyRecord,
    Place,
    PlannedPayment,
)

_STATUSES = frozenset({"pending", "active", "cancelled", "terminated"})
_MILESTONE = {"met": "fulfilment", "partiallyMet": "partly_met", "notMet": "not_met", "scheduled": None}
_AUTHORITYS = frozenset({"payment", "financing", "approval", "assessment"})
_COMPARED = ("title", "status", "dateSigned", "value.amount", "value.currency", "period.startDate", "period.endDate")


class Told(msgspec.Struct):
    """What the parts of a contract yield, and what of them stays out."""

    obligations: dict[str, ObligationRecord]
    payments: list[PlannedPayment]
    happened: list[Happening]
    left_out: list[Note]


class History:
    """The releases of a process in order, to see when something was first said and what an amendment changed."""

    def __init__(self, releases: list[tuple[date | None, Node]]) -> None:
        self._releases = releases

    def first_said(self, contract: str, status: str) -> date | None:
        """The day of the first release since which the contract has had this status."""
        since: date | None = None
        for released_on, release in self._releases:
            node = _contract(release, contract)
            if node is not None and node.get("status") is not None:
                since = (since or released_on) if node["status"] == status else None
        return since

    def changes(self, contract: str, amendment: Node) -> tuple[Change, ...]:
        """What differs between the release that was amended and the one that amends it, where both are here."""
        before, after = text(amendment, "amendsReleaseID"), text(amendment, "releaseID")
        ids = [text(release, "id") for _, release in self._releases]
        if before not in ids:
            return ()
        at = ids.index(before)
        to = ids.index(after) if after in ids else at + 1
        if to >= len(ids):
            return ()
        return differences(_contract(self._releases[at][1], contract), _contract(self._releases[to][1], contract))

    def steps(self, contract: str) -> Iterator[tuple[date | None, Node, tuple[Change, ...]]]:
        """Each release that words the contract otherwise than the one before it."""
        before: Node | None = None
        for released_on, release in self._releases:
            node = _contract(release, contract)
            if node is None:
                continue
            if before is not None and (found := differences(before, node)):
                yield released_on, release, found
            before = node


def differences(before: Node | None, after: Node | None) -> tuple[Change, ...]:
    """The main terms that two wordings of a contract do not share."""
    if before is None or after is None:
        return ()
    pairs = ((field, _at(before, field), _at(after, field)) for field in _COMPARED)
    return tuple(Change(field, old, new) for field, old, new in pairs if new is not None and old != new)


def _at(node: Node, path: str) -> Any:
    value: Any = node
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return str(value) if value is not None and not isinstance(value, dict | list) else None


def _contract(release: Node, identifier: str) -> Node | None:
    listed = release.get("contracts")
    for node in listed if isinstance(listed, list) else []:
        if isinstance(node, Node) and text(node, "id") == identifier:
            return node
    return None


def tell(contract: Node, identifier: str, parties: Parties, history: History, released_on: date | None, notes: Notes) -> Told:
    """Everything that is told of a contract beside its own terms. What cannot be read is left out, with a note."""
    told = Told({}, [], [], [])
    implementation = child(contract, "implementation")
    for holder in (contract, implementation):
        if holder is not None:
            _milestones(holder, notes, told)
    _payments_of(implementation, parties, notes, told)
    _amendments(contract, identifier, history, notes, told)
    _failures(implementation, notes, told)
    _ending(contract, identifier, history, released_on, notes, told)
    return told


def _milestones(holder: Node, notes: Notes, told: Told) -> None:
    for node in objects(holder, "milestones", notes):
        try:
            _milestone(node, notes, told)
        except Wrong as wrong:
            told.left_out.append(wrong.note)


def _milestone(node: Node, notes: Notes, told: Told) -> None:
    kind, status = text(node, "type"), text(node, "status")
    if status is not None and status not in _MILESTONE:
        notes.add("milestone_status", node.where("status"), "里程碑状态“{given}”不在 OCDS 代码表中", given=status)
    place, ref = Place(notes.file, pointer=node.at), _ref(node, "title", "dueDate", "description")
    due_on, met_on, modified = (
        day(node, "dueDate", notes),
        day(node, "dateMet", notes),
        day(node, "dateModified", notes),
    )
    title = text(node, "title") or text(node, "description") or ref
    owed_by = "authority" if kind in _AUTHORITYS else "contractor"
    if (before := told.obligations.get(ref)) is not None and before.title != title:
        notes.add("milestone_repeated", node.where("id"), "里程碑编号 {ref} 重复，后者补充前者", ref=ref)
    told.obligations[ref] = ObligationRecord(ref, title, owed_by, due_on, place, status)
    if kind == "payment":
        told.payments.append(PlannedPayment(ref, place, value=money(node, "value", notes), due_on=due_on))
    happening = _MILESTONE.get(status or "")
    if happening is None:
        return
    on = met_on if happening == "fulfilment" else modified
    if on is None and happening == "fulfilment":
        notes.add("met_day_missing", node.where("dateMet"), "里程碑已完成，但没有完成日期")
    note = text(node, "description") or ""
    _replace(told, Happening(happening, on, ref, place, about=ref, note=note, since=modified))


def _replace(told: Told, happening: Happening) -> None:
    """A milestone that is told in the contract and in its implementation happened once."""
    told.happened = [one for one in told.happened if one.about != happening.about] + [happening]


def _payments_of(implementation: Node | None, parties: Parties, notes: Notes, told: Told) -> None:
    if implementation is None:
        return
    seen: dict[str, int] = {}
    for node in objects(implementation, "transactions", notes):
        try:
            happening = _payment(node, parties, notes)
        except Wrong as wrong:
            told.left_out.append(wrong.note)
            continue
        count = seen[happening.ref] = seen.get(happening.ref, 0) + 1
        if count > 1:
            if node.get("id") is not None:
                notes.add("transaction_repeated", node.where("id"), "付款编号 {ref} 重复，各算一笔", ref=happening.ref)
            happening = msgspec.structs.replace(happening, ref=f"{happening.ref}#{count}")
        told.happened.append(happening)


def _payment(node: Node, parties: Parties, notes: Notes) -> Happening:
    value = money(node, "value", notes) or money(node, "amount", notes)
    on = day(node, "date", notes)
    if value is None:
        notes.add("payment_without_amount", node.at, "付款没有金额")
    if on is None:
        notes.add("payment_day_missing", node.where("date"), "付款没有日期")
    if node.get("id") is None:
        notes.add("transaction_id_missing", node.where("id"), "付款没有编号，按内容编号")
    place = Place(notes.file, pointer=node.at)
    payer = _organisation(node, ("payer", "providerOrganization"), parties)
    payee = _organisation(node, ("payee", "receiverOrganization"), parties)
    note = text(node, "description") or text(node, "source") or ""
    return Happening("payment", on, _ref(node, "date", "value", "amount"), place, value, note, payer=payer, payee=payee)


def _organisation(node: Node, keys: tuple[str, ...], parties: Parties) -> PartyRecord | None:
    for key in keys:
        if (reference := child(node, key)) is not None:
            return parties.resolve(reference)
    return None


def _amendments(contract: Node, identifier: str, history: History, notes: Notes, told: Told) -> None:
    listed = [*objects(contract, "amendments", notes), *objects(contract, "amendment", notes)]
    for node in listed:
        try:
            on = day(node, "date", notes)
        except Wrong as wrong:
            told.left_out.append(wrong.note)
            continue
        changes = tuple(_changes(node, notes)) or history.changes(identifier, node)
        note = text(node, "rationale") or text(node, "description") or ""
        place = Place(notes.file, pointer=node.at)
        ref = _ref(node, "date", "rationale", "description")
        told.happened.append(Happening("amendment", on, ref, place, _new_value(changes, contract), note, changes=changes))
    for released_on, release, changes in history.steps(identifier):
        _unsaid(released_on, release, changes, bool(listed), notes, told)


def _unsaid(on: date | None, release: Node, changes: tuple[Change, ...], amended: bool, notes: Notes, told: Told) -> None:
    """A later release words the contract otherwise: an amendment where it is tagged so, else only worth a note."""
    tags = release.get("tag")
    if not amended and isinstance(tags, list) and "contractAmendment" in tags:
        ref = text(release, "id") or str(on)
        place = Place(notes.file, pointer=release.at)
        told.happened.append(Happening("amendment", on, ref, place, note="", changes=changes, since=on))
        return
    for change in changes:
        sentence = "发布 {release} 起，{field} 由“{before}”变为“{after}”"
        notes.add(
            "changed_between_releases", f"{release.at}/contracts", sentence,
            release=text(release, "id") or "", field=change.field, before=change.before or "", after=change.after,
        )  # fmt: skip


def _changes(amendment: Node, notes: Notes) -> Iterator[Change]:
    """OCDS 1.0: the properties that changed, with their former values."""
    for node in objects(amendment, "changes", notes):
        if (name := text(node, "property")) is not None:
            former = node.get("former_value")
            yield Change(name, None if former is None else shown(former), None)


def _new_value(changes: tuple[Change, ...], contract: Node) -> Money | None:
    """The amount since the amendment, where the releases say it."""
    after = next((change.after for change in changes if change.field == "value.amount"), None)
    if after is None:
        return None
    silent = Notes("")
    currency = child(contract, "value")
    members = {"amount": after, "currency": None if currency is None else currency.get("currency")}
    try:
        return money(Node({"value": Node(members, "")}, ""), "value", silent)
    except Wrong:
        return None  # the release it comes from is read in full elsewhere, and tells


def _failures(implementation: Node | None, notes: Notes, told: Told) -> None:
    """The performance-failures extension: what went wrong, as the publisher says it. Never a finding by itself."""
    if implementation is None:
        return
    for node in objects(implementation, "performanceFailures", notes):
        try:
            on = day(child(node, "period"), "endDate", notes)
        except Wrong as wrong:
            told.left_out.append(wrong.note)
            continue
        parts = [text(node, key) for key in ("category", "penaltyContracted", "penaltyImposed")]
        place, ref = Place(notes.file, pointer=node.at), _ref(node, "category", "period")
        told.happened.append(Happening("performance_failure", on, ref, place, note="；".join(filter(None, parts))))


def _ending(contract: Node, identifier: str, history: History, released_on: date | None, notes: Notes, told: Told) -> None:
    status = text(contract, "status")
    if status is None:
        return
    if status not in _STATUSES:
        notes.add("contract_status", contract.where("status"), "合同状态“{given}”不在 OCDS 代码表中", given=status)
        return
    kind = {"terminated": "ended_unsaid", "cancelled": "cancellation"}.get(status)
    if kind is None:
        return
    on = history.first_said(identifier, status) or released_on
    if on is not None:
        sentence = "合同状态为 {status}，文件没有写明日期，取最早这样说的发布日期 {day}"
        notes.add("ended_day_of_release", contract.where("status"), sentence, status=status, day=on.isoformat())
    place = Place(notes.file, pointer=contract.where("status"))
    told.happened.append(Happening(kind, on, status, place, since=on))


def documents(contract: Node, notes: Notes) -> tuple[DocumentRecord, ...]:
    """The documents of a contract and of its implementation."""
    holders = [holder for holder in (contract, child(contract, "implementation")) if holder is not None]
    return tuple(_document(node, notes) for holder in holders for node in objects(holder, "documents", notes))


def _document(node: Node, notes: Notes) -> DocumentRecord:
    try:
        published_on = day(node, "datePublished", notes)
    except Wrong as wrong:
        notes.keep(wrong.note)
        published_on = None
    title = text(node, "title") or text(node, "description") or ""
    return DocumentRecord(_ref(node, "url", "title"), title, text(node, "documentType"), text(node, "url"), published_on)


def _ref(node: Node, *keys: str) -> str:
    """The id, or one made of these members: the same in every file that says the same."""
    if (identifier := text(node, "id")) is not None:
        return identifier
    told = repr([_plain(node.get(key)) for key in keys])
    return "~" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((key, _plain(item)) for key, item in value.items())
    return str(value)
