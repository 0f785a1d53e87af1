"""An act: what every command has in hand — the ledger, the law, who asks, and when."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.actor import Actor, NotYourRole
from domain.aggregate import Aggregate
from domain.ledger import Command, Ledger, MovedOn, NotThere, Saved, Seal

if TYPE_CHECKING:
    from domain.policy.book import Book

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def new_id() -> UUID:
    """A time-ordered id (UUIDv7), so that streams born together lie together."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    return UUID(int=(stamp & (2**48 - 1)) << 80 | 0x7 << 76 | (noise >> 68 & 0xFFF) << 64 | 0b10 << 62 | noise & (2**62 - 1))


@dataclass
class Act:
    """One asking. `seen` is the version that was looked at; `saved` what came of it."""

    ledger: Ledger
    book: Book
    actor: Actor
    at: datetime
    via: str = "web"
    seen: int | None = None
    command: Command | None = None
    seal: Seal | None = None
    follows: Follows | None = None  # what becomes of others because of what is saved, in the same append
    saved: list[Saved] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what the answer should say beside the resource

    @property
    def by(self) -> str:
        return self.actor.account

    @property
    def today(self) -> date:
        return self.at.astimezone(CHINA).date()

    @property
    def said(self) -> dict[str, Any]:
        """What every event of this act says of its origin."""
        return {"by": self.by, "via": self.via}

    def look(self, kind: type[Any], stream: UUID) -> Any:
        """The aggregate that will decide, as this person saw it. Raises NotThere, MovedOn."""
        found = self.ledger.get(kind, stream)
        if self.seen is not None and found.version != self.seen:
            raise MovedOn(stream, found.version)
        return found

    def permit(self, roles: Collection[str], region: str | None, parties: Collection[str] = (), what: object = None) -> None:
        """Refuse what is not theirs: NotThere when they may not know of it, NotYourRole when they may not do it."""
        if self.actor.holds(roles, region, parties):
            return
        if not self.actor.sees(region, parties):
            raise NotThere(what)
        raise NotYourRole(roles)

    def save(self, *changed: Aggregate, unchanged: Sequence[Aggregate] = ()) -> Saved:
        """Append what was decided, under this act's command id."""
        others = self.follows(self, changed) if self.follows is not None else ()
        touched = {one.id for one in others}
        read = [one for one in unchanged if one.id not in touched]
        saved = self.ledger.record(*changed, *others, unchanged=read, command=self.command)
        self.saved.append(saved)
        return saved

    def sealed(self, subject: UUID, name: str, text: str) -> str:
        """A natural person's particulars, readable only while their key exists."""
        if self.seal is None:
            raise RuntimeError("no seal was handed in")
        return self.seal(subject, name, text) if text else text


Follows = Callable[[Act, Sequence[Aggregate]], Sequence[Aggregate]]


def digest_of(body: bytes) -> str:
    """What tells one asking's body from another's."""
    return hashlib.sha256(body).hexdigest()
