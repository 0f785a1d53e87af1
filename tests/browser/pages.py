"""Every page that the application has, out of its own routes: who opens it, at which addresses, and what must hold of it.

`LVYUE_LOOK=everything` opens every page for every role that has it, in both languages and at three widths, and asks axe of each of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from domain.access.account import account_id
from domain.party.party import party_id
from tests.browser.everything import Everything
from tests.browser.keys import by_keyboard
from tests.browser.kinds import Glance, Known, glance
from tests.browser.server import Site
from tests.browsing import Visit
from tests.web.access.table import OPEN, PAGES, ROLES, SIGNED
from tests.web.office import PARTY_A, SUIXI
from web.acts.doing import Doing
from web.pages import routers
from web.pages.acts import ALL
from web.pages.letters import LETTERS
from web.places import page_path

WHO = {"S": "county-supervisor", "D": "decider", "L": "legal", "C": "chair", "A": "company-a", "U": "auditor", "M": "administrator", "": ""}
LETTER = {"supervisor": "S", "decider": "D", "legal": "L", "chair": "C", "applicant": "A"}
# GET routes of the pages' routers that answer with a file, with JSON or with nothing to look at.
SUFFIXES = (".csv", ".xlsx", ".json", ".ics")
FILES = {
    "/evidence/{digest}",
    "/jobs/{id}/rejects",
    "/kept/{id}",
}  # the last: kept for one account alone, looked at where it is made (tests/web/pages/test_kept.py)
# Pages that other routers serve.
BESIDE = ("/api/docs", "/help")
EVERYTHING = os.environ.get("LVYUE_LOOK") == "everything"
# 320: a wide page enlarged four times; a phone's 360 has the same layout (stories and looks walk it). English is longer: it is looked at where it is tight.
WIDTHS = {"zh": (1280, 360, 320), "en": (1280, 360, 320)} if EVERYTHING else {"zh": (1280, 320), "en": (320,)}
WIDE = 1280
KNOWN = Known()  # of this process: what one file of tests has looked at, the next need not
BY_THEMSELVES = {"/contracts"}  # lists that read their search out of the address without declaring it
MORE = {"/": "DLC", "/cases/{id}": "D", "/repairs/{id}": "D", "/contracts/{id}": "U"}
ACTS: dict[str, Doing] = {page_path(row): row for row in ALL if row.page is not None}


def paths() -> list[str]:
    """Every page's path, as its route writes it: a new page stands here by itself."""
    found = {str(route.path) for router in routers() for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]
    return sorted({one for one in found - FILES if not one.endswith(SUFFIXES)} | set(BESIDE))


def letters_for(path: str) -> str:
    """The roles for which a page is opened: the first that has it, the party, and who else sees much that is other there."""
    if EVERYTHING:
        return "".join(letter or " " for letter in letters_of(path) if letter != "M" or not _of_a_matter(path))
    whole = _whole(path)
    return whole[0] + ("A" if "A" in whole[1:] else "") + MORE.get(path, "")


def _of_a_matter(path: str) -> bool:
    """What an administrator, who keeps the house, is told does not exist."""
    return "{" in path and path.split("/")[1] in ("contracts", "cases", "repairs", "commitments", "parties", "letters")


def _whole(path: str) -> str:
    """Letters of the roles that have a page at all; " ": anybody."""
    if path in ACTS:
        return "".join(LETTER[role] for role in ACTS[path].roles)
    known = f"GET {path}"
    if known in OPEN:
        return " "
    return "S" if known in SIGNED else ROLES.get(known) or PAGES[known][1]


def letters_of(path: str) -> tuple[str, ...]:
    """Everybody who may open a path; ("",): nobody needs to sign in."""
    if f"GET {path}" in OPEN:
        return ("",)
    return tuple(letter for letter in WHO if letter) if f"GET {path}" in SIGNED else tuple(_whole(path))


def searched() -> list[str]:
    """Lists that take a search, out of what their routes ask for."""
    routes: Any = [route for router in routers() for route in router.routes]
    asked = {route.path: _asked(route.dependant) for route in routes if "GET" in route.methods}
    return [path for path in paths() if "q" in asked.get(path, ()) or path in BY_THEMSELVES]


