"""What speaks for a candidate, feature by feature."""

from __future__ import annotations

import pytest

from kb.entries.entry import Entry, parse_entry
from kb.match import evidence
from kb.match.reading import Reading, read_text
from kb.search.profile import profile


def entry(**fields: object) -> Entry:
    base = {
        "id": "flood",
        "title": "Flood closes the old harbour",
        "summary": "The Harbour Gazette said that the flood closed the harbour of Exampletown on Norrsund.",
        "original": {
            "publisher": "The Harbour Gazette",
            "title": "Harbour closed",
            "url": "https://gazette.example/1",
        },
        "caveats": ["The damage is an estimate."],
    }
    return parse_entry(base | fields)


def reading(text: str) -> Reading:
    return read_text(text)


def figure(value: float, as_stated: str) -> dict[str, object]:
    return {"value": value, "as_stated": as_stated, "what": "boats lost"}


@pytest.mark.parametrize(
    ("on_record", "text", "least", "most"),
    [
        (582, "They lost 582 boats.", 0.6, 0.7),
        (8600, "Practically 9,000 boats were lost.", 0.2, 0.3),
        (8600, "More than 8,600 boats were lost.", 0.4, 0.5),
        (2e9, "2 billion boats", 0.2, 0.3),
        (5, "five boats", 0.01, 0.1),
    ],
)
def test_a_figure_tells_more_the_more_digits_it_has_and_less_when_rounded(
    on_record: float, text: str, least: float, most: float
) -> None:
    shown = evidence.figures(profile(entry(figures=[figure(on_record, "x")])), reading(text).numbers)
    assert shown is not None
    assert least <= shown.score <= most


@pytest.mark.parametrize(
    ("on_record", "text"),
    [(2e9, "2 million boats"), (8600, "8,900 boats"), (582, "in 583 boats"), (582, "no number")],
)
def test_another_number_is_no_evidence(on_record: float, text: str) -> None:
    assert evidence.figures(profile(entry(figures=[figure(on_record, "x")])), reading(text).numbers) is None


def test_a_figure_in_a_caveat_belongs_to_another_story() -> None:
    told_apart = entry(caveats=["Another paper counted 582 boats a week later."])
    assert evidence.figures(profile(told_apart), reading("582 boats").numbers) is None


QUOTE = {
    "speaker": "Anna Example",
    "text": "Look at these careless, greedy owners, letting our harbour drown",
}


def test_a_reworded_quotation_is_found_and_its_speaker_named() -> None:
    spun = reading(
        "“Look at the careless, greedy proprietors,” she told reporters, “letting our harbour go under.”"
    )
    shown = evidence.quotes(profile(entry(quotes=[QUOTE])), spun)
    assert shown is not None
    assert 0.6 <= shown.score < 1.0
    assert "Anna Example" in shown.text


def test_a_quotation_is_not_pieced_together_from_all_over_a_page() -> None:
    filler = "and so the day went on with nothing else to tell about it at all " * 4
    scattered = filler.join(
        ["Look. ", "Careless. ", "Greedy owners. ", "Letting. ", "Our harbour. ", "Drown."]
    )
    assert evidence.quotes(profile(entry(quotes=[QUOTE])), reading(scattered)) is None


def test_everybodys_words_are_no_quotation() -> None:
    short = entry(quotes=[{"speaker": "Anna Example", "text": "it is over"}])
    assert evidence.quotes(profile(short), reading("It is over, he said.")) is None


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        ("as the Harbour Gazette reported", True),
        ("as the Gazette, which covers the Harbour, reported", True),
        ("as a gazette in the harbour reported. Nobody else did.", False),
        ("as the Harbour Herald reported", False),
    ],
)
def test_the_credit_needs_the_publishers_name_as_a_name(text: str, credited: bool) -> None:
    assert (evidence.credit(profile(entry()), reading(text)) is not None) is credited


def test_a_rare_name_tells_more_than_a_common_one() -> None:
    kept = profile(entry())
    rare = evidence.shared_names(
        kept, reading("in Exampletown"), lambda name: 2.0 if name == "exampletown" else 0.1
    )
    common = evidence.shared_names(
        kept, reading("on Norrsund"), lambda name: 2.0 if name == "exampletown" else 0.1
    )
    assert rare is not None
    assert common is not None
    assert rare.score > 5 * common.score
    assert evidence.shared_names(kept, reading("nobody here"), lambda _: 1.0) is None


@pytest.mark.parametrize(("cosine", "score"), [(-0.2, 0.0), (0.5, 0.5), (1.0000001, 1.0)])
def test_meaning_stays_between_nothing_and_all(cosine: float, score: float) -> None:
    assert evidence.meaning(cosine).score == score
