"""Does a page report a story, or argue about it, or deny it? Cues in its own words, quotations left out.

A page that argues or denies shares names, figures and quotes with the entry, and is still no copy to be
answered unasked. The cues are few and plain; what they miss is matched as before.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.text.words import without_quotes, words

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

# A title says much in few words: what denies there ("Fake: …", "No, …") tells nothing in a text.
_DEBUNK_TITLE = re.compile(
    r"""
    \bfact[\s-]?check(?:s|ed|ing|ers?)?\b
      (?!\ (?:program|scheme|network|unit|team|partner|label|site|group|organi[sz]ation|industry))
    | \bdebunk(?:s|ed|ing)?\b
    | (?<!bomb\ )(?<!death\ )\bhoax(?:es)?\b(?!\ (?:call|caller|bomb|threat|device|trial|charge))
    | ^\W*(?:mostly\ )?
      (?:false|fake|misleading|altered|doctored|manipulated|fabricated|satire|incorrect|wrong|scam)\s*[:!|–—]
    | (?:[|–—:(\[]|\s-)\s*(?:mostly\ )?(?:false|fake|misleading|altered|doctored|fabricated|debunked)[)\].!]*$
    | ^\W*no,\s
    | ^\W*(?:there\ is\ |there['’]s\ )?no\ (?:evidence|proof)\ (?:that|of|for)\b
    | \b(?:missing|lacks|out\ of)\ context\b
    | \b(?:is|are|was|were)\ (?:not\ true|untrue|(?:a\ )?fake|false(?!\ (?:alarm|start|dawn)))\b
    | \bfalse(?:ly)?\ (?:claims?|claimed|claiming|rumou?rs?|attributed|linked|posts?)\b
    | \b(?:does|do|did)(?:\ not|n['’]t)\ (?:actually\ )?(?:show|depict|prove)\b
    | \b(?:photo|picture|image|video|clip|footage|quote|post|screenshot)s?
      \ (?:is|are|was|were)(?:\ not|n['’]t)\b
    | \bmyths?\ (?:busted|about)\b | ^\W*myth\s*[:?] | \bmisinformation\s*: | \bviral\ claim\b
    | \bfaktencheck\b | ^\W*(?:falsch|fake)\s*: | \b(?:es\ )?falso\s+que\b | ^\W*(?:falso|faux)\s*[:!]
    | \bbulo\b
    | ^\W*non,\s | ^\W*nein,\s
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Stance(NamedTuple):
    """What a page is instead of a report.

    `argues`: an opinion piece; its title says so, or its author speaks of himself. `denies`: it says that a
    claim is false, or that it checks one.
    """

    argues: bool
    denies: bool


def read_stance(title: str, text: str) -> Stance:
    """Read the cues in a page's title and in its own words; both are false for what may be a report."""
    own = without_quotes(text)
    return Stance(
        argues=bool(_OPINION_TITLE.search(title)) or _speaks_for_itself(own),
        denies=bool(_DENIAL.search(f"{title}\n{own}")),
    )


def says_debunk(title: str) -> bool:
    """Tell whether a title says that its page corrects a story rather than tells it."""
    return bool(_DEBUNK_TITLE.search(" ".join(title.split())))


def _speaks_for_itself(text: str) -> bool:
    tokens = [token.replace("’", "'") for token in words(text)]
    said = sum(token in _FIRST_PERSON for token in tokens)
    return said >= _FIRST_PERSON_LEAST and said >= _FIRST_PERSON_SHARE * len(tokens)
