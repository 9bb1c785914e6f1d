"""Direct speech: what stands in quotation marks, joined over "…," she said, "…", and who is said to speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kb.compare.passage import Passage
from kb.compare.quotes.marks import Part
from kb.text.word_lists import alternatives, filled, word_list

# By eye: half and twice as much change nothing on the labelled pairs to tune on.
_GAP = 140  # characters between the parts of one utterance
_REACH = 600  # characters around it, in which a sentence says whose words they are
_BEGINNING = 240  # characters of what follows, to tell a sentence of its own

SPEECH_VERBS = frozenset(word_list("kb/compare/tables/speech_verbs.txt"))
_VERB = alternatives(SPEECH_VERBS)
_SPEAKING = re.compile(r"\b" + _VERB + r"\b|:\s*$", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_NAME_WORD = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄ][\w’'.-]*"
_NAME = re.compile(
    _NAME_WORD + r"(?:[ \u00a0](?:(?:of|de|van|von|der|den|al|bin|la|le|el|da|dos|di)\s)*" + _NAME_WORD + ")*"
)
_SENTENCE_BEGINS = re.compile(
    filled(r"\s*(?:<name>|\w+(?:\s\w+){0,4})[^.]{0,60}?\b<verb>\b", name=_NAME.pattern, verb=_VERB)
)


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Parts of direct speech that belong together, and the text that says whose words they are."""

    parts: tuple[Part, ...]
    attribution: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in what says whose words they are."""
        return tuple(name for text in self.attribution for name in names_in(text))


def names_in(text: str) -> tuple[str, ...]:
    """The capitalised names of a stretch of text; words that only start a sentence are among them."""
    return tuple(name[0] for name in _NAME.finditer(text))


def utterances(passage: Passage) -> tuple[Utterance, ...]:
    """The direct speech of an article, in order."""
    groups: list[list[Part]] = []
    for part in passage.quotations:
        if groups and _goes_on(passage.text, groups[-1][-1], part):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(_utterance(passage, group) for group in groups)


def _goes_on(text: str, before: Part, after: Part) -> bool:
    """Whether two parts are one utterance: only who speaks stands between them, or a new paragraph."""
    gap = text[before.end : after.start - 1][1:]
    if len(gap) > _GAP:
        return False
    if not re.search(r"\w", gap):
        return text[before.end] == "\n" or bool(re.search(r"…|\.\.\.", gap))
    sentence_ends = len(re.findall(r"[.!?]\s+(?=[A-Z])", gap.rstrip()))
    return "\n" not in gap and sentence_ends == 0 and bool(_SPEAKING.search(gap)) and "“" not in gap


def _utterance(passage: Passage, group: list[Part]) -> Utterance:
    spans = tuple(span for span in _around(passage, group) if passage.text[slice(*span)].strip())
    attribution = tuple(_without_quotes(passage.text[slice(*span)]) for span in spans)
    return Utterance(parts=tuple(group), attribution=attribution, spans=spans)


def _around(passage: Passage, group: list[Part]) -> list[tuple[int, int]]:
    """Where the words around a quotation in its sentences stand: before, between its parts, after."""
    text = passage.text
    first, last = group[0], group[-1]
    opening = passage.sentences[passage.sentence_at(max(first.start - 1, 0))][0]
    opening = max(opening, first.start - _REACH)
    reach = min(last.end + _REACH, len(text))
    line_end = text.find("\n", last.end, reach)
    line_end = reach if line_end < 0 else line_end
    closing = re.compile(r"[.!?…](?:\s|$)").search(text, last.end + 1, line_end)
    after_end = closing.start() if closing else line_end
    ended = re.search(r"[.!?]\s*$", text[last.start : last.end])
    follows = text[last.end + 1 : min(after_end, last.end + _BEGINNING)]
    if ended and re.match(r"\s*[A-Z]", follows) and not _SENTENCE_BEGINS.match(follows):
        after_end = last.end + 1
    before = (min(opening, first.start - 1), max(first.start - 1, 0))
    gaps = [(left.end + 1, max(right.start - 1, left.end + 1)) for left, right in pairwise(group)]
    return [before, *gaps, (last.end + 1, after_end)]


def _without_quotes(piece: str) -> str:
    return _QUOTED.sub(" ", piece)
