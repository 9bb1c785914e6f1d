"""Reports, opinion pieces and denials are told apart by plain cues."""

from __future__ import annotations

import pytest

from kb.stance import no_report
from kb.text import Reading

REPORT = "The flood closed the old harbour on Monday, the Gazette reported. Nobody was hurt, the owner said."


@pytest.mark.parametrize(
    ("title", "text", "what"),
    [
        ("Flood closes harbour", REPORT, None),
        (
            "Flood closes harbour",
            f"{REPORT} “I lost my boat, my nets and my house,” said one. “I am done.”",
            None,
        ),
        ("Commentary box flooded", REPORT, None),
        ("Harbour photo wins prize", f"{REPORT} The photo is on show.", None),
        ("Opinion: let the harbour go", REPORT, "is an opinion piece"),
        ("Let the harbour go | Opinion", REPORT, "is an opinion piece"),
        (
            "Let the harbour go",
            "I think it is wrong. My father fished there, and I did. Stop it.",
            "is an opinion piece",
        ),
        ("Who closed the harbour?", f"{REPORT} There is no evidence for it.", "checks or denies a claim"),
        (
            "Who closed the harbour?",
            "The claim that the flood was staged is false.",
            "checks or denies a claim",
        ),
        (
            "Who closed it?",
            "A post shared thousands of times says so. It did not happen.",
            "checks or denies a claim",
        ),
        ("Fact check: the harbour", REPORT, "checks or denies a claim"),
    ],
)
def test_what_a_page_is_instead_of_a_report(title: str, text: str, what: str | None) -> None:
    assert no_report(Reading(title=title, text=text)) == what
