"""Does a page report a story, or argue about it, or deny it? Cues in its own words, quotations left out.

A page that argues or denies shares names, figures and quotes with the entry, and is still no copy to be
answered unasked. The cues are few and plain; what they miss is matched as before.
"""

from __future__ import annotations

import re

from kb.text import Reading, quotes, words

_OPINION_TITLE = re.compile(
    r"^\W*(?:opinion|op-?ed|editorial|comment(?:ary)?|column|viewpoint|letters?(?: to the editor)?)\s*[:|–—-]"
    r"|[|–—-]\s*(?:opinion|op-?ed|editorial|comment(?:ary)?|column)\W*$",
    re.IGNORECASE,
)
_FIRST_PERSON = frozenset({"I", "I'm", "I've", "I'd", "I'll", "my", "My", "me", "myself"})
_FIRST_PERSON_LEAST = 3  # "I" slips into a report now and then
_FIRST_PERSON_SHARE = 0.01

_THING = r"(?:posts?|claims?|rumou?rs?|stor(?:y|ies)|videos?|clips?|photos?|pictures?|images?|reports?)"
_DENIAL = re.compile(
    rf"""
    \bno\ (?:evidence|proof)\ (?:for|of)\ (?:it|this|that|any\ of\ (?:it|this)|(?:the|this|that)\ {_THING})\b
    | \b{_THING}\ (?:that\ [^.!?]{{0,80}}\ |on\ \w+\ )?(?:is|are|was|were)
      \ (?:false|fake|untrue|not\ true|wrong|fabricated|made\ up|misleading|a\ hoax)\b
    | \bposts?\ (?:that\ (?:was|were)\ |(?:was|were|has\ been|have\ been)\ )?shared
      \ (?:thousands|hundreds|millions|\d)
    | \bfact[\s-]check | \bdebunk | \bour\ (?:verdict|rating)\b | \bwe\ rated?\ (?:this|the|it)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def no_report(reading: Reading) -> str | None:
    """Say what the page is instead of a report, in a reader's words; None for what may be one."""
    if argues(reading):
        return "is an opinion piece"
    if denies(reading):
        return "checks or denies a claim"
    return None


def argues(reading: Reading) -> bool:
    """The page is an opinion piece: its title says so, or its author speaks of himself."""
    return bool(_OPINION_TITLE.search(reading.title)) or _speaks_for_itself(_own_words(reading))


def denies(reading: Reading) -> bool:
    """The page says that a claim is false, or that it checks one."""
    return bool(_DENIAL.search(f"{reading.title}\n{_own_words(reading)}"))


def _own_words(reading: Reading) -> str:
    own = reading.text
    for quoted in quotes(own):
        own = own.replace(quoted, " ")
    return own


def _speaks_for_itself(text: str) -> bool:
    tokens = [token.replace("’", "'") for token in words(text)]
    said = sum(token in _FIRST_PERSON for token in tokens)
    return said >= _FIRST_PERSON_LEAST and said >= _FIRST_PERSON_SHARE * len(tokens)
