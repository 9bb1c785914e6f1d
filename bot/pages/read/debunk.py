"""Does a page say itself that it corrects a story? Such a page is never "corrected" by the bot."""

from __future__ import annotations

import re

_DEBUNK_CUES = re.compile(
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


def says_debunk(title: str) -> bool:
    """Tell whether a title says that its page corrects a story rather than tells it."""
    return bool(_DEBUNK_CUES.search(" ".join(title.split())))
