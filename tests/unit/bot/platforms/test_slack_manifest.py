"""The manifest and the docs ask for what the code uses, and say why; no more and no less."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.platforms.slack.oauth.scopes import COMMAND, EVENTS, REMOVE, SCOPES, SHORTCUT
from tests.servers.slack_state import EVENT_SCOPES

ROOT = Path(__file__).parents[4]
TEXT = (ROOT / "deploy" / "slack-manifest.yaml").read_text()
DOCS = (ROOT / "docs" / "slack.md").read_text()
HISTORY = {f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")}
METHODS = {
    "apps.connections.open": set[str](),  # with the app-level token
    "auth.test": set[str](),
    "chat.delete": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.unfurl": {"links:write"},
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "users.conversations": {"channels:read", "groups:read"},  # for the types that are asked for
    "views.open": set[str](),
    "views.publish": set[str](),
    "views.update": set[str](),
}
"""Which scopes Slack's documentation names for each method."""


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The manifest, read."""
    read: dict[str, Any] = yaml.safe_load(TEXT)
    return read


def test_the_manifest_asks_for_the_scopes_and_events_of_the_code(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)


@pytest.mark.parametrize(("name", "reason"), [*SCOPES.items(), *EVENTS.items()])
def test_each_scope_and_event_stands_with_its_reason_in_the_manifest_and_the_docs(
    name: str, reason: str
) -> None:
    assert f"- {name} # {reason}\n" in TEXT
    assert f"| `{name}` | {reason} |\n" in DOCS


def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    """The scopes are those of the methods that are called, of the events and of the commands."""
    sources = "\n".join(path.read_text() for path in ROOT.glob("bot/platforms/slack/**/*.py"))
    called = re.findall(r"client\.([a-z]+(?:_[a-zA-Z]+)+)\(", sources)
    named = re.findall(
        r'"((?:chat|conversations|users|views|reactions|team|auth|apps)\.[a-zA-Z.]+)"', sources
    )
    used = {name.replace("_", ".") for name in called if name != "api_call"} | set(named)
    assert used == set(METHODS)
    by_methods = set[str]().union(*METHODS.values())
    by_events = {scope for event in EVENTS if (scope := EVENT_SCOPES[event])}
    assert by_methods | by_events | {"commands"} == set(SCOPES)


def test_the_command_and_the_shortcuts_are_those_of_the_code(manifest: dict[str, Any]) -> None:
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == [COMMAND]
    # without it, `role give @name curator` comes without the person's id
    assert [each["should_escape"] for each in manifest["features"]["slash_commands"]] == [True]
    assert [each["callback_id"] for each in manifest["features"]["shortcuts"]] == [SHORTCUT, REMOVE]


def test_as_it_stands_it_is_for_socket_mode_and_unfurls_nothing(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    assert (settings["socket_mode_enabled"], settings["token_rotation_enabled"]) == (True, False)
    assert manifest["features"]["unfurl_domains"] == []
    assert "request_url" not in settings["event_subscriptions"]


def test_names_keep_to_slacks_lengths(manifest: dict[str, Any]) -> None:
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    for shortcut in manifest["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
