"""闭环事项 — what is owed, by whom, by when, and under which rule?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, MutableMapping, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Union
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain import loops
from domain.access.events import OrganisationRegistered
from domain.breach.events import TELLS_THE_PARTY, CaseOpened
from domain.contract.events import ContractAssigned, ContractSigned
from domain.events import Event
from domain.loops import Kept, Open
from domain.loops.breaches import KIND as BREACHED
from domain.party.events import CommitmentMade
from domain.policy.events import PackProposed
from domain.repair.events import RepairApplied
from domain.rules import Basis
from projections.regions import within
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

COUNTED = ("owed_by", "due_on", "owner", "key", "region", "authority", "party", "opens_on", "ends_on", "kind")  # a desk is walked and counted by them
table = temporal_table(
    "loops",
    sa.Column("kind", text),
    sa.Column("loop_key", text),
    sa.Column("stage", text),
    sa.Column("owed_by", text),
    sa.Column("account", text),
    sa.Column("next", text),
    sa.Column("title", text),
    sa.Column("subject", text),  # contract, case, repair, policy, organisation or commitment: what the stream is
    sa.Column("contract", sa.Uuid()),
    sa.Column("case", sa.Uuid()),
    sa.Column("region", text),
    sa.Column("authority", text),
    sa.Column("party", text),
    sa.Column("start", sa.Date()),
    sa.Column("rule", text),
    sa.Column("length", sa.Integer()),
    sa.Column("unit", text),
    sa.Column("due_on", sa.Date()),
    sa.Column("provisional", sa.Boolean()),
    sa.Column("opens_on", sa.Date()),
    sa.Column("ends_on", sa.Date()),
    sa.Column("stops", json),
    sa.Column("total", text),
    sa.Column("total_from", sa.Date()),
    sa.Column("basis", json),
    sa.Column("counted", sa.Integer()),
    sa.Column("was", sa.Date()),
    sa.Column("moved_on", sa.Date()),
    sa.Column("facts", json),  # of the stream, in the row without a key, which only the fold reads
    pages=[COUNTED, ("contract",), ("case",), ("ends_on",)],
    counts=COUNTED,
    subjects=("contract", "case"),
    short_lived=True,
    memory=True,
)
if TYPE_CHECKING:
    Concerned = Event
else:
    Concerned = Union[loops.CONCERNED]  # noqa: UP007  a union made of the table's own events

BIRTHS = (ContractSigned, CaseOpened, RepairApplied, OrganisationRegistered, CommitmentMade)  # they say whose a stream is
TELL_WHOSE = (*BIRTHS, *TELLS_THE_PARTY, ContractAssigned)
SAY_WHOSE = (*TELL_WHOSE, PackProposed)
WHOSE = ("subject", "contract", "case", "region", "authority", "party")


def fold(event: Concerned, rows: Rows) -> None:
    held = rows.get() or {}
    kept = Kept(held.get("facts") or {}, still := _Still(rows))
    keeper, says_whose = kept.facts.get("keeper"), isinstance(event, SAY_WHOSE)
    whose = _whose(event, held, rows.stream) if says_whose else {name: held.get(name) for name in WHOSE}
    loops.tell(event, kept, rows.book, rows.position)
    if isinstance(event, CaseOpened):
        kept.facts["against"] = event.party
    elif isinstance(event, TELLS_THE_PARTY):
        whose["party"] = kept.facts["against"]
    if held and not says_whose:
        rows.revise(facts=kept.facts)
    else:
        rows.put(facts=kept.facts, **whose)
    if kept.facts.get("keeper") != keeper or isinstance(event, TELL_WHOSE):
        still.touch()
    for key, one in still.changed.items():
        if one is None:
            rows.remove(key)
        else:
            rows.put(key, **_row(one, one.account or (kept.facts.get("keeper") if one.owed_by == "supervisor" else None), whose))


class _Still(MutableMapping[str, Open]):
    """The open loops of a stream: read where they are asked for, for there may be many; and what has become of them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.changed: dict[str, Open | None] = {}

    def touch(self) -> None:
        """Let every one count as changed: something that stands in each row has."""
        self.changed = {**dict(self), **self.changed}

    def __getitem__(self, key: str) -> Open:
        if key in self.changed:
            if (one := self.changed[key]) is not None:
                return one
        elif key and (row := self._rows.get(key)) is not None:
            return open_of(row)
        raise KeyError(key)

    def __setitem__(self, key: str, one: Open) -> None:
        self.changed[key] = one

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self.changed[key] = None

    def __contains__(self, key: object) -> bool:
        return self.changed[key] is not None if key in self.changed else isinstance(key, str) and bool(key) and self._rows.held(key) is not None

    def __iter__(self) -> Iterator[str]:
        names, changed = dict.fromkeys([*self._rows.keys(), *self.changed]), self.changed
        return iter([key for key in names if key and (key not in changed or changed[key] is not None)])

    def __len__(self) -> int:
        return len(list(iter(self)))


