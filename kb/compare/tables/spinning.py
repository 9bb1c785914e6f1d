"""Phrases that programs leave behind which swap synonyms one by one, and hardly anybody writes: a table.

Strong ones are wrong as English ("a ugly", "the place the" for "where the"); weak ones are only rarer than
the
plain word they stand for, and count when many of them meet. One phrase a line, as a regular
expression; a line that begins with "|" goes on with the one before.
"""

from __future__ import annotations

import re

_STRONG = r"""
in opposition to
in accordance to
in line with (?:an?|its|his|her|their) (?:personal|inside)
in (?:accordance|keeping) with (?:the|an?|its|his|her|their) (?:(?:personal|inside|inner) )?(?:audit|tax
|record\w*|filing\w*|researcher\w*|scientist\w*|compan\w+|corporation|report|minist\w+
|prosecution|police|officials?|paper|agency|study|firm|counsel|lawyers?|union|association
|charity|group|organi[sz]ation|authorit\w+
|board|council|institute|institution|newspaper|survey|data|statement|document\w*|spokes\w+
|court\w*|indictment|report\w*|inspector\w*|investigator\w*
|expert\w*|operator\w*|[A-Z]\w+)
as (?:nicely|effectively) as
despatched (?:pictures|photos|images|back|home|to)
cost-free (?:accessibility|access)
-based mostly
relating to \d
(?:day to day|each day|every day) (?=[A-Z]\w+s\b)
the two [A-Z]\w+ and [A-Z]
(?:legislation|regulation) enforcement
(?:lifeless|useless) (?:soldiers|troopers|troops|bodies|people|folks|or captured)
social websites
(?:advised|informed|instructed|mentioned to|suggested) The [A-Z]
software program
(?:is|are) remaining [A-Z]
the place (?:the|he|she|they|it|we|you|[a-z]+ had|[a-z]+ has)
for the (?:reason that|primary time)
as a result of (?:they|he|she|it|we|you|i)
final (?:week|month|year|night)
subsequent (?:week|month|year)
\d+ yrs?\b
a yr\b
sq\. (?:metres?|km|miles?|kilometres?)
(?:chief|main) govt
court ?room docket
supreme courtroom
prime minister's workplace
in response to the [A-Z]\w+(?: [A-Z]\w+){0,5} (?:Workplace|Council|Board|Agency|Company|Group)
[A-Z]\w+ (?:reviews|stories|experiences|studies)(?=[.,])
(?:every|each) greenback
each single
(?:of|on|by|with|their|its) personal (?:admission|account|figures|data|tax|statistics|phrases)
\d p\.c\b
(?:gone|went) lacking
(?:youngsters|kids|folks|individuals) beneath
a complete of \d
(?:round|spherical) \d[\d,.]*
affected person (?:care|data|info|information|records?|security)
united international locations
synthetic intelligence
facial popularity
international warming
greenhouse fuel
local weather (?:change|activists?|polic\w+)
hundreds of hundreds
1000's
no person
can(?:'|’)t be discovered
has realized
kids's|folks's|people's's
well being (?:board|ministry|officials?|minister|care)
public well being
new 12 months
jail time period
founding father of (?:a|the) (?:firm|company)
financial institution
by no means (?=\w+(?:ed|en|t)\b)
misplaced (?:their|his|her|its|your) (?:lives|life|deposits|money|jobs?|homes?|cash)
with out
\{\w+\}
1 / 4
too younger
vacationer (?:board|industry|office)
\d levels
(?:intends|plans) to enchantment
a listening to
\w+ing property to their
(?:everyone|everybody|something) concerning the
(?:too|so) (?:giant|massive) to fail
in any respect[.,]
easy methods to
(?:was|were|is|are|be|been) (?:ready|in a position) to be
(?:mentioned|famous|knowledgeable) (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day
sending out out
useless physique|dead physique
asylum searcher
chief minister's workplace
the authorities (?:of|has) (?:japan|britain|france|germany)
carefully linked|intently linked
"""

_WEAK = r"""
mak(?:e|es|ing) use of
utili[sz](?:e|es|ed|ing)
know-how
(?:greater|larger|lower) than (?=[\d$€£a-z]\S* )
not less than (?=[\d$€£])
a few of (?:them|the|its)
a lot of the
additionally
individuals
folks
patrons
beneath
within the
inside (?:\d|the (?:valley|community))
throughout the (?:opening|whole)
to date
used to be
advised
mentioned
acknowledged
famous the
remarked
based on [A-Z]
commence[ds]?
endeavou?r(?:s|ed)?
ascertain(?:ed)?
troopers
visuals
residences
automotive
brand new
amongst
whilst
on-line
nonetheless
in the meanwhile
take a position
handed over
referred to as
(?:marketing|advertising) campaign
"""

_ODD_ARTICLE = (
    r"\ba (?:ugly|animal|officer|other|important|enormous|open|employee|email|attack|agency|army|attempt"
    r"|effort|event|initial"
    r"|individual|increase|inquiry|investigat\w+|image|idea|interview|issue|additional|amazing|area"
    r"|article|actual|old|online|official"
    r"|opportunity|organi[sz]ation|estimated|extra|early|easy|economic|eighth?|eleven|emergency|entire"
    r"|unusual|unknown|upcoming|urgent"
    r"|international|interesting|illegal|immediate|ongoing|obvious|incident|accident|analyst|academic"
    r"|explosion|answer|aircraft|airplane)\b"
    r"|\ban (?:[bcdfgjkpqtvwz][a-z]{2,}|company|person|report|story|plan|group|study|government"
    r"|university|united|unique|union|european)\b"
)


def _compiled(table: str) -> re.Pattern[str]:
    rows = [
        row.replace("'", "['’]").replace("[A-Z]", "(?-i:[A-Z])")
        for row in table.strip().replace("\n|", "|").splitlines()
    ]
    whole = [row + r"(?![A-Za-z])" if row[-1].isalpha() else row for row in rows]
    return re.compile(r"(?<![A-Za-z])(?=\S)(?:" + "|".join(whole) + ")", re.IGNORECASE)


STRONG = (_compiled(_STRONG), re.compile(_ODD_ARTICLE, re.IGNORECASE))
_MOST = 40  # distinct phrases; a few are enough to tell
WEAK = (
    _compiled(_WEAK),
    re.compile(r"[,?!][”\"']\s(?:\w+\s){0,3}?(?:mentioned|advised|famous|knowledgeable)\b"),
)


def tics(text: str) -> tuple[list[str], list[str]]:
    """The distinct strong and weak phrases of a text, in lower case, in order."""
    strong = _distinct(STRONG, text)
    return strong, [tic for tic in _distinct(WEAK, text) if not any(tic in other for other in strong)]


def weight(text: str) -> int:
    """How much a text reads like swapped synonyms: strong phrases count twice, weak ones half."""
    strong, weak = tics(text)
    return 2 * len(strong) + len(weak) // 2


def _distinct(patterns: tuple[re.Pattern[str], ...], text: str) -> list[str]:
    found = (" ".join(match[0].split()) for pattern in patterns for match in pattern.finditer(text))
    return list(dict.fromkeys(tic.strip("\"”“', ").lower() for tic in found))[:_MOST]