def _asked(of: Any) -> set[str]:
    """What an address may ask of a route, by itself or by what it depends on."""
    return {one.name for one in of.query_params}.union(*(_asked(one) for one in of.dependencies))


def looks() -> list[tuple[str, str, str]]:
    """(language, role's letter or "", path) of every page to open, so ordered that one visitor opens many; in English for one role of each."""
    return [
        (lang, letter.strip(), path)
        for lang in ("zh", "en") for letter in " SDLCAUM" for path in paths()
        if letter in (letters_for(path) if EVERYTHING or lang == "zh" else letters_for(path)[0])
    ]  # fmt: skip


def addresses(all: Everything, path: str, letter: str) -> list[str]:
    """Where a path leads in the office with one of everything."""
    if path in ACTS and ACTS[path].path:
        return list(_acts(all, ACTS[path], WHO[letter]))
    if path == "/letters/{kind}/{id}":
        return list(_letters(all, letter))
    loop = all.loop("measure")
    kinds = {"contracts": all.contract["id"], "m": all.contract["id"], "audit": all.contract["id"], "cases": loop["of"], "repairs": all.repairs[1], "commitments": all.commitments[0],
             "jobs": all.job, "my": loop["of"] if "/cases/" in path else all.repairs[1]}  # fmt: skip
    if path == "/parties/{id}/deadlines/{loop}":
        return [f"/parties/CN-USCC:{SUIXI}/deadlines/{all.owed_by_the_county}"]
    if path.endswith("/deadlines/{loop}"):
        on, id = path.split("/")[1], str(kinds[path.split("/")[1]])
        return [f"/{on}/{id}/deadlines/{all.deadline(on, id)}"]
    if path == "/contracts/{id}/interest/{ref}":
        return [f"/contracts/{all.unpaid}/interest/P1"]
    if path == "/invitation":
        return [f"/invitation?code={all.invitation}"]
    if path == "/parties/{id}/authority-record":
        return [f"/parties/CN-USCC:{SUIXI}/authority-record"]
    if path == "/administration/packs/{digest}":
        return [f"/administration/packs/{all.proposal}"]
    filled = path.replace("{scheme}:{code:path}", PARTY_A).replace("/policy/{name}", "/policy/repair-2026")
    return [filled.replace("{id}", str(kinds.get(path.split("/")[1], "")))]


def _acts(all: Everything, doing: Doing, who: str) -> Iterator[str]:
    """The page of an act on something in whose state it may be done; none where all that was said is another's to correct."""
    if doing.name == "parties.disclosures.corrections":
        yield f"/parties/CN-USCC:{SUIXI}/disclosures/corrections?position={all.disclosed}"
    elif doing.name.endswith(".corrections"):
        ids = {"contracts": all.contract["id"], "cases": all.loop("measure")["of"], "repairs": all.repairs[1], "commitments": all.commitments[0],
               "parties": PARTY_A}  # fmt: skip
        id = ids[doing.on]
        said = all.wording(str(party_id(*id.split(":"))) if doing.on == "parties" else id, who)
        if said is not None:
            yield f"{page_path(doing).replace('{id}', id)}?position={said}"
    else:
        yield _act(all, doing)


def _act(all: Everything, doing: Doing) -> str:
    """The page of any other act."""
    if doing.on == "parties":
        party = f"CN-USCC:{SUIXI}" if doing.path == "/disclosures" else PARTY_A  # an authority of the installation discloses
        return page_path(doing).replace("{id}", party).replace("{scheme}:{code}", party).replace("{scheme}:{code:path}", party)
    if doing.on == "contracts":
        checks = {one["status"]: one["id"] for one in all.contract["checks"]}
        id = all.contract["id"]
        return page_path(doing).replace("{id}", id).replace("{check}", checks["planned"]).replace("{ref}", "M1")
    if doing.may:
        return page_path(doing).replace("{id}", all.open_for(doing.on, doing.may))
    if doing.on == "commitments":
        return page_path(doing).replace("{id}", all.commitments[0])
    kind = "measure" if "{measure}" in doing.path else "objection" if doing.on == "cases" else "repair_objection"
    loop = all.loop(kind)
    key = str(loop["key"]).rpartition("/")[2]
    return page_path(doing).replace("{id}", loop["of"]).replace("{measure}", key).replace("{objection}", key)