def _whose(event: Any, held: dict[str, Any], stream: UUID) -> dict[str, Any]:
    match event:
        case ContractSigned():
            return {
                "subject": "contract",
                "contract": stream,
                "case": None,
                "region": event.region,
                "authority": event.authority.ref,
                "party": next((one.ref for one in sorted(event.contractors, key=lambda one: not one.lead)), None),
            }
        case ContractAssigned():
            mine = {name: held.get(name) for name in WHOSE}
            return {**mine, **{name: event.comes.ref for name in ("authority", "party") if mine[name] == event.leaves}}
        case CaseOpened():
            its = {"contract": event.contract, "case": stream, "region": event.region, "authority": event.authority}
            return {"subject": "case", **its, "party": None}  # until it is told
        case RepairApplied():
            return {"subject": "repair", "contract": None, "case": event.case, "region": event.region, "authority": None, "party": event.party}
        case OrganisationRegistered():
            own = f"{event.scheme}:{event.code}"
            return {"subject": "organisation", "contract": None, "case": None, "region": event.region, "authority": own, "party": None}
        case CommitmentMade():
            return {"subject": "commitment", "contract": None, "case": None, "region": event.region, "authority": event.received_by, "party": event.party}
        case PackProposed():
            return {"subject": "policy", "contract": None, "case": None, "region": None, "authority": None, "party": None}
    return {name: held.get(name) for name in WHOSE}


def _row(one: Open, account: str | None, whose: dict[str, Any]) -> dict[str, Any]:
    basis = None if one.basis is None else [one.basis.pack, one.basis.version, one.basis.rule, one.basis.clause, one.basis.status]
    said = msgspec.structs.asdict(one) | whose
    said["loop_key"], said["account"], said["basis"] = said.pop("key"), account, basis
    return said


def open_of(row: Any) -> Open:
    """An open loop from its row (a mapping or a result row)."""
    (kind, key, stage, owed_by, next_, title, start, rule, length, unit, due_on, provisional, opens_on, ends_on, stops, total, total_from, basis,
     account, counted, was, moved_on) = (_of_mapping if isinstance(row, dict) else _of_result)(row)  # fmt: skip
    return Open(kind, key, stage, owed_by, next_, title or "", start, rule, length, unit, due_on, bool(provisional), opens_on, ends_on, stops or [],
                total, total_from, Basis(*basis) if basis else None, account, counted or 0, was, moved_on)  # fmt: skip


_FIELDS = ["loop_key" if name == "key" else name for name in Open.__struct_fields__]
_of_mapping, _of_result = itemgetter(*_FIELDS), attrgetter(*_FIELDS)


view = View(table, fold, edition=9)


