"""conversations.*, users.* and reactions.*: the app looks around."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.slack_call import ApiError, Call, Method
from tests.servers.slack_state import Channel, Json, Message
from tests.servers.slack_wire import channel_json, message_json, user_json

_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_NEEDED = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_READ = tuple(_NEEDED.values())
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_MOST_IN_GROUP = 8


def info(call: Call) -> Json:
    """conversations.info."""
    team, _ = call.here
    return {"channel": channel_json(team, call.channel(right="read"), team.bot.id)}


def history(call: Call) -> Json:
    """conversations.history: newest first, without the replies in threads."""
    team, _ = call.here
    channel = call.channel(right="history")
    if team.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    top = [each for each in channel.messages.values() if each.thread_ts in (None, each.ts)]
    wanted = [each for each in reversed(top) if _between(call, each)]
    return _messages(call, wanted)


def replies(call: Call) -> Json:
    """conversations.replies: the root first, then its replies, oldest first; of a reply, itself alone."""
    team, _ = call.here
    channel = call.channel(right="history")
    if team.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    root = channel.messages.get(call.text("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    thread = [each for each in channel.replies(root.ts) if _between(call, each)]
    return _messages(call, [root, *thread])


def members(call: Call) -> Json:
    """conversations.members."""
    page, cursor = call.page(sorted(call.channel(right="read").members))
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def open_direct(call: Call) -> Json:
    """conversations.open: with one user or up to eight, or a direct conversation by its id."""
    team, _ = call.here
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in ("im", "mpim"):
            raise ApiError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = [each.strip() for each in call.text("users").split(",") if each.strip()]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > _MOST_IN_GROUP:
        raise ApiError("too_many_users")
    if any(user not in team.users for user in users):
        raise ApiError("user_not_found")
    call.require("im:write" if len(users) == 1 else "mpim:write")
    known = team.direct(team.bot.id, *users) is not None
    channel = call.world.open_direct(team, team.bot.id, *users)
    opened = channel_json(team, channel, team.bot.id) if call.flag("return_im") else {"id": channel.id}
    return ({"no_op": True, "already_open": True} if known else {}) | {"channel": opened}


def list_all(call: Call) -> Json:
    """conversations.list: what the bot may see."""
    team, _ = call.here
    return _list(call, [each for each in team.channels.values() if _visible(call, each)])


def list_own(call: Call) -> Json:
    """users.conversations: where the bot (or a `user`) is a member."""
    team, _ = call.here
    user = call.text("user") or team.bot.id
    return _list(
        call, [each for each in team.channels.values() if user in each.members and _visible(call, each)]
    )


def user_info(call: Call) -> Json:
    """users.info."""
    team, _ = call.here
    user = team.users.get(call.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user_json(team, user)}


def react(call: Call) -> Json:
    """reactions.add."""
    team, _ = call.here
    if not call.text("timestamp"):
        raise ApiError("no_item_specified")
    channel = call.channel()
    if team.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    message = call.message(channel, "timestamp")
    name = call.text("name").strip(":")
    if not name:
        raise ApiError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if team.bot.id in users:
        raise ApiError("already_reacted")
    users.append(team.bot.id)
    call.events.reacted(team, message, team.bot.id, name)
    return {}


def _between(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest") or "0", call.text("latest")
    try:
        after, before = float(oldest), float(latest or "inf")
    except ValueError as error:
        raise ApiError("invalid_ts_oldest") from error
    if call.flag("inclusive") and message.ts in (oldest, latest):
        return True
    return after < float(message.ts) < before


def _messages(call: Call, messages: list[Message]) -> Json:
    team, _ = call.here
    page, cursor = call.page(messages)
    metadata = call.flag("include_all_metadata")
    shown = [message_json(team, each, metadata=metadata) for each in page]
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": shown, "has_more": bool(cursor)} | more


def _visible(call: Call, channel: Channel) -> bool:
    team, grant = call.here
    if channel.kind != "channel" and team.bot.id not in channel.members:
        return False
    return _NEEDED[channel.kind] in grant.scopes


def _list(call: Call, channels: list[Channel]) -> Json:
    team, _ = call.here
    types = [each.strip() for each in (call.text("types") or "public_channel").split(",")]
    if any(each not in _TYPES for each in types):
        raise ApiError("invalid_types")
    kinds = [_TYPES[each] for each in types]
    for kind in kinds:
        call.require(_NEEDED[kind])
    archived = not call.flag("exclude_archived")
    wanted = [each for each in channels if each.kind in kinds and (archived or not each.archived)]
    page, cursor = call.page(wanted)
    shown = [channel_json(team, each, team.bot.id) for each in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


METHODS: Mapping[str, Method] = {
    "conversations.info": Method(run=info, scopes=_READ),
    "conversations.history": Method(run=history, scopes=_HISTORY),
    "conversations.replies": Method(run=replies, scopes=_HISTORY),
    "conversations.members": Method(run=members, scopes=_READ),
    "conversations.open": Method(run=open_direct, scopes=("im:write", "mpim:write")),
    "conversations.list": Method(run=list_all, scopes=_READ),
    "users.conversations": Method(run=list_own, scopes=_READ),
    "users.info": Method(run=user_info, scopes=("users:read",)),
    "reactions.add": Method(run=react, scopes=("reactions:write",)),
}
