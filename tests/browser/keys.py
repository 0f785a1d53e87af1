"""A page gone through with the Tab key alone: everything that can be acted on is reached, once, in order, and is seen to have the focus."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

# What Tab must reach: shown, not disabled; of a group of radio buttons one, which the arrow keys leave.
MARK = """() => {
    const groups = new Set(), found = [];
    for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
        const shut = one.parentElement.closest('details:not([open])'), own = one.matches('summary') && one.parentElement === shut;
        if (one.disabled || one.tabIndex < 0 || one.type === 'hidden' || !one.getClientRects().length) continue;
        if (shut && !(own && !shut.parentElement.closest('details:not([open])'))) continue;
        if (one.type === 'radio') {
            const group = one.name + '/' + (one.form ? [...document.forms].indexOf(one.form) : '');
            if (groups.has(group)) continue;
            groups.add(group);
        }
        one.dataset.stop = found.length;
        found.push(one.tabIndex > 0 ? 'tabindex ' + one.tabIndex + ' on ' + one.outerHTML.slice(0, 120) : '');
    }
    const root = document.documentElement;  // Tab goes on from what had the focus last: let that be the whole page
    root.tabIndex = -1;
    root.focus();
    root.blur();
    root.removeAttribute('tabindex');
    window.scrollTo(0, 0);
    return found;
}"""
# The stop that has the focus (of a radio group whichever button does), and what is wrong with how it looks.
WHERE = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
    const first = one.type === 'radio' ? document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"][data-stop]`) : one;
    const scrolls = one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {stop: first && first.dataset.stop !== undefined ? Number(first.dataset.stop) : -1, ring, inside, scrolls, html: one.outerHTML.slice(0, 120)};
}"""


def by_keyboard(page: Page) -> list[str]:
    """What is wrong for whoever has a keyboard alone."""
    stops: list[str] = page.evaluate(MARK)
    found = [one for one in stops if one]
    met: list[int] = []
    for _ in range(len(stops) * 4 + 20):  # a date has a stop for each of its parts
        page.keyboard.press("Tab")
        at: Any = page.evaluate(WHERE)
        if met and at is not None and at["stop"] == met[-1]:
            continue
        if at is None or (met and at["stop"] == met[0]):  # out of the page, or round again
            break
        if at["stop"] < 0 and at["scrolls"]:  # Chromium stops at what can be scrolled, so that the arrow keys scroll it
            continue
        met.append(at["stop"])
        found += [f"nothing shows the focus on {at['html']}"] * (not at["ring"]) + [f"the focus is out of sight on {at['html']}"] * (not at["inside"])
    else:
        found.append(f"the Tab key never leaves the page; last at {met[-3:]}")
    missed = [n for n in range(len(stops)) if n not in met]
    if missed:
        shown = page.evaluate("n => document.querySelector(`[data-stop='${n}']`).outerHTML.slice(0, 160)", missed[0])
        found.append(f"{len(missed)} of {len(stops)} are never reached: {shown}")
    if back := next(((one, then) for one, then in pairwise(met) if then < one), None):
        shown = [page.evaluate("n => document.querySelector(`[data-stop='${n}']`)?.outerHTML.slice(0, 120)", n) for n in back]
        found.append(f"the focus goes back from {back[0]} to {back[1]}: {shown}")
    return found
