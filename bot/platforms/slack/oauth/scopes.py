"""What the Slack app asks for: every scope and event, and why. The manifest and the docs follow this list."""

from __future__ import annotations

from collections.abc import Mapping

COMMAND = "/caveat"
SHORTCUT = "caveat_check"
REMOVE = "caveat_remove"

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to be told when somebody mentions it",
    "channels:history": "to read messages in the public channels that it is in, for their links",
    "channels:read": "to show in the App Home only answers from public channels that the reader is in",
    "chat:write": "to post its answers, to correct them, and to delete them when the question is deleted",
    "commands": "to offer /caveat and the message shortcuts",
    "groups:history": "to read messages in the private channels that it was invited to, for their links",
    "groups:read": "to show in the App Home only answers from private channels that the reader is in",
    "im:history": "to read what people write to it directly",
    "links:read": "to be told of links to the domains registered for unfurling",
    "links:write": "to show its answer below such a link",
    "mpim:history": "to read messages in the group conversations that it is in, for their links",
}
"""Each bot scope, and what it is for."""

EVENTS: Mapping[str, str] = {
    "app_home_opened": "somebody opens the App Home: it is filled then",
    "app_mention": "somebody asks it in a channel",
    "app_uninstalled": "a workspace removes the app: its token is deleted",
    "link_shared": "a link to a domain registered for unfurling was posted, or stands in a draft",
    "message.channels": "links in public channels, edits that add one, and deleted questions",
    "message.groups": "the same in private channels",
    "message.im": "what people write to it directly",
    "message.mpim": "links in group conversations",
    "tokens_revoked": "a workspace revokes the token: it is deleted",
}
"""Each bot event, and why the app subscribes to it."""
