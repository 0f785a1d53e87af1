"""Story 3 as people walk it at their browsers, from the contract to the closed loop, by each one who owes a step; every date is read off the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.browser.person import Person, photo
from tests.browser.server import Site
from tests.browsing import Visit
from tests.web.office import NAME_A, PARTY_A, SUIXI, A

NUMBER = "440823-SWJ-SG-2026-00012"


class Plot(NamedTuple):
    """On which contract the story is played: a word of its name, who is in breach and signs in for that; the fine, as it is typed and in full, and whether the case is closed too."""

    word: str = "堤防加固"
    party: str = PARTY_A
    company: str = "company-a"
    fine: tuple[str, str, str] = ("3", "wan", "30000.00")
    to_the_end: bool = True


class Cast:
    """Who plays: all in one language, on a wide screen or a phone, with script or without."""

    def __init__(self, site: Site, visit: Callable[..., Visit], lang: str, width: int, script: bool) -> None:
        self.site, self._visit, self.lang = site, visit, lang
        self._options: dict[str, Any] = {"locale": lang if lang == "zh-CN" else "en-GB", "script": script}
        self.width = width
        self._browsers: dict[int, Visit] = {}
        self._people: dict[tuple[str, int], Person] = {}

    def __call__(self, account: str, width: int | None = None) -> Person:
        key = (account, width or self.width)
        if key not in self._people:
            if key[1] not in self._browsers:
                self._browsers[key[1]] = self._visit(self.site.url, width=key[1], **self._options)
            self._people[key] = Person(self._browsers[key[1]], self.site.world.office, account, self.lang)
        return self._people[key]


def register(county: Person) -> str:
    """A works contract by the form, rows and all; its address."""
    county.go("/").follow("/contracts/new")
    county.fill(number=NUMBER, name="遂溪县堤防加固工程", type="SG", region="440823", signed_on="2026-01-12", starts_on="2026-01-15", ends_on="2026-12-31")
    county.fill(authority__id=SUIXI, authority__name="遂溪县水务局", contractors__0__id=A, contractors__0__name=NAME_A, contractors__0__size="small")
    county.fill(contractors__0__lead=True, value__amount="100", value__unit="wan")
    county.press('button[name=add][value="obligations"]')
    county.fill(obligations__0__ref="M1", obligations__0__title="一期", obligations__0__due_on="2026-03-31")
    county.press('button[name=add][value="payments"]')
    county.fill(payments__0__ref="P1", payments__0__after="M1", payments__0__value__amount="1000000.00", payments__0__term_days="30")
    county.submit().shows("2026-03-31")
    assert "1,000,000.00" in county.text() or "100" in county.text()
    return county.path


def check_and_find(county: Person, plot: Plot) -> str:
    """On site with a phone: found by search, checked with a photograph, a finding made; the case's address."""
    county.go("/").follow("/contracts", "nav").fill(q=plot.word)
    with county.page.expect_navigation():
        county.page.keyboard.press("Enter")
    county.page.locator("main a.rowlink", has_text=plot.word).first.click()
    county.page.wait_for_url("**/contracts/*-*-*-*-*")
    contract = county.path
    site = "/m/" + contract.rsplit("/", 1)[1]
    county.follow(site)
    county.page.set_input_files('main [name="photo"] >> nth=1', photo("全景.jpg", b"1"))
    county.press("main form [data-submit]")
    county.follow("planned_on=2026-04-08").submit()
    county.go("/").follow("/result")
    items = county.page.locator("fieldset.item")
    strength = (n for n in range(items.count()) if items.nth(n).locator('[type=hidden][value="CK-04"]').count())
    place = next(strength, 0)  # what is checked depends on the type of contract
    county.fill(**{f"items__{place}__result": "fail", "inspectors": "王五\n赵六"})
    items.nth(place).locator("summary").click()
    county.fill(**{f"items__{place}__note": "混凝土回弹强度不足", f"items__{place}__evidence": [photo("回弹.jpg", b"2")]})
    county.submit()
    county.follow(site).follow("/findings")
    assert "全景.jpg" in county.text(), "the photograph taken before waits here"
    done = county.page.locator("[name=check] option[value]:not([value=''])").first.get_attribute("value")
    county.fill(
        behaviour="QLT-01", kind="administrative", party=plot.party, check=str(done), occurred_on="2026-04-08", facts="混凝土强度不足", contract_clause="8.2"
    )
    county.submit()
    assert county.path.startswith("/cases/")
    return county.path


