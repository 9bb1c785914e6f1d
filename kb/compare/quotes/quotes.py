"""The quotes on record against the direct speech of the article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kb.compare.names.people import folded, is_person, name_words, speaker_named
from kb.compare.old_news import is_later
from kb.compare.passage import Passage
from kb.compare.quotes.aligning import Alignment, align
from kb.compare.quotes.blocks import matching_blocks
from kb.compare.quotes.speech import Utterance
from kb.compare.quotes.spoken import Speech, Spoken, wording_of
from kb.compare.values import Difference, DifferenceKind, Record, Snippet, Standing, State
from kb.entries.entry import Entry, Quote
from kb.text.words import STOP_WORDS

_NAME_WORD = re.compile(r"[^\s,;:()“”\"]+")
# Set by eye. Each was moved alone, by a word or about a tenth either way, on the labelled pairs to tune on
# (146 right, none wrong, 13 missed): one more is missed where this is said; else no count changes.
_CONTENT, _LIKENESS = 3, 0.5  # words of meaning in common, likeness; with 4 words one is missed
_CONTENT_UNATTRIBUTED, _LIKENESS_UNATTRIBUTED = 4, 0.75  # more where nobody is named: anybody may say alike
_SHORT = 4  # content words on record: "classic psychological warfare"; with 5 one is missed
_MOSTLY = 0.35  # of the words of meaning are the same, or it is another quote that shares a phrase
_MUCH, _HALF = 5, 0.5  # content words, or half of them; with 0.6 one is missed
_LONG_MATCH, _IN_STEP = 7, 0.45  # words of meaning swapped, little ones left; without it one is missed
_CERTAIN = 0.75  # likeness from which the words are surely the ones on record, and the speaker is wrong
_BETTER = 1.5  # times as much alike: by eye, as the ones above
MOST_STEPS = 1_500_000  # of laying words on words: about a second
_OTHER_WORDS, _MOST, _ECHO = 5, 0.6, 0.55  # of another sentence; with an echo of 0.65 one is missed


@dataclass(frozen=True, kw_only=True)
class QuoteFinding:
    """A quote on record, how it stands, and the direct speech that it was found in."""

    quote: Quote
    record: Record
    state: State
    utterance: Utterance | None = None
    alignment: Alignment | None = None
    given_to: str = ""

    def standing(self, passage: Passage) -> Standing:
        """How the quote stands, for people."""
        here = (
            snippet(passage, self.utterance, self.alignment).short
            if self.utterance and self.alignment
            else ""
        )
        return Standing(record=self.record, state=self.state, here=here)


def compare_quotes(entry: Entry, passage: Passage, *, retold: bool) -> tuple[QuoteFinding, ...]:
    """Find each quote of an entry in the article's direct speech; one finding for each place it stands in.

    `retold`: the page tells an old story as news. Quotes that are left when the steps for laying words on
    words are used up are NOT_COMPARED.
    """
    records = [Record(text=quote.text, about=quote.speaker, source=entry.original) for quote in entry.quotes]
    left = MOST_STEPS if passage.language == entry.language.partition("-")[0] else 0
    speech = Speech(passage) if entry.quotes and left else None
    later = is_later(passage, entry.original.published) and not retold
    findings: list[QuoteFinding] = []
    for quote, record in zip(entry.quotes, records, strict=True):
        places, used = _places(quote, record, speech, left, later=later) if speech else ([], 0)
        left -= used
        state = State.NOT_MENTIONED if left > 0 else State.NOT_COMPARED
        findings += places or [QuoteFinding(quote=quote, record=record, state=state)]
    return _each_part_once(findings)


def _places(
    quote: Quote, record: Record, speech: Speech, most: int, *, later: bool
) -> tuple[list[QuoteFinding], int]:
    """Where the quote stands, and in how many steps that was found; nowhere where it takes more than
    `most`."""
    own, left = wording_of(quote.text), most
    findings: list[QuoteFinding] = []
    for spoken in speech.spoken:
        if not spoken.may_be(own):
            continue
        here = spoken.wording.words
        blocks, used = matching_blocks([word.stem for word in own.words], [word.stem for word in here], left)
        left -= used
        if blocks is None:
            return [], max(used, most)
        alignment = align(own.words, here, blocks, (quote.text, speech.passage.text))
        if alignment and (finding := _finding(quote, record, spoken, alignment, later=later)):
            findings.append(finding)
    return findings, most - left


def _finding(
    quote: Quote, record: Record, spoken: Spoken, alignment: Alignment, *, later: bool
) -> QuoteFinding | None:
    """The quote in an utterance, if it is there; on a `later` page people may say part of it anew."""
    length = len(wording_of(quote.text).words)
    if not _is_the_quote(quote, alignment, spoken, length):
        return None
    if alignment.changes and later and alignment.matched < _MOST * length:
        return None
    state = State.CHANGED if alignment.changes else State.CUT if alignment.cut else State.SAME
    return QuoteFinding(
        quote=quote,
        record=record,
        state=state,
        utterance=spoken.utterance,
        alignment=alignment,
        given_to=_given_to(quote, alignment, spoken),
    )


def _is_the_quote(quote: Quote, alignment: Alignment, spoken: Spoken, length: int) -> bool:
    """Whether direct speech is this quote, whatever was changed in it, and not another one of the
    speaker's."""
    if not alignment.changes and alignment.content >= _CONTENT:
        return True
    if _goes_another_way(alignment, length):
        return False
    named = speaker_named(quote.speaker, spoken.named) or speaker_named(quote.speaker, spoken.named_before)
    content = _content(quote.text)
    if named and _is_much_alike(alignment, content, length):
        return True
    if content <= _SHORT:
        enough = max(2, content - 1)
        return (
            alignment.content >= enough
            and alignment.likeness >= _LIKENESS
            and (named or not alignment.changes)
        )
    needed = (_CONTENT, _LIKENESS) if named else (_CONTENT_UNATTRIBUTED, _LIKENESS_UNATTRIBUTED)
    enough = alignment.content >= needed[0] and alignment.likeness >= needed[1]
    return enough and alignment.content >= _MOSTLY * min(content, length)


