"""The figures on record against the numbers of the article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kb.compare.figures.around import Surroundings, surroundings
from kb.compare.figures.judging import Verdict, judge
from kb.compare.figures.ties import Tie, a_magnitude_off, foreign_names, is_misspelt, tie, untied
from kb.compare.figures.wanted import Wanted, entry_words, known_numbers, wanted_figures
from kb.compare.old_news import is_later
from kb.compare.passage import Passage
from kb.compare.quantities import Quantity
from kb.compare.values import Difference, DifferenceKind, Standing, State
from kb.entries.entry import Entry

# How strong a tie must be; set by hand, held by the labelled pairs of `tests/quality/differences`.
_SAME_CONTEXT, _SAME_UNIT = 0.25, 0.4
_TURNED_CONTEXT = 0.3
_UNIT = 0.6
_CLEAR_LEAD = 0.2
_FEW = 12
_FEW_TERMS, _HALF, _TWO = 3, 0.5, 2  # without the unit: half of the description, two words of it
_MANY_DIGITS = 3
_KINDS = {
    Verdict.ROUNDED: DifferenceKind.FIGURE_ROUNDED,
    Verdict.DIFFERENT: DifferenceKind.FIGURE_DIFFERENT,
    Verdict.BOUND_TURNED: DifferenceKind.FIGURE_BOUND,
}
_STATES = {Verdict.SAME: State.SAME, Verdict.BOUND_DROPPED: State.BOUND_DROPPED}


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A number of the article that may be a figure on record: the tie, and what became of the number."""

    place: int
    quantity: Quantity
    around: Surroundings
    tie: Tie
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class FigureFinding:
    """A figure on record, how it stands, and the article's mentions that rest on it."""

    wanted: Wanted
    state: State
    mentions: tuple[Mention, ...] = ()

    def standing(self) -> Standing:
        """How the figure stands, for people."""
        here = self.mentions[0].quantity.text if self.mentions else ""
        return Standing(record=self.wanted.record, state=self.state, here=here)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What is known of the page and the entry while one figure is looked for.

    `mentions` of each figure in order, and `by_place` the same by the number's place; `taken` are places of
    figures' own numbers, `known` other numbers of the entry, `words` its stems; `retold`: an old story told
    as news has the old numbers.
    """

    passage: Passage
    mentions: dict[Wanted, tuple[Mention, ...]]
    by_place: dict[int, list[tuple[Wanted, Mention]]]
    taken: frozenset[int]
    known: frozenset[float]
    words: frozenset[str]
    retold: bool


def compare_figures(
    entry: Entry, passage: Passage, *, also_known: frozenset[float], retold: bool
) -> tuple[FigureFinding, ...]:
    """Find each figure of an entry in the article, and say what became of it.

    `also_known` are values on record that are not compared, but are no other figure gone wrong; `retold`:
    the page tells an old story as news.
    """
    wanted = wanted_figures(entry)
    if not wanted:
        return ()
    if passage.has_too_many_numbers:
        return tuple(FigureFinding(wanted=figure, state=State.NOT_COMPARED) for figure in wanted)
    places = [surroundings(passage, place) for place in range(len(passage.quantities))]
    mentions = {figure: tuple(_mentions(passage, figure, places)) for figure in wanted}
    by_place = defaultdict[int, list[tuple[Wanted, Mention]]](list)
    for figure, theirs in mentions.items():
        for mention in theirs:
            by_place[mention.place].append((figure, mention))
    page = _Page(
        passage=passage,
        mentions=mentions,
        by_place=by_place,
        taken=_equal_places(mentions),
        known=known_numbers(entry) | also_known,
        words=entry_words(entry),
        retold=retold,
    )
    return tuple(_finding(page, figure) for figure in wanted)


def _finding(page: _Page, figure: Wanted) -> FigureFinding:
    settled = _settled(figure, page.mentions[figure])
    if settled and not _is_vaguely(settled):
        return settled
    changed = _changed(page, figure)
    if settled is None and _stands_untied(figure, page.mentions[figure]) and not _is_misspelt(changed):
        return FigureFinding(wanted=figure, state=State.UNSURE)
    return changed if settled is None or _is_misspelt(changed) else settled


def _stands_untied(wanted: Wanted, mentions: tuple[Mention, ...]) -> bool:
    """Whether the figure's own number is in the article, though nothing shows that it counts the same."""
    own = wanted.quantity
    return (
        own.exact
        and own.value > _FEW
        and any((mention.quantity.low, mention.quantity.high) == (own.low, own.high) for mention in mentions)
    )


