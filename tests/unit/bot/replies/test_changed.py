"""How a reply says what a page changed: both sides with their source, three at most, on one line each."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model import Action, Decision
from bot.replies.changed import told
from bot.replies.compose import compose
from kb.compare import Comparison, Difference, DifferenceKind, Record, Snippet
from kb.entries.entry import Source
from kb.match.query import Basis, Hit
from tests.unit.kb.make_entries import make_entry

SOURCE = Source(
    publisher="Port Weekly", title="Ships", url="https://port.example/1", published=date(2022, 3, 13)
)


def difference(
    kind: DifferenceKind,
    here: str,
    original: str,
    about: str = "ships",
    words: tuple[tuple[str, str], ...] = (),
) -> Difference:
    return Difference(
        kind=kind,
        here=Snippet(text=here, start=0, end=len(here), short=here),
        original=Record(text=original, about=about, source=SOURCE),
        evidence="",
        words=words,
    )


FIGURE = difference(DifferenceKind.FIGURE_DIFFERENT, "2 million", "more than 2 billion")
NAME = difference(
    DifferenceKind.NAME_GARBLED, "Port Every Week", "Port Weekly", words=(("Port Every Week", "Port Weekly"),)
)


@pytest.mark.parametrize(
    ("each", "line"),
    [
        (
            FIGURE,
            "This page: “2 million”. On record (Port Weekly, March 2022): “more than 2 billion” (ships).",
        ),
        (
            difference(DifferenceKind.QUOTE_ALTERED, "we “won” it", "we lost it", "Anna Example"),
            "This page: “we ‘won’ it”. On record (Port Weekly, March 2022): “we lost it” (Anna Example).",
        ),
        (
            difference(
                DifferenceKind.QUOTE_MISATTRIBUTED,
                "we lost",
                "Anna Example",
                words=(("Ben Example", "Anna Example"),),
            ),
            (
                "This page gives “we lost” to Ben Example. On record (Port Weekly, March 2022): Anna Example"
                " said it."
            ),
        ),
        (
            difference(DifferenceKind.ATTRIBUTION_DROPPED, "582 left.", "the police", "582 (people)"),
            "This page tells as plain fact: “582 left.”. "  # noqa: ISC004 - one line of a reply
            "On record (Port Weekly, March 2022): “582 (people)”, according to the police.",
        ),
        (
            difference(DifferenceKind.OLD_AS_NEW, "this week", "2022-03-13"),
            "This page: “this week”. On record: Port Weekly, March 2022 reported it on 13 March 2022.",
        ),
        (NAME, "This page: “Port Every Week”. On record: “Port Weekly”."),
    ],
)
def test_a_difference_is_one_line_with_both_sides(each: Difference, line: str) -> None:
    assert told(Comparison(differences=(each,))) == (line,)


def test_three_differences_are_shown_and_one_sentence_about_the_rewrite() -> None:
    lines = told(Comparison(differences=(FIGURE, NAME, FIGURE, FIGURE, FIGURE), rewritten=("one", "two")))
    assert len(lines) == 4
    assert lines[3] == "This page reads like an automatic rewrite: one; two."
    assert not any("Every Week" in line for line in lines)


def test_long_words_are_cut_and_lines_stay_lines() -> None:
    (line,) = told(Comparison(differences=(difference(DifferenceKind.QUOTE_ALTERED, "a\nb " * 300, "c"),)))
    assert "\n" not in line
    assert len(line) < 400


def test_a_reply_carries_the_differences() -> None:
    hit = Hit(entry=make_entry(), score=1.0, basis=Basis.SAME_STORY)
    decision = Decision(action=Action.REPLY, reason="", hits=(hit,))
    today = date(2026, 1, 1)
    assert compose(decision, today=today).differences == ()
    assert len(compose(decision, today=today, comparison=Comparison(differences=(FIGURE,))).differences) == 1
