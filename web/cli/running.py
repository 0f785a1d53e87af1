"""`lvyue serve` and `lvyue worker`: the processes that run."""

from __future__ import annotations

import gc
import ipaddress
import logging
import signal
import socket
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.cli.opening import Data, opened, settings_of
from web.cli.telling import MISUSED, Stop, say

if TYPE_CHECKING:
    from web.office import Office

PATIENCE = 5.0  # seconds that whoever looks at a page waits for a database that does not answer
WORKER_PATIENCE = 30.0  # and a worker, for which nobody waits
LOGGING = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; more than one needs PostgreSQL.")] = 1,
    data: Data = None,
) -> None:
    """Serve pages and API; with the embedded store also the projections and the clock."""
    gc.disable()  # what a start makes stays, so that to look through it is time lost; until it serves
    try:
        with opened(data) as office:
            embedded = office.settings.database_url is None
            if workers > 1 and embedded:
                raise Stop("More than one worker needs PostgreSQL (LVYUE_DATABASE_URL): on SQLite one process writes.", MISUSED)
            _keep_within(office, host)
            logging.basicConfig(level=office.settings.log_level.upper(), format=LOGGING)
            with _listening(host, port) as sock:
                _serve(office, sock, workers, embedded)
    finally:
        gc.enable()  # also where it was refused


def _keep_within(office: Office, host: str) -> None:
    """Everybody knows the demonstration's passwords: they are for this machine alone."""
    if _demonstrated(office) and not office.settings.demo_public and not _is_loopback(host):
        raise Stop(f"This installation has demonstration accounts, whose password everybody knows; it does not listen at {host}. "
                   "Use --host 127.0.0.1, or set LVYUE_DEMO_PUBLIC=1 if you mean it.", MISUSED)  # fmt: skip


def _demonstrated(office: Office) -> bool:
    from web.demo.people import has_demonstration_accounts

    return has_demonstration_accounts(office)


def _anybody(office: Office) -> bool:
    from projections.accounts import list_accounts

    with office.looking() as conn:
        return bool(list_accounts(conn, office.moment()))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listening(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        sock = socket.socket(found[0], found[1])
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(found[4])
        sock.listen(1024)
        sock.set_inheritable(True)
    except OSError as why:
        raise Stop(f"Cannot listen at {host}:{port}: {why.strerror or why}. Another program may hold the port; try --port.") from why
    return sock


def _greet(office: Office, sock: socket.socket) -> None:
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"Lvyue is at http://{shown}:{port}" + (" (a trial installation)" if office.is_trial else ""))
    if not _anybody(office):
        say(f"Nobody can sign in yet. Make the first administrator with: lvyue setup --data {office.settings.data}")
    if _demonstrated(office):
        from web.demo.people import PASSWORD, PEOPLE

        say(f"Demonstration accounts, password of all {PASSWORD}:")
        for one in PEOPLE:
            say(f"  {one.name:<18} {one.held}")


def _serve(office: Office, sock: socket.socket, workers: int, embedded: bool) -> None:
    import uvicorn

    from stores.patience import wait_at_most
    from web.cli.patient import Patient

    level = office.settings.log_level.lower()
    common: dict[str, Any] = {"log_level": level, "access_log": level == "debug", "server_header": False, "timeout_graceful_shutdown": 10, "http": Patient}
    if workers > 1:
        _greet(office, sock)
        gc.enable()
        _serve_many(office, sock, workers, common)
        return
    from web.app import serving

    wait_at_most(PATIENCE)
    office.patience = PATIENCE
    app, stop = serving(office), threading.Event()
    _greet(office, sock)
    threads = _background(office, app, stop, embedded)
    try:
        uvicorn.Server(uvicorn.Config(app, **common)).run(sockets=[sock])
    finally:
        stop.set()
        for thread in threads:
            thread.join(5)


def _serve_many(office: Office, sock: socket.socket, workers: int, common: dict[str, Any]) -> None:
    import os

    import uvicorn
    from uvicorn.supervisors import Multiprocess

    os.environ["LVYUE_DATA"] = str(office.settings.data)
    config = uvicorn.Config("web.cli.running:application", factory=True, workers=workers, **common)
    Multiprocess(config, [sock]).run()


def application() -> Any:
    """The application of one of several serving processes, from the settings in the environment."""
    gc.disable()
    from stores.patience import wait_at_most
    from web.app import serving
    from web.office import open_office

    wait_at_most(PATIENCE)
    office = open_office(settings_of(None))
    office.patience = PATIENCE
    app = serving(office)
    _background(office, app, threading.Event(), embedded=False)
    return app


def _background(office: Office, app: Any, stop: threading.Event, embedded: bool) -> list[threading.Thread]:
    """The follower and the clock; beside a worker of its own, one look at start, so that nothing is served as open that is over."""
    from web.jobs import keep_working
    from web.ticking import keep_following, keep_ticking, supervised, tick

    app.state.windows_recorded = False

    def recorded(done: bool) -> None:
        app.state.windows_recorded = done

    if not embedded:
        once = threading.Event()

        def at_start() -> None:
            tick(office)
            recorded(True)
            once.set()

        return [supervised("clock", at_start, once)]
    _try_again(office)
    return [supervised("follower", lambda: keep_following(office, stop), stop),
            supervised("clock", lambda: keep_ticking(office, stop, recorded), stop),
            supervised("jobs", lambda: keep_working(office, stop), stop)]  # fmt: skip


def _try_again(office: Office) -> None:
    """What stopped a view may be mended in the program that starts now; if not, it stops again, as loudly."""
    from projections.temporal.view import resume_all
    from projections.views import VIEWS

    for name in resume_all(VIEWS, office.views):
        say(f"The view {name} had stopped; it goes on from there.")


def worker(data: Data = None) -> None:
    """Run projections, deliveries and the clock, supervised, as a process of its own. Several may run at once."""
    from stores.patience import wait_at_most
    from web.jobs import keep_working
    from web.ticking import keep_following, keep_ticking, supervised

    with opened(data) as office:
        logging.basicConfig(level=office.settings.log_level.upper(), format=LOGGING)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        wait_at_most(WORKER_PATIENCE)
        _try_again(office)
        threads = [supervised("follower", lambda: keep_following(office, stop), stop),
                   supervised("clock", lambda: keep_ticking(office, stop), stop),
                   supervised("jobs", lambda: keep_working(office, stop), stop)]  # fmt: skip
        say("The worker runs: projections and the clock.")
        while not stop.wait(1.0):
            if not all(thread.is_alive() for thread in threads):
                raise Stop("A part of the worker has ended; whoever supervises it starts it again.")
        for thread in threads:
            thread.join(10)
