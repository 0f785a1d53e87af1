"""Stages of a story from which the walks set out: made once a process, copied for every walk."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.web import kept
from tests.web.office import World, copied_world
from web.clock import TrialClock
from web.office import open_office

Facts = dict[str, Any]
Story = Callable[[World], Facts]


@cache
def _told(story: Story) -> tuple[Path, Facts, str]:
    """The story told once, in a folder that is left to be copied; what it gave, and the instant at which it ended."""
    folder = Path(tempfile.mkdtemp(prefix="lvyue-stage-"))
    world = copied_world(folder / "data")
    try:
        facts = story(world)
        return folder / "data", facts, world.office.now.isoformat()
    finally:
        world.close()


@contextmanager
def at_stage(story: Story) -> Iterator[tuple[World, Facts]]:
    """A world of its own in which the story has been told, and a copy of what the story gave."""
    told, facts, instant = _told(story)
    with tempfile.TemporaryDirectory(prefix="lvyue-walk-") as folder:
        data = Path(folder) / "data"
        kept.copy(told, data)
        clock = TrialClock(datetime.fromisoformat(instant), True)
        world = World(open_office(kept.settings(data), clock), clock)
        try:
            yield world, json.loads(json.dumps(facts))
        finally:
            world.close()
            kept.forget(data)