def _is_vaguely(settled: FigureFinding) -> bool:
    """Whether the article has the figure only as "hundreds", "more than 6,000" or the like."""
    own = settled.wanted.quantity.low
    return settled.state is not State.CHANGED and all(
        mention.quantity.low != own for mention in settled.mentions
    )


def _is_misspelt(finding: FigureFinding) -> bool:
    return finding.state is State.CHANGED and is_misspelt(
        finding.wanted.quantity, finding.mentions[0].quantity
    )


def _mentions(passage: Passage, wanted: Wanted, places: list[Surroundings]) -> Iterator[Mention]:
    terms = Counter(map(passage.comparable, wanted.terms))
    for place, around in enumerate(places):
        quantity = around.quantity
        if quantity.sign != wanted.quantity.sign:
            continue
        tied = tie(wanted, terms, around)
        verdict = judge(wanted.quantity, quantity)
        yield Mention(place=place, quantity=quantity, around=around, tie=tied, verdict=verdict)


def _is_equal(wanted: Wanted, mention: Mention) -> bool:
    """Whether a mention has the figure's own number, and enough speaks for it."""
    if mention.verdict not in {Verdict.SAME, Verdict.BOUND_DROPPED, Verdict.BOUND_TURNED}:
        return False
    if mention.quantity.low != wanted.quantity.low or mention.quantity.high != wanted.quantity.high:
        return mention.tie.unit >= _SAME_UNIT and mention.tie.context > 0
    if wanted.quantity.value <= _FEW:
        return mention.tie.unit >= _SAME_UNIT or mention.tie.context >= _SAME_CONTEXT
    digits = wanted.quantity.significant >= _MANY_DIGITS
    return digits or mention.tie.unit >= _SAME_UNIT or mention.tie.context >= _SAME_CONTEXT


def _equal_places(mentions: dict[Wanted, tuple[Mention, ...]]) -> frozenset[int]:
    """The numbers of the article that are some figure's own: they are no other figure gone wrong."""
    return frozenset(
        mention.place
        for figure, theirs in mentions.items()
        for mention in theirs
        if _is_equal(figure, mention)
    )


def _settled(wanted: Wanted, mentions: tuple[Mention, ...]) -> FigureFinding | None:
    """The figure, if the article has its number; a bound that is turned in one place and right in another
    is none."""
    equal = [mention for mention in mentions if _is_equal(wanted, mention)]
    right = [mention for mention in equal if mention.verdict is not Verdict.BOUND_TURNED]
    if right:
        best = max(right, key=lambda mention: mention.tie.strength)
        return FigureFinding(wanted=wanted, state=_STATES[best.verdict], mentions=tuple(right))
    turned = [
        mention
        for mention in equal
        if mention.tie.unit >= _SAME_UNIT or mention.tie.context >= _TURNED_CONTEXT
    ]
    turned.sort(key=lambda mention: -mention.tie.strength)
    return FigureFinding(wanted=wanted, state=State.CHANGED, mentions=tuple(turned)) if turned else None


