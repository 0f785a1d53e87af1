"""An act's page: whose form it is, what it is about, what was typed, what is wrong with it, and how all of it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from domain.access.account import Organisation, organisation_id
from domain.breach.rules.common import not_one_who_recorded_it
from domain.events import Told
from domain.ledger import NotThere
from domain.rules import Broken, ask
from domain.values.party import PartyRef
from projections.temporal.moment import Moment
from web import forms, resources, typed
from web.acts.doing import Doing, Target
from web.acts.wordings import label_of
from web.asking import Asking
from web.carrying import target_of
from web.consequences import consequences
from web.evenness import comparison
from web.forms import Tree, Wrong
from web.looks.looks import Looks
from web.looks.tongue import Lazy, Tongue, lazy, tongue_of
from web.naming import in_english
from web.office import Office
from web.options import Choices
from web.pages import wording
from web.pages.evenness import comparison_shown
from web.places import is_applicant, list_of, page_of
from web.resting import rests_on
from web.words import WORDS, word

LISTS = {"contracts": lazy("合同"), "cases": lazy("案件"), "repairs": lazy("修复"), "parties": lazy("主体"), "commitments": lazy("信用承诺")}
TOO_EARLY = "repair_minimum_period_not_reached"
CHECK_RESULT = "contracts.checks.{check}.result"
SANCTION = "cases.sanction"
TEMPLATES: Mapping[str, str] = {
    CHECK_RESULT: "acts/check.html",
    SANCTION: "acts/sanction.html",
    "parties.disclosures.corrections": "acts/correction.html",
    **{f"{on}.corrections": "acts/correction.html" for on in ("contracts", "cases", "repairs", "parties", "commitments")},
}
UNSURE = lazy("未确认")


@dataclass
class Page:
    """An act's page for one request: whose form it is, what it is about, what has been typed and what is wrong with it."""

    request: Request
    asking: Asking
    doing: Doing
    target: Target
    subject: Tree
    about: Tree
    tree: Tree = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    seen: int | None = None
    key: str = ""
    changes: list[Tree] = field(default_factory=list)
    drafted: bool = False
    waited: bool = False  # filled with what waited behind the sign-in
    corrected: Told | None = None

    @property
    def speaks(self) -> Tongue:
        return tongue_of(self.request)

    @property
    def address(self) -> str:
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def choices(self) -> Choices:
        return Choices(self.asking, self.speaks, self.doing, self.subject, self.about, self.tree)

    @property
    def draft_name(self) -> str:
        position = f"?{self.corrected.position}" if self.corrected else ""
        return f"{self.doing.name}:{self.request.url.path}{position}"[-200:]

    @property
    def waiting(self) -> str:
        """The id of a form that waited behind the sign-in."""
        return self.request.query_params.get("kept", "")

    @property
    def account(self) -> UUID:
        return UUID(self.asking.actor.account)

    @property
    def currency(self) -> str:
        value = self.subject.get("value") if self.doing.on == "contracts" else None  # a fine is in the law's own money
        return str(value["currency"]) if value else "CNY"

    @property
    def back(self) -> str:
        """Where the reader came from: the thing itself, or its list."""
        actor, on = self.asking.actor, self.doing.on
        if not self.doing.path:
            return list_of(on, actor)
        return page_of(on, self.subject.get("ref") or self.subject["id"], actor)


def opened(request: Request, asking: Asking, doing: Doing, extra: Mapping[str, str] | None = None) -> Page:
    """The page of an act, with access decided. Raises NotThere, NotYourRole."""
    places = {**request.path_params, **{name: request.query_params.get(name, "") for name in doing.query}, **(extra or {})}
    target = target_of(asking.office, asking, doing, places)
    subject, about = subject_of(asking, doing, target)
    found = wording.corrected(asking, doing, target, request.query_params.get("position", ""))
    return Page(request, asking, doing, target, subject, about, seen=subject.get("version"), key=str(uuid4()), corrected=found)


def _organisation(office: Office, ref: PartyRef) -> Tree:
    """An authority of this installation, which need not have any contract yet. Raises NotThere for any other party."""
    found: Organisation = office.ledger.get(Organisation, organisation_id(ref.scheme, ref.id))
    return {"scheme": ref.scheme, "id": ref.id, "ref": str(ref), "name": found.name, "region": found.region, "version": found.version}


