from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.curate.duplicates import Duplicates
from kb.entries.editorial import LinkState, SourceRead, bars, warnings_about
from kb.entries.outline import outline
from tests.unit.kb.curate.curating import sound

TODAY = date(2026, 11, 22)
SOURCE = """Officials said that more than 8,600 searches were made. “It counts,” she said, “every one of them,
and we publish it.” The cost was $2.5 million, the mayor’s office added."""


def told(text: str | None = None, **fields: Any) -> list[str]:
    read = SourceRead(state=LinkState.OK, text=text) if text is not None else None
    return [str(problem) for problem in bars(sound(**fields), read, today=TODAY)]


def figure(as_stated: str, value: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "what": "searches", "as_stated": as_stated, **more}


def test_a_sound_text_has_no_problems() -> None:
    assert told() == []


def test_all_that_bars_a_publication_is_told_at_once() -> None:
    found = told(
        SOURCE,
        summary="One. Two. Three.",
        review_by=None,
        sensitive=None,
        figures=[figure("9,000", 9000)],
        quotes=[{"speaker": "She", "text": "It counts nothing."}],
    )
    assert [line.partition(":")[0] for line in found] == [
        "summary",
        "review_by",
        "sensitive",
        "figures[0].as_stated",
        "quotes[0].text",
    ]


def test_a_date_of_review_that_is_past_is_no_date() -> None:
    assert told(review_by="2026-11-21") == ["review_by: is past (2026-11-21); give a new date"]
    assert told(review_by="2026-11-22") == []


OTHER = {"publisher": "P", "title": "T", "url": "https://other.example/"}


@pytest.mark.parametrize(
    ("stated", "occurs"),
    [
        (figure("more than 8,600", 8600), True),
        (figure("8600", 8600), True),
        (figure("8.6 thousand", 8600), True),
        (figure("$2.5 million", 2_500_000), True),
        (figure("2,500,000", 2_500_000), True),
        (figure("nearly 9,000", 9000), False),
        (figure("2.5", 2.5), False),
        (figure("600", 600), False),
        (figure("counts", 1), True),
        (figure("dozens", 24), False),
        (figure("nearly 9,000", 9000, source=OTHER), True),
    ],
)
def test_a_figure_occurs_in_the_source_as_words_or_as_a_number(stated: dict[str, Any], occurs: bool) -> None:
    assert (told(SOURCE, figures=[stated]) == []) is occurs


@pytest.mark.parametrize(
    ("quote", "occurs"),
    [
        ("It counts", True),
        ("every one of them, and we publish it.", True),
        ("EVERY ONE OF THEM — and we publish it", True),
        ("It counts … every one of them", True),
        ("It counts [...] we publish it", True),
        ("we publish it … It counts", False),
        ("It counts every one of them", False),
        ("every one of us", False),
        ("the mayor's office", True),
    ],
)
def test_a_quote_occurs_word_for_word_but_for_what_is_left_out(quote: str, occurs: bool) -> None:
    assert (told(SOURCE, quotes=[{"speaker": "She", "text": quote}]) == []) is occurs


def test_without_the_source_nothing_is_compared_and_that_is_said() -> None:
    entry = sound(figures=[figure("9,000", 9000)])
    read = SourceRead(state=LinkState.REFUSED, reason="the site answered 403 (forbidden)")
    assert bars(entry, read, today=TODAY) == ()
    assert [str(each) for each in warnings_about(entry, LinkState.REFUSED, read)] == [
        "original.url: the site refuses to show the original to the bot; open it yourself",
        "original: figures and quotes were not compared with the original's text, which was not read",
    ]


@pytest.mark.parametrize(
    ("state", "count"),
    [(LinkState.OK, 0), (LinkState.REFUSED, 1), (LinkState.DEAD, 1), (LinkState.NOT_CHECKED, 1)],
)
def test_the_state_of_the_link_is_a_warning_and_never_a_bar(state: LinkState, count: int) -> None:
    read = SourceRead(state=state, text="The report." if state is LinkState.OK else None)
    assert bars(sound(), read, today=TODAY) == ()
    assert len(warnings_about(sound(), state, read)) == count


def test_a_page_that_answers_and_cannot_be_read_is_told() -> None:
    read = SourceRead(state=LinkState.OK, reason="it is a login page")
    assert [str(each) for each in warnings_about(sound(), LinkState.OK, read)] == [
        "original.url: answers, but could not be read: it is a login page"
    ]


@pytest.mark.parametrize(
    ("stated", "right"),
    [
        (figure("2 billion", 2e9), True),
        (figure("2 million", 2e9), False),
        (figure("more than 8,600", 8600), True),
        (figure("five", 5), True),
        (figure("86%", 0.86), True),
        (figure("86%", 86), True),
        (figure("dozens", 24), True),
    ],
)
def test_a_figure_that_is_stated_as_another_number_is_pointed_out(
    stated: dict[str, Any], right: bool
) -> None:
    read = SourceRead(state=LinkState.OK, text="x")
    found = warnings_about(sound(figures=[stated]), LinkState.OK, read)
    assert [each.field for each in found] == ([] if right else ["figures[0].value"])


TITLE = "Flood closes old harbour for a week"


@pytest.mark.parametrize(
    ("title", "alike"),
    [
        (TITLE, True),
        ("Flood closes the old harbour for a week", True),
        ("FLOOD CLOSES OLD HARBOUR FOR A WEEK!", True),
        ("Flood closes old harbour for a month", False),
        ("Old bridge closes for a week", False),
        ("The", False),
    ],
)
def test_nearly_the_same_title_is_pointed_out(title: str, alike: bool) -> None:
    known = Duplicates([outline(sound("known", title=TITLE))])
    found = known.of(sound("new", title=title))
    assert bool(found) is alike
    if alike:
        assert str(found[0]) == f"title: is nearly that of known (published): “{TITLE}”"


def test_the_same_original_is_pointed_out_under_any_of_its_addresses() -> None:
    known = Duplicates([outline(sound("known"))])
    original = {"publisher": "P", "title": "T", "url": "https://www.paper.example/known?utm_source=x#top"}
    found = known.of(sound("new", title="Other words", original=original))
    assert [each.field for each in found] == ["original.url"]


def test_an_entry_is_no_double_of_itself_and_many_doubles_are_counted() -> None:
    same = sound("e0").original.model_dump()
    many = [sound(f"e{number}", title=f"Story {number} of many", original=same) for number in range(6)]
    known = Duplicates(map(outline, many))
    assert [each.message.partition(":")[0] for each in known.of(many[0])][-1] == "… and of 2 more"
    assert Duplicates([outline(sound("a"))]).of(sound("a")) == ()
