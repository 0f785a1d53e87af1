"""Whether a page is sound as HTML: one heading, labels, ids, references, nothing inline. Pure standard library."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
NAMELESS = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "list", "headers")


class Page(HTMLParser):
    """Reads a page and remembers what may be wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.referred: list[tuple[str, str]] = []
        self.fields: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.flaws: list[str] = []
        self.headings: list[int] = []
        self.lang, self.title = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.count[tag] += 1
        if "id" in told:
            self.ids[told["id"]] += 1
        for name in REFERENCES:
            self.referred += [(name, one) for one in told.get(name, "").split()]
        self._field(tag, told)
        self._inline(tag, told)
        if tag == "html":
            self.lang = told.get("lang", "")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "img" and "alt" not in told:
            self.flaws.append("an image without alt")
        if tag == "svg" and not ({"aria-hidden", "aria-label", "aria-labelledby"} & told.keys()):
            self.flaws.append("a picture without a name")
        if tag not in VOID:
            self.open.append(tag)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        if tag == "label" and "for" in told:
            self.labelled.add(told["for"])
        if tag in ("select", "textarea") or (tag == "input" and told.get("type", "text") not in NAMELESS):
            within = "label" in self.open
            self.fields.append({**told, "named": str(within or "aria-label" in told or "aria-labelledby" in told)})

    def _inline(self, tag: str, told: dict[str, str]) -> None:
        if tag == "style" or "style" in told:
            self.flaws.append(f"inline style on {tag}")
        if tag == "script" and "src" not in told:
            self.flaws.append("inline script")
        self.flaws += [f"inline handler {name} on {tag}" for name in told if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.flaws.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"]:
            self.title += data


def flaws_of(html: str, whole: bool = True) -> list[str]:
    """What is wrong with a page (or, `whole=False`, with a fragment), a line a flaw; empty is good."""
    page = Page()
    page.feed(html)
    page.close()
    closed_by_others = ("p", "li", "td", "th", "tr", "dt", "dd")
    flaws = list(page.flaws)
    flaws += [f"<{tag}> is never closed" for tag in page.open if tag not in closed_by_others]
    flaws += [f"id {name} stands {times} times" for name, times in page.ids.items() if times > 1]
    for field in page.fields:
        if field["named"] != "True" and field.get("id") not in page.labelled:
            flaws.append(f"a field without a label: {field.get('name')}")
    return flaws + (flaws_of_whole(page) if whole else [])


def flaws_of_whole(page: Page) -> list[str]:
    """What can only be told of a whole page: its one heading, its language, what its references point to."""
    flaws = [f"{name} points to {target}, which is not there" for name, target in page.referred if target not in page.ids]
    flaws += [f"{page.count['h1']} h1"] * (page.count["h1"] != 1) + ["no main"] * (page.count["main"] != 1)
    flaws += ["no lang"] * (page.lang not in ("zh-CN", "en")) + ["no title"] * (not page.title.strip())
    for before, after in pairwise(page.headings):
        if after > before + 1:
            flaws.append(f"heading h{after} follows h{before}")
    return flaws
