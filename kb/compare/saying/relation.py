"""Words × entry → Relation. Pure; linear in the words, of which the first LONGEST characters count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.compare.saying.counts import Fits, OtherNumber, counts_of, other_number
from kb.compare.saying.parties import Deed
from kb.compare.saying.reading import statements
from kb.compare.saying.record import OnRecord, on_record
from kb.compare.saying.statement import Statement
from kb.compare.saying.values import UNCLEAR, Relation, Standing
from kb.compare.saying.verdicts import calls_false, calls_true, verdict_on
from kb.compare.saying.words import Word
from kb.entries.entry import Entry

# Shares of a saying's words; set by hand, the sayings of `tests/quality/sayings` hold them in their place.
_ON_RECORD = 0.6  # so much of it must be known to the entry before it is accused of anything
_IN_SENTENCE = 0.35  # and so much stand in one sentence of it
_ALSO = 0.6  # of the nearest sentence's words: another sentence that has so many may be meant as well
_LEAST = 2
_AGREEING = 0.5  # of it must stand in one sentence that it agrees with

_AGREES = Relation(standing=Standing.AGREES)


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """A saying beside a sentence on record: the words of both, and those that one denies and one affirms."""

    sentence: Statement
    shared: frozenset[str]
    against: frozenset[str]
    alike: frozenset[str]

    @property
    def near(self) -> int:
        """How many words of the saying the sentence has, or has the opposite of."""
        return len(self.shared | self.against)


def held_against(entry: Entry, words: str) -> Relation:
    """Say what a short text is to an entry: whether it agrees, says something else, or cannot be told.

    Of a claim that is rated false the denial agrees with the record.
    """
    record, rating = on_record(entry), verdict_on(entry)
    relations = [_held(statement, record) for statement in statements(words)]
    telling = [
        relation for relation in relations if relation.standing not in {Standing.AGREES, Standing.UNCLEAR}
    ]
    whole = all(relation.standing is Standing.AGREES for relation in relations)
    relation = telling[0] if telling else _AGREES if relations and whole else UNCLEAR
    if rating is None or calls_true(rating):
        return relation
    return _of_a_rumour(relation, record) if calls_false(rating) else UNCLEAR


def _of_a_rumour(relation: Relation, record: OnRecord) -> Relation:
    """What is said of a claim that is not so: who repeats it denies the record, who denies it agrees."""
    if relation.standing is Standing.DENIES:
        return _AGREES
    if relation.standing is Standing.AGREES and record.sayings:
        claim = record.sayings[0].text
        return Relation(standing=Standing.DENIES, here=claim, record=claim, about=claim)
    return UNCLEAR


def _held(saying: Statement, record: OnRecord) -> Relation:
    beside = sorted((_beside(saying, other) for other in record.sayings), key=lambda other: -other.near)
    if not beside or beside[0].near < min(_LEAST, len(saying.content)):
        return UNCLEAR
    deed = record.parties.deed(saying)
    turned, denial = _turned(deed, record), _denial(beside, saying)
    number = other_number(counts_of(saying), (*record.counts, *record.beside), record.names)
    if _is_about(saying, record, denial):
        if isinstance(number, OtherNumber):
            surely = not denial and not turned and saying.denied_words <= beside[0].alike
            return _other(number) if surely else UNCLEAR
        if turned and not denial and not saying.denies:
            return _swapped(turned, beside[0].sentence)
        if denial and not turned and not saying.asks:
            return _denied(denial)
    if number is not Fits.ALL or turned or denial:
        return UNCLEAR
    return _AGREES if _agrees(saying, beside[0], record) and _does(deed, record) else UNCLEAR


def _is_about(saying: Statement, record: OnRecord, denial: _Beside | None) -> bool:
    """Whether enough of a saying is known to the entry to accuse it of anything."""
    known = len((saying.content & record.known) | (denial.against if denial else frozenset()))
    return known >= _ON_RECORD * len(saying.content)


def _other(number: OtherNumber) -> Relation:
    here, record = number.here, number.record
    return Relation(standing=Standing.OTHER_NUMBER, here=here.text, record=record.text, about=record.what)


def _denied(denial: _Beside) -> Relation:
    words = ", ".join(sorted(denial.against))
    return Relation(standing=Standing.DENIES, here=words, record=denial.sentence.text)


def _swapped(turned: tuple[Deed, Deed], nearest: Statement) -> Relation:
    here, there = turned
    return (
        Relation(
            standing=Standing.SWAPPED, here=here.doer.title(), record=there.doer.title(), about=nearest.text
        )
        if here.verbs & there.verbs
        else UNCLEAR
    )


def _beside(saying: Statement, sentence: Statement) -> _Beside:
    shared = saying.content & sentence.content
    against = {means for means in shared if not saying.signs[means] & sentence.signs[means]}
    alike = {means for means in shared if saying.signs[means] == sentence.signs[means]}
    for pair, here in saying.sides.items():
        there = sentence.sides.get(pair, frozenset())
        words = saying.of_pair[pair]
        if there and not here & there and not words & shared and saying.beside(words) & shared:
            against |= words
    return _Beside(
        sentence=sentence, shared=shared, against=frozenset(against), alike=frozenset(alike - against)
    )


def _denial(beside: Sequence[_Beside], saying: Statement) -> _Beside | None:
    """The sentence on record that a saying contradicts, if it is the nearest and none as near says the
    same."""
    best = beside[0]
    if not best.against or best.near < max(_LEAST, _IN_SENTENCE * len(saying.content)):
        return None
    also = (other for other in beside[1:] if other.near >= _ALSO * best.near)
    return None if any(not other.against and other.alike & best.against for other in also) else best


def _turned(deed: Deed | None, record: OnRecord) -> tuple[Deed, Deed] | None:
    """The deed here and the one on record in which two parties have each other's place."""
    if deed is None or any(other.doer == deed.doer and other.others & deed.others for other in record.deeds):
        return None
    other_way = [other for other in record.deeds if other.doer in deed.others and deed.doer in other.others]
    other_way.sort(key=lambda other: -len(other.verbs & deed.verbs))
    return (deed, other_way[0]) if other_way else None


