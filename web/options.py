"""Options: what may be chosen in a form's lists, by the list's name, for one act on one thing by one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.access.account import organisation_id
from domain.actor import OFFICE, Grant
from domain.breach import catalogue
from domain.party.party import party_id
from domain.policy.missing import NoPackInForce
from domain.policy.tables import (
    Behaviour,
    CheckItem,
    CheckMode,
    CommitmentType,
    ContractType,
    DocumentKind,
    Excuse,
    GoodBehaviour,
    Recipient,
)
from domain.policy.tables import Measure as MeasureRow
from domain.values.region import covers
from projections import accounts, sanctions
from projections.temporal.moment import Moment
from web.acts.corrections import standing
from web.acts.doing import Doing
from web.acts.wordings import wordings
from web.asking import Asking
from web.looks import figures
from web.looks.tongue import Lazy, Tongue, lazy
from web.places import is_applicant
from web.regions import REGIONS, region_name
from web.words import WORDS

Option = tuple[Any, ...]  # (value, label) or (value, label, hint)
Json = dict[str, Any]
NAMED = lazy("{name}（{note}）")
CLASSED = lazy("{national}，扣 {points} 分，最短公示 {least} 个月，最长 {most} 个月")
MANAGED = lazy("不公示，扣 {points} 分")
UNCOUNTED = lazy("不公示，不扣分")
UNSURE = lazy("{clause}（未确认）")
UNPAID = lazy("{ref} {title}，未付 {left}")
DECIDED = lazy("{number}，{day}决定")
NOW = lazy("{label}（现为：{now}）")
REVIEWED = lazy("{path} {number}，{day}受理")
CHECKED = lazy("{day}的{mode}")
SHOWN = 40  # letters of a wording in a list
YES_NO = ((True, lazy("是")), (False, lazy("否")))
# Lists that are no more than some words of a table, in their order.
WORDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "methods": ("method", ("direct", "post", "electronic", "public")),
    "kinds": ("kind", ("administrative", "management", "civil")),
    "sides": ("side", ("contractor", "authority")),
    "either_side": ("side", ("contractor", "authority", "both")),
    "rate_per": ("per", ("day", "year")),
    "works": ("works", ("hydraulic", "municipal")),
    "sizes": ("size", ("large", "medium", "small", "micro")),
    "security_forms": ("form", ("bank_guarantee", "cash", "surety", "insurance")),
    "check_results": ("result", ("pass", "fail", "not_checked")),
    "referral_outcomes": ("outcome", ("confirmed", "dismissed", "returned")),
    "objection_outcomes": ("outcome", ("upheld", "upheld_in_part", "rejected")),
    "procedure_outcomes": ("procedure_outcome", ("explained", "remedied", "pursued")),
    "touch_outcomes": ("touch_outcome", ("stands", "corrected", "revoked")),
    "repair_objection_outcomes": ("outcome", ("upheld", "rejected")),
    "repair_outcomes": ("outcome", ("approved", "refused")),
    "review_paths": ("path", ("reconsideration", "suit")),
    "review_outcomes": ("review_outcome", ("upheld", "changed", "revoked", "withdrawn")),
}  # fmt: skip
TABLED: Mapping[str, type[Any]] = {
    "contract_types": ContractType, "check_modes": CheckMode, "excuses": Excuse, "good_behaviours": GoodBehaviour, "check_items": CheckItem,
    "repair_materials": DocumentKind, "commitment_types": CommitmentType,
}  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """`subject` is the resource acted on, as JSON; `about` its contract, when it is a case or an application."""

    asking: Asking
    speaks: Tongue
    doing: Doing
    subject: Json = field(default_factory=dict)
    about: Json = field(default_factory=dict)
    typed: Json = field(default_factory=dict)

    def of(self, name: str) -> list[Option]:
        """The options of a list. Raises KeyError for a list that nobody has named."""
        if name in WORDED:
            table, codes = WORDED[name]
            return [(code, WORDS[table][code]) for code in codes if name != "kinds" or code in self._kinds()]
        if name in TABLED:
            return self._rows(TABLED[name])
        found: list[Option] = getattr(self, f"_{name}")()
        return found

    # -- what the lists need

    @property
    def _today(self) -> date:
        return self.asking.office.today

    def _said(self, row: Any) -> str:
        return str(row.zh if self.speaks.lang == "zh" else row.en)

    def _money(self, value: Any) -> str:
        return figures.money_text(value, self.speaks.lang)

    def _day(self, value: Any) -> str:
        return figures.day_text(value, self.speaks.lang, "letter")

    # -- from the book of the day

    def _rows(self, kind: type[Any]) -> list[Option]:
        try:
            rows = self.asking.office.book.rows(kind, self._today)
        except NoPackInForce:
            return []
        if kind is CheckItem:
            rows = tuple(one for one in rows if "all" in one.applies or (self.subject or {}).get("type") in one.applies)
        if kind is DocumentKind:
            rows = tuple(one for one in rows if one.purpose == "repair")
        return [(one.code, self._said(one)) for one in rows]

    def _kinds(self) -> tuple[str, ...]:
        """In a case only the kinds that its behaviour can be of."""
        behaviour = self.subject.get("behaviour")
        found = catalogue.behaviour(self.asking.office.book, behaviour, self._today) if behaviour else None
        return found.kinds if found else ("administrative", "management", "civil")

    def _behaviours(self) -> list[Option]:
        """Those of the side of the chosen party, that can be of the chosen kind; all while neither is chosen."""
        side, kind, chosen = self._side_chosen(), self.typed.get("kind"), self.typed.get("behaviour")
        found: list[Option] = []
        for one in self.asking.office.book.rows(Behaviour, self._today):
            sides = (one.side, *one.also)
            if "bidder" in sides and len(sides) == 1:
                continue
            if one.code != chosen and ((side and side not in sides) or (kind and kind not in one.kinds)):
                continue
            note = self.speaks.said(WORDS["side"].get(one.side, one.side))
            found.append((one.code, self.speaks.said(NAMED, name=f"{one.code} {self._said(one)}", note=note)))
        return found

    def _side_chosen(self) -> str | None:
        party = self.typed.get("party")
        if is_applicant(self.asking.actor):
            return "authority"  # a contractor records of its authority alone
        if not party or not self.subject:
            return None
        authority = self.subject["authority"]
        return "authority" if party == f"{authority['scheme']}:{authority['id']}" else "contractor"

    def _decision_types(self) -> list[Option]:
        """What may follow this behaviour in a case of this kind, each with what the law of today makes of it."""
        book, code, kind = self.asking.office.book, self.subject.get("behaviour", ""), self.subject.get("kind", "")
        behaviour = catalogue.behaviour(book, code, self._today)
        types = behaviour.decision_types if behaviour else ()
        return [(one, self._type_name(one), self._type_note(one)) for one in types if catalogue.may_decide(book, code, kind, one, self._today)]

    def _type_name(self, code: str) -> str:
        found = self.asking.office.book.decision_type(code, self._today)
        return self._said(found)

    def _type_note(self, code: str) -> str:
        found = self.asking.office.book.classification([code], self._today)
        if not found.max_months:
            return self.speaks.said(MANAGED, points=f"{found.points:.1f}") if found.points else self.speaks.said(UNCOUNTED)
        national = self.speaks.said(WORDS["national_class"][found.national_class])
        return self.speaks.said(CLASSED, national=national, points=f"{found.points:.1f}", least=found.min_months, most=found.max_months)

    def _measures(self) -> list[Option]:
        """Those against this side that have a legal basis in force today."""
        book, side = self.asking.office.book, self.subject.get("side", "contractor")
        found: list[Option] = []
        for one in book.rows(MeasureRow, self._today):
            basis = catalogue.measure_basis(book, one.code, self._today)
            if basis is not None and one.side == side:
                note = basis.clause if basis.status == "confirmed" else self.speaks.said(UNSURE, clause=basis.clause)
                found.append((one.code, f"{one.code} {self._said(one)}", note))
        return found

    # -- people and places

    def _regions(self) -> list[Option]:
        """Every known division that a grant of this act's roles reaches, and the grants' own."""
        granted = self.asking.actor.regions(self.doing.roles)
        codes = {*granted, *(code for code in REGIONS if any(covers(one, code) for one in granted))} - {"", "000000"}
        return [(code, f"{code} {region_name(code, self.speaks.lang)}" if code in REGIONS else code) for code in sorted(codes)]

    def _receivers(self) -> list[Option]:
        """The authorities of this installation in the regions that the act's roles reach."""
        granted = self.asking.actor.regions(self.doing.roles)
        with self.asking.office.looking() as conn:
            rows = accounts.list_organisations(conn, Moment(self._today))
        return [(row.ref, row.name) for row in rows if any(covers(one, row.region) for one in granted)]

    def _people(self, roles: frozenset[str]) -> list[Option]:
        office, region = self.asking.office, self.subject.get("region", "")
        with office.looking() as conn:
            rows = accounts.list_accounts(conn, Moment(self._today))
        found: list[Option] = []
        for row in rows:
            grants = [Grant(*one) for one in row.grants]
            mine = [one.role for one in grants if one.role in roles and covers(one.region or "", region)]
            if mine and not row.disabled:
                shown = office.unseal(row.display, "display")
                note = self.speaks.said(lazy("、")).join(dict.fromkeys(self.speaks.said(WORDS["role"][one]) for one in mine))
                found.append((row.name, self.speaks.said(NAMED, name=f"{row.name} {shown}".strip(), note=note)))
        return found

    def _chairs(self) -> list[Option]:
        return self._people(frozenset({"chair"}))

    def _accounts(self) -> list[Option]:
        return self._people(OFFICE)

    # -- of the thing acted on

    def _wordings(self) -> list[Option]:
        """The fields of the event that is to be corrected, each with what it now says."""
        office, position = self.asking.office, str(self.typed.get("position") or "")
        if not self.subject or not position.isdecimal():
            return []
        scheme = self.subject.get("scheme")  # of a party
        named = organisation_id if self.doing.path.startswith("/disclosures") else party_id
        stream = named(scheme, self.subject["id"]) if scheme else UUID(self.subject["id"])
        found = standing(office.ledger.of([stream]).get(stream, []), int(position))
        return [(one.name, self.speaks.said(NOW, label=one.label, now=_short(one.now))) for one in wordings(office, self.speaks, found.event)]

    def _reviews_open(self) -> list[Option]:
        return [(one["id"], self.speaks.said(REVIEWED, path=Lazy(WORDS["path"].get(one["path"], one["path"])), number=one["reference"] or "—",
                                             day=self._day(one["opened_on"])))
                for one in self.subject.get("reviews", ()) if one["outcome"] is None]  # fmt: skip

    def _yes_no(self) -> list[Option]:
        return [("true" if value else "false", word) for value, word in YES_NO]

    def _sides_of_contract(self) -> list[Option]:
        if not self.subject:
            return []
        authority = self.subject["authority"]
        sides = [(authority, "authority"), *((one, "contractor") for one in self.subject["contractors"] if not is_applicant(self.asking.actor))]
        return [(f"{one['scheme']}:{one['id']}", self.speaks.said(NAMED, name=one["name"], note=WORDS["side"][side])) for one, side in reversed(sides)]

    def _payments_open(self) -> list[Option]:
        found: list[Option] = []
        for one in self.subject.get("payments", ()):
            if one["state"] != "paid":
                left = {"amount": str(_amount(one["value"]) - _amount(one["paid"])), "currency": one["value"]["currency"]}
                found.append((one["ref"], self.speaks.said(UNPAID, ref=one["ref"], title=one["title"] or "", left=self._money(left))))
        return found

    def _checks_done(self) -> list[Option]:
        done = [one for one in self.subject.get("checks", ()) if one["status"] == "done"]
        return [(one["id"], self.speaks.said(CHECKED, day=self._day(one["carried_out_on"]), mode=WORDS["mode"].get(one["mode"], one["mode"]))) for one in done]

    def _recipients_waiting(self) -> list[Option]:
        names = {one.code: self._said(one) for one in self.asking.office.book.rows(Recipient, self._today)}
        return [(one["recipient"], names.get(one["recipient"], one["recipient"])) for one in self.subject.get("acknowledgements", ()) if one["on"] is None]

    def _sanctions_repairable(self) -> list[Option]:
        """The standing decisions of the parties that this account acts for; an office's, the one that its page was opened for."""
        office, moment = self.asking.office, Moment(self._today)
        with office.looking() as conn:
            rows = [row for party in sorted(self.asking.actor.parties()) for row in sanctions.of_party(conn, moment, party)]
            named = _uuid(self.typed.get("sanction"))
            one = sanctions.find(conn, moment, named) if named else None
        if one is not None and self.asking.actor.sees(one.region, [one.party]):
            rows.append(one)
        standing: dict[str, Any] = {str(row.sanction): row for row in rows if row.served_on is not None and row.ended is None}
        return [(key, self.speaks.said(DECIDED, number=row.document_number, day=self._day(row.decided_on))) for key, row in standing.items()]


def labels(options: Sequence[Option]) -> dict[str, str]:
    """Label by value."""
    return {str(one[0]): str(one[1]) for one in options}


def _short(text: str) -> str:
    """The beginning of what does not fit into a list; all of it stands beside."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def _amount(value: Json) -> Any:
    return Decimal(value["amount"])
