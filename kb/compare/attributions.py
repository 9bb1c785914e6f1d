"""What the original gives to somebody, and the article tells as plain fact.

Said only where neither the sentence nor its neighbours name anybody as the source, by any word of saying.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kb.compare.figures.figures import FigureFinding
from kb.compare.names.sources import Sources
from kb.compare.old_news import is_later
from kb.compare.passage import Passage, content, tokens
from kb.compare.values import Difference, DifferenceKind, Record, State
from kb.entries.entry import Claim, Entry
from kb.text.word_lists import whole, word_list

_PAPERS = re.compile(whole(word_list("kb/compare/tables/documents.txt")))
_FOUND = {State.SAME, State.BOUND_DROPPED}
# Set by hand; the labelled pairs of `tests/quality/differences` hold them in their place.
_CLAIM_SHARE = 0.75  # of a claim's words that a sentence must have to tell it
_CLAIM_TERMS = 5  # words; shorter claims are told by chance
_TIED = 0.45  # unit and context of a tie
_MANY_DIGITS = 3  # that do not meet by chance


def dropped_attributions(
    entry: Entry, passage: Passage, figures: tuple[FigureFinding, ...], *, retold: bool
) -> Iterator[Difference]:
    """Figures and claims that are somebody's word on record and nobody's here; each sentence once.

    `retold`: the page tells an old story as news.
    """
    if passage.language != "en" or entry.language.partition("-")[0] != "en":
        return
    sources, seen = Sources(passage), set[int]()
    by_party = _by_party(passage, figures)
    for finding in figures:
        if not retold and is_later(passage, finding.wanted.stood):
            continue  # what was somebody's word may be established by now
        sentence = _figure_told_plainly(passage, sources, finding)
        if sentence is None or sentence in seen:
            continue
        if not _speaks_for_all(sources, finding, by_party, sentence):
            seen.add(sentence)
            yield _figure_difference(passage, finding, sentence)
    for claim in entry.claims:
        sentence = _claim_told_plainly(passage, sources, claim)
        if sentence is not None and sentence not in seen:
            seen.add(sentence)
            yield _claim_difference(entry, passage, claim, sentence)


def _by_party(
    passage: Passage, figures: Sequence[FigureFinding]
) -> dict[str, list[tuple[FigureFinding, frozenset[int]]]]:
    """The figures that the page has, by whom they are given to on record, with the sentences they stand
    in."""
    by_party = defaultdict[str, list[tuple[FigureFinding, frozenset[int]]]](list)
    for finding in figures:
        if finding.state in _FOUND and finding.wanted.figure.attributed_to:
            sentences = {passage.sentence_at(mention.quantity.core[0]) for mention in finding.mentions}
            by_party[finding.wanted.figure.attributed_to].append((finding, frozenset(sentences)))
    return by_party


def _figure_told_plainly(passage: Passage, sources: Sources, finding: FigureFinding) -> int | None:
    """The first sentence with the figure, if no mention of it in the text is given to anybody."""
    to = finding.wanted.figure.attributed_to
    if not to or finding.state not in _FOUND:
        return None
    places = [
        mention.quantity.core[0]
        for mention in finding.mentions
        if not passage.is_title(mention.quantity.start)
    ]
    telling = finding.wanted.quantity.significant >= _MANY_DIGITS
    tied = telling or any(mention.tie.unit + mention.tie.context >= _TIED for mention in finding.mentions)
    if not places or not tied or _is_papers(to) or sources.is_common(to):
        return None
    if any(passage.is_spoken(place) for place in places):
        return None
    sentences = dict.fromkeys(map(passage.sentence_at, places))
    return next(iter(sentences)) if all(sources.is_plain(number, to) for number in sentences) else None


def _is_papers(to: str) -> bool:
    """Whether the party on record is no party but papers: the report itself vouches for those."""
    return not any(token.capital for token in tokens(to)) and _PAPERS.search(to) is not None


def _speaks_for_all(
    sources: Sources,
    finding: FigureFinding,
    by_party: dict[str, list[tuple[FigureFinding, frozenset[int]]]],
    number: int,
) -> bool:
    """Whether the page says elsewhere whose numbers these are, so that a sentence need not say it again.

    It does where it introduces a study or calls its numbers somebody's, where the party on record is named
    as a source before, or with another number of its own.
    """
    if sources.says_whose_numbers:
        return True
    to = finding.wanted.figure.attributed_to or ""
    _, as_source = sources.speaks_of(to)
    if as_source and as_source[0] < number:
        return True
    own = [token.stem for token in tokens(to.split(",", maxsplit=1)[0]) if token.capital]
    return bool(own) and any(
        own[-1] in sources.stems[place]
        for other, sentences in by_party[to]
        if other is not finding
        for place in sentences
    )


def _claim_told_plainly(passage: Passage, sources: Sources, claim: Claim) -> int | None:
    if not claim.claimed_by or _is_papers(claim.claimed_by) or sources.is_common(claim.claimed_by):
        return None
    wanted = content(tokens(claim.text))
    if len(wanted) < _CLAIM_TERMS:
        return None
    places = [
        number
        for number, place in enumerate(passage.sentences)
        if not passage.is_title(place[0])
        and len(wanted & passage.meaning(*place)) >= _CLAIM_SHARE * len(wanted)
    ]
    if not places or not all(sources.is_plain(number, claim.claimed_by) for number in places):
        return None
    return places[0]


def _figure_difference(passage: Passage, finding: FigureFinding, sentence: int) -> Difference:
    wanted = finding.wanted
    record = Record(
        text=wanted.figure.attributed_to or "",
        about=f"{wanted.record.text} ({wanted.record.about})",
        source=wanted.record.source,
    )
    return Difference(
        kind=DifferenceKind.ATTRIBUTION_DROPPED,
        here=passage.snippet(*passage.sentences[sentence]),
        original=record,
        evidence=f"neither this sentence nor those beside it say who says so; on record it is"
        f" {wanted.figure.attributed_to}",
    )


def _claim_difference(entry: Entry, passage: Passage, claim: Claim, sentence: int) -> Difference:
    return Difference(
        kind=DifferenceKind.ATTRIBUTION_DROPPED,
        here=passage.snippet(*passage.sentences[sentence]),
        original=Record(text=claim.claimed_by or "", about=claim.text.rstrip("."), source=entry.original),
        evidence=f"neither this sentence nor those beside it say who says so; on record it is"
        f" {claim.claimed_by}",
    )
