"""The worker's jobs: whatever waits in the queue is run, one after another, each in sight of its account."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from stores.vault import Job
from web import trying
from web.importers import jobs as importing
from web.office import Office

EVERY = 0.5  # seconds between two looks at an empty queue
RUN: Mapping[str, Callable[[Office, Job], None]] = {importing.KIND: importing.run_import, trying.KIND: trying.run_trial}


def run_jobs(office: Office) -> int:
    """Run all that waits; how many jobs were run. A job whose worker died is marked as interrupted, and can be asked again."""
    ran = 0
    office.vault.jobs.bury(office.now)
    while (job := office.vault.jobs.take(office.now, tuple(RUN))) is not None:
        RUN[job.kind](office, job)
        ran += 1
    return ran


def keep_working(office: Office, stop: threading.Event) -> None:
    """Run jobs until asked to stop."""
    while not stop.is_set():
        run_jobs(office)
        stop.wait(EVERY)
