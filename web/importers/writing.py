"""An import: files read record by record, decided in batches, each batch appended at once; a wrong row stops only itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.access.events import OrganisationRegistered
from domain.actor import THE_SYSTEM, Actor, NotYourRole
from domain.aggregate import Aggregate
from domain.events import decode
from domain.ledger import MovedOn, NotThere
from domain.rules import RuleBroken
from domain.values.fault import Malformed
from web.importers.buffered import Buffered
from web.importers.deciding import Decision, Desk, StaysOut, importer_of
from web.importers.detect import files_below, format_of, read_file
from web.importers.originals import Keeping, as_original
from web.importers.outcome import FileOutcome, Outcome
from web.importers.record import ContractRecord, Note, Place, ProcurementRecord, Record, Reject
from web.importers.rejects import write_rejects
from web.importers.sheet import Check
from web.office import TRIES, Office

log = logging.getLogger(__name__)
AT_ONCE = 200
"""Records in one transaction, so that nobody waits long behind an import."""
MOST_EVENTS, MOST_BYTES = 4_000, 16_000_000
_MOST_ORGANISATIONS = 10_000
Progress = Callable[[Outcome], object]
"""Told after every batch; what it gives back, if true, stops the import there."""
Item = ContractRecord | ProcurementRecord


class Source(NamedTuple):
    """A file to import, and what it is called in every place that is told."""

    path: Path
    name: str


class Options(NamedTuple):
    """How: `format` as the command line has it; `rejects` the folder for reject files; `pause` seconds between batches."""

    format: str = "auto"
    dry_run: bool = False
    rejects: Path | None = None
    pause: float = 0.0
    check_upload: Check | None = None


PLAIN = Options()


class Stopped(Exception):
    """Whoever is told of the progress wants no more."""


def sources_of(paths: Sequence[Path]) -> list[Source]:
    """Files and what is below folders, in order. Raises FileNotFoundError for a path that is not there."""
    found = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(str(path))
        found += [Source(one, str(one)) for one in files_below(path)]
    return found


def import_files(
    office: Office, sources: Sequence[Source], actor: Actor = THE_SYSTEM, options: Options = PLAIN, progress: Progress | None = None
) -> Outcome:  # fmt: skip
    """Import files by an account (the installation itself, where none is named); what came of it."""
    run = _Run(office, actor, options, progress)
    try:
        for source in sources:
            run.file(source)
    except Stopped:
        run.outcome.stopped = True
    run.outcome.position = run.last or office.ledger.head()
    return run.outcome


class _Run:
    def __init__(self, office: Office, actor: Actor, options: Options, progress: Progress | None) -> None:
        self.office, self.options, self._progress = office, options, progress
        self.outcome, self.last = Outcome(options.dry_run), 0
        self._desk = Desk(office, importer_of(actor, _regions(office) if actor.is_system else ()))
        self._keeping = Keeping(office, options.dry_run)
        self._carried: dict[UUID, Aggregate] | None = {} if options.dry_run else None

    # -- one file

    def file(self, source: Source) -> None:
        """Everything of one file. Raises Stopped."""
        try:
            form = format_of(source.path) if self.options.format == "auto" else self.options.format
        except OSError as why:
            self._unreadable(source, str(why.strerror or why))
            return
        self._now = FileOutcome(source.name, form)
        self.outcome.files.append(self._now)
        self._document: tuple[Path, str | None] = (source.path, None)
        try:
            for batch in _batches(self._records(source, form, self.office.today)):
                self._settle(batch)
                self._tell()
        finally:
            if self.options.rejects is not None and self._now.rejects:
                folder = self.options.rejects
                name = source.path.name if len(self.outcome.files) == 1 else f"{len(self.outcome.files):04d}-{source.path.name}"
                self._now.reject_file = write_rejects(self._now.rejects, folder, name, form)
        self._tell()

    def _records(self, source: Source, form: str, today: date) -> Iterator[Item]:
        """The records of a file; what the reader rejects is counted on the way."""
        found: Iterator[Record] = read_file(source.path, form, today=today, check_upload=self.options.check_upload, name=source.name)
        for record in found:
            if isinstance(record, Reject):
                self._now.reject(record)
            else:
                yield record

    def _unreadable(self, source: Source, why: str) -> None:
        place = Place(source.name)
        outcome = FileOutcome(source.name, "")
        outcome.reject(Reject(place, (Note("file_unreadable", place, "文件不能读取：{why}", {"why": why}),)))
        self.outcome.files.append(outcome)

    def _tell(self) -> None:
        if self._progress is not None and self._progress(self.outcome):
            raise Stopped
        if self.options.pause:
            time.sleep(self.options.pause)

    # -- one batch

    def _settle(self, batch: Sequence[Item]) -> None:
        """Decide and append; where others were quicker, look again; where that goes on, one by one."""
        digests = self._digests(batch)
        for _ in range(3 if len(batch) > 1 else TRIES):
            try:
                buffer, decided = self._decide(batch, digests)
                saved = None if self.options.dry_run else buffer.append()
            except MovedOn:
                continue
            self.outcome.events += len(buffer.pending)
            self.last = max(self.last, (saved.last if saved else None) or 0)
            for record, decision in zip(batch, decided, strict=True):
                self._count(record, decision)
            return
        if len(batch) == 1:
            self._count(batch[0], Note("moved_on", batch[0].source, "别人正在同时改动它，没有导入；请再导入一次"))
            return
        for record in batch:
            self._settle([record])

    def _decide(self, batch: Sequence[Item], digests: Sequence[str | None]) -> tuple[Buffered, list[Decision | Note | RuleBroken]]:
        buffer = Buffered(self.office.ledger, self._carried)
        self._desk.begin(buffer, self.office.now)
        self._desk.fetch(batch)
        decided = [self._one(record, digest) for record, digest in zip(batch, digests, strict=True)]
        if buffer.pending:
            self._keep(batch, digests)
        return buffer, decided

    def _one(self, record: Item, digest: str | None) -> Decision | Note | RuleBroken:
        """What a record comes to; whatever is wrong with it is its own."""
        try:
            if isinstance(record, ProcurementRecord):
                return self._desk.receive(record, digest)
            return self._desk.contract(record, digest)
        except StaysOut as out:
            return out.note
        except RuleBroken as refused:
            return refused
        except (NotThere, NotYourRole):
            return Note("not_yours", record.source, "这份合同不在导入账户的管辖范围内，没有导入")
        except Malformed as error:
            return Note.of(error.fault, record.source)
        except (ValueError, ArithmeticError, TypeError) as mistake:
            log.exception("a record of %s cannot be recorded", record.source)
            return Note("cannot_be_recorded", record.source, "不能登记：{what}", {"what": str(mistake)[:200]})

    def _count(self, record: Item, decision: Decision | Note | RuleBroken) -> None:
        now = self._now
        if isinstance(decision, Decision):
            now.rows += 1
            setattr(now, decision.kind, getattr(now, decision.kind) + 1)
            now.note(*record.notes, *decision.notes)
            return
        faults = (decision,) if isinstance(decision, Note) else tuple(
            Note(one.code, record.source, one.sentence, one.values) for one in decision.broken)  # fmt: skip
        original = as_original(record) if isinstance(record, ContractRecord) else None
        now.reject(Reject(record.source, faults, original))

    # -- documents

    def _digests(self, batch: Sequence[Item]) -> list[str | None]:
        """Under which digest each record's document is kept: its own, or that of the whole file."""
        documents = [one.document for one in batch if one.document is not None]
        self._keeping.prepare(documents)
        known: dict[bytes, str | None] = {one: None for one in documents}
        known.update((one, self._keeping.digest(one)) for one in known)
        return [known[one.document] if one.document is not None else self._whole() for one in batch]

    def _whole(self) -> str | None:
        path, digest = self._document
        if digest is None:
            content = path.read_bytes()
            self._keeping.prepare([content])
            digest = self._keeping.digest(content)
            self._document = (path, digest)
            self._kept = False
        return digest

    def _keep(self, batch: Sequence[Item], digests: Sequence[str | None]) -> None:
        """Documents are on disk before any event names them."""
        for record, digest in zip(batch, digests, strict=True):
            if digest is None:
                continue
            if record.document is not None:
                self._keeping.keep(digest, record.document, f"{record.process}.json", "application/json")
            elif not self._kept:
                self._keeping.keep(digest, self._document[0].read_bytes(), self._document[0].name, "application/octet-stream")
                self._kept = True


def _regions(office: Office) -> list[str]:
    """The regions of this installation's organisations, from the log: the views may be far behind a large import."""
    rows = office.recorder.after(0, _MOST_ORGANISATIONS, (OrganisationRegistered.topic,))
    told = (decode(row.topic, row.state) for row in rows)
    return [one.region for one in told if isinstance(one, OrganisationRegistered)]


def _batches(records: Iterator[Item]) -> Iterator[list[Item]]:
    """So many records, events or bytes at a time."""
    batch: list[Item] = []
    events = size = 0
    for record in records:
        batch.append(record)
        events += 4 + (len(record.happened) if isinstance(record, ContractRecord) else 0)
        size += len(record.document or b"")
        if len(batch) >= AT_ONCE or events >= MOST_EVENTS or size >= MOST_BYTES:
            yield batch
            batch, events, size = [], 0, 0
    if batch:
        yield batch
