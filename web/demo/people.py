"""The people of the demonstration: accounts, organisations and the two companies, all invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from domain.actor import Grant

if TYPE_CHECKING:
    from web.office import Office

PASSWORD = "Lvyue-demo-2026"  # noqa: S105  it is printed at every start; serving it beyond this machine is refused
MARK = "demonstration"
CITY, COUNTY, COUNTY2 = "440800", "440823", "440825"
SCHEME = "CN-USCC"
COMPANY_A = f"{SCHEME}:91440800MA4X00000Y"
COMPANY_B = f"{SCHEME}:91440800MA4X000012"


class Person(NamedTuple):
    """An account of the demonstration; `display` is a made-up person's name."""

    name: str
    display: str
    role: str
    region: str | None = CITY
    party: str | None = None

    @property
    def grant(self) -> Grant:
        return Grant(self.role, self.region, self.party)

    @property
    def held(self) -> str:
        return f"{self.role} {self.region or self.party}"


class Body(NamedTuple):
    """An authority of the demonstration."""

    code: str
    name: str
    region: str
    short: str  # in document numbers

    @property
    def ref(self) -> str:
        return f"{SCHEME}:{self.code}"


PEOPLE = (
    Person("city-supervisor", "陈志远", "supervisor"),
    Person("county-supervisor", "林晓梅", "supervisor", COUNTY),
    Person("county2-supervisor", "黄伟强", "supervisor", COUNTY2),
    Person("decider", "梁国栋", "decider"),
    Person("decider2", "吴静宜", "decider"),
    Person("legal", "郑文博", "legal"),
    Person("chair", "何秋生", "chair"),
    Person("auditor", "周敏", "auditor"),
    Person("administrator", "谢宇", "administrator"),
    Person("company-a", "符海燕", "applicant", None, COMPANY_A),
    Person("company-b", "许建明", "applicant", None, COMPANY_B),
)
BODIES = (
    Body("11440800000000000G", "湛江市水务局", CITY, "湛水"),
    Body("11440823000000000T", "遂溪县水务局", COUNTY, "遂水"),
    Body("11440825000000000P", "徐闻县水务局", COUNTY2, "徐水"),
)


def settle(office: Office) -> Callable[[], None]:
    """Accounts and organisations, recorded at the office's present time; what is given sets the passwords, which takes seconds."""
    from domain.access.commands import create_account, register_organisation

    ids: dict[str, UUID] = {}
    for one in PEOPLE:
        ids[one.name] = office.system(lambda act, one=one: create_account(act, one.name, one.display, grants=(one.grant,))).outcome  # type: ignore[misc]
    for body in BODIES:
        office.system(lambda act, body=body: register_organisation(act, SCHEME, body.code, body.name, body.region))  # type: ignore[misc]
    office.vault.settings.set(MARK, office.now.isoformat())
    now = office.now

    def passwords() -> None:
        for name, account in ids.items():
            office.vault.credentials.set(account, name, PASSWORD, now)

    return passwords


def has_demonstration_accounts(office: Office) -> bool:
    """Does this installation have accounts whose password everybody knows?"""
    return office.vault.settings.get(MARK) is not None
