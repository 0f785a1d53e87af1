"""`lvyue import`: contracts and what happened to them, from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.cli.opening import Data, Json


def import_(
    files: Annotated[list[Path], typer.Argument(help="Files, or folders (their .json .jsonl .xlsx .csv).", metavar="FILE|FOLDER...")],
    format: Annotated[str, typer.Option("--format", help="auto, ocds, xlsx or csv.")] = "auto",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be imported, and record nothing.")] = False,
    as_account: Annotated[str | None, typer.Option("--as", help="The account that imports.", metavar="ACCOUNT")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Import contracts and their histories; a wrong row comes back in a reject file that can be mended."""
    from web.cli import importing

    raise typer.Exit(importing.run(files, format=format, dry_run=dry_run, as_account=as_account, as_json=as_json, data=data))