def subject_of(asking: Asking, doing: Doing, target: Target) -> tuple[Tree, Tree]:
    """The thing acted on, and the contract of a case, or who made a commitment. Reads of cases are on record."""
    office, actor, now = asking.office, asking.actor, Moment(asking.office.today)
    if not doing.path:
        return {}, {}
    if doing.on == "parties":
        ref = PartyRef(target.places["scheme"], target.places["code"])
        of_authority = doing.path.startswith("/disclosures")
        if of_authority or doing.path == "/corrections":  # what stands in it is told there
            office.record_read(actor, "authority-record" if of_authority else "credit-file", str(ref))
        return (_organisation(office, ref) if of_authority else resources.party(office, ref, now)), {}
    if doing.on == "contracts":
        return resources.contract(office, actor, target.id, now), {}
    if doing.on == "commitments":
        commitment = resources.commitment(office, actor, target.id, now)
        office.record_read(actor, "commitment", str(target.id))
        return commitment, {"name": resources.party(office, PartyRef.parse(commitment["party"]), now)["name"]}
    if doing.on == "repairs":
        application = resources.repair(office, actor, target.id, now)
        office.record_read(actor, "repair", str(target.id))
        return application, {}
    case = resources.case(office, actor, target.id, now)
    office.record_read(actor, "case", str(target.id))
    try:
        return case, resources.contract(office, actor, UUID(case["contract"]), now)
    except NotThere:
        return case, {}


# -- showing


def shown(page: Page, status: int = 200) -> Response:
    """The page in the state that it is in."""
    looks: Looks = page.request.app.state.looks
    doing, office = page.doing, page.asking.office
    listed, problems = _errors(page)
    choices = page.choices
    fields = forms.fields(doing.asked, page.tree, choices.of, listed)
    will = consequences(doing.name, doing.will, page.subject, page.tree, office.book, office.today)
    compared = _compared(page)
    rests = rests_on(office, page.asking.actor, doing.on, doing.may, page.target.id, _beside(page, will, compared))
    early = next((one for one in page.broken if one.code == TOO_EARLY), None)
    return looks.render(
        page.request, TEMPLATES.get(doing.name, "acts/act.html"), status, doing=doing, subject=page.subject, about=page.about, fields=fields,
        parts=parts_of(fields), problems=problems, wrong=_summary(page, fields, problems), will=will, action=page.address, back=page.back,
        seen=page.seen, key=page.key, changes=page.changes, draft=forms.is_long(doing.asked), drafted=page.drafted, waited=page.waited, crumbs=_crumbs(page),
        blocked=[] if page.broken or page.wrong else blocked(page), early=early, currency=page.currency, labels=_labels(choices, doing),
        compared=compared, rests=rests, concerning=_concerning(page), corrected=wording.entry_of(page.asking, page.speaks, page.corrected))  # fmt: skip


CONCERNS = lazy("{what}（日志位置 {n}）；现在知道的事：{fact}，{day}")
LATE = lazy("逾期办理：{what}")
NOT_KEPT = lazy("违反程序：{what}")


def _concerning(page: Page) -> str:
    """Which of several of its kind an answer is about: what is touched and by what fact, or what was done late."""
    places = page.target.places
    touch = next((one for one in page.subject.get("touches", ()) if one["id"] == places.get("touch")), None)
    if touch is not None:
        from web.pages.contract_parts import LABELS  # which builds on this module

        fact = touch["fact"]
        return page.speaks.said(CONCERNS, what=lazy(word("touched", touch["what"])), n=touch["position"], fact=lazy(LABELS.get(fact["what"], fact["what"])),
                                day=date.fromisoformat(fact["on"]))  # fmt: skip
    what = places.get("loop", "").partition(":")[0]
    if what in WORDS["procedure_rule"]:
        return page.speaks.said(NOT_KEPT, what=lazy(word("procedure_rule", what)))
    return page.speaks.said(LATE, what=lazy(word("loop", what))) if what else ""


def _compared(page: Page) -> Tree | None:
    """What like findings got, before a sanction is signed."""
    if page.doing.name != SANCTION:
        return None
    office, now = page.asking.office, Moment(page.asking.office.today)
    return comparison_shown(page.request, office, comparison(office, page.subject, now), now.day)


def _beside(page: Page, will: Sequence[Tree], compared: Tree | None) -> list[Tree]:
    """The rules that the page itself tells: what will follow, by when this is due, what an application rests on, what a comparison asks."""
    due = [one["due"] for one in page.subject.get("loops", ()) if one["next"] == page.doing.may and one["due"]]
    told = [one["basis"] for one in [*will, *due]] + [one["due"]["basis"] for one in will if one["due"]]
    own = {"repairs": page.subject.get("basis"), "commitments": [page.subject.get("basis")]}.get(page.doing.on)
    return [dict(one) for one in (*told, *(own or ()), *(compared or {}).get("rules", ())) if one]


def parts_of(fields: Sequence[Tree]) -> list[Tree]:
    """The fields in their order, those of a group together under its label."""
    parts: list[Tree] = []
    for one in fields:
        if not parts or parts[-1]["group"] != one["group"]:
            parts.append({"group": one["group"], "fields": []})
        parts[-1]["fields"].append(one)
    return parts


