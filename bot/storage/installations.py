"""The workspaces that installed the Slack app: one sealed text each, in the bot's database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, select
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.storage.tables import slack_installations
from bot.storage.transactions import change, rows


class InstallationRows:
    """Keeps what it is given as it is: sealing is the caller's. Short transactions; raise StoreError."""

    def __init__(self, engine: Engine, *, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock

    async def keep(self, team: str, sealed: str) -> None:
        """Keep a workspace's installation, in place of an earlier one."""
        values = {"sealed": sealed, "installed_at": self._clock()}
        statement = sqlite.insert(slack_installations).values(team_id=team, **values)
        await change(self._engine, statement.on_conflict_do_update(index_elements=["team_id"], set_=values))

    async def load(self, team: str) -> str | None:
        """Give what is kept for a workspace; None when nothing is."""
        return (await self._load(slack_installations.c.team_id == team)).get(team)

    async def every(self) -> dict[str, str]:
        """Give what is kept, by workspace."""
        return await self._load()

    async def forget(self, team: str, *, kept_until: datetime | None = None) -> bool:
        """Delete what is kept for a workspace, unless it was kept after `kept_until`; says if it did."""
        statement = delete(slack_installations).where(slack_installations.c.team_id == team)
        if kept_until is not None:
            statement = statement.where(slack_installations.c.installed_at <= kept_until)
        return await change(self._engine, statement) > 0

    async def _load(self, *conditions: ColumnElement[bool]) -> dict[str, str]:
        columns = slack_installations.c
        statement = select(columns.team_id, columns.sealed).where(*conditions)
        return {row.team_id: row.sealed for row in await rows(self._engine, statement)}
