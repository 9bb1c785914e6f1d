"""What a reply says, in which order, and that no entry can break out of its lines."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model import Action, Citation, Decision, Reply
from bot.replies.compose import compose, numbered, unreadable
from bot.replies.plain import clean, render
from kb.compare.saying import Relation, Standing
from kb.entries.entry import Claim, Entry, Rating, parse_entry
from kb.match.query import Basis, Evidence, Hit

TODAY = date(2026, 11, 22)
BYLINE = "The Harbour Gazette, Anna Example, 15 April 2022"
ENTRY = parse_entry(
    {
        "id": "flood",
        "title": "Flood closes the old harbour",
        "summary": "The flood closed the harbour. Nobody was hurt. A third sentence is not shown.",
        "original": {
            "publisher": "The Harbour Gazette",
            "title": "Harbour closed",
            "url": "https://gazette.example/1",
            "author": "Anna Example",
            "published": "2022-04-15",
        },
        "caveats": ["First.", "Second.", "Third.", "Fourth."],
        "claims": [{"text": "The harbour is closed for good."}],
        "rating": {"label": "Half true", "explanation": "the date is wrong"},
        "verified_by": "the desk",
        "verified_on": "2022-05-01",
    }
)


def decision(action: Action, basis: Basis = Basis.SAME_STORY, entry: Entry = ENTRY) -> Decision:
    evidence = (Evidence(feature="credit", text="names The Harbour Gazette", score=1.0),)
    return Decision(
        action=action, reason="", hits=(Hit(entry=entry, score=0.9, basis=basis, evidence=evidence),)
    )


def said(basis: Basis = Basis.SAME_STORY, changes: dict[str, object] | None = None) -> str:
    entry = ENTRY.model_copy(update=changes)
    return render(compose(decision(Action.REPLY, basis, entry), today=TODAY))


def test_a_reply_has_everything_in_the_order_that_a_reader_needs() -> None:
    assert said().splitlines() == [
        "Rated Half true by The Harbour Gazette: the date is wrong",
        "What was rated is this claim: “The harbour is closed for good.”",
        "“Harbour closed”, The Harbour Gazette, Anna Example, 15 April 2022",
        "https://gazette.example/1",
        "The flood closed the harbour. Nobody was hurt.",
        "Be careful:",
        "• First.",
        "• Second.",
        "• Third.",
        "Verified by the desk, 1 May 2022.",
    ]


SAYINGS = {
    Standing.AGREES: "Same story: this was reported by The Harbour Gazette.",
    Standing.OTHER_NUMBER: "A related report says something else: 582, not 58.",
    Standing.DENIES: "A related report says the opposite; check what it says.",
    Standing.SWAPPED: "A related report says it the other way round: “Flood closes the old harbour”.",
    Standing.UNCLEAR: "There is a verified report on this; check whether it says the same.",
}


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("rating", [None, Rating(label="True")])
def test_words_are_told_what_they_are_to_the_report(standing: Standing, rating: Rating | None) -> None:
    relation = Relation(standing=standing, here="58", record="582")
    about = decision(Action.REPLY, entry=ENTRY.model_copy(update={"rating": rating}))
    assert compose(about, relation=relation, today=TODAY).lead == SAYINGS[standing]


@pytest.mark.parametrize("relation", [None, *(Relation(standing=each) for each in Standing)])
def test_a_verdict_comes_first_and_says_of_what_for_words_and_pages_alike(relation: Relation | None) -> None:
    entry = ENTRY.model_copy(update={"rating": Rating(label="False", explanation="it opens in May")})
    lines = render(compose(decision(Action.REPLY, entry=entry), relation=relation, today=TODAY)).splitlines()
    assert lines[:2] == [
        "Rated False by The Harbour Gazette: it opens in May",
        "What was rated is this claim: “The harbour is closed for good.”",
    ]
    assert "Same story" not in "".join(lines)


@pytest.mark.parametrize("relation", [None, *(Relation(standing=each) for each in Standing)])
def test_a_verdict_without_a_claim_affirms_nothing(relation: Relation | None) -> None:
    entry = ENTRY.model_copy(update={"rating": Rating(label="False"), "claims": ()})
    reply = compose(decision(Action.REPLY, entry=entry), relation=relation, today=TODAY)
    assert reply.rating == "Rated False by The Harbour Gazette."
    assert "check whether it" in reply.lead


def test_the_only_claims_own_verdict_is_the_verdict() -> None:
    claim = Claim(text="The harbour is closed for good.", rating=Rating(label="Fake"))
    entry = ENTRY.model_copy(update={"rating": None, "claims": (claim,)})
    reply = compose(decision(Action.REPLY, entry=entry), today=TODAY)
    assert numbered(reply, 0).rating == "First link: Rated Fake by The Harbour Gazette."


def test_the_original_itself_gets_its_caveats_alone() -> None:
    shown = said(Basis.ORIGINAL)
    assert "gazette.example" not in shown
    assert "The flood closed" not in shown
    assert "• First." in shown


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"verified_by": None, "verified_on": None}, "No reviewer is on record for this summary."),
        ({"verified_on": None}, "Verified by the desk."),
        ({"example": True}, "Example entry, not verified by a person."),
        (
            {"review_by": date(2026, 1, 31)},
            "Verified by the desk, 1 May 2022. Due for review since 31 January 2026.",
        ),
        ({"sensitive": True}, "Content note: sensitive content"),
        ({"sensitive": True, "content_note": "war dead"}, "Content note: war dead"),
        ({"compiled": "Compiled from reports."}, "Compiled from reports."),
    ],
)
def test_readers_are_told_how_far_an_entry_can_be_trusted(changes: dict[str, object], line: str) -> None:
    assert line in said(changes=changes).splitlines()


def test_suggestions_name_their_original_and_why_they_came_up() -> None:
    shown = render(compose(decision(Action.SUGGEST, Basis.RELATED), today=TODAY))
    assert shown.splitlines() == [
        "No clear match. Possibly related:",
        f"• “Harbour closed”, {BYLINE} (related: names The Harbour Gazette)",
        "  https://gazette.example/1",
    ]


def test_nothing_and_unreadable_are_told_apart() -> None:
    nothing = compose(Decision(action=Action.NOTHING, reason=""), today=TODAY)
    assert render(nothing) == "Nothing verified on this yet."
    assert render(unreadable("the site answered 404.")) == "Could not read that page: the site answered 404."


def test_the_link_that_is_meant_is_counted() -> None:
    assert numbered(Reply(lead="Nothing."), 1).lead == "Second link: Nothing."
    assert numbered(Reply(lead="Nothing."), 6).lead == "Link 7: Nothing."


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("two\nlines", "two lines"),
        ("a\u202eb\u2066c", "abc"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("a\u2028b", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_untrusted_text_stays_on_its_line_and_shows_what_it_says(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown
    citation = Citation(title=hostile, url="https://a.example/", publisher=hostile)
    assert render(Reply(lead=hostile, original=citation)).count("\n") == 2


@pytest.mark.parametrize(
    ("approvals", "said"),
    [
        (None, "Verified by the desk, 1 May 2022."),
        (1, "Verified by one person (the desk), 1 May 2022."),
        (2, "Verified by the desk, 1 May 2022."),
    ],
)
def test_a_reply_says_if_one_person_alone_has_verified_the_entry(approvals: int | None, said: str) -> None:
    entry = ENTRY.model_copy(update={"approvals": approvals})
    assert compose(decision(Action.REPLY, entry=entry), today=TODAY).verified == said
