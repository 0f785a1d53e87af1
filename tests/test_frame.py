"""What conftest promises: loopback only, a fresh PostgreSQL, a browser that sees nothing but its server."""

import functools
import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.browsing import Visit

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>试</title>
<link rel="icon" href="data:,"><main><h1>合同</h1><p id="out"></p></main>
<script src="https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js" crossorigin="anonymous"
 integrity="sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"></script>
<script>document.getElementById("out").textContent = htmx.version</script></html>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word on stderr."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a server of one page."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "bad.html").write_text('<img src="x.png"><img src="https://example.com/x.png">', encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nothing_leaves_this_machine() -> None:
    with pytest.raises(RuntimeError, match=r"tried to reach example\.com"):
        socket.create_connection(("example.com", 80), timeout=1)
    with socket.socket() as dialler, pytest.raises(RuntimeError, match=r"tried to reach 192\.0\.2\.1"):
        dialler.connect(("192.0.2.1", 80))


def test_each_test_has_an_empty_database(any_database: str) -> None:
    engine = create_engine(any_database)
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE one (only_once INTEGER)"))
            connection.execute(text("INSERT INTO one VALUES (1)"))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM one")).scalar_one() == 1
    finally:
        engine.dispose()


@pytest.mark.browser
def test_a_visitor_sees_the_page_and_htmx(site: str, visit: Callable[..., Visit]) -> None:
    visitor = visit(site, width=360)
    visitor.page.goto("/")
    assert visitor.page.inner_text("#out") == "2.0.11"
    assert visitor.axe() == []


@pytest.mark.browser
def test_what_lies_beyond_the_server_is_refused_and_noted(site: str, visit: Callable[..., Visit]) -> None:
    visitor = visit(site)
    visitor.page.goto("/bad.html")
    assert visitor.refused == ["https://example.com/x.png"]
    assert any("ERR_FAILED" in one for one in visitor.complaints)
    assert visitor.axe() != []
    visitor.refused.clear()
    visitor.complaints.clear()
