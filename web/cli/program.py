"""The Typer application: which commands there are, and how a known fault is told instead of a traceback."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from web.cli.accounts import accounts
from web.cli.conforming import conformance
from web.cli.exporting import export, replay
from web.cli.faults import told
from web.cli.installing import demo, migrate, rebuild, settings, setup
from web.cli.keeping import backup, move, restore
from web.cli.policies import policies
from web.cli.receiving import import_
from web.cli.running import serve, worker
from web.cli.telling import Stop, say
from web.cli.tending import doctor, erase, jobs
from web.cli.trying import try_pack
from web.cli.verifying import verify
from web.cli.why import why


class Told(TyperGroup):
    """Runs a command; a known fault becomes a sentence on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            stop = error if isinstance(error, Stop) else told(error)
            if stop is None:
                raise
            say(f"lvyue: {stop.sentence}")
            raise typer.Exit(stop.code) from error


app = typer.Typer(
    cls=Told, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None,
    help="Lvyue 履约: contracts followed from signing to closed. Settings are environment variables LVYUE_*: see `lvyue settings`.",
)  # fmt: skip
for command in (setup, serve, worker, migrate, demo, export, verify, conformance, replay, why, rebuild, backup, restore, move, erase, doctor,
                jobs, settings):  # fmt: skip
    app.command()(command)
app.command("import")(import_)
app.add_typer(accounts, name="account")
policies.command("try")(try_pack)
app.add_typer(policies, name="policy")
