"""The loops of the law itself: a pack that was proposed waits for a second person."""

from __future__ import annotations

from domain.loops.shape import Loop, Opening, by
from domain.policy import events as o

POLICY: tuple[Loop, ...] = (
    Loop(
        "pack_proposed",
        "规则包待采用",
        "signing",
        "administrator",
        "adoption",
        {o.PackProposed: lambda e, f: [Opening(e.digest, start=e.on, rule="office.pack_adoption", title=f"{e.key}/{e.version}")]},
        {o.PackAdopted: by("digest"), o.PackDropped: by("digest")},
        holds_case=False,
    ),
)
