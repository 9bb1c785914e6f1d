"""What does a page do itself: report a story, answer it, recall it, argue about it, check it?

All of these share names, figures and quotations with an entry, and only a report may be answered unasked.
Read are the title, how the text begins, and the page's own words: not what it quotes somebody with. A title
and a verdict can settle it (`argues`, `denies`); all else are numbers that are weighed (kb/match/signals.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.text.cues import NO_CUES, Cues, count_denials, read_cues
from kb.text.word_lists import any_of, word_list, word_lists
from kb.text.words import begun, sentences, without_quotes, words

_LEAD = 45  # words: a first sentence or two
_BODY = 300  # words in which recalls are counted: of a longer page, the background comes later
_MARKS = " *#>•·–—-“”\"'(["  # before the first word of a line
_ENOUGH = 40  # words below which a rate is no rate
_OWN = 20_000  # characters of own words: 3,000 words


def _rule(patterns: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """Any of these, in text on one line; ' stands for both apostrophes."""
    return re.compile(before + any_of(patterns).replace("'", "['’]") + after, re.IGNORECASE)


_TITLES = {
    name: _rule(patterns)
    for name, patterns in word_lists(
        "kb/match/tables/page_titles.txt", "explaining", "opinion", "debunk"
    ).items()
}
_RECALLS = _rule(word_list("kb/match/tables/recalls.txt"), r"\b", r"\b")
_VERDICTS = _rule(word_list("kb/match/tables/verdicts.txt"))


@dataclass(frozen=True, kw_only=True)
class Stance:
    """What a page is instead of a report, by its own words; all zero, false and empty for somebody's words.

    `argues`: its title says that it is an opinion. `denies`: its title, or a verdict, says that it checks a
    claim. `explains`: its title is that of background. `title` and `lead` hold the cues (kb/text/cues.py) of
    the title and of how the text begins; `denials`, `recalls` of what became known before, and `past_perfect`
    are per hundred words.
    """

    argues: bool = False
    denies: bool = False
    explains: bool = False
    title: Cues = NO_CUES
    lead: Cues = NO_CUES
    denials: float = 0.0
    recalls: float = 0.0
    past_perfect: float = 0.0


def read_stance(title: str, text: str) -> Stance:
    """Read a page's title and text, in time in proportion to them."""
    line, own = " ".join(title.split()), begun(without_quotes(text), _OWN)
    told = own.split()
    lead = " ".join(told[:_LEAD])
    folded = [word.casefold().replace("’", "'") for word in words(own)]
    return Stance(
        argues=bool(_TITLES["opinion"].search(line)),
        denies=says_debunk(line) or any(map(_VERDICTS.match, _lines(own))),
        explains=bool(_TITLES["explaining"].search(line)),
        title=read_cues(line),
        lead=read_cues(lead),
        denials=_rate(count_denials(folded), len(folded)),
        recalls=_rate(_count(_RECALLS, " ".join(told[:_BODY])), min(len(told), _BODY)),
        past_perfect=_rate(folded.count("had"), len(folded)),
    )


def says_debunk(title: str) -> bool:
    """Tell whether a title says that its page corrects a story rather than tells it."""
    return bool(_TITLES["debunk"].search(" ".join(title.split())))


def _lines(text: str) -> Iterable[str]:
    """Lines and sentences, from their first word on."""
    return (
        " ".join(sentence.split()).lstrip(_MARKS) for line in text.split("\n") for sentence in sentences(line)
    )


def _count(rule: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in rule.finditer(text))


def _rate(count: int, length: int) -> float:
    """How often in a hundred words."""
    return 100.0 * count / max(length, _ENOUGH)
