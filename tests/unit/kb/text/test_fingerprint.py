"""Copies are known by their word triples, of which only hashes are kept."""

from __future__ import annotations

import hashlib
import random

import pytest

from kb.text.fingerprint import containment, fingerprint, read_fingerprint, triples

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
    assert len(fingerprint(ORIGINAL)) == 1 + 4 * (len(ORIGINAL.split()) - 2)
    assert b"flood" not in fingerprint(ORIGINAL)


def words(count: int, seed: int) -> list[str]:
    drawn = random.Random(seed)
    return [f"w{drawn.randrange(10**6)}" for _ in range(count)]


@pytest.mark.parametrize("count", [3, 1000, 4002, 4003, 16_000, 200_000])
def test_what_is_kept_of_a_page_is_at_most_16_kilobytes(count: int) -> None:
    kept = fingerprint(" ".join(words(count, seed=1)))
    assert len(kept) == 1 + 4 * min(count - 2, 4000)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.8, 1.0])
@pytest.mark.parametrize(("original", "page"), [(12_000, 9_000), (12_000, 500), (500, 12_000), (3_000, 900)])
def test_of_long_texts_a_sample_tells_about_which_share_was_copied(
    original: int, page: int, share: float
) -> None:
    source = words(original, seed=2)
    copied = min(int(share * page), original)
    text = " ".join(source[:copied] + words(page - copied, seed=3))
    found = containment(triples(text), read_fingerprint(fingerprint(" ".join(source))))
    assert found == pytest.approx(copied / page, abs=0.1)


def test_a_sample_of_a_long_original_accuses_no_short_page() -> None:
    """Two of three triples may be found by chance where two of three hundred are not."""
    source = words(12_000, seed=4)
    kept = read_fingerprint(fingerprint(" ".join(source)))
    assert containment(triples(" ".join(source[:20])), kept) == 0.0
    assert containment(triples(" ".join(source[:900])), kept) == 1.0


@pytest.mark.parametrize("count", [17, 3_000, 12_000])
def test_what_earlier_versions_kept_is_still_compared(count: int) -> None:
    """They kept every hash, in 64 bits and without a mark."""
    source = words(count, seed=5)
    runs = zip(source, source[1:], source[2:], strict=False)
    hashes = {hashlib.blake2b(" ".join(run).encode(), digest_size=8).digest() for run in runs}
    numbers = sorted(int.from_bytes(each, "little") for each in hashes)
    old = read_fingerprint(b"".join(each.to_bytes(8, "little") for each in numbers))
    assert len(old) == count - 2
    half = " ".join(source[: count // 2] + words(count // 2, seed=6))
    assert containment(triples(" ".join(source)), old) == 1.0
    assert containment(old, triples(" ".join(source))) == 1.0
    assert containment(triples(half), old) == pytest.approx(0.5, abs=0.1)
    assert containment(triples(" ".join(words(400, seed=7))), old) == 0.0
