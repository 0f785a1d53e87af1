"""`lvyue export` and `lvyue replay`: what is, or was, known, taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from web.cli.opening import Data, Json, day, instant, opened
from web.cli.telling import MISUSED, Stop, say, show_json, show_table, written

KINDS = ("contracts", "template", "ocds", "events", "evidence")
LATER = ("ocel", "shuanggongshi", "commitments", "performance", "cases")
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As known at a day's end, an instant, or a log position.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="What held on that day.")]


def export(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(KINDS)}.", metavar="KIND")],
    known_at: KnownAt = None,
    as_of: AsOf = None,
    start: Annotated[str | None, typer.Option("--from", help="From this day (of signing; of recording for events).")] = None,
    end: Annotated[str | None, typer.Option("--to", help="To this day.")] = None,
    output: Annotated[Path | None, typer.Option("-o", help="The file to write; - is stdout. .csv and .xlsx choose the format.", metavar="FILE")] = None,
    data: Data = None,
) -> None:
    """Take something out: contracts (xlsx, csv), template (xlsx), ocds, events (JSONL)."""
    if kind in LATER or kind == "evidence":
        raise Stop(f"{kind} cannot be exported yet.", MISUSED)
    if kind not in KINDS:
        raise Stop(f"There is no export {kind!r}. Exports: {', '.join(KINDS)}.", MISUSED)
    from web import exporting

    output = output or (Path(f"{kind}.xlsx") if kind in ("contracts", "template") else None)
    if kind == "template":
        with written(output) as stream:
            exporting.write_template(stream)
        return
    with opened(data) as office:
        wanted = exporting.Wanted(_moment(office, known_at, as_of), day(start, "--from") if start else None, day(end, "--to") if end else None)
        with written(output) as stream:
            count = exporting.WRITERS[kind](office, wanted, stream, output.suffix.removeprefix(".") if output else "")
        say(f"{count} {'events' if kind == 'events' else 'contracts'} written{f' to {output}' if output and str(output) != '-' else ''}.")


def _moment(office: Any, known_at: str | None, as_of: str | None) -> Any:
    return office.moment(instant(known_at) if known_at else None, day(as_of, "--as-of") if as_of else None)


def replay(
    known_at: KnownAt = None,
    as_of: AsOf = None,
    contract: Annotated[str | None, typer.Option("--contract", help="One contract, by its id or number.", metavar="ID")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Show what was known at a moment: the register, or one contract whole."""
    from web import exporting

    with opened(data) as office:
        moment = _moment(office, known_at, as_of)
        if contract is not None:
            return _show_contract(exporting.contract_at(office, contract, moment), as_json)
        rows = exporting.register(office, moment)
    if as_json:
        return show_json({"known_at": moment.known_at, "as_of": moment.day.isoformat(), "items": rows, "total": len(rows)})
    columns = ["number", "name", "status", "region", "signed_on", "value"]
    show_table(columns, [[str(row[column] if row[column] is not None else "") for column in columns] for row in rows])
    return None


def _show_contract(card: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return show_json(card)
    say(f"{card['number']} {card['name']}: {card['status']}")
    show_table(["on", "what", "position"], [[one["on"] or "", one["text"], str(one["position"])] for one in card["timeline"]])
    return None
