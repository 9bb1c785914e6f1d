"""Which addresses of a message are looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.links import find_links
from kb.urls.identity import identify

A = "https://news.example/a"
B = "https://news.example/b"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("no link here", ()),
        (A, (A,)),
        (f"see {A} and {B}", (A, B)),
        (f"see {B}\nand {A}", (B, A)),
        ("HTTPS://News.Example/a", ("HTTPS://News.Example/a",)),
        ("http://news.example", ("http://news.example",)),
        ("ftp://news.example/a mailto:a@news.example news.example/a", ()),
        ("https:// and https://[ and http://a..b/", ()),
        (f"{A}?x=1&y=(2)", (f"{A}?x=1&y=(2)",)),
        ("https://news.example/café?q=ü", ("https://news.example/café?q=ü",)),
        # one page once
        (f"{A} {A}/ {A}?utm_source=x {A}#top {B}", (A, B)),
        (f"https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa {A}", ("https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa",)),
        # the end of a sentence
        (f"Is it {A}? No: {B}.", (A, B)),
        (f"{A}, {B}; done", (A, B)),
        (f"'{A}' “{B}”", (A, B)),
        (f"**{A}** _{B}_", (A, B)),
        (f"{A}… {B}!!!", (A, B)),
        (f"({A})", (A,)),
        (f"(see {A}).", (A,)),
        (f"[{A}]", (A,)),
        ("https://en.wiki.example/wiki/Kite_(toy)", ("https://en.wiki.example/wiki/Kite_(toy)",)),
        ("(https://en.wiki.example/wiki/Kite_(toy))", ("https://en.wiki.example/wiki/Kite_(toy)",)),
        (f"见{A}。然后，{B}！", (A, B)),
        # markdown and angle brackets
        (f"[the report]({A})", (A,)),
        (f"[the report]({A} \"a title\"), yes", (A,)),
        ("[k](https://en.wiki.example/wiki/Kite_(toy)) x", ("https://en.wiki.example/wiki/Kite_(toy)",)),
        (f"[{A}]({B})", (B,)),
        (f"[x](<{A}>)", (A,)),
        (f"<{A}>", (A,)),
        (f"<{A}|label>, <{B}>", (A, B)),
        (f"<a href=\"{A}\">", (A,)),
        # code
        (f"`{A}` {B}", (B,)),
        (f"``x ` {A}`` {B}", (B,)),
        (f"```\n{A}\n``` {B}", (B,)),
        (f"```py\n{A}\n", ()),
        (f"~~~\n{A}\n~~~\n{B}", (B,)),
        (f"a ` alone {A}", (A,)),
        (f"a ` here\n\n and ` there {A}", (A,)),
        # somebody else's words
        (f"> {A}\n{B}", (B,)),
        (f"> <@user:host> {A}\n>\n> more\n\nis this true?", ()),
        (f"  >{A}\n{B}", (B,)),
        (f"a > b {A}", (A,)),
        # a wrapper's address holds another one
        (f"https://web.archive.org/web/2024/{A}", (f"https://web.archive.org/web/2024/{A}",)),
        (f"view-source:{A}", (f"view-source:{A}",)),
        (f"https://news.example/{'x' * 2001} {B}", (B,)),
    ],
)  # fmt: skip
def test_the_links_of_a_message_are_found(text: str, links: tuple[str, ...]) -> None:
    assert find_links(text) == links


@given(st.text(alphabet="`~>[]()<|>\n *._:/?#ahtps" + "é。\u200b", max_size=60))
def test_any_text_gives_addresses_that_it_holds(text: str) -> None:
    for link in find_links(f"{text}https://a.example/{text}"):
        assert link in f"{text}https://a.example/{text}"
        assert identify(link).key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`" * 60_000, 0),
        ("`a" * 30_000, 0),
        ("[" * 60_000, 0),
        ("[a](" * 15_000, 0),
        ("https://" * 8_000, 0),
        ("> \n" * 20_000, 0),
        ("~~~" * 20_000, 0),
        ("https://a.example/" + "(" * 60_000, 0),
        ("https://a.example/" + ")" * 60_000, 1),
        ("[x](https://a.example/" + "()" * 30_000, 0),
        ("<https://a.example/" + "|" * 60_000, 1),
        ("https://a.example/ " * 5_000, 1),
    ],
)
def test_a_message_made_to_be_slow_is_read_all_the_same(text: str, found: int) -> None:
    """Each of these takes minutes where a pattern backtracks."""
    assert len(find_links(text)) == found