def _does(deed: Deed | None, record: OnRecord) -> bool:
    """Whether nobody else is on record as the doer of this."""
    if deed is None:
        return True
    same = [other for other in record.deeds if other.verbs & deed.verbs]
    return not same or any(other.doer == deed.doer for other in same)


def _agrees(saying: Statement, nearest: _Beside, record: OnRecord) -> bool:
    """Whether everything in a saying is on record, and nothing of it is turned, widened or made surer."""
    sentence = nearest.sentence
    return (
        saying.needed <= record.known
        and not nearest.against
        and len(nearest.shared) >= _AGREEING * len(saying.needed)
        and saying.denied_words <= nearest.alike
        and not (saying.asks and saying.denies)
        and saying.wide <= record.wide
        and saying.turns <= sentence.turns
        and sentence.turns <= saying.turns
        and (not sentence.hedges or bool(saying.hedges))
        and (not saying.hedges or bool(sentence.hedges))
        and saying.other_numbers <= record.numbers
        and _is_bound(saying, record)
        and not _moved(saying, record)
    )


def _is_bound(saying: Statement, record: OnRecord) -> bool:
    """Whether neighbours here are neighbours on record, in their order where they are one name, and nothing
    is affirmed that is only denied there."""
    return all(
        any(_stand_together(one, other, said) for said in record.sayings) for one, other in saying.joined
    ) and all(
        any(saying.signs[means] & said.signs[means] for said in record.sayings if means in said.content)
        for means in saying.content & record.said
    )


def _stand_together(one: Word, other: Word, sentence: Statement) -> bool:
    """Whether two neighbours are close in a sentence, and as one name in the same order."""
    if one.is_verb or other.is_verb or one.end + 1 < other.start:
        return sentence.are_close(one.means, other.means)
    return sentence.are_in_order(one.means, other.means)


def _moved(saying: Statement, record: OnRecord) -> bool:
    """Whether something in front of a verb here stands only behind it on record, or its object before it."""
    for verb, (before, _, first) in saying.around_verbs.items():
        places = [said.around_verbs[verb] for said in record.sayings if verb in said.around_verbs]
        if places and all(before & (back - front) for front, back, _ in places):
            return True
        known = [(front, back) for front, back, _ in places if first & (front | back)]
        if known and not any(first & back for _, back in known):
            return True
    return False
