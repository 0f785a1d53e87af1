"""Somebody at a browser: signs in when asked to, follows links, fills in what is seen, submits, reads what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, Page, Response

from domain.access.account import account_id
from tests.browsing import Visit
from tests.web.office import JPEG, PASSWORD
from web.office import Office


def photo(name: str = "现场.jpg", tail: bytes = b"") -> FilePayload:
    """A file as the browser takes it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": JPEG[:-2] + tail + JPEG[-2:]}


class Person:
    """One account at a browser, which others use too, one after another. What is wrong with a page on the way is an assertion's failure at once."""

    def __init__(self, visit: Visit, office: Office, account: str, lang: str = "zh-CN") -> None:
        self.visit, self.office, self.account, self.lang = visit, office, account, lang
        self.page: Page = visit.page
        self.status = 0
        self._signed_in = False

    # -- going about

    def go(self, path: str) -> Person:
        """Open an address at a browser that nobody else is signed in at; where it leads to signing in, sign in and arrive.

        Who did that once has a session anew each day.
        """
        self.visit.context.clear_cookies()
        if self._signed_in:
            session = self.office.vault.sessions.start(account_id(self.account), self.office.now)
            self.visit.context.add_cookies([{"name": "lvyue_session", "value": session, "url": self.visit.base_url}])
        self._seen(self.page.goto(path))
        if self.path == "/sign-in":
            self._signed_in = True
            self.page.fill("[name=account]", self.account)
            self.page.fill("[name=password]", PASSWORD)
            self.press("main form .btn.go")
        return self

    def follow(self, link: str, within: str = "main") -> Person:
        """Click the link whose address is, or ends with, `link`; one in a closed detail is opened first."""
        found = self.page.locator(f'{within} a[href$="{link}"]')
        assert found.count() > 0, f"{self.account} sees no link to {link} on {self.path}: {self.links(within)}"
        one = next((each for each in found.all() if each.is_visible()), None)
        if one is None:
            one = found.first
            one.locator("xpath=ancestor::details[1]/summary").click()
        self._clicked(one)
        return self

    def press(self, button: str) -> Person:
        """Click a button that leads to another page."""
        self._clicked(self.page.locator(button).first)
        return self

    def _clicked(self, one: Locator) -> None:
        with self.page.expect_navigation(wait_until="load") as going:
            one.click()
        self._seen(going.value)

    def _seen(self, answer: Response | None) -> None:
        assert answer is not None
        self.status = answer.status
        assert answer.status in (200, 409, 422), f"{self.account}: {answer.status} at {self.path}\n{self.text()[:600]}"
        assert self.page.locator("html").get_attribute("lang") == self.lang
        assert self.page.locator("h1").count() == 1, self.path
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, f"{self.path} is {wide} px wide in {room}"

    # -- forms

    def fill(self, **typed: Any) -> Person:
        """Fields by name (a dash is written `__`): text, one or several choices, a file, a tick."""
        for name, value in typed.items():
            self._one(name.replace("__", "-"), value)
        return self

    def _one(self, name: str, value: Any) -> None:
        found = self.page.locator(f'main form [name="{name}"]')
        assert found.count() > 0, f"{self.account} finds no field {name} on {self.path}: {self.fields()}"
        kind = found.first.get_attribute("type") or found.first.evaluate("one => one.localName")
        if kind == "file":
            found.last.set_input_files(value)
        elif kind == "select":
            found.first.select_option(value)
        elif kind == "checkbox" and isinstance(value, bool):
            found.first.set_checked(value)
        elif kind in ("checkbox", "radio"):
            for each in [value] if isinstance(value, str) else value:
                self.page.check(f'main form [name="{name}"][value="{each}"]')
        else:
            found.first.fill(value)

    def submit(self) -> Person:
        """Press the form's own button; the act must have been done."""
        at = self.path
        self.press("#act [data-submit]")
        assert self.status == 200, f"{self.account} was refused at {at}:\n{self.text()[:1500]}"
        assert self.path != at
        assert self.page.locator(".flash").is_visible(), "what was done is said"
        return self

    def refused(self) -> str:
        """Press the form's own button; it must be refused, and the words of why are given."""
        self.press("#act [data-submit]")
        assert self.status == 422, f"{self.account} was not refused: {self.path}"
        return self.page.locator("#errors").inner_text()

    # -- reading

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def shows(self, *days: str) -> Person:
        """Every day is on the page, to be seen and with its machine-readable form."""
        for day in days:
            found = self.page.locator(f'main time[datetime="{day}"]')
            assert any(one.is_visible() for one in found.all()), f"{day} is not on {self.path}: {self.days()}"
        return self

    def days(self) -> list[str]:
        found: list[str] = self.page.evaluate("[...document.querySelectorAll('main time')].map(one => one.dateTime)")
        return sorted(set(found))

    def links(self, within: str = "main") -> list[str]:
        return sorted({str(one.get_attribute("href")) for one in self.page.locator(f"{within} a").all()})

    def fields(self) -> Sequence[str]:
        return sorted({str(one.get_attribute("name")) for one in self.page.locator("main form [name]").all()})
