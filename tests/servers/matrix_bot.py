"""The Matrix adapter on a test server, with somebody to talk to."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.model import Place
from bot.patience import Patience
from bot.platforms.matrix.platform import MatrixPlatform
from bot.platforms.matrix.session import Credentials
from bot.storage.memory import MemoryTexts
from tests.contract.platform_suite import Accepted, listening
from tests.servers.synapse import Account, Synapse, User

QUICK = Patience(first=0.05, longest=0.2)


@dataclass(kw_only=True)
class BotAccount:
    """The bot's account and what outlives its process: the state and the store folder."""

    account: Account
    store: Path
    state: MemoryTexts = field(default_factory=MemoryTexts)

    def platform(self, **settings: Any) -> MatrixPlatform:
        """Make the adapter, as a new process would; it logs in by password unless told otherwise."""
        given: dict[str, Any] = {
            "homeserver": self.account.server,
            "user": self.account.user_id,
            "password": self.account.password,
            "store": self.store,
            "state": self.state,
            "patience": QUICK,
        }
        given |= settings
        own = {each.name: given.pop(each.name) for each in fields(Credentials) if each.name in given}
        return MatrixPlatform(credentials=Credentials(**own), **given)


@dataclass(kw_only=True)
class MatrixStage:
    """A room with the listening bot and a user in it, as `PlatformSuite` wants it."""

    bot: BotAccount
    user: User
    platform: MatrixPlatform
    accepted: Accepted
    channel: str
    unknown_id: str = "$" + "x" * 43

    async def say(self, text: str) -> str:
        """Post as the user."""
        return await self.user.send(self.channel, text)

    async def delete(self, message_id: str) -> None:
        """Redact as the user."""
        await self.user.redact(self.channel, message_id)

    async def answers(self, place: Place) -> list[str]:
        """Read the thread as the user."""
        thread = await self.user.thread(place.channel, place.root)
        return [event["event_id"] for event in thread if event["sender"] == self.bot.account.user_id]

    async def shown(self, message_id: str) -> tuple[str, int]:
        """Read the latest edit as the user, as clients show it."""
        event = await self.user.event(self.channel, message_id)
        edits = await self.user.relations(self.channel, message_id, "m.replace")
        latest = max(edits, key=lambda edit: int(edit["origin_server_ts"]), default=None)
        content = latest["content"]["m.new_content"] if latest else event["content"]
        return str(content["body"]), len(edits)


def register_bot(server: Synapse, store: Path) -> BotAccount:
    """Create an account for the bot; names are new each time, so that tests share one server."""
    account = server.register(f"caveat-{secrets.token_hex(4)}", display_name="Caveat Bot")
    return BotAccount(account=account, store=store)


@asynccontextmanager
async def somebody(server: Synapse) -> AsyncIterator[User]:
    """Create a user with a client."""
    async with User(server.register(f"user-{secrets.token_hex(4)}")) as user:
        yield user


@asynccontextmanager
async def on_stage(server: Synapse, store: Path, *, direct: bool = False) -> AsyncIterator[MatrixStage]:
    """Let a user invite a listening bot into a new room, and wait until it is there."""
    bot = register_bot(server, store)
    platform = bot.platform()
    async with somebody(server) as user, listening(platform) as accepted:
        room = await user.create_room(bot.account.user_id, direct=direct)
        await user.wait_for_member(room, bot.account.user_id)
        yield MatrixStage(bot=bot, user=user, platform=platform, accepted=accepted, channel=room)
