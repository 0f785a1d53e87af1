"""Reading pages as people do: signed in as an account or as nobody, in either language."""

from __future__ import annotations

import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.web import kept
from tests.web import office as asked
from tests.web.office import BASE, World, application, copied_world
from web.office import open_office

PRIVATE = ("张三", "13800000000", "承诺今后严格履约", "混凝土强度不足", "sealed:1:", "county-supervisor", "decider")
TAG = re.compile(r"<[^>]*>")


def look(world: World, who: str | None, path: str, lang: str = "zh", **headers: str) -> Any:
    """The response, redirects not followed."""
    own = {"Accept": "text/html", "Accept-Language": lang, **headers}
    if who is not None:
        own["Authorization"] = f"Bearer {world.token(who)}"
    return world.client.get(path, headers=own, follow_redirects=False)


def read(world: World, who: str | None, path: str, lang: str = "zh") -> str:
    """The page's HTML; it must be there, with one heading of the first rank."""
    found = look(world, who, path, lang)
    assert found.status_code == 200, f"{who} {path}: {found.status_code} {found.text[:400]}"
    html: str = found.text
    assert html.count("<h1") == 1, path
    return html


def words(html: str) -> str:
    """What is read of a page, without its frame."""
    body = html[html.index("<main") : html.index("</main>")]
    return " ".join(TAG.sub(" ", body).split())


def send(world: World, path: str, **fields: str) -> Any:
    """A form of the public, sent from its own page."""
    return world.client.post(path, data=fields, headers={"Origin": BASE, "Accept": "text/html", "Accept-Language": "zh"}, follow_redirects=False)


@cache
def _published(store: str) -> tuple[Path, dict[str, Any]]:
    """An office in which one sanction of company A is published, and its case."""
    data = Path(tempfile.mkdtemp(prefix="lvyue-pages-")) / "data"
    world = copied_world(data, store=store)
    case = asked.published(world)
    world.close()
    return data, case


def published(world: World, **more: Any) -> dict[str, Any]:
    """As `tests.web.office.published`; the first of a new world in the time that a copy takes."""
    if more:
        return asked.published(world, **more)
    data = world.office.settings.data
    made, case = _published(kept.store(data))
    world.close()
    shutil.rmtree(data)
    kept.forget(data)
    kept.copy(made, data)
    world.__init__(open_office(kept.settings(data), world.clock), world.clock)  # type: ignore[misc]
    world.at("2026-05-06")
    return dict(case)


def applied(world: World, case: dict[str, Any], day: str = "2026-07-29") -> dict[str, Any]:
    """Company A's application for the repair of the case's sanction."""
    world.at(day)
    digest = world.ask("company-a").bring()
    told: dict[str, Any] = world.ask("company-a").post("/repairs", application(case["sanctions"][0]["id"], digest, day)).json()
    return told


def approved(world: World, case: dict[str, Any]) -> dict[str, Any]:
    """The same, accepted and approved by another decider."""
    told = applied(world, case)
    told = world.repair("county-supervisor", told, "/acceptance", {})
    return world.repair("decider2", told, "/decision", {"outcome": "approved", "document_number": "遂水修〔2026〕1号", "grounds": "符合条件"})
