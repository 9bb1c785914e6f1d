"""Copies are known by their word triples, of which only hashes are kept."""

from __future__ import annotations

import pytest

from kb.fingerprint import containment, fingerprint, read_fingerprint, triples

ORIGINAL = "The flood closed the old harbour on Monday, and nobody knows when the boats will sail again."


@pytest.mark.parametrize(
    ("page", "least", "most"),
    [
        (ORIGINAL, 1.0, 1.0),
        ("The  FLOOD closed the old harbour on Monday. And nobody knows", 1.0, 1.0),
        ("It said: the flood closed the old harbour on Tuesday, so they wait.", 0.3, 0.6),
        ("When will boats again sail? Nobody on the harbour knows the Monday.", 0.0, 0.0),
        ("two words", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_the_share_of_a_page_that_stands_in_the_original(page: str, least: float, most: float) -> None:
    kept = read_fingerprint(fingerprint(ORIGINAL))
    assert least <= containment(triples(page), kept) <= most


def test_what_is_kept_holds_no_word_and_is_the_same_on_every_machine() -> None:
    kept = fingerprint("one two three")
    assert kept.hex() == fingerprint("One  two, three!").hex()
    assert len(fingerprint(ORIGINAL)) == 8 * (len(ORIGINAL.split()) - 2)
    assert b"flood" not in fingerprint(ORIGINAL)
