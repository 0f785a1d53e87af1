"""The Shelf 规则架: one stream of all packs that were proposed and adopted, from which the book is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.events import Told
from domain.ledger import stream_id
from domain.policy import rules
from domain.policy.book import Book
from domain.policy.events import CalendarYearPublished, PackAdopted, PackDropped, PackProposed
from domain.policy.pack import Pack, read_pack
from domain.rules import hold

SHELF = stream_id("policy", "shelf")


class Shelf(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.proposed: dict[str, tuple[str, int, str]] = {}
        self.adopted: dict[tuple[str, int], str] = {}
        self.years: set[int] = set()

    def propose(self, pack: Pack, digest: str, on: date, book: Book, **said: Any) -> None:
        hold(rules.PROPOSE, self, pack, digest, book)
        self.happen(PackProposed(key=pack.key, version=pack.version, digest=digest, on=on, **said))

    def drop(self, digest: str, why: str, on: date, **said: Any) -> None:
        hold(rules.DROP, self, digest, why)
        self.happen(PackDropped(digest=digest, why=why, on=on, **said))

    def adopt(self, digest: str, on: date, by: str, **said: Any) -> None:
        hold(rules.ADOPT, self, digest, by)
        key, version, _ = self.proposed[digest]
        self.happen(PackAdopted(key=key, version=version, digest=digest, on=on, by=by, **said))

    def adopt_shipped(self, pack: Pack, digest: str, on: date, **said: Any) -> bool:
        """Adopt a pack that came with the software; False when this version stands on the shelf already."""
        if (pack.key, pack.version) in self.adopted:
            return False
        self.happen(PackAdopted(key=pack.key, version=pack.version, digest=digest, on=on, **said))
        return True

    def publish_year(self, year: int, off: Sequence[tuple[date, str]], work: Sequence[date], source: str, on: date, **said: Any) -> None:
        hold(rules.YEAR, self, year, off, work)
        self.happen(CalendarYearPublished(year=year, off=list(off), work=list(work), source=source, on=on, **said))


def book_of(told: Iterable[Told], read: Callable[[str], bytes]) -> Book:
    """The book as the shelf's events tell it. `read` gives a pack's bytes by digest."""
    book = Book()
    for one in told:
        match one.event:
            case PackAdopted(digest=digest, key=key):
                book = book.with_pack(one.position, read_pack(read(digest), f"{key}.toml"))
            case CalendarYearPublished(year=year, off=off, work=work, source=source):
                book = book.with_year(one.position, year, dict(off), work, source)
    return book