@lru_cache(maxsize=512)
def _content(text: str) -> int:
    """How many words of a quote on record carry meaning."""
    return sum(word not in STOP_WORDS for word in re.findall(r"\w+", text.casefold()))


def _is_much_alike(alignment: Alignment, content: int, length: int) -> bool:
    """Whether so much is the same that, from the speaker on record, it is surely the quote."""
    if alignment.content >= max(_MUCH, _HALF * content) and alignment.likeness >= _MOSTLY:
        return True
    return alignment.matched >= max(_LONG_MATCH, _HALF * length) and alignment.likeness >= _IN_STEP


def _goes_another_way(alignment: Alignment, length: int) -> bool:
    """Whether direct speech only begins or ends like the quote: people repeat their own phrases."""
    if alignment.beyond > _OTHER_WORDS:
        if alignment.likeness < _ECHO:
            return True
        if alignment.rest > _OTHER_WORDS and alignment.matched < _MOST * length:
            return True
    ends_only = bool(alignment.changes) and not alignment.inner
    return ends_only and (alignment.matched < _HALF * length or alignment.content < _CONTENT)


def _given_to(quote: Quote, alignment: Alignment, spoken: Spoken) -> str:
    """Who is said to speak, if it is surely another person than on record."""
    sure = alignment.content >= _CONTENT and alignment.likeness >= _CERTAIN
    if not sure or not is_person(quote.speaker) or speaker_named(quote.speaker, spoken.named):
        return ""
    if len(spoken.speakers) != 1 or speaker_named(quote.speaker, frozenset(name_words(spoken.speakers[0]))):
        return ""
    return spoken.speakers[0]


