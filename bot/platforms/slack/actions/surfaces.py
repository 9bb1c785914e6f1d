"""Wires the command, the message shortcut, *Why this match?*, the App Home and the app's end to Bolt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, now_utc
from bot.commands.values import Command, Verb
from bot.model import ChannelRules, Reply
from bot.platforms.slack.actions import curating
from bot.platforms.slack.actions.commands import (
    Origin,
    Spoken,
    message,
    messages,
    question,
    read_command,
    status,
)
from bot.platforms.slack.actions.curating import Curating
from bot.platforms.slack.actions.safe_dispatch import caller
from bot.platforms.slack.actions.telling import FAILURES, named, open_modal, send, update_modal
from bot.platforms.slack.inbound import PLATFORM, channel_name
from bot.platforms.slack.oauth.installs import Installs, moment_of
from bot.platforms.slack.oauth.scopes import COMMAND, SHORTCUT
from bot.platforms.slack.views import modals, wording
from bot.platforms.slack.views.blocks import WHY
from bot.platforms.slack.views.home import channel_of, home
from bot.ports import LookUp, Recent
from bot.replies.wording import HELP, LATER
from kb.entries.people import Role

Json = dict[str, Any]

log = structlog.get_logger(__name__)

_LOOK_UP_SECONDS = 120.0  # the model may still be loading
_RECENT = 50  # looked through for those that the reader may see
_PAGES = 5
_OF_CHANNELS = "public_channel,private_channel"


@dataclass(frozen=True, kw_only=True)
class Surfaces:
    """What people see of the bot beside its answers in threads.

    `rules` takes a channel as "TEAM/CHANNEL", `paused_by` gives who paused the bot; `entries` counts the
    published entries; `installs` is None where the token of one workspace is in the settings.
    """

    look_up: LookUp
    rules: Callable[[str], ChannelRules]
    version: str
    paused_by: Callable[[], str | None] = lambda: None
    entries: Callable[[], Awaitable[int]] | None = None
    installs: Installs | None = None
    curating: Curating | None = None
    clock: Clock = now_utc

    async def command(
        self,
        ack: AsyncAck,
        command: Json,
        respond: AsyncRespond,
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """`/caveat`: acknowledged at once, then answered to the one who typed it."""
        if self.curating and await self.curating.command(ack, command, respond, client):
            return
        asked = read_command(command.get("text") or "")
        team, channel = command["team_id"], command["channel_id"]
        if asked.verb is Spoken.HELP:
            await self._help(ack, command, respond)
        elif asked.verb is Spoken.STATUS:
            await ack()
            told = status(
                self.rules(channel_name(team, channel)),
                entries=await self._entries(),
                version=self.version,
                paused_by=self.paused_by(),
            )
            await send(respond, message(told))
        else:
            await ack()
            await send(respond, message(wording.LOOKING))  # not in the ack, which may come after the answer
            origin = _origin(context, team, channel, command["user_id"], f"command:{command['trigger_id']}")
            for each in messages(await self._replies(origin, asked.rest)):
                if not await send(respond, each):
                    break

    async def shortcut(
        self, ack: AsyncAck, shortcut: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """*Check with Caveat* on a message: a modal that says so at once, and then shows the answer."""
        await ack()
        view = await open_modal(client, shortcut, modals.waiting(wording.LOOKING))
        if view is None:
            return
        about, team = shortcut["message"], (shortcut.get("team") or {}).get("id") or context.team_id or ""
        origin = _origin(context, team, shortcut["channel"]["id"], shortcut["user"]["id"], about["ts"])
        found = modals.answer(await self._replies(origin, about.get("text") or ""))
        await update_modal(client, view, found)

    async def why(
        self, ack: AsyncAck, body: Json, action: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """*Why this match?*: the evidence, in a modal; reviewers can have the reply removed there."""
        await ack()
        view = modals.why(action.get("value") or "")
        container = body.get("container") or {}
        at = {"channel": container.get("channel_id"), "message": container.get("message_ts")}
        is_reply = all(at.values()) and not (container.get("is_ephemeral") or container.get("is_app_unfurl"))
        if is_reply and await self._may(context, body["user"]["id"], Role.REVIEWER):
            view = modals.with_removal(view, at)
        await open_modal(client, body, view)

    async def home_opened(self, event: Json, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Fill the App Home of the one who looks at it."""
        if event.get("tab") != "home":
            return
        team, user = context.team_id or "", event["user"]
        view = home(
            self.rules(channel_name(team, "")).policy,
            await self._recent(client, team, user),
            version=self.version,
            paused_by=self.paused_by(),
            waiting=await self._waiting(context, user),
        )
        try:
            await client.views_publish(user_id=user, view=view)
        except FAILURES as error:
            log.warning("slack_home_not_published", team=team, error=named(error))

    async def ended(self, body: Json, next_: Callable[[], Awaitable[None]]) -> None:
        """Delete what is kept of a workspace that removed the app or revoked its token, before the ack."""
        if body.get("type") == "event_callback" and _is_end(body.get("event") or {}):
            await self._forget(body)
        await next_()

    async def _forget(self, body: Json) -> None:
        team = body.get("team_id") or ""
        if self.installs is None:
            advice = "install the app again and set CAVEAT_SLACK_BOT_TOKEN to the new token"
            log.error("slack_token_revoked", team=team, advice=advice)
            return
        forgotten = await self.installs.forget(team, told_at=moment_of(body, self.clock))
        log.info("slack_uninstalled", team=team, forgotten=forgotten)

    async def _help(self, ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        """List the commands, and to curators theirs as well, after the others."""
        everybody = message(f"{HELP}\n{wording.COMMANDS}")
        if self.curating is None:
            await ack(**everybody)
            return
        await ack()
        more = await self.curating.usage(caller(command["team_id"], "", command["user_id"]))
        if await send(respond, everybody) and more:
            await send(respond, message(more))

    async def _may(self, context: AsyncBoltContext, user: str, role: Role) -> bool:
        if self.curating is None:
            return False
        return await self.curating.dispatcher.may(caller(context.team_id or "", "", user), role)

    async def _waiting(self, context: AsyncBoltContext, user: str) -> tuple[Reply, ...]:
        """What waits for curators, for those who are."""
        if self.curating is None or not await self._may(context, user, Role.CURATOR):
            return ()
        who = caller(context.team_id or "", "", user)
        return (await self.curating.dispatcher.run(Command(verb=Verb.QUEUE), who)).replies

    async def _replies(self, origin: Origin, stored: str) -> tuple[Reply, ...]:
        asking = question(origin, stored, sent_at=self.clock())
        if asking is None:
            return (Reply(lead=wording.NOTHING_TO_CHECK),)
        try:
            async with asyncio.timeout(_LOOK_UP_SECONDS):
                return await self.look_up.replies(asking)
        except Exception as error:  # noqa: BLE001 - the boundary of one question: its text stays out of the log
            log.error("slack_look_up_failed", channel=asking.channel, error=named(error))
            return (Reply(lead=LATER),)

    async def _entries(self) -> int | None:
        try:
            return await self.entries() if self.entries else None
        except Exception as error:  # noqa: BLE001 - the rest of the status is told all the same
            log.error("slack_entries_not_counted", error=named(error))
            return None

    async def _recent(self, client: AsyncWebClient, team: str, user: str) -> list[Recent]:
        """The recent answers in channels that this person is in: others may be private ones."""
        try:
            answers = await self.look_up.recent(PLATFORM, channel_name(team, ""), _RECENT)
            shared = await _channels_of(client, user) if answers else set()
        except Exception as error:  # noqa: BLE001 - the rest of the home is shown all the same
            log.warning("slack_recent_not_read", team=team, error=named(error))
            return []
        return [each for each in answers if channel_of(each) in shared]


def register(app: AsyncApp, surfaces: Surfaces) -> None:
    """Add the listeners to an app that has, or will have, a catch-all listener after them."""
    app.command(COMMAND)(surfaces.command)
    app.message_shortcut(SHORTCUT)(surfaces.shortcut)
    app.action(WHY)(surfaces.why)
    app.event("app_home_opened")(surfaces.home_opened)
    app.use(surfaces.ended)
    if surfaces.curating:
        curating.register(app, surfaces.curating)


def _is_end(event: Json) -> bool:
    """Whether the bot's own token ended with this event."""
    tokens = event.get("tokens") or {}
    return event.get("type") == "app_uninstalled" or bool(
        event.get("type") == "tokens_revoked" and tokens.get("bot")
    )


def _origin(context: AsyncBoltContext, team: str, channel: str, sender: str, name: str) -> Origin:
    return Origin(team=team, channel=channel, sender=sender, id=name, bot=context.bot_user_id or "")


async def _channels_of(client: AsyncWebClient, user: str) -> set[str]:
    """The channels that the bot and somebody are both in."""
    found: set[str] = set()
    cursor = ""
    for _ in range(_PAGES):
        page = await client.users_conversations(user=user, types=_OF_CHANNELS, limit=200, cursor=cursor)
        found.update(each["id"] for each in page["channels"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return found
