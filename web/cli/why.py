"""`lvyue why`: what makes a value so, by which clauses, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from web.cli.opening import Data, Json, day, instant, opened
from web.cli.telling import MISUSED, Stop, say, show_json, show_table

if TYPE_CHECKING:
    from domain.actor import Actor
    from projections.temporal.moment import Moment
    from web.office import Office

DEFAULT = {"parties": "standing/points"}
PROOFS = {
    "all": "the smallest set: every smaller and every earlier one was tried",
    "sum": "the smallest set: no fewer and no earlier ones make this amount",
    "relevant": "every smaller set of the events that make any difference was tried",
    "each": "not every smaller set was tried; each of these, taken alone out of all that happened, changes the answer",
    "needed": "not every smaller set was tried; none of these can be left out of it",
}


def why(
    ref: Annotated[str, typer.Argument(help="A contract, case, application or party (number, receipt, id, scheme:id) and a field.", metavar="REF[#FIELD]")],
    known_at: Annotated[str | None, typer.Option("--known-at", help="What was known then: a day, an instant or a log position.", metavar="T")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="What held on that day.", metavar="D")] = None,
    as_account: Annotated[str | None, typer.Option("--as", help="Ask as this account (permissions are its own).", metavar="ACCOUNT")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Say why a field is what it is: the smallest set of events that makes it so, and the clauses."""
    from projections.why.field import UnknownField
    from web.looks.tongue import tongue
    from web.why import why as why_of

    name, _, field = ref.partition("#")
    with opened(data) as office:
        actor = _actor(office, as_account)
        moment = office.moment(instant(known_at) if known_at else None, day(as_of, "--as-of") if as_of else None)
        kind, shown = _found(office, actor, name, moment)
        field = field or DEFAULT.get(kind, "status")
        if kind == "parties" and field.startswith("standing/"):
            kind, shown, field = "standing", _standing(office, name, moment), field.removeprefix("standing/")
        try:
            answer = why_of(office, actor, tongue("en"), kind, shown, field, moment)
        except UnknownField as unknown:
            raise Stop(f"{name} has no field {unknown.field!r}.", MISUSED) from None
    if as_json:
        show_json(answer)
    else:
        _tell(answer)


def _actor(office: Office, name: str | None) -> Actor:
    from domain.access.account import account_id
    from domain.actor import THE_SYSTEM

    if name is None:
        return THE_SYSTEM
    found = office.actor(account_id(name))
    if found is None:
        raise Stop(f"There is no account {name!r}.")
    return found


def _found(office: Office, actor: Actor, name: str, moment: Moment) -> tuple[str, Any]:
    """The thing that a name names: a party by scheme:id, else a contract, a case or an application."""
    from domain.ledger import NotThere
    from domain.values.fault import Malformed
    from domain.values.party import PartyRef
    from web import resources

    try:
        return "parties", resources.party(office, PartyRef.parse(name), moment)
    except (Malformed, NotThere):
        pass  # no party's name
    for kind, stream in _named(office, name, moment):
        try:
            return kind, {"contracts": resources.contract, "cases": resources.case, "repairs": resources.repair, "commitments": resources.commitment}[kind](
                office, actor, stream, moment
            )
        except NotThere:
            continue  # of another kind, or not for this account
    raise Stop(f"There is nothing called {name!r} here.")


def _named(office: Office, name: str, moment: Moment) -> list[tuple[str, UUID]]:
    from projections import cases, commitments, contracts, repairs

    try:
        return [(kind, UUID(name)) for kind in ("contracts", "cases", "repairs", "commitments")]
    except ValueError:
        pass  # no id: a number or a receipt
    with office.looking() as conn:
        found = [("contracts", one) for one in contracts.numbered(conn, moment, name)]
        found += [("cases", row.owner) for row in cases.list_cases(conn, moment, filters=cases.Filters(name)) if row.number == name]
        receipt, promised = repairs.receipted(conn, moment, name), commitments.numbered(conn, moment, name)
    return [*found, *([("repairs", receipt)] if receipt else []), *([("commitments", promised)] if promised else [])]


def _standing(office: Office, name: str, moment: Moment) -> Any:
    from domain.values.party import PartyRef
    from web import resources

    with office.looking() as conn:
        return resources.standing(office, conn, PartyRef.parse(name), moment)


def _tell(answer: dict[str, Any]) -> None:
    say(f"{answer['field']} is {answer['value']} on {answer['on']}")
    for one in answer["refusals"]:
        say(f"refused: {one['detail']}")
    show_table(["position", "day", "event", "sentence"], [[str(one["position"]), one["day"], one["topic"], one["sentence"]] for one in answer["events"]])
    say(PROOFS[answer["smallest"]])
    for one in answer["clauses"]:
        say(f"clause: {one['clause']} ({one['pack']}@{one['version']} {one['rule']}, {one['status']})")
    for one in answer["would_change"]:
        say(f"would change: {one['on']}, {one['value']}" if one["kind"] == "day" else f"would change: {one['act']} ({one['event']})")
