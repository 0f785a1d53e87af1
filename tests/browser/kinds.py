"""What a page is made of, as kinds of elements: a page that has nothing of a new kind has nothing new for axe, nor for the keyboard.

An element's kind is everything that decides what can be wrong with it, and the kind of what it stands in: tag, attributes, classes, colours and
size of its text, whether it is seen, has a name, is the target that others name, is crowded by another, scrolls. Its words are no part of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

GLANCE = """() => {
    const hashed = (text, seed) => {
        let a = 0xdeadbeef ^ seed, b = 0x41c6ce57 ^ seed;
        for (let i = 0; i < text.length; i++) {
            a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
            b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
        }
        a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
        b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
        return 4294967296 * (2097151 & b) + (a >>> 0);
    };
    const all = [...document.querySelectorAll('*')], ids = new Map(), labels = new Map();
    const there = (text) => text.split(/\\s+/).filter(Boolean).every((id) => document.getElementById(id));
    const said = (text) => text.split(/\\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
    const label = (one) => one.getAttribute('aria-label') ?? said(one.getAttribute('aria-labelledby') ?? '');
    const LANDMARK = 'nav, aside, section, form, header, footer, main, [role]', STOP = 'a[href], button, input, select, textarea, summary, [tabindex]';
    const CONTROL = 'input, select, textarea', NAMED = CONTROL + ', a, button, summary, img, svg, th, legend, label, caption, title, option, h1, h2, h3, h4, h5, h6';
    for (const one of all) {
        if (one.id) ids.set(one.id, (ids.get(one.id) ?? 0) + 1);
        if (one.matches(LANDMARK)) labels.set(one.tagName + label(one), (labels.get(one.tagName + label(one)) ?? 0) + 1);
    }
    const stops = all.filter((one) => one.matches(STOP) && one.type !== 'hidden' && one.getClientRects().length);
    const boxes = new Map(stops.map((one) => [one, one.getBoundingClientRect()]));
    const small = (box) => box.width < 24 || box.height < 24, middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const crowded = (one) => {
        const box = boxes.get(one);
        if (!box || !small(box)) return '';
        const [x, y] = middle(box);
        return stops.some((other) => {
            if (other === one || other.contains(one) || one.contains(other)) return false;
            const its = boxes.get(other), [across, down] = middle(its);
            const far = Math.hypot(Math.max(its.left - x, 0, x - its.right), Math.max(its.top - y, 0, y - its.bottom));
            return far < 12 || small(its) && Math.hypot(across - x, down - y) < 24;
        });
    };
    const named = (one) => {
        if (!one.matches(NAMED)) return '';
        const own = one.matches(CONTROL) ? [...(one.labels ?? [])].map((each) => each.textContent).join('') : one.textContent;
        const inside = one.matches('a, button') ? [...one.querySelectorAll('img, svg')].map((each) => each.getAttribute('alt') ?? label(each)).join('') : '';
        const told = one.getAttribute('aria-label');
        return !!(label(one) + own + inside + (one.alt ?? '') + (one.title ?? '')).trim() + (told && one.textContent.trim() ? '' + told.includes(one.textContent.trim()) : '');
    };
    const attribute = ({name, value}) => {
        if (name.startsWith('data-')) return '';
        if (name === 'id') return 'id' + ids.get(value);
        if (['for', 'headers', 'list', 'form', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns'].includes(name)) return name + there(value);
        if (name === 'href') return value.startsWith('#') ? 'href#' + (value.length > 1 && there(decodeURIComponent(value.slice(1)))) : 'href';
        if (name === 'aria-label') return name + !!value.trim();
        const told = /^(class|type|role|scope|lang|dir|tabindex|autocomplete|http-equiv|colspan|rowspan|aria-.*)$/.test(name);
        return told ? name + '=' + value.trim().split(/\\s+/).sort().join(' ') : name;
    };
    const known = new Map(), kinds = new Set(), reached = new Set();
    let heading = 0;
    for (const one of all) {
        const style = getComputedStyle(one), attributes = one === document.documentElement ? [] : [...one.attributes];
        const told = [one.localName, ...attributes.map(attribute).sort(), named(one), crowded(one), one.getClientRects().length > 0, one.childElementCount > 0,
            style.color, style.backgroundColor, style.fontSize, style.fontWeight, style.textDecorationLine, style.opacity, style.visibility];
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) told.push(one.scrollWidth > one.clientWidth, one.scrollHeight > one.clientHeight);
        if (/^h[1-6]$/.test(one.localName)) { told.push(heading); heading = one.localName; }
        if (/^(dt|dd)$/.test(one.localName)) told.push(one.previousElementSibling?.localName);
        if (one.matches(LANDMARK)) told.push(labels.get(one.tagName + label(one)) > 1);
        if (one.localName === 'table') told.push(!!one.querySelector('th'), !!one.querySelector('td'));
        if (one.localName === 'meta') told.push(one.name, one.httpEquiv || one.name === 'viewport' ? one.content : '');
        if (one.hasAttribute('role')) told.push([...new Set([...one.children].map((each) => each.localName))].join());
        const kind = hashed(told.join('|'), known.get(one.parentElement) ?? 0);
        known.set(one, kind | 0);
        kinds.add(kind);
        if (boxes.has(one)) reached.add(kind);
    }
    return {lang: document.documentElement.lang, heads: document.querySelectorAll('h1').length, wide: document.documentElement.scrollWidth,
            kinds: [...kinds], stops: [...reached]};
}"""


class Glance(NamedTuple):
    """A page as it is now: its language, how many headlines it has, its width in px, the kinds of its elements and of those that Tab may reach."""

    lang: str
    heads: int
    wide: int
    kinds: frozenset[int]
    stops: frozenset[int]


def glance(page: Page) -> Glance:
    told: Any = page.evaluate(GLANCE)
    return Glance(told["lang"], told["heads"], told["wide"], frozenset(told["kinds"]), frozenset(told["stops"]))


class Known:
    """Kinds that were looked at and found sound, by who looked (axe at a width, the keyboard); known to every process of a run that shares them."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[int]] = {}
        self._shared: Path | None = None
        self._read = 0  # bytes of what is shared

    def share(self, file: Path) -> None:
        self._shared = file

    def has(self, who: str, kinds: frozenset[int]) -> bool:
        if not kinds <= self._kinds.setdefault(who, set()):
            self._learn()
        return kinds <= self._kinds[who]

    def add(self, who: str, kinds: frozenset[int]) -> None:
        new = kinds - self._kinds.setdefault(who, set())
        self._kinds[who] |= new
        if self._shared is not None:
            with self._shared.open("ab", buffering=0) as file:  # a line is written at once, whoever else writes
                file.write(json.dumps([who, *new]).encode() + b"\n")

    def _learn(self) -> None:
        """What other processes found sound meanwhile."""
        if self._shared is None or not self._shared.exists():
            return
        with self._shared.open("rb") as file:
            file.seek(self._read)
            whole = file.read().rpartition(b"\n")[0]
        self._read += len(whole) + bool(whole)
        for line in whole.splitlines():
            who, *kinds = json.loads(line)
            self._kinds.setdefault(who, set()).update(kinds)
