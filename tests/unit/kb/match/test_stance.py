"""Reports, opinion pieces and denials are told apart by plain cues."""

from __future__ import annotations

import pytest

from kb.match.stance import Stance, read_stance

REPORTS = Stance(argues=False, denies=False)
OPINION = Stance(argues=True, denies=False)
DENIAL = Stance(argues=False, denies=True)
REPORT = "The flood closed the old harbour on Monday, the Gazette reported. Nobody was hurt, the owner said."


@pytest.mark.parametrize(
    ("title", "text", "stance"),
    [
        ("Flood closes harbour", REPORT, REPORTS),
        (
            "Flood closes harbour",
            f"{REPORT} “I lost my boat, my nets and my house,” said one. “I am done.”",
            REPORTS,
        ),
        ("Commentary box flooded", REPORT, REPORTS),
        ("Harbour photo wins prize", f"{REPORT} The photo is on show.", REPORTS),
        ("Opinion: let the harbour go", REPORT, OPINION),
        ("Let the harbour go | Opinion", REPORT, OPINION),
        ("Who closed the harbour?", f"{REPORT} There is no evidence for it.", DENIAL),
        (
            "Who closed the harbour?",
            "The claim that the flood was staged is false.",
            DENIAL,
        ),
        (
            "Who closed it?",
            "A post shared thousands of times says so. It did not happen.",
            DENIAL,
        ),
        ("Fact check: the harbour", REPORT, DENIAL),
    ],
)
def test_what_a_page_is_instead_of_a_report(title: str, text: str, stance: Stance) -> None:
    read = read_stance(title, text)
    assert Stance(argues=read.argues, denies=read.denies) == stance


def test_only_the_page_s_own_words_are_its_stance() -> None:
    """What somebody is quoted with is left out where it is quoted, and nowhere else."""
    assert not read_stance("Harbour", f"{REPORT} “The claim is false,” said one.").denies
    assert read_stance("Harbour", f"{REPORT} The claim is false. It was called “false” before.").denies


def test_one_word_somewhere_is_no_stance() -> None:
    for outro in (
        "She works as a fact-checker.",
        "They wanted to debunk rumours.",
        "I liked it, and my kids, I think.",
    ):
        stance = read_stance("Flood closes harbour", f"{REPORT} {outro}")
        assert not stance.denies
        assert not stance.argues


def test_what_a_page_does_is_counted_where_it_says_so() -> None:
    stance = read_stance(
        "Why did the port sack Anna? Owner denies it",
        "The owner had not said why last month. “No,” she had said at the time. In response he had gone.",
    )
    assert stance.explains
    assert stance.title.denial == frozenset({"deni"})
    assert stance.title.aftermath == frozenset({"sack"})
    assert (stance.title.negations, stance.lead.negations) == (0, 1)
    assert stance.recalls == pytest.approx(100 * 3 / 40)
    assert stance.past_perfect == pytest.approx(100 * 3 / 40)
