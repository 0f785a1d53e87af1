"""Migrations: how the stores that may be altered come to their present shape. The ledger is never altered."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from stores.vault.engine import SCHEMA, writing

HERE = Path(__file__).parent


class NewerThanKnown(RuntimeError):
    """The database was made by a later release; this one leaves it alone."""


def upgrade(engine: Engine) -> None:
    """Brings the vault to the present shape, all or nothing; `NewerThanKnown` where it is beyond it."""
    with writing(engine) as connection:
        if _is_newer(connection):
            raise NewerThanKnown("数据库由更新版本的履约创建，请使用相同或更新的版本")
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newer_than_known(engine: Engine) -> bool:
    """Whether the vault stands at a revision that this release does not know."""
    with engine.connect() as connection:
        return _is_newer(connection)


def is_current(engine: Engine) -> bool:
    """Whether the vault stands at the last revision that this release knows."""
    with engine.connect() as connection:
        standing = set(MigrationContext.configure(connection).get_current_heads())
    return standing == set(ScriptDirectory.from_config(_config()).get_heads())


def _is_newer(connection: Connection) -> bool:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return not set(MigrationContext.configure(connection).get_current_heads()) <= known


def _config() -> Config:
    config = Config()
    config.set_main_option("path_separator", "newline")  # a folder's name may hold spaces and commas
    config.set_main_option("script_location", _escaped(HERE))
    config.set_main_option("version_locations", _escaped(HERE / "vault" / "versions"))
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
