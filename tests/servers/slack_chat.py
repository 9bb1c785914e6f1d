"""chat.*: the app posts, edits and deletes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.slack_blocks import check_blocks
from tests.servers.slack_call import ApiError, Call, Method
from tests.servers.slack_state import Channel, Json, Message
from tests.servers.slack_unfurl import unfurl
from tests.servers.slack_wire import message_json

_LONGEST_POST = 40_000
_LONGEST_EDIT = 4_000


def post_message(call: Call) -> Json:
    """chat.postMessage. Where the thread's root is gone, Slack posts outside any thread."""
    team, _ = call.here
    channel = _open_channel(call)
    if team.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    _check_writable(channel)
    metadata = _metadata(call)
    message = _new_message(call, channel, most=_LONGEST_POST)
    message.metadata = metadata or None
    channel.messages[message.ts] = message
    call.events.posted(team, message)
    shown = message_json(team, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    team, _ = call.here
    channel = call.channel()
    if team.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    _check_writable(channel)
    if call.text("user") not in channel.members:
        raise ApiError("user_not_in_channel")
    message = _new_message(call, channel, most=_LONGEST_POST)
    message.seen_by = call.text("user")
    team.ephemerals.append(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update: what is not given stays, an empty list or object takes it away."""
    team, _ = call.here
    channel = call.channel()
    message = call.message(channel)
    if message.by_app != call.world.app.id:
        raise ApiError("cant_update_message")
    if len(call.text("text")) > _LONGEST_EDIT:
        raise ApiError("msg_too_long")
    blocks = call.structure("blocks", list, "invalid_blocks_format")
    attachments = call.structure("attachments", list, "invalid_attachments")
    metadata = _metadata(call)
    if not call.text("text") and blocks is None and attachments is None and metadata is None:
        raise ApiError("no_text")
    checked = None if blocks is None else check_blocks(blocks)
    before = message_json(team, message)
    message.text = call.text("text") or message.text
    message.blocks = message.blocks if checked is None else checked
    message.attachments = message.attachments if attachments is None else attachments
    message.metadata = message.metadata if metadata is None else metadata or None
    message.edited = {"user": team.bot.bot_id, "ts": call.world.clock.stamp()}
    call.events.changed(team, message, before)
    shown = message_json(team, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    """chat.delete."""
    team, _ = call.here
    channel = call.channel()
    message = call.message(channel)
    if message.by_app != call.world.app.id:
        raise ApiError("cant_delete_message")
    call.events.deleted(team, message)
    return {"channel": channel.id, "ts": message.ts}


def _open_channel(call: Call) -> Channel:
    """The conversation to post to; a user's id means the direct one with them."""
    team, _ = call.here
    user = team.users.get(call.text("channel"))
    if user and user.id != team.bot.id:
        return call.world.open_direct(team, team.bot.id, user.id)
    return call.channel()


def _check_writable(channel: Channel) -> None:
    if channel.archived:
        raise ApiError("is_archived")


def _new_message(call: Call, channel: Channel, *, most: int) -> Message:
    team, _ = call.here
    blocks = call.structure("blocks", list, "invalid_blocks_format") or []
    attachments = call.structure("attachments", list, "invalid_attachments") or []
    if not (call.text("text") or blocks or attachments):
        raise ApiError("no_text")
    if len(call.text("text")) > most:
        raise ApiError("msg_too_long")
    root = call.text("thread_ts")
    return Message(
        channel=channel.id,
        ts=call.world.clock.stamp(),
        user=team.bot.id,
        text=call.text("text"),
        thread_ts=root if root in channel.messages else None,
        blocks=check_blocks(blocks),
        attachments=attachments,
        bot=call.world.bot_profile(team, team.bot),
    )


def _metadata(call: Call) -> Json | None:
    metadata: Json | None = call.structure("metadata", dict, "invalid_metadata_format")
    if metadata and not (
        isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    ):
        raise ApiError("invalid_metadata_format")
    return metadata


METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(run=post_message, scopes=("chat:write",)),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=("chat:write",)),
    "chat.update": Method(run=update, scopes=("chat:write",)),
    "chat.delete": Method(run=delete, scopes=("chat:write",)),
    "chat.unfurl": Method(run=unfurl, scopes=("links:write",)),
}
