"""Who did what to whom: the named parties of a sentence, in front of its verb and behind it, by its voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.compare.figures.signs import DAYS
from kb.compare.saying.statement import Statement
from kb.compare.saying.words import AUXILIARIES, BEING, Word
from kb.compare.tables.turning import NAMES_OF_COUNTRIES
from kb.text.dates import MONTHS

_REPORTING = frozenset("say said says told tells report reported reports claim claimed claims".split())
_WHERE = frozenset("in at on from near across".split())
_PARTICIPLE = ("ed", "en")
# Behind a participle there is no object then: "Anna Example arrested in Sampleville", "… sacked by the port".
_WITHOUT_OBJECT = frozenset("after as at by during for in near on over to with".split())
_GETTING = frozenset("get gets got receive receives received hear hears heard learn learned learnt".split())
_BESIDE = 3  # words from an auxiliary or "by" to what belongs to it
_CAPITAL = re.compile(r"[^\W\d_a-zà-ÿ]")
_SHORT = 6
_TITLE_CASE = 0.6  # a headline with more capitals than that tells nothing about names


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who is said to do something (`doer`), what (`verbs`), and who else is named in it (`others`)."""

    doer: str
    verbs: frozenset[str]
    others: frozenset[str]


class Parties:
    """The names that an entry's texts hold; words of one name are one party, and names that share one."""

    def __init__(self, known: Iterable[Statement], strangers: frozenset[str]) -> None:
        self._strangers = strangers
        self._one = {name: name for name in NAMES_OF_COUNTRIES}
        known = tuple(known)
        self._common = frozenset(
            word.word for saying in known for word in saying.words if word.text[0].islower()
        )
        for statement in known:
            self._learn(statement.words)

    def of(self, word: Word) -> str | None:
        """The party that a word names, in whatever case it is written."""
        return None if word.means in self._strangers else self._root(word.means)

    def deed(self, statement: Statement) -> Deed | None:
        """The deed that a sentence tells, where it has a doer and a verb; what others report of it counts."""
        words = _told(statement.words)
        verb = _first_verb(words)
        if verb is None:
            return None
        by = _doer_behind(words, verb)
        behind = self._named(words[by + 1 : by + 1 + _BESIDE]) if by is not None else []
        before = self._named(_not_where(words[:verb]))
        after = self._named([word for word in words[verb + 1 :] if word.clause == words[verb].clause])
        doer = behind[:1] or ([] if _is_passive(words, verb) else before[:1])
        if not doer:
            return None
        others = frozenset((*before, *after)) - {doer[0]}
        verbs = frozenset(word.means for word in words[verb:] if word.is_verb)
        return Deed(doer=doer[0], verbs=verbs, others=others)

    def _named(self, words: Sequence[Word]) -> list[str]:
        return [party for word in words if (party := self.of(word))]

    def _learn(self, words: Sequence[Word]) -> None:
        capitals = sum(word.text[0].isupper() for word in words)
        if len(words) > _SHORT and capitals > _TITLE_CASE * len(words):
            return
        before: Word | None = None
        for place, word in enumerate(words):
            is_name = bool(_CAPITAL.match(word.text)) and word.tells and not self._is_strange(word)
            follows = place + 1 < len(words) and words[place + 1].text[0].isupper()
            common = word.word in self._common and word.means not in NAMES_OF_COUNTRIES
            if not is_name or (place == 0 and not follows and common):
                before = None
                continue
            self._one.setdefault(word.means, word.means)
            if before and word.clause == before.clause and not _both_countries(before, word):
                self._join(before.means, word.means)
            before = word

    def _is_strange(self, word: Word) -> bool:
        return word.means in self._strangers or word.word.title() in MONTHS or word.word in DAYS

    def _join(self, one: str, other: str) -> None:
        first, second = self._root(one), self._root(other)
        if first and second and first != second:
            keep, gone = (second, first) if second in NAMES_OF_COUNTRIES else (first, second)
            if gone not in NAMES_OF_COUNTRIES:
                self._one[gone] = keep

    def _root(self, name: str) -> str | None:
        while name in self._one and self._one[name] != name:
            name = self._one[name]
        return self._one.get(name)


def _not_where(words: Sequence[Word]) -> list[Word]:
    """The words but for names of places: "in Norland"."""
    pairs = zip((None, *words), words, strict=False)
    return [word for before, word in pairs if before is None or before.word not in _WHERE]


def _both_countries(one: Word, other: Word) -> bool:
    return one.means in NAMES_OF_COUNTRIES and other.means in NAMES_OF_COUNTRIES


def _told(words: Sequence[Word]) -> Sequence[Word]:
    """The words behind "… reported that", and in front of ", … said"."""
    for place, word in enumerate(words):
        if word.word == "that" and any(near.word in _REPORTING for near in words[max(0, place - 3) : place]):
            return _told(words[place + 1 :])
    last = words[-1].clause if words else 0
    tail = [word for word in words if word.clause == last]
    if tail and len(tail) < len(words) and tail[-1].word in _REPORTING:
        return words[: len(words) - len(tail)]
    return words


def _first_verb(words: Sequence[Word]) -> int | None:
    """The place of the first verb: the word behind the first auxiliary, but the one that begins a question,
    or a word of doing."""
    for place, word in enumerate(words):
        tells = word.is_verb and not word.word.endswith("ly")  # "reportedly" is no verb
        if tells and place and words[place - 1].word not in {"of", "the", "a", "an"}:
            return place
        if word.word in AUXILIARIES and place:
            behind = range(place + 1, min(len(words), place + 1 + _BESIDE))
            return next((at for at in behind if words[at].is_verb), place)
    return None


def _is_passive(words: Sequence[Word], verb: int) -> bool:
    """Whether something is done to whoever stands before the verb; of a headline, whether that may be so."""
    near, form = words[max(0, verb - _BESIDE) : verb + 1], words[verb].word
    if any(word.word in BEING for word in near):
        return not form.endswith("ing")
    behind = words[verb + 1].word if verb + 1 < len(words) else ""
    return form.endswith(_PARTICIPLE) and (not behind or behind in _WITHOUT_OBJECT)


def _doer_behind(words: Sequence[Word], verb: int) -> int | None:
    """The place of "by" in a passive, or of "from" behind somebody who gets something."""
    passive = _is_passive(words, verb)
    for place in range(verb + 1, len(words)):
        if words[place].word == "by" and passive:
            return place
        if words[place].word == "from" and not passive and words[verb].word in _GETTING:
            return place
    return None
