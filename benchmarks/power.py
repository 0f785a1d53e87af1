"""Power cuts: the file system under the data is shut down while commands are written, then the process is killed.

    sudo python -m benchmarks.power [--rounds N] [--seconds S] [--target http ledger]

Each round loop-mounts a fresh ext4, serves an office from it (or appends to a ledger in it) from a process of its own,
and lets clients write, keeping what was acknowledged outside of that file system. Then FS_IOC_SHUTDOWN with NOLOGFLUSH drops
whatever has not reached the device, the process gets SIGKILL, and the file system is mounted again. Every acknowledged
command must be in the ledger, which must verify. Counted is what was acknowledged before the cut began: a sync that is under
way while the file system is shut down can report success here, and then plain sqlite3 at FULL loses such an answer as well.
Rounds with the product's settings alternate with a control at
synchronous=NORMAL, which must lose some: else nothing was measured. Prints, for each: rounds, acknowledged, lost.
Needs root and loop devices; says so, and measures nothing, where there are none (exit status 2).
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from benchmarks.measuring import head
from domain.access.commands import create_account
from domain.act import CHINA
from domain.actor import Grant
from domain.events import encode
from domain.index import Taken
from stores.ledger import engine as ledger_engine
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger
from stores.ledger.verify import verify
from stores.vault import engine as vault_engine
from web.clock import real_clock
from web.office import open_office
from web.setting_up import migrate
from web.settings import Settings

FS_IOC_SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2
SIZE_MB, CLIENTS = 256, 8
REGION = "440823"
NOT_HERE = 2


class Lost(Exception):
    """Acknowledged, and not there."""


# ---- the file system


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def missing() -> str | None:
    """Why power cannot be cut here; None where it can."""
    if os.geteuid() != 0:
        return "only root may mount"
    try:
        device = _run("losetup", "--find").strip()
    except (OSError, subprocess.CalledProcessError) as why:
        return f"there are no loop devices ({why})"
    return None if device else "no loop device is free"


class Disk:
    """An ext4 in a file, mounted at a folder."""

    def __init__(self, here: Path) -> None:
        self.image, self.at = here / "disk.img", here / "disk"
        with self.image.open("wb") as image:
            image.truncate(SIZE_MB * 1024 * 1024)
        _run("mkfs.ext4", "-qF", str(self.image))
        self.at.mkdir()
        self.mounted = False
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop", str(self.image), str(self.at))
        self.mounted = True

    def cut(self) -> None:
        """From now on nothing reaches the device, not even what was written before and not yet flushed."""
        place = os.open(self.at, os.O_RDONLY)
        try:
            fcntl.ioctl(place, FS_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        finally:
            os.close(place)

    def unmount(self) -> None:
        """Retried for two seconds: a killed process takes a moment to let go."""
        for left in reversed(range(20)):
            if not self.mounted:
                return
            try:
                _run("umount", str(self.at))
                self.mounted = False
            except subprocess.CalledProcessError:
                if not left:
                    raise
                time.sleep(0.1)


@contextmanager
def disk() -> Iterator[Disk]:
    with tempfile.TemporaryDirectory(prefix="lvyue-power-") as here:
        made = Disk(Path(here))
        try:
            yield made
        finally:
            made.unmount()


# ---- what runs on it, in a process of its own


def _weaken() -> None:
    """The control: the setting that looks as good until the power fails."""

    def normal(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL"):
            dbapi.execute(f"PRAGMA {pragma}")

    vars(ledger_engine)["_prepare_sqlite"] = normal
    vault_engine.SQLITE_PRAGMAS["synchronous"] = 1  # its syncs would bring the ledger's pages to the disk as well


def append_for_ever(data: Path) -> None:
    """Clients append events of their own and say each that is acknowledged, on standard output."""
    recorder = EventRecorder(open_ledger(data / "ledger.db"), real_clock)
    gate = threading.Lock()

    def client() -> None:
        from eventsourcing.persistence import StoredEvent

        while True:
            stream = uuid4()
            event = Taken(by="system", kind="power", key=stream.hex, owner=stream, on=datetime.now(CHINA).date())
            recorder.insert_events([StoredEvent(stream, 1, event.topic, encode(event))])
            with gate:
                os.write(1, f"{stream}\n".encode())

    for _ in range(CLIENTS):
        threading.Thread(target=client, daemon=True).start()
    threading.Event().wait()


def serve(data: Path, port: int) -> None:
    import uvicorn

    from web.app import create_app

    uvicorn.run(create_app(open_office(Settings(data=data, assets="none"))), host="127.0.0.1", port=port, log_level="critical", access_log=False)


# ---- the clients, outside of it


def _ledger_acks(process: subprocess.Popen[bytes], seconds: float) -> tuple[list[UUID], threading.Thread]:
    """Those written until so long after the first."""
    acked, begun = list[UUID](), threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            acked.append(UUID(line.decode().strip()))
            begun.set()

    listening = threading.Thread(target=listen)
    listening.start()
    if not begun.wait(60):
        raise RuntimeError("nothing was written in a minute")
    time.sleep(seconds)
    return acked, listening


def _http_acks(port: int, token: str, stop: threading.Event) -> tuple[list[UUID], list[threading.Thread]]:
    """Each client signs contracts; what was answered 201 is acknowledged."""
    acked: list[UUID] = []

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while not stop.is_set():
            try:
                line.request("POST", "/api/v1/contracts", json.dumps(_contract()), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
                answer = line.getresponse()
                body = answer.read()
                assert answer.status in (201, 500, 503), (answer.status, body[:500])
                if answer.status == 201:
                    acked.append(UUID(json.loads(body)["id"]))
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                return  # the power has failed: what was not answered is nobody's promise

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    return acked, threads


def _contract() -> dict[str, Any]:
    day = datetime.now(CHINA).date().isoformat()
    return {
        "number": f"{REGION}-{uuid4().hex[:12]}", "name": "断电试验", "type": "SG", "region": REGION, "signed_on": day, "starts_on": day, "ends_on": None,
        "authority": {"scheme": "CN-USCC", "id": "11440823000000000T", "name": "遂溪县水务局"},
        "contractors": [{"scheme": "CN-USCC", "id": "91440800MA4X00000Y", "name": "湛江市试例水利工程有限公司", "size": "small", "lead": True}],
        "value": {"amount": "1000000.00", "currency": "CNY"}, "obligations": [], "payments": [], "security": None, "retention_percent": "0",
    }  # fmt: skip


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer in a minute")


# ---- one round


def round_of(target: str, control: bool, seconds: float, port: int) -> tuple[int, int]:
    """How many were acknowledged, and how many of them are not there after the cut."""
    with disk() as place:
        data = place.at / "data"
        token = _prepare(target, data)
        os.sync()
        place.unmount()
        place.mount()
        program = [sys.executable, "-m", "benchmarks.power", "--child", target, str(data), str(port), "weak" if control else "strong"]
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"})
        try:
            acked = _load_and_cut(target, process, place, seconds, port, token)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        place.unmount()
        place.mount()
        return len(acked), _missing(data / "ledger.db", acked)


def _prepare(target: str, data: Path) -> str:
    if target == "ledger":
        data.mkdir()
        engine = open_ledger(data / "ledger.db")
        create_ledger(engine)
        engine.dispose()
        return ""
    office, _ = migrate(Settings(data=data, assets="none"), trial=True)
    account = office.system(lambda act: create_account(act, "writer", "writer", grants=(Grant("supervisor", REGION),))).outcome
    token = office.vault.tokens.make(account, "power", office.now, datetime(2099, 1, 1, tzinfo=CHINA))
    office.close()
    return token


def _load_and_cut(target: str, process: subprocess.Popen[bytes], place: Disk, seconds: float, port: int, token: str) -> list[UUID]:
    if target == "ledger":
        acked, listening = _ledger_acks(process, seconds)
        before = list(acked)
        place.cut()
        process.send_signal(signal.SIGKILL)
        process.wait()
        listening.join()
        return before
    _wait_for(process, port)
    stop = threading.Event()
    acked, clients = _http_acks(port, token, stop)
    while not acked and any(one.is_alive() for one in clients):
        time.sleep(0.01)
    time.sleep(seconds)
    before = list(acked)
    place.cut()
    process.send_signal(signal.SIGKILL)
    process.wait()
    stop.set()
    for one in clients:
        one.join()
    return before


def _missing(file: Path, acked: Sequence[UUID]) -> int:
    """How many acknowledged streams the ledger has not; what it has must verify."""
    report = verify(file, workers=1)
    if not report.ok:
        raise Lost(f"the ledger does not verify: {report.first}")
    engine = sa.create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as conn:
            there = {UUID(one) for one in conn.exec_driver_sql("SELECT originator_id FROM events WHERE originator_version = 1").scalars()}
    finally:
        engine.dispose()
    return len(set(acked) - there)


def main(given: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=10, help="of each kind")
    asked.add_argument("--seconds", type=float, default=1.5, help="of writing before the cut")
    asked.add_argument("--target", nargs="+", choices=("http", "ledger"), default=["ledger", "http"])
    asked.add_argument("--port", type=int, default=18_432)
    asked.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    wanted = asked.parse_args(given)
    if wanted.child:
        target, data, port, kind = wanted.child
        if kind == "weak":
            _weaken()
        if target == "ledger":
            append_for_ever(Path(data))
        else:
            serve(Path(data), int(port))
        return 0
    if (why := missing()) is not None:
        print(f"POWER CUTS WERE NOT MEASURED: {why}.")
        return NOT_HERE
    return max(_compare(target, wanted.rounds, wanted.seconds, wanted.port) for target in wanted.target)


def _compare(target: str, rounds: int, seconds: float, port: int) -> int:
    head(f"SQLite, acknowledged by {'HTTP 201' if target == 'http' else 'the recorder'}, {rounds} cuts each")
    told: dict[str, list[tuple[int, int]]] = {"the product's settings": [], "control: synchronous=NORMAL": []}
    for _ in range(rounds):
        for name, found in told.items():
            found.append(round_of(target, name.startswith("control"), seconds, port))
    for name, found in told.items():
        print(f"  {name:<28} acknowledged {sum(one for one, _ in found):>8,}   lost {sum(lost for _, lost in found):>6,}"
              f"   in {sum(lost > 0 for _, lost in found)} of {rounds} cuts")  # fmt: skip
    ours, control = (sum(lost for _, lost in found) for found in told.values())
    if not control:
        print("  THE CONTROL LOST NOTHING: this run has shown nothing.")
    return 1 if ours or not control else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
