"""What stands in an entry calls nobody on Matrix."""

from __future__ import annotations

import pytest

from bot.model import Choice, Citation, Place, Reply
from bot.platforms.matrix import html, outbound
from bot.platforms.matrix.formatted import read_formatted
from bot.platforms.matrix.pills import broken_up, makes_pill, put_together, without_calls

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("url", "calls"),
    [
        ("https://matrix.to/#/@ann:server.example", True),
        ("https://matrix.to/#/%40ann%3Aserver.example", True),
        ("https://MATRIX.to/#/#all:server.example?via=x", True),
        ("http://www.matrix.to/#/!id:server.example/$event", True),
        ("https://matrix.to/", True),
        ("matrix:u/ann:server.example", True),
        ("MATRIX:r/all:server.example", True),
        ("https://app.element.io/#/user/@ann:server.example", True),
        ("https://chat.example/app/#/room/%23all%3Aserver.example", True),
        ("https://[", True),
        ("https://paper.example/@ann/story", False),
        ("https://paper.example/story#@ann", False),
        ("https://paper.example/story#top:1", False),
        ("https://paper.example/a#/b/c", False),
        ("https://matrix.to.paper.example/", False),
    ],
)
def test_an_address_of_a_person_or_a_room_is_told_from_a_page(url: str, calls: bool) -> None:
    assert makes_pill(url) is calls


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@room look", f"@{JOINER}room look"),
        ("@ann:server.example said", f"@{JOINER}ann:server.example said"),
        ("in #all:server.example", f"in #{JOINER}all:server.example"),
        ("@nasa, #1 at 8:30, a@b.example!", "@nasa, #1 at 8:30, a@b.example!"),
        ("see https://paper.example/@a:b/c", "see https://paper.example/@a:b/c"),
        ("matrix:u/ann:server.example", f"matrix:{JOINER}u/ann:{JOINER}server.{JOINER}example"),
        (
            "https://matrix.to/#/@ann:b.c",
            f"https:{JOINER}//matrix.{JOINER}to/#/@{JOINER}ann:{JOINER}b.{JOINER}c",
        ),
    ],
)
def test_what_would_call_somebody_is_broken_up_and_nothing_else(text: str, shown: str) -> None:
    assert without_calls(text) == shown
    assert put_together(broken_up(text)) == put_together(shown) == text


@pytest.mark.parametrize(
    "url", ["https://matrix.to/#/@ann:server.example", "https://app.element.io/#/room/#all:server.example"]
)
def test_an_original_on_matrix_is_shown_and_mentions_nobody(url: str) -> None:
    """Not in the HTML, not in the plain text, not in `m.mentions`; one can still read where it leads."""
    reply = Reply(lead="Same.", original=Citation(title="A room", url=url, publisher="@ann:server.example"))
    content = outbound.answer(reply, Place(channel="!a:b", message_id="$q"), "key")
    shown = read_formatted(content["formatted_body"])
    assert (shown.links, shown.mentions, content["m.mentions"]) == ((), (), {})
    assert url in content["formatted_body"].replace(JOINER, "")
    assert url in content["body"].replace(JOINER, "")
    assert url not in content["body"]
    assert "@ann:server.example" not in content["body"] + content["formatted_body"]


def test_what_curators_copy_stays_as_it_is() -> None:
    reply = Reply(
        lead="Roles",
        lines=("@ann:server.example: curator", "https://matrix.to/#/@ann:server.example"),
        form="id: a\ntitle: '@room @ann:server.example'\n",
        choices=(Choice(label="Give", command="role give @ann:server.example curator"),),
    )
    shown = html.render(reply)
    assert "<code>@ann:server.example:</code> curator" in shown
    assert "<code>https://matrix.to/#/@ann:server.example</code>" in shown
    assert "title: &#x27;@room @ann:server.example&#x27;" in shown
    assert "role give @ann:server.example curator" in shown
