from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kb.entries.texts import passage
from kb.match.preview import SeenPage, preview
from kb.search.embedder import HashEmbedder
from kb.text.fingerprint import fingerprint
from kb.urls.identity import identify
from tests.unit.kb.curate.curating import sound

EMBEDDER = HashEmbedder()
QUOTE = "We have never seen the water so high in May."
STORY = sound(
    title="Old harbour closed after a flood",
    summary="The spring tide flooded the old harbour and the ferry stopped for a week.",
    quotes=[{"speaker": "The harbour master", "text": QUOTE}],
    appearances=[{"url": "https://copy.example/listed"}],
)
ORIGINAL = " ".join(f"word{number}" for number in range(400))


def seen(
    text: str, *, vector_of: str | None = None, url: str = "https://copy.example/1", count: int = 1
) -> SeenPage:
    vector = EMBEDDER.encode([vector_of if vector_of is not None else text])[0]
    return SeenPage(
        key=identify(url).key,
        url=url,
        count=count,
        model=EMBEDDER.model,
        vector=vector.astype(np.float32).tobytes(),
        fingerprint=fingerprint(text),
    )


ABOUT = passage(STORY)
QUOTED = "Boats lay on the quay. “We have never seen the water so high in May,” the harbour master said."


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (SeenPage(key="copy.example/listed", url="https://copy.example/listed"), "the entry lists it"),
        (seen(ORIGINAL, vector_of="something else"), "100% of its wording is the original's"),
        (seen("Told in other words altogether.", vector_of=ABOUT), "it is about the same"),
        (
            seen(QUOTED, vector_of=ABOUT),
            "it is about the same and has “We have never seen the water so high in May.”",
        ),
        (seen(QUOTED, vector_of="a recipe for bread"), None),
        (seen("A recipe for bread and butter."), None),
        (SeenPage(key="x.example/1", url="https://x.example/1"), None),
    ],
)
def test_a_page_is_foretold_by_what_is_kept_of_it(page: SeenPage, why: str | None) -> None:
    found = preview(STORY, [page], EMBEDDER, original=fingerprint(ORIGINAL))
    assert [each.why for each in found] == ([why] if why else [])


def test_vectors_of_another_model_are_not_compared() -> None:
    page = seen("Told in other words altogether.", vector_of=ABOUT)
    other = SeenPage(**{**page.__dict__, "model": "another"})
    assert preview(STORY, [other], EMBEDDER) == ()


def test_the_page_that_was_posted_most_often_comes_first() -> None:
    pages = [
        seen("Told so by all.", vector_of=ABOUT, url=f"https://copy.example/{n}", count=n) for n in (1, 3, 2)
    ]
    assert [each.page.count for each in preview(STORY, pages, EMBEDDER)] == [3, 2, 1]


def test_of_very_many_pages_those_that_were_posted_most_often_are_looked_at() -> None:
    rare = SeenPage(key="copy.example/listed", url="https://copy.example/listed")
    often = [replace(rare, url=f"https://copy.example/listed?{n}", count=2) for n in range(2_500)]
    found = preview(STORY, [rare, *often], EMBEDDER)
    assert len(found) == 2_000
    assert rare not in [each.page for each in found]
