"""What `caveat check` says about the page itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

from bot.answering.consider import Considered, Research
from bot.cli.check import as_json, spoken
from bot.model import Action, AddressClaim, DateFrom, Decision, Page, PageKind
from bot.ports import Fetcher, Matcher, TextReader

RESEARCH = Research(
    fetcher=cast("Fetcher", None), reader=cast("TextReader", None), matcher=cast("Matcher", None)
)
PAGE = Page(
    url="https://evil.example/kites",
    host="evil.example",
    kind=PageKind.ARTICLE,
    title="Kites",
    text="Forty kites.",
    published=date(2024, 3, 4),
    published_from=DateFrom.ADDRESS,
    claims=(AddressClaim(by="og:url", url="https://good.example/kites"),),
)
NOTHING = Considered(decision=Decision(action=Action.NOTHING, reason="no match"), hits=(), page=PAGE)


def test_a_claim_to_be_a_copy_is_told_as_the_pages_own_word() -> None:
    assert spoken(NOTHING, RESEARCH).splitlines()[-1] == (
        "The page says that it is a copy of https://good.example/kites; that is its own word, and was not "
        "checked."
    )
    own = replace(PAGE, claims=(AddressClaim(by="og:url", url="https://evil.example/k"),))
    assert "copy" not in spoken(replace(NOTHING, page=own), RESEARCH)


def test_nothing_is_added_to_silence() -> None:
    silent = replace(NOTHING, decision=Decision(action=Action.SILENT, reason="no match"))
    assert spoken(silent, RESEARCH) == ""


def test_scripts_get_who_claims_what_and_where_the_date_is_from() -> None:
    page = as_json(NOTHING, None, "")["page"]
    assert page["claims"] == [{"by": "og:url", "url": "https://good.example/kites"}]
    assert page["copy_of"] == "https://good.example/kites"
    assert (page["published"], page["published_from"]) == ("2024-03-04", "address")
