"""Which pack of a family is in force on which day."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from domain.policy.missing import NoPackInForce
from domain.policy.pack import Pack

_DAY = timedelta(days=1)


class Timeline:
    """The packs of one family, cut into stretches of days with one pack each. Packs in the order of adoption."""

    def __init__(self, family: str, packs: Sequence[Pack]) -> None:
        self.family, self.packs = family, packs
        ends = {pack.head.effective_until + _DAY for pack in packs if pack.head.effective_until}
        self._starts = sorted({pack.head.effective_from for pack in packs} | ends)
        self._in_force = [_in_force(packs, day) for day in self._starts]

    def on(self, day: date) -> Pack:
        """The pack in force on the day. Raises NoPackInForce."""
        found = self.find(day)
        if found is None:
            raise NoPackInForce(self.family, day)
        return found

    def find(self, day: date) -> Pack | None:
        """The pack in force on the day, None when there is none."""
        index = bisect_right(self._starts, day)
        return self._in_force[index - 1] if index else None

    def in_force(self) -> list[Pack]:
        """Every pack that is in force on some day, by the day it begins."""
        return list({pack.digest: pack for pack in self._in_force if pack is not None}.values())


def _in_force(packs: Sequence[Pack], day: date) -> Pack | None:
    """Of each instrument the newest version begun by the day; of those that are not over, the last to begin."""
    versions: dict[str, Pack] = {}
    for pack in packs:
        old = versions.get(pack.key)
        if pack.head.effective_from <= day and (old is None or pack.version >= old.version):
            versions[pack.key] = pack
    alive = [pack for pack in versions.values() if (until := pack.head.effective_until) is None or day <= until]
    return max(alive, key=lambda pack: (pack.head.effective_from, packs.index(pack)), default=None)
