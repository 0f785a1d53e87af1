"""What a walk says when it has seen what must never happen."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

STEPS = int(os.environ.get("LVYUE_STEPS", "0"))  # of each machine, in walks of 50; 0: as many as a suite has time for
QUIET: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "print_blob": False}
LIVED = settings(max_examples=STEPS // 50 or 4, stateful_step_count=50 if STEPS else 18, phases=[Phase.generate], **QUIET)
PLANTED = settings(max_examples=40, stateful_step_count=12, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False, **QUIET)

Plant = Callable[[Any], None]


class Never(AssertionError):
    """Something happened that must never happen."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"never {number}: {what}")
        self.number, self.what = number, what
