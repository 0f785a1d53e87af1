"""`lvyue verify`: is the log still what was recorded?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from web.cli.opening import Data, Json, opened
from web.cli.telling import FAILED, MISUSED, Stop, progress, say, show_json, show_table


def verify(
    file: Annotated[Path | None, typer.Argument(help="An evidence pack or a receipt, verified offline.", metavar="[PACK|RECEIPT]")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Verify the whole log: order, bytes, tree, checkpoint, views, evidence, packs. Names the first thing that differs."""
    if file is not None:
        raise Stop("Packs and receipts cannot be verified yet: this installation makes none.", MISUSED)
    from web.doctor import LAST_VERIFIED
    from web.verifying import verify_office

    with opened(data) as office, progress("verifying") as told:
        found = verify_office(office, told)
        noted = {"at": office.now.isoformat(timespec="seconds"), "events": found["events"], "ok": found["ok"]}
        office.vault.settings.set(LAST_VERIFIED, json.dumps(noted))
    if as_json:
        show_json(found)
    else:
        rows = [[one["name"], "ok" if one["ok"] else "DIFFERS", str(one["checked"])] for one in found["checks"]]
        show_table(["check", "", "checked"], rows)
        say(f"{'trial ' if found['trial'] else ''}log of {found['events']} events, root {found['root']}")
        for note in found.get("notes", []):
            say(f"note: {note}")
        if (first := found["first_difference"]) is not None:
            say(f"first difference: {first['check']} at position {first['position']}: {first['what']}")
    if not found["ok"]:
        raise typer.Exit(FAILED)
