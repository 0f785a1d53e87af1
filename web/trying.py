"""A draft pack tried on all of history: run, told as JSON, taken away as a workbook, or asked for as a job. Nothing is written to the log."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from domain.actor import Actor
from domain.policy.pack import Pack, read_pack
from projections import parties
from projections.cards.plain import Json
from projections.exports.trial import write_trial
from projections.trying import KINDS, Difference, owners, tried
from stores.vault import Job, JobOver
from web.looks.tongue import Tongue, lazy
from web.office import Office
from web.words import WORDS, word

log = logging.getLogger(__name__)
KIND = "policy-trial"
ROLES = ("administrator", "auditor")
MOST_KEPT = 20_000  # differences that a job keeps for its page and workbook; the shell gives all
BEATS = 0.5  # seconds between two signs of life
_REPORT = "trial.report"


class Stopped(Exception):
    """The job was asked to stop."""


def try_pack(office: Office, pack: Pack, on_way: Callable[[int, int], bool] | None = None) -> Json:
    """What would have been otherwise under a draft, by company and case. `on_way(done, whole)` may ask to stop: Stopped."""
    position = office.ledger.head()
    with office.looking(position) as conn:
        streams = owners(conn)
    stopped = False

    def going(done: int, whole: int) -> bool:
        nonlocal stopped
        stopped = on_way is not None and on_way(done, whole)
        return stopped

    found = tried(office.ledger, streams, office.law_at, pack, going)
    if stopped:
        raise Stopped
    head = pack.head
    about = {"key": pack.key, "version": pack.version, "title": head.title, "digest": f"sha256:{pack.digest}",
             "effective_from": head.effective_from.isoformat(), "effective_until": head.effective_until and head.effective_until.isoformat()}  # fmt: skip
    return {"pack": about, "position": position, "events": found.events, "streams": found.streams, **told(office, found.differences)}


def told(office: Office, differences: Sequence[Difference]) -> Json:
    """Counts, companies and the differences themselves, as JSON."""
    with office.looking() as conn:
        names = parties.names(conn, office.moment(), {one.party for one in differences})
    by_party: dict[str, Counter[str]] = {}
    for one in differences:
        by_party.setdefault(one.party, Counter())[one.kind] += 1
    cases = {one.case for one in differences if one.case}
    counts = {kind: sum(one.kind == kind for one in differences) for kind in KINDS}
    companies = [{"party": party, "name": names.get(party, party), "counts": dict(counts)} for party, counts in sorted(by_party.items())]
    rows = sorted((_row(one, names) for one in differences), key=lambda row: (row["party"], row["number"], row["kind"], row["what"], row["about"]))
    return {"counts": {**counts, "companies": len(companies), "cases": len(cases)}, "companies": companies, "differences": rows}


def _row(one: Difference, names: dict[str, str]) -> Json:
    return {
        "kind": one.kind, "subject": one.subject, "id": str(one.id), "number": one.number, "party": one.party, "name": names.get(one.party, one.party),
        "region": one.region, "case": str(one.case) if one.case else None, "contract": str(one.contract) if one.contract else None,
        "what": one.what, "about": one.about, "before": _plain(one.before), "after": _plain(one.after),
    }  # fmt: skip


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else f"{value:.1f}" if isinstance(value, Decimal) else value


def seen_by(actor: Actor, found: Json) -> Json:
    """What of a trial this person may see: the companies and cases of their regions."""
    rows = [row for row in found["differences"] if actor.holds(ROLES, row["region"])]
    names = {row["party"] for row in rows}
    counts = {kind: sum(row["kind"] == kind for row in rows) for kind in KINDS}
    per = {party: dict(Counter(row["kind"] for row in rows if row["party"] == party)) for party in names} if len(rows) < len(found["differences"]) else None
    companies = [{**one, "counts": per[one["party"]] if per is not None else one["counts"]} for one in found["companies"] if one["party"] in names]
    whole = found["counts"] if per is None else {**counts, "companies": len(companies), "cases": len({row["case"] for row in rows if row["case"]})}
    return {**found, "counts": whole, "companies": companies, "differences": rows}


# -- saying it


WHAT: Mapping[str, str] = {
    "national_class": lazy("失信等级"), "industry_class": lazy("行业等级"), "points": lazy("扣分"), "last_day": lazy("公示最后一天"),
    "repairable_from": lazy("可以申请修复的第一天"),
}  # fmt: skip


def what_of(row: Json) -> str:
    """What differs, as a source sentence: a field of the sanction, a kind of loop, or why there is no answer."""
    return WHAT.get(row["what"]) or word("loop", row["what"])


def value_of(row: Json, side: str) -> str:
    """A value's word."""
    value = row[side]
    table = WORDS.get(row["what"], {})
    return "" if value is None else table.get(value, value)


SUBJECTS: Mapping[str, str] = {"contract": lazy("合同"), "case": lazy("案件"), "repair": lazy("修复"), "commitment": lazy("信用承诺")}


def write_workbook(found: Json, stream: IO[bytes], speaks: Tongue) -> None:
    """The differences, a line each, in the reader's language."""
    rows = ((row["party"], row["name"], speaks.said(SUBJECTS[row["subject"]]), row["number"], speaks.said(what_of(row)), row["about"],
             _cell(row, "before", speaks), _cell(row, "after", speaks)) for row in found["differences"])  # fmt: skip
    write_trial(rows, stream, speaks.lang)


def _cell(row: Json, side: str, speaks: Tongue) -> Any:
    value = speaks.said(value_of(row, side))
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


# -- as a job


def ask_trial(office: Office, account: str, name: str, content: bytes) -> UUID:
    """Queue a trial. Raises PackRejected with every fault of the file."""
    pack = read_pack(content, name)
    request = {"name": name, "key": pack.key, "version": pack.version, "pack": content.decode()}
    return office.vault.jobs.ask(KIND, UUID(account), request, office.now)


def run_trial(office: Office, job: Job) -> None:
    """Run a job that was taken; its end is on record in the vault."""
    jobs, last = office.vault.jobs, [office.now]

    def beat(done: int, whole: int) -> bool:
        now = office.now
        if (now - last[0]).total_seconds() < BEATS and done < whole:
            return False
        last[0] = now
        return jobs.beat(job.id, now, done, whole)

    try:
        found = try_pack(office, read_pack(job.request["pack"].encode(), job.request["name"]), beat)
        kept = {**found, "differences": found["differences"][:MOST_KEPT], "left_off": max(0, len(found["differences"]) - MOST_KEPT)}
        sealed = office.sealer.seal(job.id, _REPORT, json.dumps(kept, ensure_ascii=False))
        jobs.finish(job.id, {"sealed": sealed}, office.now)
    except JobOver:
        return
    except Stopped:
        jobs.stopped(job.id, None, office.now)
    except Exception as mistake:
        log.exception("trial %s came to nothing", job.id)
        jobs.fail(job.id, type(mistake).__name__, office.now)


def result_of(office: Office, job: Job) -> Json | None:
    """What came of a trial that is done."""
    if not isinstance(job.result, dict):
        return None
    text = office.sealer.unseal(job.result["sealed"], _REPORT)
    return None if text is None else json.loads(text)


def trials_of(office: Office, account: str, limit: int = 20) -> Iterable[Job]:
    """The latest trials of an account, newest first."""
    return [job for job in office.vault.jobs.of(UUID(account)) if job.kind == KIND][:limit]
