"""Whoever looks back keeps looking at the same moment on the pages they go on to."""

from starlette.requests import Request

from web.looks.looks import carried


def asked(query: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": "/contracts", "query_string": query.encode(), "headers": []})


HTML = '<a href="/contracts/1">1</a><a href="/cases?q=a#x">2</a><a href="/">3</a><a href="/help">4</a><a href="?">5</a><a href="/audit?known_at=7">6</a>'


def test_links_to_registers_carry_the_moment_and_others_do_not() -> None:
    told = carried(HTML, asked("known_at=2026-05-19&as_of=2026-05-01"))
    assert '"/contracts/1?known_at=2026-05-19&amp;as_of=2026-05-01"' in told
    assert '"/cases?q=a&amp;known_at=2026-05-19&amp;as_of=2026-05-01#x"' in told
    assert '"/?known_at=2026-05-19&amp;as_of=2026-05-01"' in told
    assert '"/help"' in told
    assert '"?"' in told
    assert '"/audit?known_at=7"' in told


def test_now_nothing_is_carried_and_nothing_typed_becomes_markup() -> None:
    assert carried(HTML, asked("")) == HTML
    assert "<script>" not in carried(HTML, asked('known_at="><script>'))
