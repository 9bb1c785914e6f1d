"""Slack's mrkdwn, in and out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.text import escape, link, plain, read, shorten, size
from kb.text.cutting import at_word

BOT = "U0BOT"


@pytest.mark.parametrize(
    ("stored", "links"),
    [
        ("<https://news.example/a>", ["https://news.example/a"]),
        ("<https://news.example/a|a label>", ["https://news.example/a"]),
        ("<http://news.example|news.example>", ["http://news.example"]),
        ("<https://news.example/?a=1&amp;b=2>", ["https://news.example/?a=1&b=2"]),
        ("<https://news.example/?q=%26amp%3B&amp;amp;x>", ["https://news.example/?q=%26amp%3B&amp;x"]),
        ("<https://a.example/> <https://b.example/>", ["https://a.example/", "https://b.example/"]),
        ("<https://a.example/> <https://a.example/#top>", ["https://a.example/"]),
        ("<https://a.example/|https://b.example/>", ["https://a.example/"]),
        ("`<https://a.example/>`", []),
        ("`https://a.example/` <https://b.example/>", ["https://b.example/"]),
        ("```\n<https://a.example/>\n```", []),
        ("it`s <https://a.example/>\nit`s", ["https://a.example/"]),
        ("```never closed <https://a.example/>", ["https://a.example/"]),
        ("&gt; <https://a.example/>\n<https://b.example/>", ["https://b.example/"]),
        ("&gt;&gt;&gt; so\n<https://a.example/>", []),
        ("5 &gt; 4 <https://a.example/>", ["https://a.example/"]),
        ("<@U0ANN> <#C0GEN|general> <!here> <!subteam^S1|@all> <mailto:a@b.example|a@b.example>", []),
        ("<!date^1^{date}^https://a.example/|today>", []),
        ("<javascript:alert(1)|https://a.example>", []),
        ("&lt;https://a.example/&gt;", []),
        ("<https://>", []),
        ("<https://newsroom.slack.com/archives/C1/p1700000000000100>", []),
        ("<https://slack.com/blog>", ["https://slack.com/blog"]),
        (f"<https://a.example/{'x' * 2000}>", []),
        ("", []),
    ],
)
def test_only_links_that_a_writer_put_there_count(stored: str, links: list[str]) -> None:
    assert list(read(stored, BOT).links) == links


@pytest.mark.parametrize(
    ("stored", "mentioned", "words"),
    [
        ("<@U0BOT> is this true?", True, "is this true?"),
        ("is this true, <@U0BOT|caveat> ?", True, "is this true, ?"),
        ("<@U0ANN|ann> is this true?", False, "@ann is this true?"),
        ("`<@U0BOT>` is its name", False, "is its name"),
        ("&lt;@U0BOT&gt; hello", False, "<@U0BOT> hello"),
        ("<@U0BOTANIST> hello", False, "@U0BOTANIST hello"),
        ("a &amp;lt; b", False, "a &lt; b"),
        ("<https://a.example/|the story> in <#C1|general>\n<!here>", False, "the story in #general @here"),
        ("see <https://a.example/?a=1&amp;b=2>", False, "see https://a.example/?a=1&b=2"),
    ],
)
def test_the_words_are_what_a_reader_sees_without_the_bots_own_name(
    stored: str, mentioned: bool, words: str
) -> None:
    said = read(stored, BOT)
    assert (said.mentioned, said.words.replace("`` ", "")) == (mentioned, words)


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_read(stored: str) -> None:
    said = read(stored, BOT)
    assert "\n" not in said.words


@pytest.mark.parametrize(
    "stored", ["<" * 50_000, "`" * 50_000, "```" * 20_000, "<a|" * 20_000, "&gt;" * 20_000]
)
def test_hostile_text_is_read_in_a_moment(stored: str) -> None:
    """What takes quadratic time here would take minutes, and the suite's time-out."""
    assert read(stored, BOT).links == ()


@settings(deadline=None)
@given(st.text())
def test_escaped_text_has_no_markup_left_and_says_the_same(text: str) -> None:
    escaped = escape(text)
    assert not re.search("[<>\n]", escaped)
    assert not re.search("&(?!amp;|lt;|gt;)", escaped)
    shown = escaped.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == plain(text, 10**6)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel> & <@U1|ann>", "&lt;!channel&gt; &amp; &lt;@U1|ann&gt;"),
        ("a *bold* word", "a \u200b*\u200bbold\u200b*\u200b word"),
        ("snake_case and 2*3", "snake_case and 2*3"),
        ("two\nlines\u202e", "two lines"),
    ],
)
def test_text_shows_as_it_is(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("label", "url", "written"),
    [
        ("A story", "https://a.example/?x=1&y=2", "<https://a.example/?x=1&amp;y=2|A story>"),
        (
            "Mine|<https://evil.example>",
            "https://a.example/",
            "<https://a.example/|Mine❘&lt;https://evil.example&gt;>",
        ),
        ("A story", "https://a.example/|b>c d", "<https://a.example/%7Cb%3Ec%20d|A story>"),
        ("A story", "javascript:alert(1)", "A story"),
        ("A story", "https://[broken", "A story"),
        ("", "https://a.example/", "<https://a.example/|a.example>"),
    ],
)
def test_a_link_leads_to_a_page_and_its_label_cannot_pretend(label: str, url: str, written: str) -> None:
    assert link(label, url) == written


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters() | st.sampled_from("&<>*_ ~`")), st.integers(min_value=20, max_value=400)
)
def test_cut_text_fits(text: str, limit: int) -> None:
    more = "<https://a.example/|m>"
    assert size(shorten(text, limit + len(more), more=more)) <= limit + len(more)
    assert size(plain(text, limit)) <= limit


def test_text_is_cut_at_a_word_with_the_way_to_the_whole() -> None:
    text = "The ministry said so. " * 10
    assert (
        shorten(text, 60, more="<https://a.example/|more>")
        == "The ministry said so. The… <https://a.example/|more>"
    )
    assert shorten(text, 10_000, more="never") == text.strip()
    assert plain(text, 30) == "The ministry said so. The…"


@pytest.mark.parametrize(
    ("text", "end", "start"),
    [
        ("one two three", 7, "one two"),
        ("one two three", 6, "one"),
        ("one two three", 13, "one two three"),
        ("endless", 3, "end"),
        ("one", 0, ""),
    ],
)
def test_a_word_is_whole_or_missing(text: str, end: int, start: str) -> None:
    assert at_word(text, end) == start
