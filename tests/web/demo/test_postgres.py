"""The demonstration and `verify` on PostgreSQL."""

from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from tests.web.demo import made
from web.demo.writing import Occupied, write_demonstration
from web.office import open_office
from web.settings import Settings
from web.verifying import verify_office


def test_it_is_written_and_verified_and_a_planted_change_is_named(tmp_path: Path, postgres: str) -> None:
    settings = Settings(data=tmp_path, database_url=postgres)
    with patch("stores.vault.passwords.Passwords.hash", lambda self, password: "unusable"):
        made_of = write_demonstration(settings, made.SMALL._replace(contracts=2))
    assert made_of["refused"] == 0
    with pytest.raises(Occupied):
        write_demonstration(settings, made.SMALL)
    office = open_office(settings)
    try:
        found = verify_office(office)
        assert found["ok"], found["first_difference"]
        assert found["events"] == made_of["events"]
        with office.views.begin() as conn:
            change = "UPDATE cases SET number = number || 'x' WHERE owner = (SELECT min(owner::text)::uuid FROM cases)"
            assert conn.execute(sa.text(change)).rowcount
        found = verify_office(office)
        assert found["first_difference"]["check"] == "views"
        with office.recorder.engine.connect() as conn:
            schemas = conn.execute(sa.text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'views_again%'")).all()
        assert schemas == []
    finally:
        office.close()
