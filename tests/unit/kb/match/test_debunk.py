"""A page that says itself that it corrects a story is known as such."""

from __future__ import annotations

import pytest

from kb.match.stance import says_debunk


@pytest.mark.parametrize(
    "title",
    [
        "Fact check: No, the kites of Lower Meadow are not drones",
        "FACT-CHECK | Kites over Lower Meadow",
        "Kite rumour debunked",
        "The kite hoax, explained",
        "False: Lower Meadow bans kites",
        "FAKE: a letter from the warden",
        "Lower Meadow bans kites - False",
        "Did Lower Meadow ban kites? (Misleading)",
        "No, Lower Meadow did not ban kites",
        "No evidence that kites bring rain",
        "There is no proof of a kite ban",
        "Photo does not show the kite festival",
        "Video doesn’t show kites over Lower Meadow",
        "This photo is not from Lower Meadow",
        "The claim that kites bring rain is not true",
        "Posts falsely claim that kites are banned",
        "False claims about kites spread again",
        "Post about kites is missing context",
        "Five myths about kites",
        "Faktencheck: Sind Drachen verboten?",
        "Faux : les cerfs-volants interdits",
    ],
)
def test_a_title_that_corrects_a_story_is_a_debunk(title: str) -> None:
    assert says_debunk(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Kites over Lower Meadow counted again",
        "Nobody counted the kites of Lower Meadow",
        "No kites this year in Lower Meadow",
        "False start for the kite festival",
        "False alarm closes Lower Meadow school",
        "It was a false alarm, says the warden",
        "Bomb hoax closes Lower Meadow station",
        "Kite club ends its fact-checking programme",
        "Man charged over hoax call",
        "Fake kites seized at the border",
        "Checking the facts of life with the warden",
        "Warden shows evidence of the kite ban",
        "Altered flight paths annoy Lower Meadow",
        "Wrong turn leads kite flyer to the sea",
        "Ukraine sends photos home",
    ],
)
def test_a_title_that_tells_a_story_is_no_debunk(title: str) -> None:
    assert not says_debunk(title)