def _letters(all: Everything, letter: str) -> Iterator[str]:
    """Every kind of letter that the office has issued."""
    case = all.loop("measure")["of"]
    issued: dict[str, str] = {"supplement-request": all.repairs[1], "rejection": all.rejected, "repair-decision": all.repairs[3]}
    for one in LETTERS:
        yield f"/letters/{one.kind}/{case if one.on == 'cases' else issued.get(one.kind, all.repairs[0])}"


class Looker:
    """Looks at pages as one visitor after another, at one browser a language."""

    def __init__(self, chromium: Any, site: Site) -> None:
        self.chromium, self.site, self.known = chromium, site, KNOWN
        self._lang, self._letter, self._width = "", "?", WIDE
        self.visit: Visit | None = None

    def as_(self, lang: str, letter: str) -> Page:
        """A browser at which a role ("": nobody) is signed in."""
        if self.visit is None or self._lang != lang:
            self.leave()
            self.visit, self._lang = Visit(self.chromium, self.site.url, locale="zh-CN" if lang == "zh" else "en-GB", width=self._width), lang
        if self._letter != letter:
            self.visit.context.clear_cookies()
            if letter:
                office = self.site.world.office
                session = office.vault.sessions.start(account_id(WHO[letter]), office.now)
                self.visit.context.add_cookies([{"name": "lvyue_session", "value": session, "url": self.site.url}])
            self._letter = letter
        return self.visit.page

    def open(self, lang: str, letter: str, address: str) -> list[str]:
        """What is wrong with the page at an address."""
        answer = self.as_(lang, letter).goto(address)
        assert answer is not None
        found = [] if answer.status == 200 else [f"answered {answer.status}"]
        if "text/html" not in (answer.headers.get("content-type") or ""):
            found.append(f"is {answer.headers.get('content-type')}, no page: say so in FILES")
        return [f"{address}: {one}" for one in [*found, *self.faults(lang)]]

    def faults(self, lang: str) -> list[str]:
        """What is wrong with the page that is open: its language, its headline, what sticks out; by keyboard and by axe, where a kind of thing is new.

        It is left as wide as it is looked at last, and the next page begins there: sizes are changed half as often.
        """
        assert self.visit is not None
        page, found = self.visit.page, []
        for width in sorted(WIDTHS[lang], key=lambda one: one != self._width):
            if width != self._width:
                page.set_viewport_size({"width": width, "height": 800})
                self._width = width
            seen = glance(page)
            found += [f"at {width}: is {seen.wide} px wide, by {_widest(page)}"] * (seen.wide > width)
            found += [f"at {width}: {one}" for one in self._closely(width, seen)]
        found += [f"is in {seen.lang}"] * (seen.lang != ("zh-CN" if lang == "zh" else "en")) + [f"has {seen.heads} h1"] * (seen.heads != 1)
        found += [f"console: {one}" for one in self.visit.complaints] + [f"asked for {one}" for one in self.visit.refused]
        self.visit.complaints.clear()
        self.visit.refused.clear()
        return found

    def _closely(self, width: int, seen: Glance) -> list[str]:
        """What Tab (on a wide page) and axe find, where there is something that they have not seen yet."""
        assert self.visit is not None
        found: list[str] = []
        if width == WIDE and (EVERYTHING or not self.known.has("keys", seen.stops)):
            found += by_keyboard(self.visit.page)
            if not found:
                self.known.add("keys", seen.stops)
        if EVERYTHING or not self.known.has(f"axe {width}", seen.kinds):
            told = self.visit.axe()
            if not told:
                self.known.add(f"axe {width}", seen.kinds)
            found += told
        return found

    def leave(self) -> None:
        if self.visit is not None:
            self.visit.leave()
        self.visit, self._letter = None, "?"


def _widest(page: Page) -> list[str]:
    """The innermost elements that stick out to the right."""
    out: list[str] = page.evaluate("""() => [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, .nav ul, details:not([open])'))
        .filter(one => ![...one.children].some(child => child.getBoundingClientRect().right > innerWidth + 1))
        .slice(0, 4).map(one => one.outerHTML.slice(0, 160))""")
    return out