def _each_part_once(findings: list[QuoteFinding]) -> tuple[QuoteFinding, ...]:
    """Where two quotes on record lie on the same parts of direct speech, the better likeness stays."""
    together = defaultdict[int, list[QuoteFinding]](list)
    for finding in findings:
        together[id(finding.utterance)].append(finding)
    places = Counter(id(finding.quote) for finding in findings if finding.alignment)
    kept: list[QuoteFinding] = []
    for finding in findings:
        if not any(
            _beats(other, finding) for other in together[id(finding.utterance)] if other is not finding
        ):
            kept.append(finding)
        elif places[id(finding.quote)] == 1:
            kept.append(
                replace(finding, state=State.NOT_MENTIONED, utterance=None, alignment=None, given_to="")
            )
    return tuple(kept)


def _beats(rival: QuoteFinding, finding: QuoteFinding) -> bool:
    mine, theirs = finding.alignment, rival.alignment
    if mine is None or theirs is None:
        return False
    overlap = mine.parts[0] <= theirs.parts[1] and theirs.parts[0] <= mine.parts[1]
    one_part = mine.parts == theirs.parts and mine.parts[0] == mine.parts[1]
    if one_part and not mine.changes:
        return False
    return overlap and theirs.content * theirs.likeness > _BETTER * mine.content * mine.likeness


def snippet(passage: Passage, utterance: Utterance, alignment: Alignment) -> Snippet:
    """The parts of direct speech that lie on the quote; for a changed one, those with the changes."""
    first, last = alignment.parts
    if alignment.changes:
        places = [part for _, _, part in alignment.changes]
        first, last = min(places), max(places)
    parts = utterance.parts[first : last + 1]
    short = " … ".join(passage.text[part.start : part.end].strip() for part in parts)
    return passage.snippet(parts[0].start, parts[-1].end, short)


def quote_differences(passage: Passage, findings: tuple[QuoteFinding, ...]) -> Iterator[Difference]:
    """The changed and wrongly given quotes: both sides, with the words that differ."""
    seen: dict[tuple[int, DifferenceKind], Difference] = {}
    for finding in findings:
        if finding.utterance is None or finding.alignment is None:
            continue
        for kind in _kinds(finding):
            difference = _difference(passage, kind, finding, finding.utterance, finding.alignment)
            key = (id(finding.quote), kind)
            before = seen.get(key)
            seen[key] = replace(before, also=(*before.also, difference.here)) if before else difference
    yield from seen.values()


def _difference(
    passage: Passage, kind: DifferenceKind, finding: QuoteFinding, utterance: Utterance, alignment: Alignment
) -> Difference:
    place = snippet(passage, utterance, alignment)
    if kind is DifferenceKind.QUOTE_ALTERED:
        return Difference(
            kind=kind,
            here=place,
            original=finding.record,
            evidence=f"{alignment.likeness:.0%} of the words are the same, in the same order",
            words=tuple((here, there) for here, there, _ in alignment.changes),
        )
    last = name_words(finding.given_to)[-1:]
    spans = [
        (start, end)
        for start, end in utterance.spans
        if any((folded(word),) == last for word in _NAME_WORD.findall(passage.text, start, end))
    ]
    start = min([place.start, *(start for start, _ in spans)])
    end = max([place.end, *(end for _, end in spans)])
    return Difference(
        kind=kind,
        here=passage.snippet(start, end, place.short),
        original=Record(text=finding.quote.speaker, about=finding.quote.text, source=finding.record.source),
        evidence=f"the same words, given to {finding.given_to} and not to {finding.quote.speaker}",
        words=((finding.given_to, finding.quote.speaker),),
    )


def _kinds(finding: QuoteFinding) -> Iterator[DifferenceKind]:
    if finding.given_to:
        yield DifferenceKind.QUOTE_MISATTRIBUTED
    if finding.state is State.CHANGED:
        yield DifferenceKind.QUOTE_ALTERED