class Wanted(NamedTuple):
    """Which open loops a list shows. `roles` are kinds of ower; parties those of an applicant."""

    regions: Collection[str] | None = None
    owed_by: Collection[str] = ()
    parties: Collection[str] = ()
    authorities: Collection[str] | None = None  # only loops of these authorities (those of this installation)
    contract: UUID | None = None
    case: UUID | None = None
    owner: UUID | None = None
    kinds: Collection[str] = ()
    due_from: date | None = None
    due_until: date | None = None
    undated: bool = False  # beside `due_from`: those that no rule gives a day as well
    without_windows: bool = False


# Open loops that are sorted sooner than walked to. PostgreSQL sorts by looking through all that are open.
FEW = {"sqlite": 1_000, "postgresql": 0}


def _where(moment: Moment, wanted: Wanted, contracts: Sequence[UUID] = ()) -> list[sa.ColumnElement[bool]]:
    """What is open of all that is wanted; of some contracts and their cases alone, where any are named."""
    c = table.c
    about = [column == one for column, one in ((c.contract, wanted.contract), (c.case, wanted.case), (c.owner, wanted.owner)) if one is not None]
    about += [c.contract.in_(contracts)] if contracts else []
    where = [at(moment, table, few=bool(about)), c.kind.is_not(None), c.opens_on <= moment.day, c.ends_on.is_(None) | (c.ends_on >= moment.day)]
    if wanted.regions is not None:
        where.append(within(c.region, wanted.regions))
    if wanted.owed_by:
        where.append(c.owed_by.in_(list(wanted.owed_by)))
    if wanted.parties:
        where.append(c.party.in_(list(wanted.parties)))
    if wanted.authorities is not None:
        where.append(c.authority.is_(None) | c.authority.in_(list(wanted.authorities)))
    where += [*about, c.kind != BREACHED] if about else []  # that is on a desk; it is none of the party's
    if wanted.kinds:
        where.append(c.kind.in_(list(wanted.kinds)))
    if wanted.due_from is not None:
        dated = c.due_on >= wanted.due_from
        where.append(dated | c.due_on.is_(None) if wanted.undated else dated)
    if wanted.due_until is not None:
        where.append(c.due_on <= wanted.due_until)
    if wanted.without_windows:
        where.append(c.ends_on.is_(None))
    return where


def open_loops(conn: sa.Connection, moment: Moment, wanted: Wanted, limit: int = 200, many: int = 0) -> Sequence[Any]:
    """The most urgent first; those without a date last. `many` there are, as far as that is known.

    Keys are sorted in the index, and only what is shown is read whole. Many of today are not sorted but walked to.
    """
    c, keys = table.c, (_walked if many > FEW[conn.dialect.name] and moment == Moment(moment.clock) else _sorted)(moment, wanted, limit).subquery()
    page = sa.select(table).join(keys, sa.and_(*[column == keys.c[column.name] for column in table.primary_key.columns]))
    return conn.execute(page.order_by(_urgent(), c.owner, c.key).limit(limit)).all()


def _urgent() -> sa.ColumnElement[date]:
    return sa.func.coalesce(table.c.due_on, sa.literal(date(9999, 12, 31), sa.Date()))


def _sorted(moment: Moment, wanted: Wanted, limit: int) -> sa.Select[Any]:
    c = table.c
    return sa.select(*table.primary_key.columns).where(*_where(moment, wanted)).order_by(_urgent(), c.owner, c.key).limit(limit)


def _walked(moment: Moment, wanted: Wanted, limit: int) -> sa.CompoundSelect[Any]:
    """Each ower's loops stand in the index in the order of their days, those without one by themselves."""
    c, walks = table.c, list[sa.Select[Any]]()
    for ower in wanted.owed_by:
        where = [*_where(moment, wanted._replace(owed_by=(), due_from=None)), c.owed_by == ower]
        dated = c.due_on.is_not(None) if wanted.due_from is None else c.due_on >= wanted.due_from
        undated = [c.due_on.is_(None)] if wanted.due_until is None and (wanted.undated or wanted.due_from is None) else []
        for walk in (dated, *undated):
            walks.append(sa.select(*table.primary_key.columns).where(*where, walk).order_by(c.due_on, c.owner, c.key).limit(limit))
    return sa.union_all(*[walk.subquery().select() for walk in walks])


