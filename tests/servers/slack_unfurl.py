"""chat.unfurl: what the app shows below somebody else's link."""

from __future__ import annotations

from tests.servers import slack_text as text
from tests.servers.slack_blocks import check_blocks
from tests.servers.slack_call import ApiError, Call
from tests.servers.slack_state import Json, Message
from tests.servers.slack_wire import message_json

_SOURCES = ("composer", "conversations_history")


def unfurl(call: Call) -> Json:
    """Attach previews to a message or a draft; the same URL again replaces its preview, `{}` removes it."""
    team, _ = call.here
    target = _by_unfurl_id(call) if call.text("unfurl_id") or call.text("source") else _by_ts(call)
    asks_login = (
        call.flag("user_auth_required") or call.text("user_auth_url") or call.text("user_auth_message")
    )
    if call.arguments.get("unfurls") in (None, "") and not asks_login:
        raise ApiError("missing_unfurls")
    unfurls = call.structure("unfurls", dict, "invalid_unfurls_format") or {}
    previews = {url: _preview(call, target, url, given) for url, given in unfurls.items()}
    if not previews:
        return {}
    in_channel = target.channel in team.channels
    before = message_json(team, target) if in_channel else {}
    shown = target.unfurls | previews
    target.unfurls = {url: preview for url, preview in shown.items() if preview}
    if in_channel:
        call.events.changed(team, target, before)
    return {}


def _by_unfurl_id(call: Call) -> Message:
    team, _ = call.here
    for name in ("unfurl_id", "source"):
        if not call.text(name):
            raise ApiError(f"missing_{name}")
    if call.text("source") not in _SOURCES:
        raise ApiError("invalid_source")
    name = call.text("unfurl_id")
    posted = (message for channel in team.channels.values() for message in channel.messages.values())
    draft = team.drafts.get(name)
    found = draft or next((each for each in posted if name in each.links.values()), None)
    if found is None:
        raise ApiError("invalid_unfurl_id")
    if (call.text("source") == "composer") != (draft is not None):
        raise ApiError("invalid_source")
    return found


def _by_ts(call: Call) -> Message:
    team, _ = call.here
    for name in ("channel", "ts"):
        if not call.text(name):
            raise ApiError(f"missing_{name}")
    channel = team.channels.get(call.text("channel"))
    if channel is None:
        raise ApiError("cannot_find_channel")
    message = channel.messages.get(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise ApiError("cannot_find_message")
    return message


def _preview(call: Call, target: Message, url: str, given: object) -> Json:
    team, _ = call.here
    if url not in target.links:
        stands_there = url in text.links(target.text)
        raise ApiError("cannot_unfurl_url" if stands_there else "cannot_unfurl_message")
    if not isinstance(given, dict):
        raise ApiError("cannot_parse_attachment")
    if not given:
        return {}
    try:
        blocks = {"blocks": check_blocks(given["blocks"])} if given.get("blocks") else {}
    except (ApiError, TypeError) as error:
        raise ApiError("cannot_parse_attachment") from error
    about = {"from_url": url, "app_unfurl_url": url, "is_app_unfurl": True}
    return given | blocks | about | {"app_id": team.bot.app_id, "bot_id": team.bot.bot_id}
