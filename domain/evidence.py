"""Evidence 证据: a file by the digest of its bytes, and every account that ever brought it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.act import Act
from domain.aggregate import Aggregate
from domain.events import Event, event
from domain.ledger import stream_id
from domain.rules import Broken, RuleBroken
from domain.terms import Proof


@event("evidence.lodged/1", day="lodged_on")
class EvidenceLodged(Event):
    """`size` in bytes; the file's name stands sealed beside the file, never here."""

    digest: str
    size: int
    media_type: str
    lodged_on: date

    def apply(self, exhibit: Exhibit) -> None:
        exhibit.brought_by.setdefault(self.by)


class Exhibit(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.brought_by: dict[str, None] = {}

    def lodge(self, digest: str, size: int, media_type: str, on: date, **said: Any) -> None:
        if said["by"] not in self.brought_by:
            self.happen(EvidenceLodged(digest=digest, size=size, media_type=media_type, lodged_on=on, **said))


def lodge(act: Act, digest: str, size: int, media_type: str) -> str:
    """Put on record that this account brought a file."""
    exhibit = act.ledger.find(Exhibit, stream_id("evidence", digest)) or Exhibit(stream_id("evidence", digest))
    exhibit.lodge(digest, size, media_type, act.today, **act.said)
    act.save(exhibit)
    return digest


def proofs(act: Act, digests: Sequence[str], pointer: str = "/evidence") -> list[Proof]:
    """Who brought each file. Refused when one was never lodged."""
    found: list[Proof] = []
    for n, digest in enumerate(digests):
        exhibit = act.ledger.find(Exhibit, stream_id("evidence", digest))
        if exhibit is None:
            raise RuleBroken([Broken("evidence_is_lodged", "没有这份证据文件：{digest}。请先上传。", f"{pointer}/{n}", values={"digest": digest})])
        found += [Proof(digest, account) for account in exhibit.brought_by]
    return found
