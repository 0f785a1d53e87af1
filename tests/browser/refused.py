"""Forms that are refused: sent empty but for one field that stays, or with nonsense in it; what the page must then be like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser.pages import Looker

HALF, NONSENSE = "写了一半 <b>", "昨天"
# Acts that an empty form does, with nothing in it that could be misread: why there is nothing to refuse.
NEVER_REFUSED: Mapping[str, str] = {
    "repairs.acceptance": "nothing is asked",
    "repairs.withdrawal": "nothing is asked",
    "repairs.verification": "one tick is asked, and none says no",
}
# Empties a form; then half a sentence into a field of free text where something else is still wanted, or nonsense into a day, number, sum or code.
EMPTY = """([form, half, nonsense]) => {
    form = document.querySelector(form);
    form.noValidate = true;  // as browsers do that look at nothing
    const fields = [...form.elements].filter((one) => one.name && one.type !== 'hidden' && !one.matches('button'));
    for (const one of fields) {
        if (one.type === 'checkbox' || one.type === 'radio') one.checked = false;
        else if (one.localName === 'select') { if ([...one.options].some((each) => each.value === '')) one.value = ''; }
        else one.value = '';
    }
    const type = (one, text) => {
        if (one.type === 'date') one.type = 'text';
        one.value = text;
        return [one.name, text];
    };
    const wanting = fields.filter((one) => one.validity.valueMissing);
    const free = fields.find((one) => (one.localName === 'textarea' || one.type === 'text' && !one.inputMode && !one.classList.contains('id'))
                                      && wanting.some((other) => other !== one));
    if (free) return type(free, half);
    const strict = fields.find((one) => one.type === 'date' || one.inputMode === 'decimal' || one.classList.contains('id'));
    if (strict) return type(strict, nonsense);
    return wanting.length ? ['', ''] : null;
}"""
# Where the focus is, what the list of errors leads to, and what of it is not there.
TOLD = """([form, name]) => {
    const errors = document.getElementById('errors'), links = [...(errors?.querySelectorAll('a') ?? [])].map((one) => one.getAttribute('href'));
    const field = name ? document.querySelector(form)?.elements.namedItem(name) : null;
    return {focus: document.activeElement?.id, lines: errors?.querySelectorAll('li').length ?? 0, links,
            lost: links.filter((one) => !document.getElementById(decodeURIComponent(one.slice(1)))), kept: field?.value ?? null,
            invalid: document.querySelectorAll('[aria-invalid=true], fieldset.bad').length};
}"""


def emptied(page: Page, form: str) -> tuple[str, str] | None:
    """Empties a form: the field that was typed into and the text ("" where none was free for it); None where nothing in it can be refused."""
    told: Any = page.evaluate(EMPTY, [form, HALF, NONSENSE])
    return None if told is None else (str(told[0]), str(told[1]))


def refused(looker: Looker, lang: str, page: Page, form: str = "#act", typed: tuple[str, str] = ("", "")) -> list[str]:
    """Sends the form as it is; what is wrong with how it is refused."""
    with page.expect_navigation() as going:
        page.evaluate("form => document.querySelector(form).requestSubmit()", form)
    status = going.value.status if going.value is not None else 0
    if not 400 <= status < 500:
        return [f"was not refused but answered {status} at {page.url}: say in NEVER_REFUSED why there is nothing to refuse"]
    told: Any = page.evaluate(TOLD, [form, typed[0]])
    found = [f"was answered {status}"] * (status != 422)
    found += [f"the focus is on {told['focus'] or 'nothing'}, not on the list of errors"] * (told["focus"] != "errors")
    found += ["names no place by a link"] * (not told["links"]) + [f"leads to {one}, which is not there" for one in told["lost"]]
    found += ["marks no field"] * (not told["invalid"])
    found += [f"{typed[0]} holds {told['kept']!r}, not {typed[1]!r}"] * (bool(typed[0]) and told["kept"] != typed[1])
    return [f"refused: {one}" for one in [*found, *looker.faults(lang)]]
