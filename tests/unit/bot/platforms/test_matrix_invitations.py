"""Who invites, whether that is welcome, and whose server a room is of: anybody may have written it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import SettingsError
from bot.load_settings import load_settings
from bot.platforms.matrix.invitations import (
    Invitation,
    is_inviter,
    is_welcome,
    read_invitation,
    room_server,
)

BOT = "@caveat:here.example"
MADE = {"type": "m.room.create", "state_key": "", "content": {}}


def invites(by: object, whom: str = BOT, **fields: Any) -> dict[str, Any]:
    content = {"membership": "invite"}
    return {
        "type": "m.room.member",
        "state_key": whom,
        "sender": by,
        "content": content,
        **fields,
    }


@pytest.mark.parametrize(
    ("by", "allowed", "welcome"),
    [
        (["@ann:here.example"], [], True),
        (["@ann:here.example"], ["here.example"], True),
        (["@ann:here.example"], ["@ann:here.example"], True),
        (["@ann:here.example"], ["@ben:here.example", "there.example"], False),
        (["@ann:not-here.example"], ["here.example"], False),
        (["@ann:here.example:8448"], ["here.example"], False),
        (["@ann:here.example:8448"], ["here.example:8448"], True),
        (["@here.example:evil.example"], ["here.example"], False),
        (["here.example"], ["here.example"], True),
        (["@ann:here.example", "@eve:evil.example"], ["here.example"], False),
        (["None"], ["here.example"], False),
        ([""], ["here.example"], False),
    ],
)
def test_invitations_are_taken_from_listed_servers_and_people(
    by: list[str], allowed: list[str], welcome: bool
) -> None:
    assert is_welcome(Invitation(room="!r", by=frozenset(by)), allowed) is welcome


def test_an_inviting_server_cannot_put_somebody_elses_name_to_it() -> None:
    """What a room says to who is invited comes from the inviting server, the true invitation among it."""
    state = [invites("@ann:here.example"), invites("@eve:evil.example")]
    invitation = read_invitation("!r", state, BOT)
    assert invitation == Invitation(room="!r", by=frozenset({"@ann:here.example", "@eve:evil.example"}))
    assert not is_welcome(invitation, ["here.example"])


@pytest.mark.parametrize(
    "event",
    [
        invites("@ann:here.example", "@other:here.example"),
        invites("@ann:here.example", content={"membership": "join"}),
        invites("@ann:here.example", content="invite"),
        invites("@ann:here.example", type="m.room.name"),
        {},
    ],
)
def test_what_invites_somebody_else_or_nobody_is_no_invitation(event: dict[str, Any]) -> None:
    assert read_invitation("!r", [event], BOT) is None


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("matrix.example", True),
        ("matrix.example:8448", True),
        ("[::1]:8448", True),
        ("localhost", True),
        ("@ana:matrix.example", True),
        ("@ana:[2001:db8::1]", True),
        ("@ana", False),
        ("!room:matrix.example", False),
        ("https://matrix.example", False),
        ("matrix.example/", False),
        ("*.example", False),
        ("", False),
    ],
)
def test_what_may_stand_in_the_list(name: str, fits: bool) -> None:
    assert is_inviter(name) is fits


def test_a_setting_that_names_neither_is_told() -> None:
    with pytest.raises(SettingsError, match=r"'#desk:here\.example' is no server or user, such as"):
        load_settings(matrix_invites_from=("here.example", "#desk:here.example"))


@pytest.mark.parametrize(
    ("room", "state", "server"),
    [
        ("!r:here.example", [], "here.example"),
        ("!r:here.example:8448", [], "here.example:8448"),
        ("!r:here.example", [{**MADE, "sender": "@eve:evil.example"}], "here.example"),
        ("!without", [], ""),
        ("!without", [{**MADE, "sender": "@ann:here.example"}], "here.example"),
        ("!without", [{**MADE, "sender": "@eve:evil.example", "content": {"creator": BOT}}], "evil.example"),
        ("!without", [{**MADE, "sender": "@ann:here.example", "state_key": "x"}], ""),
        ("!without", [{**MADE, "type": "m.room.name", "sender": "@ann:here.example"}], ""),
        ("!without", [{**MADE, "sender": None}], ""),
        ("!without", [MADE], ""),
    ],
)
def test_a_room_is_of_the_server_that_made_it(room: str, state: list[dict[str, Any]], server: str) -> None:
    """By what servers check; anybody may write a creator into the content."""
    assert room_server(room, state) == server