def _labels(choices: Choices, doing: Doing) -> dict[str, str]:
    if doing.name != CHECK_RESULT:
        return {}
    return {str(one[0]): str(one[1]) for one in choices.of("check_items")}


def _errors(page: Page) -> tuple[dict[str, list[str]], list[Tree]]:
    """Errors by place, as they are read there, and those that have no place in this form."""
    placed: dict[str, list[str]] = {}
    problems: list[Tree] = []
    told: list[tuple[str | None, Markup, Any]] = [(one.place, page.speaks.written(one.sentence, **one.values), None) for one in page.wrong]
    for rule in page.broken:
        place = typed.place_at(rule.pointer, page.doing.asked)
        told.append((place, page.speaks.written(rule.sentence, **_values(page, rule)), rule.basis))
    for where, text, basis in told:
        if where is None:
            problems.append({"detail": text, "basis": basis})
        else:
            placed.setdefault(where, []).append(text + _clause(page, basis))
    return placed, problems


def _values(page: Page, rule: Broken) -> Mapping[str, Any]:
    """A correction's field by the name that stands in the form."""
    return {**rule.values, "field": Lazy(label_of(str(rule.values["field"])))} if page.corrected and "field" in rule.values else rule.values


def _clause(page: Page, basis: Any) -> Markup:
    if basis is None:
        return Markup("")
    speaks = page.speaks
    told = in_english(page.asking.office.book, basis) if speaks.lang == "en" else None
    mark = Markup(' <span class="unsure">{}</span>').format(speaks.said(UNSURE)) if basis.status != "confirmed" else Markup("")
    return Markup(' <small>{}<span lang="zh-CN">{}</span>{}</small>').format(f"{told} " if told else "", basis.clause or basis.rule, mark)


def _summary(page: Page, fields: Sequence[Tree], problems: Sequence[Tree]) -> list[Tree]:
    """Everything that is wrong, in the order of the page, each with a link to its place where it has one."""
    found: list[Tree] = [{"href": None, "label": "", **one} for one in problems]
    for one in _flat(fields):
        for error in one["error"] or ():
            label = page.speaks.written(one["label"])
            if one.get("group"):
                label = page.speaks.written(one["group"]) + " " + label
            found.append({"href": f"#f-{one['name']}", "label": label, "detail": error, "basis": None})
    return found


def _flat(fields: Sequence[Tree]) -> list[Tree]:
    return [one for each in fields for one in (each, *[cell for row in each.get("rows", ()) for cell in _flat(row)])]


def _crumbs(page: Page) -> list[tuple[str, str | None]]:
    actor, subject, on = page.asking.actor, page.subject, page.doing.on
    lists: list[tuple[str, str | None]] = [(LISTS[on] if not is_applicant(actor) else lazy("我的事项"), list_of(on, actor))]
    if not page.doing.path:
        return [*lists, (page.doing.title, None)]
    if on == "cases" and page.about and not is_applicant(actor):
        lists = [(LISTS["contracts"], "/contracts"), (page.about["number"], page_of("contracts", page.about["id"], actor))]
    name = subject.get("number") or subject.get("receipt") or subject.get("name") or ""
    return [*lists, (str(name), page.back), (page.doing.title, None)]


def blocked(page: Page) -> list[str]:
    """Why the act cannot be done in the state that the thing is in, or by this person: sentences."""
    if told := wording.why_not(page.doing, page.corrected):
        return [page.speaks.said(one) for one in told]
    doing, office = page.doing, page.asking.office
    decides, table = resources.STATES.get(doing.on, (None, {}))
    if doing.may is None or doing.may not in table or decides is None or _notice_left(page):
        return []
    aggregate: Any = office.ledger.get(decides, page.target.id)
    broken = [found for rule in table[doing.may] if (found := ask(rule, aggregate)) is not None]
    said = [page.speaks.said(one.sentence, **one.values) for one in broken]
    if doing.on == "cases" and doing.may in resources.DECIDING and page.asking.actor.account in aggregate.recorders:
        said.append(page.speaks.said((not_one_who_recorded_it.__doc__ or "").strip()))
    return said


def _notice_left(page: Page) -> bool:
    """A decision that is served can still be given its repair notice."""
    return page.doing.name == "cases.service" and any(
        one["served_on"] and one["repairable_from"] and not one["repair_notice_on"] for one in page.subject.get("sanctions", ())
    )


def kept(asking: Asking, digest: str) -> Tree | None:
    """A file that was brought before, by its digest; None when there is none."""
    try:
        about = asking.office.evidence.about(digest)
        name = asking.office.evidence.name_of(digest) if about else None
    except ValueError:
        return None
    return {"digest": digest, "name": name or digest[:19], "size": about.size} if about else None