def _changed(page: _Page, wanted: Wanted) -> FigureFinding:
    """The figure, if another number of the article surely stands for it."""
    later = not page.retold and is_later(page.passage, wanted.stood)
    alone = _is_alone(page, wanted)
    candidates = [
        mention
        for mention in page.mentions[wanted]
        if mention.place not in page.taken
        and mention.verdict in _KINDS
        and not (mention.quantity.exact and mention.quantity.value in page.known)
        and _holds(wanted, mention, alone=alone)
        and not (later and not is_misspelt(wanted.quantity, mention.quantity))
        and not untied(mention.around, wanted)
        and (mention.tie.telling or not foreign_names(mention.around, page.words))
        and not _ties_better(page, wanted, mention)
    ]
    candidates.sort(key=lambda mention: -mention.tie.strength)
    if not candidates:
        return FigureFinding(wanted=wanted, state=State.NOT_MENTIONED)
    best = candidates[0]
    alike = [
        mention
        for mention in candidates
        if mention.verdict is best.verdict and mention.quantity.low == best.quantity.low
    ]
    others = [mention for mention in candidates if mention not in alike]
    if others and best.tie.strength - others[0].tie.strength < _CLEAR_LEAD:
        return FigureFinding(wanted=wanted, state=State.UNSURE, mentions=(best,))
    return FigureFinding(wanted=wanted, state=State.CHANGED, mentions=tuple(alike))


def _is_alone(page: _Page, wanted: Wanted) -> bool:
    """Whether one number of the article counts this unit, and this is the only figure that it may be."""
    own = [mention.place for mention in page.mentions[wanted] if mention.tie.unit >= _UNIT]
    return len(own) == 1 and sum(mention.tie.unit >= _UNIT for _, mention in page.by_place[own[0]]) == 1


def _holds(wanted: Wanted, mention: Mention, *, alone: bool) -> bool:
    """Whether a tie is strong enough to call another number the same figure.

    `alone`: no other number of the article counts that unit, and no other figure on record.
    """
    tied = mention.tie
    if a_magnitude_off(wanted.quantity, mention.quantity) and tied.unit >= _UNIT and tied.shared:
        return tied.context >= (0.2 if wanted.quantity.significant > 1 else 0.3)
    small = wanted.quantity.value <= _FEW and not wanted.quantity.sign
    if tied.unit >= _UNIT:
        needed = 0.35 if tied.telling else 0.5
        if wanted.general or small:
            needed += 0.08
        elif alone and tied.telling:
            needed -= 0.15
        near = tied.near or tied.telling or not wanted.quantity.sign
        return (
            near
            and tied.context >= needed
            and (not wanted.general or len(tied.shared) > 1 or len(wanted.terms) < _FEW_TERMS)
        )
    without_unit = tied.described >= _HALF and tied.terms >= _TWO and not wanted.quantity.sign
    return tied.telling and not small and without_unit


def _ties_better(page: _Page, wanted: Wanted, mention: Mention) -> bool:
    """Whether the number counts what another figure counts at least as likely."""
    return any(
        other is not wanted
        and rival.tie.strength > mention.tie.strength
        and rival.verdict is not Verdict.SAME
        for other, rival in page.by_place[mention.place]
    )


def figure_differences(passage: Passage, findings: tuple[FigureFinding, ...]) -> Iterator[Difference]:
    """The changed figures: both sides, and the words that tie them."""
    for finding in findings:
        if finding.state is not State.CHANGED:
            continue
        first, *more = finding.mentions
        tied = {finding.wanted.unit, *first.tie.shared}
        words = (
            token
            for token in passage.between(*first.around.sentence)
            if passage.comparable(token.stem) in tied
        )
        shown = ", ".join(dict.fromkeys(f"“{token.word}”" for token in words)) or "the same thing"
        yield Difference(
            kind=_KINDS[first.verdict],
            here=passage.snippet(first.quantity.start, first.quantity.end),
            original=finding.wanted.record,
            evidence=f"both are about {shown}",
            also=tuple(passage.snippet(mention.quantity.start, mention.quantity.end) for mention in more),
            words=((first.quantity.text, finding.wanted.record.text),),
        )
