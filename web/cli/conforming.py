"""`lvyue conformance`: every history against the declared loops and the rules of procedure."""

from __future__ import annotations

from typing import Annotated

import typer

from web.cli.opening import Data, Json, day, instant, opened
from web.cli.telling import FAILED, progress, say, show_json, show_table

OnlyAuthority = Annotated[bool, typer.Option("--authority", help="Only what the authority's own side did or left undone.")]


def conformance(
    as_json: Json = False,
    known_at: Annotated[str | None, typer.Option("--known-at", help="As known at a day's end, an instant, or a log position.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="What held on that day.")] = None,
    authority: OnlyAuthority = False,
    data: Data = None,
) -> None:
    """Check every contract, case and application against the declared loops and the rules of procedure. Exit 1: there are deviations."""
    from web.conformance import check
    from web.conformance import conformance as told

    with opened(data) as office, progress("checking") as on_way:
        moment = office.moment(instant(known_at) if known_at else None, day(as_of, "--as-of") if as_of else None)
        found = told(office, moment, check(office, moment, on_way))
    if authority:
        found = {**found, "deviations": [one for one in found["deviations"] if one["of_authority"]]}
    if as_json:
        show_json(found)
    else:
        rows = [[one["kind"], one["number"], one["code"], one["owner"], one["due"] or "", one["on"] or "", (one["clause"] or {}).get("clause", ""),
                 ",".join(map(str, one["events"])), one["answer"] or one["state"] or ""] for one in found["deviations"]]  # fmt: skip
        show_table(["kind", "number", "what", "owner", "due", "done", "clause", "events", "answer"], rows)
    say(f"{found['checked']} histories checked: " + ", ".join(f"{n} {kind}" for kind, n in found["counts"].items()))
    if found["deviations"]:
        raise typer.Exit(FAILED)
