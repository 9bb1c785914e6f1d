"""What admins decided for single channels, and whether the bot is paused everywhere.

It is asked for every message, so it is held in memory; each change is written first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from bot.clock import Clock, now_utc
from bot.model import ChannelRules, Policy
from bot.storage.tables import channels, platform_state
from bot.storage.transactions import write
from kb.store.database import reading

_PAUSED = "paused"


class ChannelBook:
    """The rules of channels: those that admins set from chat, over those of the settings; gone with the bot.

    `default` gives the policy that the settings say. Raises StoreError where what is set cannot be kept.
    """

    def __init__(self, default: Callable[[str], Policy]) -> None:
        self._default = default
        self._rules: dict[tuple[str, str], dict[str, Any]] = {}
        self._paused_by: str | None = None

    def rules(self, platform: str, channel: str) -> ChannelRules:
        """What holds in a channel now; while the bot is paused, it is off everywhere."""
        rules = self.set_rules(platform, channel)
        return replace(rules, policy=Policy.OFF) if self._paused_by else rules

    @property
    def paused_by(self) -> str | None:
        """Who paused the bot; None while it is not paused."""
        return self._paused_by

    async def change(
        self,
        platform: str,
        channel: str,
        *,
        by: str,
        policy: Policy | None = None,
        threshold: float | None = None,
        language: str | None = None,
    ) -> ChannelRules:
        """Set what is given; what is not given stays. Gives what holds in the channel then."""
        before = self._rules.get((platform, channel), {})
        given = {"policy": policy and policy.value, "threshold": threshold, "language": language}
        values = {**before, **{name: value for name, value in given.items() if value is not None}}
        return await self._set(platform, channel, by, values)

    async def reset(self, platform: str, channel: str, *names: str, by: str) -> ChannelRules:
        """Go back to what the settings say for a channel, in all or in what is named, such as "policy"."""
        before = self._rules.get((platform, channel), {}) if names else {}
        values = {name: value for name, value in before.items() if name not in names}
        return await self._set(platform, channel, by, values)

    async def pause(self, *, by: str) -> None:
        """Stop all speaking, everywhere and at once, also after a restart, until `resume`."""
        self._paused_by = by
        await self._keep_pause(by)

    async def resume(self) -> None:
        """Speak again by each channel's rules."""
        await self._keep_pause(None)
        self._paused_by = None

    def set_rules(self, platform: str, channel: str) -> ChannelRules:
        """What was set for a channel, be the bot paused or not."""
        found = self._rules.get((platform, channel), {})
        policy = found.get("policy")
        return ChannelRules(
            policy=Policy(policy) if policy else self._default(channel),
            threshold=found.get("threshold"),
            language=found.get("language"),
        )

    def chosen_policy(self, platform: str, channel: str) -> Policy | None:
        """The policy that an admin set from chat for just this channel; None where nobody did."""
        policy = self._rules.get((platform, channel), {}).get("policy")
        return Policy(policy) if policy else None

    async def _set(self, platform: str, channel: str, by: str, values: dict[str, Any]) -> ChannelRules:
        await self._keep(platform, channel, by, values)
        self._rules[platform, channel] = values
        return self.set_rules(platform, channel)

    async def _keep(self, platform: str, channel: str, by: str, values: dict[str, Any]) -> None:
        """Put what is set where it outlasts the process, before it holds."""

    async def _keep_pause(self, by: str | None) -> None:
        """The same, of who paused the bot."""


class KeptChannelBook(ChannelBook):
    """A book that is also in the database, and begins with what is there."""

    def __init__(self, engine: Engine, default: Callable[[str], Policy], *, clock: Clock = now_utc) -> None:
        super().__init__(default)
        self._engine, self._clock = engine, clock
        with reading(engine) as connection:
            rows = connection.execute(select(channels)).mappings().all()
            paused = select(platform_state.c.value).where(platform_state.c.name == _PAUSED)
            self._paused_by = connection.execute(paused).scalar_one_or_none()
        self._rules = {(row["platform"], row["channel"]): _rules_of(row) for row in rows}

    async def _keep(self, platform: str, channel: str, by: str, values: dict[str, Any]) -> None:
        of_channel = (channels.c.platform == platform) & (channels.c.channel == channel)
        row = {"platform": platform, "channel": channel, "changed_by": by, "changed_at": self._clock()}

        def save(connection: Connection) -> None:
            connection.execute(delete(channels).where(of_channel))
            connection.execute(insert(channels).values(**row, **values))

        await write(self._engine, save)

    async def _keep_pause(self, by: str | None) -> None:
        def save(connection: Connection) -> None:
            connection.execute(delete(platform_state).where(platform_state.c.name == _PAUSED))
            if by is not None:
                row = {"name": _PAUSED, "value": by, "changed_at": self._clock()}
                connection.execute(insert(platform_state).values(row))

        await write(self._engine, save)


def _rules_of(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("policy", "threshold", "language") if row[name] is not None}
