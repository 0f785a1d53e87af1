"""The firms of the demonstration: invented companies with codes that pass every check, by trade."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from domain.terms import Contractor
from domain.values.uscc import ALPHABET, check_character, warnings
from web.demo.kinds import KINDS
from web.demo.people import COMPANY_A, COMPANY_B, SCHEME
from web.demo.words import SIZES, firm_name

FIRST, SECOND = "湛江市试例水利工程有限公司", "湛江市试范水务建设有限公司"


class Firm(NamedTuple):
    """A company: code, name, size, and what it does."""

    code: str
    name: str
    size: str
    trade: str

    @property
    def ref(self) -> str:
        return f"{SCHEME}:{self.code}"

    def contractor(self, lead: bool = True) -> Contractor:
        return Contractor(SCHEME, self.code, self.name, self.size, lead)


A = Firm(COMPANY_A.partition(":")[2], FIRST, "small", "水利水电工程")
B = Firm(COMPANY_B.partition(":")[2], SECOND, "medium", "水利水电工程")


def firms(rng: Random, contracts: int) -> dict[str, list[Firm]]:
    """By trade, a few firms for each handful of contracts; no two share a name or a code."""
    found: dict[str, list[Firm]] = {}
    names, serial = {FIRST, SECOND}, 0
    for kind in KINDS:
        many = 4 + contracts * kind.weight // 700
        for _ in range(many):
            serial += 1
            name = _new(rng, kind.trade, names)
            found.setdefault(kind.trade, []).append(Firm(_code(rng, serial), name, rng.choice(SIZES), kind.trade))
    return found


def _new(rng: Random, trade: str, names: set[str]) -> str:
    name = firm_name(rng, trade)
    while name in names:
        name = firm_name(rng, rng.choice(("", "粤", "湛", "新")) + trade)
    names.add(name)
    return name


def _code(rng: Random, serial: int) -> str:
    """Registered in the region or near it; the serial keeps codes apart."""
    region = rng.choice(("440802", "440803", "440823", "440825", "440882", "440902", "441702"))
    head = f"9144{region[2:]}MA5D{serial:04}"
    for inner in ALPHABET:
        code = f"{head}{inner}"
        code += check_character(code)
        if not warnings(code):
            return code
    raise AssertionError("one of all characters passes the inner check")
