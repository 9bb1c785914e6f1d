"""No message is slow to read: its readers run on the event loop, where a slow one silences the whole bot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from lxml.html import document_fromstring

from bot.answering.links import LONGEST_LINK, find_links
from bot.commands.grammar import is_command
from bot.model import Message
from bot.pages.read.charset import decode
from bot.pages.read.markup import read_markup
from bot.pages.read.page_kind import kind_of
from bot.pages.read.page_signals import Signals, gather
from bot.platforms.matrix.inbound import Room, read_message
from bot.platforms.matrix.mentions import Me
from bot.platforms.slack import inbound as slack
from bot.platforms.slack import text as mrkdwn
from kb.errors import UrlError
from kb.urls.identity import identify
from kb.urls.parts import read_parts
from tests.growth import LINEAR, growth, is_suspect
from tests.hostile import STOCK, Hostile

ROOM = Room(id="!room", me=Me(user_id="@caveat:example.org", display_name="Caveat bot"))
SLACK = slack.Me(team="T1", user="U1")
LARGEST = 2**16  # a Matrix event has at most so many bytes
_ME = '<a href="https://matrix.to/#/@caveat:example.org">'
PUMPS = (
    *STOCK, "@caveat ", "@caveat:example.org ", f"{_ME}Caveat</a> ", f"{_ME}x", "<a href=http://a.b>",
    "<a href='", "<@U1> ", "<http://a.b|c> ", "&gt; a\n", "```a", "add ", "role give a ", "/amp",
    "/index.html", ".amp", "id=1&", ";sid=1", "a.", "%C3", "<meta charset=", "<?xml encoding=",
    "http://a.b/) ", "(http://a.b)", "view-source:",
)  # fmt: skip


def matrix(body: str, html: str) -> Message:
    content = {
        "msgtype": "m.text", "body": body, "format": "org.matrix.custom.html", "formatted_body": html,
    }  # fmt: skip
    event = {"type": "m.room.message", "event_id": "$1", "sender": "@a:example.org", "content": content}
    return read_message(event, ROOM)


def key(address: str) -> str | None:
    with suppress(UrlError):
        return identify(address).key
    return None


READERS: dict[str, Callable[[str], object]] = {
    "links": find_links,
    "Slack's mrkdwn": lambda text: mrkdwn.read(text, "U1"),
    "Slack's message": lambda text: slack.read_message(
        {"ts": "1.0", "user": "U2", "text": text}, "D1", SLACK
    ),
    "Matrix's plain text": lambda text: matrix(text, ""),
    "Matrix's HTML": lambda text: matrix("@caveat", text),
    "one link in Matrix's HTML": lambda text: [
        key(link) for link in matrix("", f'<a href="https://example.org/{text}">').links
    ],
    "what Matrix's HTML shows for the bot": lambda text: matrix("@caveat", f"{_ME}{text}</a>"),
    "command": lambda text: is_command(text, asked=True, within=True),
    "command with an id": lambda text: is_command(f"approve {text}", asked=True, within=True),
    "command with a link": lambda text: is_command(f"add {text}", asked=True, within=True),
    "command with a person": lambda text: is_command(f"role give {text}", asked=True, within=True),
    "form": lambda text: is_command(f"```\n# A new entry{text}", asked=True, within=True),
    "many links": lambda text: find_links(f"http://a.b/{text[:90]} " * (len(text) // 100 + 1)),
    "bytes of a page": lambda text: decode(text.encode(), None, html=True),
    "bytes of a page of another encoding": lambda text: decode(
        b"\xe9" + text.encode("utf-16"), "gbk", html=True
    ),
}


def slow_text(read: Callable[[str], object], *, largest: int = LARGEST) -> Hostile | None:
    texts = (Hostile("", pump, "", end) for pump in PUMPS for end in ("\x01", ""))
    return next(
        (text for text in texts if is_suspect(read, text) and growth(read, text, largest=largest) >= LINEAR),
        None,
    )


@pytest.mark.parametrize("reader", READERS)
def test_a_message_is_read_in_proportion_to_its_length(reader: str) -> None:
    """Whoever writes a message of the greatest length keeps nobody else waiting."""
    assert slow_text(READERS[reader]) is None


@pytest.mark.parametrize(
    "before", ["https://example.org", "https://facebook.com/story.php?", "https://yandex.ru/"]
)
def test_an_address_is_read_in_proportion_to_its_length(before: str) -> None:
    """Addresses stand in pages and headers, too, where they may be longer than in any message."""
    assert slow_text(lambda text: key(f"{before}{text}"[:9_999]), largest=2**13) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://example.org/" + "a" * 10_000, "longer than 10,000 characters"),
        ("https://" + "a." * 130 + "example.org/", "over 253 characters"),
    ],
)
def test_what_no_address_can_be_is_refused_at_once(address: str, why: str) -> None:
    """Reading its parts would take work for nothing."""
    with pytest.raises(UrlError, match=why):
        read_parts(address)


def test_an_address_in_matrix_html_is_no_longer_than_one_in_plain_text() -> None:
    """The two halves of a message say the same."""
    longest = "https://example.org/".ljust(LONGEST_LINK, "a")
    assert matrix("", f'<a href="{longest}"><a href="{longest}a">').links == (longest,)


@pytest.mark.parametrize("field", ["text", "titles", "headings", "shown"])
def test_a_page_is_told_what_it_is_in_proportion_to_its_length(field: str) -> None:
    """A page may be one title or one sentence of two million characters."""

    def told(text: str) -> str:
        return kind_of(Signals(**{field: (text,) if field in {"titles", "headings"} else text}))  # type: ignore[arg-type]  # by field

    assert slow_text(told) is None


@pytest.mark.parametrize(
    "part", ["<p>a b c d</p>", "<p><a href=x>a b</a></p>", "<p class=a id=b>a", "<h2>a</h2><p>b"]
)
def test_what_a_page_is_built_of_is_gathered_in_proportion_to_it(part: str) -> None:
    """An ordinary page has thousands of paragraphs, and nothing asks each of them about all the others."""

    def work(page: str) -> object:
        tree = document_fromstring(page)
        return gather(tree, read_markup(tree).every, "https://a.example/")

    def page(size: int) -> str:
        return f"<html><body>{part * (size // len(part))}</body></html>"

    assert growth(work, page, largest=2**18) < LINEAR
