"""A ledger for one batch of an import: what decisions look at is fetched at once, what they decide is appended at once."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.events import Told
from domain.index import Index
from domain.ledger import Command, Ledger, NotThere, Saved
from domain.party.party import Party

A = TypeVar("A", bound=Aggregate)


class Buffered:
    """Answers as the ledger does, `find get record`; nothing is in the log before `append`.

    `carried` holds what an earlier batch decided and did not append (a dry run): indexes and parties alone.
    """

    def __init__(self, ledger: Ledger, carried: MutableMapping[UUID, Aggregate] | None = None) -> None:
        self._ledger, self._carried = ledger, carried
        self._told: dict[UUID, list[Told]] = {}
        self._made: dict[UUID, Aggregate] = {}
        self.pending: list[Any] = []  # events as they will be stored

    def fetch(self, streams: Iterable[UUID]) -> None:
        """Read streams that will be looked at, those not yet read."""
        wanted = [one for one in dict.fromkeys(streams) if one not in self._told]
        if wanted:
            found = self._ledger.of(wanted)
            self._told.update((one, found.get(one, [])) for one in wanted)

    def find(self, kind: type[A], stream: UUID) -> A | None:
        """The aggregate as it stands with what this batch has decided, or None."""
        made = self._made.get(stream)
        if made is None and self._carried is not None:
            made = self._carried.get(stream)
        if isinstance(made, kind):
            return made
        self.fetch([stream])
        found = kind.folded(None, self._told[stream]) if self._told[stream] else None
        if isinstance(found, Party | Index):  # read by many, changed by none
            self._made[stream] = found
        return found

    def get(self, kind: type[A], stream: UUID) -> A:
        """As `find`. Raises NotThere."""
        if (found := self.find(kind, stream)) is None:
            raise NotThere(kind.__name__, stream)
        return found

    def of(self, streams: Sequence[UUID]) -> dict[UUID, list[Told]]:
        """Everything told of some streams, what this batch has decided included."""
        self.fetch(streams)
        made = {one: [told for told in self._made[one].history if told.version > len(self._told[one])] for one in streams if one in self._made}
        return {one: [*self._told[one], *made.get(one, ())] for one in streams}

    def record(self, *changed: Aggregate, unchanged: Sequence[Aggregate] = (), command: Command | None = None) -> Saved:
        """Keep what these have decided for the append to come. An import's command needs no id: its keys are indexes."""
        for aggregate in changed:
            self.pending += self._ledger.prepare(aggregate)
            self._made[aggregate.id] = aggregate
            if self._carried is not None and isinstance(aggregate, Party | Index):
                self._carried[aggregate.id] = aggregate
        return Saved(None, None)

    def append(self) -> Saved:
        """Everything decided, in one transaction, all or nothing. Raises MovedOn when somebody was quicker."""
        return self._ledger.append(self.pending)
