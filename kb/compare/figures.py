"""The figures on record against the numbers of the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.compare.dates import is_later, old_as_new
from kb.compare.judging import Verdict, judge
from kb.compare.passage import Passage
from kb.compare.quantities import Quantity
from kb.compare.ties import (
    Surroundings,
    Tie,
    a_magnitude_off,
    foreign_names,
    is_misspelt,
    surroundings,
    tie,
    untied,
)
from kb.compare.values import Difference, DifferenceKind, Standing, State
from kb.compare.wanted import Wanted, entry_words, known_numbers, wanted_figures
from kb.entry import Entry
from kb.numerals import significant_digits

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


def compare_figures(entry: Entry, passage: Passage) -> tuple[FigureFinding, ...]:
    """Find each figure of an entry in the article, and say what became of it."""
    wanted = wanted_figures(entry)
    if passage.has_too_many_numbers:
        return tuple(FigureFinding(wanted=figure, state=State.NOT_COMPARED) for figure in wanted)
    places = [surroundings(passage, place) for place in range(len(passage.quantities))]
    mentions = {id(figure): tuple(_mentions(passage, figure, places)) for figure in wanted}
    taken = _equal_places(wanted, mentions)
    known, words = known_numbers(entry), entry_words(entry)
    retold = any(old_as_new(entry, passage))
    found = []
    for figure in wanted:
        settled = _settled(figure, mentions[id(figure)])
        if settled and not _is_vaguely(settled):
            found.append(settled)
            continue
        changed = _changed(passage, figure, mentions, taken=taken, known=known, words=words, retold=retold)
        if settled is None and _stands_untied(figure, mentions[id(figure)]) and not _is_misspelt(changed):
            found.append(FigureFinding(wanted=figure, state=State.UNSURE))
            continue
        found.append(changed if settled is None or _is_misspelt(changed) else settled)
    return tuple(found)


def _stands_untied(wanted: Wanted, mentions: tuple[Mention, ...]) -> bool:
    """Whether the figure's own number is in the article, though nothing shows that it counts the same."""
    own = wanted.quantity
    return (
        own.exact
        and own.value > _FEW
        and any((each.quantity.low, each.quantity.high) == (own.low, own.high) for each in mentions)
    )


def _is_vaguely(settled: FigureFinding) -> bool:
    """Whether the article has the figure only as "hundreds", "more than 6,000" or the like."""
    own = settled.wanted.quantity.low
    return settled.state is not State.CHANGED and all(each.quantity.low != own for each in settled.mentions)


def _is_misspelt(finding: FigureFinding) -> bool:
    return finding.state is State.CHANGED and is_misspelt(
        finding.wanted.quantity, finding.mentions[0].quantity
    )


def _mentions(passage: Passage, wanted: Wanted, places: list[Surroundings]) -> Iterator[Mention]:
    for place, (quantity, around) in enumerate(zip(passage.quantities, places, strict=True)):
        if quantity.sign != wanted.quantity.sign:
            continue
        tied = tie(passage, wanted, quantity, around)
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
    digits = significant_digits(wanted.quantity.value) >= _MANY_DIGITS
    return digits or mention.tie.unit >= _SAME_UNIT or mention.tie.context >= _SAME_CONTEXT


def _equal_places(wanted: tuple[Wanted, ...], mentions: dict[int, tuple[Mention, ...]]) -> frozenset[int]:
    """The numbers of the article that are some figure's own: they are no other figure gone wrong."""
    return frozenset(
        mention.place for figure in wanted for mention in mentions[id(figure)] if _is_equal(figure, mention)
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


def _changed(
    passage: Passage,
    wanted: Wanted,
    mentions: dict[int, tuple[Mention, ...]],
    *,
    taken: frozenset[int],
    known: frozenset[float],
    words: frozenset[str],
    retold: bool,
) -> FigureFinding:
    """The figure, if another number of the article surely stands for it.

    `taken` are places of other figures' own numbers, `known` other numbers of the entry, `words` its stems;
    `retold`: an old story told as news has the old numbers.
    """
    later = not retold and is_later(passage, wanted.stood)
    alone = _is_alone(wanted, mentions)
    candidates = [
        mention
        for mention in mentions[id(wanted)]
        if mention.place not in taken
        and mention.verdict in _KINDS
        and not (mention.quantity.exact and mention.quantity.value in known)
        and _holds(wanted, mention, alone=alone)
        and not (later and not is_misspelt(wanted.quantity, mention.quantity))
        and not untied(passage, mention.quantity, mention.around, wanted)
        and (mention.tie.telling or not foreign_names(passage, mention.around, words))
        and not _ties_better(wanted, mention, mentions)
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


def _is_alone(wanted: Wanted, mentions: dict[int, tuple[Mention, ...]]) -> bool:
    counting = {
        mention.place for theirs in mentions.values() for mention in theirs if mention.tie.unit >= _UNIT
    }
    own = {mention.place for mention in mentions[id(wanted)] if mention.tie.unit >= _UNIT}
    if len(own & counting) != 1:
        return False
    others = sum(
        any(mention.place in own and mention.tie.unit >= _UNIT for mention in theirs)
        for theirs in mentions.values()
    )
    return others == 1


def _holds(wanted: Wanted, mention: Mention, *, alone: bool) -> bool:
    """Whether a tie is strong enough to call another number the same figure.

    `alone`: no other number of the article counts that unit, and no other figure on record.
    """
    tied = mention.tie
    if a_magnitude_off(wanted.quantity, mention.quantity) and tied.unit >= _UNIT and tied.shared:
        return tied.context >= (0.2 if significant_digits(wanted.quantity.value) > 1 else 0.3)
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


def _ties_better(wanted: Wanted, mention: Mention, mentions: dict[int, tuple[Mention, ...]]) -> bool:
    """Whether the number counts what another figure counts at least as likely."""
    for other, theirs in mentions.items():
        if other == id(wanted):
            continue
        rival = next((each for each in theirs if each.place == mention.place), None)
        if rival and rival.tie.strength > mention.tie.strength and rival.verdict is not Verdict.SAME:
            return True
    return False


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
            also=tuple(passage.snippet(each.quantity.start, each.quantity.end) for each in more),
            words=((first.quantity.text, finding.wanted.record.text),),
        )
