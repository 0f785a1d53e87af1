"""What may be asked of the law as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.act import Act
from domain.policy.pack import read_pack
from domain.policy.shelf import SHELF, Shelf

KEEPERS = ("administrator",)
Keep = Callable[[bytes], str]  # keeps a pack's bytes as evidence, gives their digest


def _shelf(act: Act) -> Shelf:
    return act.ledger.find(Shelf, SHELF) or Shelf(SHELF)


def adopt_shipped_packs(act: Act, packs: Iterable[tuple[str, bytes]], keep: Keep) -> list[str]:
    """Adopt what came with the software and is not yet on the shelf; gives the keys that were adopted."""
    shelf, adopted = _shelf(act), list[str]()
    for name, data in packs:
        pack = read_pack(data, name)
        if shelf.adopt_shipped(pack, keep(data), act.today, **act.said):
            adopted.append(f"{pack.key}/{pack.version}")
    act.save(shelf)
    return adopted


def propose_pack(act: Act, name: str, data: bytes, keep: Keep) -> str:
    """Raises PackRejected with every fault of the file, its line and reason."""
    act.permit(KEEPERS, None)
    shelf, pack = _shelf(act), read_pack(data, name)
    digest = keep(data)
    shelf.propose(pack, digest, act.today, act.book, **act.said)
    act.save(shelf)
    return digest


def drop_pack(act: Act, digest: str, reason: str) -> None:
    act.permit(KEEPERS, None)
    shelf = _shelf(act)
    shelf.drop(digest, reason, act.today, **act.said)
    act.save(shelf)


def adopt_pack(act: Act, digest: str) -> None:
    act.permit(KEEPERS, None)
    shelf = _shelf(act)
    shelf.adopt(digest, act.today, **act.said)
    act.save(shelf)


def publish_calendar_year(act: Act, year: int, off: Sequence[tuple[date, str]], work: Sequence[date], source: str) -> None:
    act.permit(KEEPERS, None)
    shelf = _shelf(act)
    shelf.publish_year(year, off, work, source, act.today, **act.said)
    act.save(shelf)
