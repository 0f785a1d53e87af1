"""What is shown of the law as data: packs and their rules, what is proposed, what differs, which years are published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.policy.book import Book
from domain.policy.pack import Pack, read_pack
from domain.policy.shelf import SHELF, Shelf
from domain.policy.tables import AnyRow, CalendarYear
from projections.cards.plain import Json
from web.office import Office

UNSAID = {"roll": True, "before": False, "stops_clock": False, "known": True}  # what a rule is when its file says nothing
HIDDEN = ("pack", "version", "name", "full_name")


def keep(office: Office) -> Callable[[bytes], str]:
    """Keeps a pack's bytes as evidence."""
    return lambda content: office.evidence.put(content, "", "application/toml")


def packs(book: Book, on: date) -> list[Json]:
    """Every adopted pack, by family and day; `in_force` on the day."""
    rows = [pack_row(position, pack, book.pack_if_any(pack.head.family, on) is pack) for position, pack in book.packs]
    return sorted(rows, key=lambda row: (row["family"], row["effective_from"], row["version"]))


def pack_row(position: int | None, pack: Pack, in_force: bool) -> Json:
    """PACK: one version of one instrument."""
    head, stated = pack.head, [one["status"] for one in statements(pack)]
    return {
        "key": pack.key, "version": pack.version, "family": head.family, "title": head.title, "issuer": head.issuer, "number": head.number,
        "effective_from": head.effective_from.isoformat(), "effective_until": head.effective_until and head.effective_until.isoformat(),
        "source": head.source, "note": head.note, "replaces": list(head.replaces), "digest": f"sha256:{pack.digest}", "position": position,
        "in_force": in_force, "rules": len(stated), "unconfirmed": stated.count("unconfirmed"),
    }  # fmt: skip


def statements(pack: Pack) -> list[Json]:
    """Everything that a pack says, a rule or a row each: what it is called, what it gives, on which clause, how sure."""
    rules = [_said(f"rules.{rule.name}", rule, rule.clause, rule.status, rule.sentence, rule.sentence_en) for rule in pack.rules.values()]
    return rules + [_row(pack, table, row) for table, rows in pack.tables.items() for row in rows]


def _row(pack: Pack, table: str, row: AnyRow) -> Json:
    bases = getattr(row, "bases", None)
    clause = "；".join(one.clause for one in bases) if bases is not None else getattr(row, "clause", getattr(row, "source", ""))
    status = getattr(row, "status", None) or ("confirmed" if bases and all(one.status == "confirmed" for one in bases) else "unconfirmed")
    zh = getattr(row, "zh", "")
    return _said(pack.basis(row).rule, row, clause, status, zh, getattr(row, "en", zh))


def _said(name: str, one: Any, clause: str, status: str, zh: str, en: str) -> Json:
    fields: Mapping[str, Any] = msgspec.to_builtins(one, str_keys=True)
    gives = {key: value for key, value in fields.items() if key not in (*HIDDEN, "clause", "status", "facts", "sentence", "sentence_en", "zh", "en", "code")
             and value is not None and value not in ((), [], UNSAID.get(key))}  # fmt: skip
    return {"name": name, "gives": gives, "clause": clause, "status": status, "sentence": zh, "sentence_en": en}


def difference(old: Pack | None, new: Pack) -> list[Json]:
    """What a pack says otherwise than another: name, before (null: new), after (null: gone)."""
    before = {one["name"]: one for one in statements(old)} if old else {}
    after = {one["name"]: one for one in statements(new)}
    names = dict.fromkeys([*after, *before])
    return [{"name": name, "before": before.get(name), "after": after.get(name)} for name in names if before.get(name) != after.get(name)]


def forerunner(book: Book, pack: Pack) -> Pack | None:
    """What a pack would follow: the version before it of the same instrument, else the pack that is in force on its first day."""
    same = [one for _, one in book.packs if one.key == pack.key]
    return max(same, key=lambda one: one.version) if same else book.pack_if_any(pack.head.family, pack.head.effective_from)


def proposals(office: Office) -> list[Json]:
    """What waits for a second person, the oldest first."""
    shelf = office.ledger.find(Shelf, SHELF)
    names = office.names({by for *_, by in shelf.proposed.values()}) if shelf else {}
    return [{"digest": digest, "key": key, "version": version, "by": names[by], "account": by}
            for digest, (key, version, by) in (shelf.proposed.items() if shelf else ())]  # fmt: skip


def kept_pack(office: Office, digest: str) -> Pack:
    """The pack of those bytes. Raises Lost."""
    return read_pack(office.evidence.read(digest), f"{digest.removeprefix('sha256:')[:12]}.toml")


def years(book: Book) -> list[Json]:
    """Every year whose days off are known: those of the pack, and each notice since, the earlier ones of a year superseded."""
    pack = book.pack_if_any("calendar", date.max)
    shipped = [_year(row.year, row.off.items(), row.work, row.source, row.status, None) for row in (pack.rows(CalendarYear) if pack else ())]
    published = [_year(one.year, _by_name(one.off), one.work, one.source, "confirmed", one.position) for one in book.years]
    told = sorted([*shipped, *published], key=lambda one: (one["year"], one["position"] or 0))
    last = {one["year"]: one["position"] for one in told}
    return [{**one, "superseded": last[one["year"]] != one["position"]} for one in told]


def _by_name(off: Mapping[date, str]) -> Iterable[tuple[str, list[date]]]:
    return [(name, sorted(day for day, one in off.items() if one == name)) for name in dict.fromkeys(off.values())]


def _year(year: int, off: Iterable[tuple[str, Iterable[date]]], work: Iterable[date], source: str, status: str, position: int | None) -> Json:
    return {"year": year, "source": source, "status": status, "position": position, "work": [day.isoformat() for day in sorted(work)],
            "off": [{"name": name, "days": [day.isoformat() for day in days]} for name, days in off]}  # fmt: skip
