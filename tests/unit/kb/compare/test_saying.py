"""A short text beside an entry: affirmed only if the record says the same, accused only if it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.compare.saying import Relation, Standing, held_against
from kb.compare.saying.reading import LONGEST
from kb.entries.entry import Entry, Rating
from kb.formats.files import starter_entries
from tests.unit.kb.make_entries import entries, make_entry

FACES = next(entry for entry in starter_entries() if entry.id == "ukraine-faces-of-the-dead")
RUMOUR = make_entry(
    title="No, the mayor did not sell the harbour",
    summary="The mayor rented two piers out. The harbour stays with the city.",
    claims=[{"text": "The mayor sold the old harbour to a shipping company."}],
    rating={"label": "False", "explanation": "two piers were rented out"},
)
AGREES, OTHER, DENIES, SWAPPED, UNCLEAR = Standing


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("the IT Army told the families of 582 dead Russian soldiers", AGREES),
        ("families of dead Russian soldiers were told by Ukraine", AGREES),
        ("is it true that Ukraine contacts the mothers of dead Russian soldiers?", AGREES),
        ("did Ukraine use Clearview to tell the families of dead Russian soldiers?", AGREES),
        ("the IT Army told the families of 58 dead Russian soldiers", OTHER),
        ("did the IT Army tell the families of 58 dead Russian soldiers?", OTHER),
        ("Ukraine ran 86,000 searches on dead Russians", OTHER),
        ("Ukraine ran about 9,000 face searches on dead Russians", UNCLEAR),
        ("Ukraine does not tell families of dead Russian soldiers", DENIES),
        ("Ukraine never contacted the mothers of dead Russians", DENIES),
        ("Ukraine refused to tell the families of dead Russian soldiers", DENIES),
        ("it's false that Ukraine scans the faces of dead Russian soldiers", DENIES),
        ("no families of dead Russian soldiers were told by the IT Army", DENIES),
        ("did Ukraine not tell the families of dead Russian soldiers?", UNCLEAR),
        ("did Russia use Clearview to tell the families of dead Ukrainian soldiers?", SWAPPED),
        ("russia scans the faces of dead ukrainian soldiers and contacts their mothers", SWAPPED),
        ("families of Russian soldiers contacted by Ukraine", UNCLEAR),
        ("Russian soldiers reportedly identified by Ukraine", UNCLEAR),
        ("Russian soldiers identified in Ukraine", UNCLEAR),
        ("Ukraine mocks the families of dead Russian soldiers", UNCLEAR),
        ("Poland tells the families of dead Russian soldiers", UNCLEAR),
        ("", UNCLEAR),
    ],
)
def test_words_are_held_against_the_record(words: str, standing: Standing) -> None:
    assert held_against(FACES, words).standing is standing


def test_another_number_comes_with_the_one_on_record_and_what_it_counts() -> None:
    told = held_against(FACES, "the IT Army told the families of 58 dead Russian soldiers")
    assert (told.here, told.record) == ("58", "582")
    assert "dead Russian" in told.about


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("The mayor sold the old harbour", DENIES),
        ("The mayor did not sell the old harbour", AGREES),
        ("The mayor gave the harbour a new lamp", UNCLEAR),
    ],
)
def test_of_a_rumour_the_denial_agrees_with_the_record(words: str, standing: Standing) -> None:
    assert held_against(RUMOUR, words).standing is standing


def test_of_a_verdict_between_true_and_false_nothing_is_said() -> None:
    between = RUMOUR.model_copy(update={"rating": Rating(label="Half true")})
    assert held_against(between, "The mayor sold the old harbour") == Relation(standing=UNCLEAR)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    words = "Ukraine contacts the mothers of dead Russian soldiers. "
    assert held_against(FACES, f"{words}{' ' * LONGEST}Nobody was told.").standing is AGREES


@given(
    entry=entries, words=st.text(max_size=200) | st.from_regex(r"([A-Z]?[a-z']{1,8} ?[0-9.,?]{0,3}){0,30}")
)
def test_nothing_makes_it_fail(entry: Entry, words: str) -> None:
    assert held_against(entry, words).standing in Standing
    assert held_against(entry, f"{entry.title} {words}").standing in Standing


def test_a_share_and_the_number_that_it_leads_to_are_no_range() -> None:
    entry = make_entry(
        title="Tram trips rise", summary="Tram trips in Orr rose by 25 percent to 7.2 million."
    )
    assert held_against(entry, "tram trips in Orr rose by 25 percent").standing is AGREES
    assert held_against(entry, "tram trips in Orr rose by 75 percent").standing is OTHER