def walk(act: Cast, plot: Plot | None = None) -> None:
    """The whole of story 3: on a contract registered by its form, or on one that is there."""
    if plot is None:
        register(act("county-supervisor"))
    plot = plot or Plot()
    county, company, public = act("county-supervisor"), act(plot.company), act("nobody")
    act.site.at("2026-04-08")
    case = check_and_find(act("county-supervisor", 360), plot)
    mine = "/my" + case
    # Told what is intended: until 2026-04-13 to state, and to ask for a hearing (5 working days, Tomb-sweeping Day is over).
    county.go("/").follow(f"{case}/notice")
    county.fill(
        served_on="2026-04-08",
        document_number="遂水告〔2026〕1号",
        proposed__decision_types="fine_larger",
        proposed__fine__amount=plot.fine[0],
        proposed__fine__unit=plot.fine[1],
    )
    county.submit().shows("2026-04-08", "2026-04-15")
    act.site.at("2026-04-10")
    company.go("/my").follow(f"{case}/statement").fill(text="我们认错").submit()
    act("decider").go(case).follow(f"{case}/confirmation").fill(grounds="证据充分").submit()
    act.site.at("2026-04-20")
    act("legal").go("/").follow(f"{case}/legal-review").fill(opinion="程序合法").submit()
    # Decided: seven working days over May Day, one year less nothing, three months.
    act.site.at("2026-04-29")
    act("decider").go("/").follow(f"{case}/sanction")
    assert act("decider").page.input_value("[name=fine-amount]") == plot.fine[2], "what was told is proposed"
    act("decider").fill(document_number="遂水罚〔2026〕1号", grounds="工程质量不合格").submit()
    act("decider").shows("2026-04-29", "2026-05-12", "2026-07-29", "2027-04-29")
    public.go("/public")
    assert "遂水罚" not in public.text(), "decided, not yet published"
    act.site.at("2026-05-06")
    county.go("/").shows("2026-05-12").follow(f"{case}/service").fill(repair_notice=True).submit()
    county.go("/").follow(f"{case}/publication").submit()
    county.go(case).follow(f"{case}/fulfilment").submit()
    public.go("/public")
    assert "遂水罚〔2026〕1号" in public.text()
    public.shows("2027-04-29")
    repaired(act, plot, case, mine, public)


def repaired(act: Cast, plot: Plot, case: str, mine: str, public: Person) -> None:
    """From the application to the closed loop."""
    county, company = act("county-supervisor"), act(plot.company)
    act.site.at("2026-07-28")
    company.go("/my").shows("2026-07-29")
    act.site.at("2026-07-29")
    company.go("/my").page.locator('main a[href^="/my/repairs/new"]').first.click()
    company.page.locator('main a[href^="/repairs/new"]').first.click()
    company.fill(fulfilment_proof=[photo("缴款书.jpg", b"3")], commitment__text="承诺今后严格履约。", commitment__signed_on="2026-07-29",
                 contact__name="张三", contact__phone="13800000000")  # fmt: skip
    company.submit().shows("2026-08-03")
    application = company.path.removeprefix("/my")
    receipt, code = company.page.locator("dd b.id").all_inner_texts()
    act.site.at("2026-07-30")
    county.go("/").follow(application + "/acceptance").go(application).follow(application + "/supplement-request")
    county.fill(items__0__kind="fulfilment_proof", items__0__reason="看不清").submit()
    act.site.at("2026-08-03")
    company.go("/my").follow(application + "/supplement")
    company.fill(documents__0__kind="fulfilment_proof", documents__0__digest=[photo("缴款书.jpg", b"4")]).submit().shows("2026-08-05")
    act.site.at("2026-08-05")
    county.go("/").shows("2026-08-05").follow(application + "/acceptance").submit().shows("2026-08-14")
    county.page.locator("details.pop > summary").first.click()
    assert county.page.locator("details.pop[open] li.stop").count() == 0, "the clock never stood after the acceptance"
    followed = act("nobody").go("/public/track").fill(receipt=receipt, code=code)
    followed.press("main form [data-submit]")
    followed.shows("2026-08-14")
    act.site.at("2026-08-14")
    public.go("/public")
    assert "遂水罚〔2026〕1号" in public.text()
    act("decider2").go("/").follow(application + "/decision").fill(outcome="approved", document_number="遂水修〔2026〕1号", grounds="符合条件").submit()
    public.go("/public")
    assert "遂水罚" not in public.text(), "the public page drops it at once"
    public.go(f"/public/{plot.party}")
    assert "遂水罚" not in public.text()
    if plot.to_the_end:
        closed(county, case, application)
    company.go(mine).shows("2026-08-14")


def closed(county: Person, case: str, application: str) -> None:
    """Three platforms confirm, one after another; only then can the case be closed."""
    for left in (3, 2, 1):
        county.go(application)
        waiting = county.page.locator(f'main a[href*="{application}/acknowledgements?"]')
        assert waiting.count() == left
        if left == 1:
            county.go(f"{case}/closure").fill(reason="办结")
            assert county.refused(), "one has still to confirm"
        county.go(application).press(f'main a[href*="{application}/acknowledgements?"]')
        county.fill(on="2026-08-14", reference=f"R{left}").submit()
    county.go(case).follow(f"{case}/closure").fill(reason="办结").submit()
    assert county.page.locator(".note.done").first.is_visible()
    assert county.go("/").page.locator("table.cards tbody tr").count() == 0 or case not in county.page.content()
