"""How Slack writes things down as JSON: messages, conversations, users, views."""

from __future__ import annotations

from tests.servers.slack_state import Channel, Json, Message, Team, User, View

SLACKBOT = "USLACKBOT"


def message_json(team: Team, message: Message, *, metadata: bool = False) -> Json:
    """A message as history, events and answers carry it; the root of a thread tells of its replies."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.subtype:
        shown["subtype"] = message.subtype
    shown |= {"team": team.id} | message.extra
    if message.bot:
        shown |= {"bot_id": message.bot["id"], "app_id": message.bot["app_id"], "bot_profile": message.bot}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.shown:
        shown["attachments"] = message.shown
    if message.edited:
        shown["edited"] = message.edited
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown | _thread_json(team, message)


def _thread_json(team: Team, message: Message) -> Json:
    channel = team.channels[message.channel]
    if message.thread_ts and message.thread_ts != message.ts:
        root = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts} | ({"parent_user_id": root.user} if root else {})
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    counts = {"reply_count": len(replies), "reply_users_count": len(users), "reply_users": users}
    latest = {"latest_reply": replies[-1].ts, "is_locked": False, "subscribed": message.user == team.bot.id}
    return {"thread_ts": message.ts} | counts | latest


def channel_json(team: Team, channel: Channel, reader: str) -> Json:
    """A conversation as its readers see it."""
    shown: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    if channel.kind == "im":
        other = next(iter(channel.members - {reader}), reader)
        return shown | {"is_im": True, "is_org_shared": False, "user": other, "context_team_id": team.id}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": reader in channel.members,
        "creator": channel.creator,
        "context_team_id": team.id,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def user_json(team: Team, user: User) -> Json:
    """A member as `users.info` shows them."""
    profile = {"real_name": user.name, "display_name": user.name, "team": team.id}
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id or ""}
    return {
        "id": user.id,
        "team_id": team.id,
        "name": user.name,
        "real_name": user.name,
        "deleted": False,
        "tz": "Etc/UTC",
        "profile": profile,
        "is_bot": user.bot_id is not None,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "updated": 0,
    }


def view_json(team: Team, view: View, *, values: Json | None = None) -> Json:
    """A view as Slack gives it back: what the app sent, and what Slack knows about it."""
    bare = {"callback_id": "", "private_metadata": "", "external_id": "", "title": None, "submit": None}
    flags = {"close": None, "clear_on_close": False, "notify_on_close": False}
    return (
        bare
        | flags
        | view.content
        | {
            "id": view.id,
            "hash": view.hash,
            "team_id": team.id,
            "app_id": team.bot.app_id,
            "app_installed_team_id": team.id,
            "bot_id": team.bot.bot_id,
            "root_view_id": view.id,
            "previous_view_id": None,
            "state": {"values": values or {}},
        }
    )


def tombstone(message: Message) -> Message:
    """What is left of a deleted message under which a thread hangs."""
    return Message(
        channel=message.channel,
        ts=message.ts,
        user=SLACKBOT,
        text="This message was deleted.",
        subtype="tombstone",
        extra={"hidden": True},
    )
