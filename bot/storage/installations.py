"""The workspaces that installed the Slack app: one sealed text each, in the bot's database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, select
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.storage.tables import slack_installations
from bot.threads import in_thread
from kb.store.database import reading, writing


class InstallationRows:
    """Keeps what it is given as it is: sealing is the caller's. Short transactions; raise StoreError."""

    def __init__(self, engine: Engine, *, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock

    async def keep(self, team: str, sealed: str) -> None:
        """Keep a workspace's installation, in place of an earlier one."""
        await in_thread(self._keep, team, sealed)

    async def load(self, team: str) -> str | None:
        """Give what is kept for a workspace; None when nothing is."""
        return (await in_thread(self._load, slack_installations.c.team_id == team)).get(team)

    async def every(self) -> dict[str, str]:
        """Give what is kept, by workspace."""
        return await in_thread(self._load)

    async def forget(self, team: str, *, kept_until: datetime | None = None) -> bool:
        """Delete what is kept for a workspace, unless it was kept after `kept_until`; says if it did."""
        return await in_thread(self._forget, team, kept_until)

    def _keep(self, team: str, sealed: str) -> None:
        values = {"sealed": sealed, "installed_at": self._clock()}
        statement = sqlite.insert(slack_installations).values(team_id=team, **values)
        with writing(self._engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["team_id"], set_=values))

    def _load(self, *conditions: ColumnElement[bool]) -> dict[str, str]:
        columns = slack_installations.c
        statement = select(columns.team_id, columns.sealed).where(*conditions)
        with reading(self._engine) as connection:
            return {row.team_id: row.sealed for row in connection.execute(statement)}

    def _forget(self, team: str, kept_until: datetime | None) -> bool:
        statement = delete(slack_installations).where(slack_installations.c.team_id == team)
        if kept_until is not None:
            statement = statement.where(slack_installations.c.installed_at <= kept_until)
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount > 0