def owed_of_authority(conn: sa.Connection, moment: Moment, authority: str, regions: Collection[str] | None) -> Sequence[Any]:
    """Every open loop of an authority's contracts and cases that it, or its office, owes; the most urgent first."""
    c, owers = table.c, ("authority", "supervisor", "decider", "legal", "chair", "superior")
    page = sa.select(table).where(*_where(moment, Wanted(regions, owers)), c.authority == authority)
    return conn.execute(page.order_by(c.due_on.is_(None), c.due_on, c.owner, c.key)).all()


def by_contract(conn: sa.Connection, moment: Moment, contracts: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """The open loops of each contract and its cases, the most urgent first."""
    c, found, wanted = table.c, dict[UUID, list[Any]](), list(contracts)
    if not wanted:
        return found
    page = sa.select(table).where(*_where(moment, Wanted(), wanted))
    for row in conn.execute(page.order_by(c.due_on.is_(None), c.due_on, c.owner, c.key)):
        found.setdefault(row.contract, []).append(row)
    return found


def due_days(conn: sa.Connection, moment: Moment, wanted: Wanted) -> list[tuple[str, str, date | None, int]]:
    """How many open loops there are by who owes them, their stage and their last day. What ends by a rule alone nobody owes."""
    c = table.c
    where = [*_where(moment, wanted), c.owed_by != "rule"]
    found = conn.execute(sa.select(c.owed_by, c.stage, c.due_on, sa.func.count()).where(*where).group_by(c.owed_by, c.stage, c.due_on))
    return [(owner, stage, due, int(n)) for owner, stage, due, n in found]


def by_day(conn: sa.Connection, moment: Moment, wanted: Wanted) -> dict[date | None, int]:
    """How many fall due on each day; under None those without one."""
    c = table.c
    rows = conn.execute(sa.select(c.due_on, sa.func.count()).where(*_where(moment, wanted)).group_by(c.due_on))
    return {day: int(n) for day, n in rows}


def ran_out(conn: sa.Connection, moment: Moment, limit: int = 500) -> Sequence[Any]:
    """Windows whose last day lies before the day and whose end is not yet recorded."""
    c = table.c
    page = sa.select(table).where(at(moment, table), c.ends_on < moment.day).order_by(c.ends_on, c.owner, c.key).limit(limit)
    return conn.execute(page).all()


def counted_before(conn: sa.Connection, moment: Moment, position: int) -> Sequence[Any]:
    """Open loops whose day was counted by the law as known before a log position; not those whose day was simply set."""
    c = table.c
    page = sa.select(table).where(*_where(moment, Wanted()), c.subject != "policy", c.unit != "date", c.counted < position)
    return conn.execute(page.order_by(c.owner, c.key)).all()


def cited(conn: sa.Connection, moment: Moment) -> dict[tuple[str, int], int]:
    """How many open loops rest on each version of each pack."""
    found: dict[tuple[str, int], int] = {}
    text = sa.cast(table.c.basis, sa.Text)
    for basis, n in conn.execute(sa.select(text, sa.func.count()).where(*_where(moment, Wanted()), table.c.basis.is_not(None)).group_by(text)):
        key = tuple(msgspec.json.decode(basis)[:2]) if isinstance(basis, str) and basis != "null" else None
        if key is not None:
            found[key] = found.get(key, 0) + int(n)
    return found


def of_many(conn: sa.Connection, moment: Moment, contracts: Iterable[UUID]) -> dict[UUID, int]:
    """How many loops are open of each contract and its cases."""
    c, wanted = table.c, list(contracts)
    if not wanted:
        return {}
    where = _where(moment, Wanted(), wanted)
    rows = conn.execute(sa.select(c.contract, sa.func.count()).where(*where).group_by(c.contract))
    return {owner: int(n) for owner, n in rows}
