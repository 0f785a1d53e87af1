"""Drafts: what somebody has typed into a form and not yet sent."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, and_, delete, select

from stores.vault.engine import reading, writing
from stores.vault.key import MasterKey
from stores.vault.tables import drafts
from stores.vault.upsert import put

MARK = "whose form"


class Drafts:
    """Typed fields by account and form, wrapped: they may name anybody."""

    def __init__(self, engine: Engine, key: MasterKey) -> None:
        self._engine, self._key = engine, key

    def keep(self, account: UUID, form: str, fields: Mapping[str, Any], now: datetime) -> None:
        """Keeps the fields (anything JSON) in place of what was kept for this form."""
        text = json.dumps(dict(fields), ensure_ascii=False).encode()
        wrapped = self._key.wrap(text, _purpose(account, form))
        with writing(self._engine) as connection:
            put(connection, drafts, {"account": account, "form": form}, {"fields": wrapped, "updated": now})

    def get(self, account: UUID, form: str) -> dict[str, Any] | None:
        """The fields kept for this form."""
        mine = and_(drafts.c.account == account, drafts.c.form == form)
        with reading(self._engine) as connection:
            wrapped = connection.scalar(select(drafts.c.fields).where(mine))
        if wrapped is None:
            return None
        fields: dict[str, Any] = json.loads(self._key.unwrap(wrapped, _purpose(account, form)))
        return fields

    def of(self, account: UUID) -> list[tuple[str, datetime]]:
        """The account's drafts: form and when it was last typed in, newest first."""
        wanted = select(drafts.c.form, drafts.c.updated).where(drafts.c.account == account)
        with reading(self._engine) as connection:
            return [(form, updated) for form, updated in connection.execute(wanted.order_by(drafts.c.updated.desc()))]

    def drop(self, account: UUID, form: str) -> None:
        """Forgets the draft: it was sent, or is not wanted."""
        with writing(self._engine) as connection:
            connection.execute(delete(drafts).where(drafts.c.account == account, drafts.c.form == form))

    def mark(self, account: UUID) -> str:
        """What a form carries to say, unforgeably, for whom it was made."""
        return account.hex + self._key.mac(account.bytes, MARK)[:16].hex()

    def account_of(self, mark: str) -> UUID | None:
        """The account of such a mark; None for anything else."""
        try:
            account = UUID(mark[:32])
        except ValueError:
            return None
        return account if hmac.compare_digest(self.mark(account).encode(), mark.encode("utf-8", "replace")) else None

    def sweep(self, before: datetime) -> int:
        """Forgets drafts not touched since this moment; how many."""
        with writing(self._engine) as connection:
            return connection.execute(delete(drafts).where(drafts.c.updated < before)).rowcount


def _purpose(account: UUID, form: str) -> str:
    return f"draft|{account.hex}|{form}"
