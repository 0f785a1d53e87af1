"""A visitor in a real Chromium: sees only the server under test, and the CDN's one script out of a local copy."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.assets import AXE, HTMX

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Route

CHROMIUM = Path(os.environ.get("LVYUE_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A refused form, a stale one, a page that is not there: answers that tests ask for, and that Chromium logs as errors.
EXPECTED = ("status of 403", "status of 404", "status of 409", "status of 412", "status of 422", "status of 429")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def missing(what: str) -> NoReturn:
    """Skips for want of something; under CI nothing may be wanting, so there it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not here, and under CI no browser test may be left out")
    pytest.skip(f"{what} is not here: ./test fetches it where it may")


def start_chromium() -> Iterator["Browser"]:
    """One browser for the whole run (a process an xdist worker)."""
    if not CHROMIUM.exists():
        missing(str(CHROMIUM))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """One visitor: a context with its own cookies, a page, and what went wrong meanwhile."""

    def __init__(
        self,
        browser: "Browser",
        base_url: str,
        *,
        locale: str = "zh-CN",
        width: int = 1280,
        height: int = 800,
        script: bool = True,
        **options: Any,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.refused: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=self.base_url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            **options,
        )
        self.context.route("**/*", self._route)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page = self.context.new_page()

    def _route(self, route: "Route") -> None:
        url = route.request.url
        if url == self.base_url or url.startswith(self.base_url + "/"):
            route.continue_()
        elif url.endswith("/htmx.org@2.0.11/dist/htmx.min.js"):
            body = HTMX.read()
            if body is None:
                self.refused.append(f"{url} ({HTMX.path} is not here)")
                route.abort()
                return
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=body, content_type="application/javascript", headers=headers)
        else:
            self.refused.append(url)
            route.abort()

    def _console(self, message: "ConsoleMessage") -> None:
        if message.type == "error" and not any(one in message.text for one in EXPECTED):
            self.complaints.append(message.text)

    def axe(self, scope: str | None = None) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA on the page now, a line a finding; empty is good."""
        source = AXE.read()
        if source is None:
            missing(str(AXE.path))
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(source.decode())
        options = {"runOnly": RULES, "resultTypes": ["violations"]}
        found = self.page.evaluate("([scope, options]) => axe.run(scope || document, options)", [scope, options])
        return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]

    def leave(self) -> None:
        """Closes the visitor's context."""
        self.context.close()
