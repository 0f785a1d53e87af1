"""`lvyue policy try`: what a draft pack would have made of all of history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.cli.opening import Data, Json, opened
from web.cli.telling import MISUSED, Stop, progress, say, show_json, show_table, written


def try_pack(
    pack: Annotated[Path, typer.Argument(help="The draft: a pack's TOML file.", metavar="PACK")],
    as_json: Json = False,
    output: Annotated[Path | None, typer.Option("-o", help="A workbook (xlsx) of every difference; - is stdout.", metavar="FILE")] = None,
    data: Data = None,
) -> None:
    """Run all of history under a draft pack and list what would have differed: sanctions, periods, repair dates, deadlines. Writes nothing."""
    from domain.policy.pack import read_pack
    from web import trying
    from web.looks.tongue import tongue

    try:
        draft = read_pack(pack.read_bytes(), pack.name)
    except OSError as why:
        raise Stop(f"There is no file {pack}: {why.strerror or why}.", MISUSED) from None
    with opened(data) as office, progress("trying") as on_way:

        def told(done: int, whole: int) -> bool:
            on_way(done, whole)
            return False

        found = trying.try_pack(office, draft, told)
    if output is not None:
        with written(output) as stream:
            trying.write_workbook(found, stream, tongue("zh"))
    if as_json:
        show_json(found)
    elif output is None or str(output) != "-":
        rows = [[row["party"], row["number"], row["what"], row["about"], row["before"] or "", row["after"] or ""] for row in found["differences"]]
        show_table(["party", "number", "what", "about", "as adopted", "under the draft"], rows)
    counts = found["counts"]
    say(f"{draft.key}/{draft.version} on {found['events']} events: {counts['companies']} companies, {counts['cases']} cases; "
        + ", ".join(f"{counts[kind]} {name}" for kind, name in NAMES))  # fmt: skip


NAMES = (("sanction", "sanctions"), ("period", "periods"), ("repair_date", "repair dates"), ("deadline", "deadlines"), ("no_answer", "without an answer"))
