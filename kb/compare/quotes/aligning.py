"""Two wordings of one quotation, word by word: what is the same, what was cut, what was changed.

Punctuation, case, spelling variants, contractions, numbers in digits and words in brackets change nothing.
Words
left out at the ends, at an ellipsis, between the parts of a quotation, or as whole sentences are a cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match
from functools import lru_cache
from itertools import pairwise

from kb.compare.quotes.spelling import same_wording
from kb.compare.tables.vocabulary import CANONICAL
from kb.text.numbers import SPELT
from kb.text.word_lists import alternatives, word_list, word_table
from kb.text.words import STOP_WORDS, stem_words

_PIECE = re.compile(r"\[[^\[\]]*\]|\((?:sic|laughs?|laughter)\)|\.\.\.|…|[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_MARK = re.compile(r"[.!?:;—–]")
_SENTENCE_END = re.compile(r"[.!?]")
_BRACKET, _ELLIPSIS = "[]", "…"
_FILLERS = frozenset(word_list("kb/compare/tables/fillers.txt"))
_CONTRACTED = word_table("kb/compare/tables/contractions.txt")
_ENDING = re.compile(alternatives(short[1:] for short in _CONTRACTED if short.startswith("-")) + "$")
_VARIANTS = [
    (re.compile(pattern), written)
    for pattern, written in word_table("kb/compare/tables/spellings.txt").items()
]
_COUNTS = {word: str(count) for count, word in enumerate(SPELT[:13])}  # to twelve: more are mostly digits
_LONGEST = 400  # words; a bound for time, by eye
# By eye: on the labelled pairs to tune on, one word more or less changes which words are shown, and no count.
_EDGE = 5  # words that differ at both ends are a change; more are another excerpt
_CLAUSE = 6  # words left out inside: more are a cut
_STRAY = 3  # words: little ones so far from the rest, and no more of them, match by chance
_HALF, _CONTENT = 0.5, 3  # share of a part's words, or words of meaning, that make it the same sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a quotation: its normal form, its stem, and its place in its text."""

    form: str
    stem: str
    start: int
    end: int
    part: int = 0


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """How a quotation of the article lies on the one on record.

    `changes` are (words here, words on record), each with its part of the quotation; `likeness` in 0..1 is
    the share
    of words in common where the two overlap, `matched` their number, `content` the number of those that
    carry meaning. `beyond` words of the same sentence here, and `rest` words on record, lie outside that
    overlap, at the same end; `inner` tells whether anything was changed inside it.
    """

    changes: tuple[tuple[str, str, int], ...]
    likeness: float
    content: int
    matched: int
    parts: tuple[int, int]
    cut: bool
    swaps: int
    beyond: int
    rest: int
    inner: bool


def words_of(text: str, pieces: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    """The words of the pieces of a quotation; brackets and ellipses are words of their own kind."""
    raw: list[tuple[str, int, int, int]] = []
    for part, (start, end) in enumerate(pieces):
        for match in _PIECE.finditer(text, start, end):
            raw += [(form, match.start(), match.end(), part) for form in _forms(match[0])]
    raw = raw[:_LONGEST]
    stems = stem_words(form for form, *_ in raw)
    return tuple(
        Word(form, CANONICAL.get(stem, stem), start, end, part)
        for (form, start, end, part), stem in zip(raw, stems, strict=True)
    )


@lru_cache(maxsize=8192)
def _forms(piece: str) -> tuple[str, ...]:
    if piece[0] in "[(":
        return (_BRACKET,)
    if piece in {"...", "…"}:
        return (_ELLIPSIS,)
    word = piece.casefold().replace("’", "'")
    word = _CONTRACTED.get(word) or _ENDING.sub(lambda end: f" {_CONTRACTED[f'-{end[0]}']}", word)
    return tuple(_variant(form) for form in word.split())


def _variant(word: str) -> str:
    for pattern, written in _VARIANTS:
        word = pattern.sub(written, word)
    return _COUNTS.get(word, word)


def align(
    record: Sequence[Word], here: Sequence[Word], blocks: Sequence[Match], texts: tuple[str, str]
) -> Alignment | None:
    """Lay a quotation of the article on the one on record; None where they have nothing in common.

    `blocks` are the stretches of stems in common, `texts` the record and the article, in which the words
    have their places.
    """
    blocks = _without_strays(_of_strong_parts(blocks, here), record)
    if not blocks:
        return None
    beyond, rest = _outside(record, here, blocks, texts[1])
    matched = [(record[a + step], here[b + step]) for a, b, size in blocks for step in range(size)]
    first, last = blocks[0], blocks[-1]
    spans = (last.a + last.size - first.a, last.b + last.size - first.b)
    changes, cut = _inner_changes(record, here, blocks, texts)
    inner = bool(changes)
    changes += [(_verbatim(texts[1], [there]), _verbatim(texts[0], [own]), there.part)
                for own, there in matched if own.form != there.form]  # fmt: skip
    changes += _outer_changes(record, here, blocks, texts)
    return Alignment(
        changes=tuple(changes),
        likeness=len(matched) / max(1, *spans),
        content=sum(there.form not in STOP_WORDS for _, there in matched),
        matched=len(matched),
        parts=(here[first.b].part, here[last.b + last.size - 1].part),
        cut=cut or spans[0] < len(record),
        swaps=sum(bool(new) and bool(old) for new, old, _ in changes),
        beyond=beyond,
        rest=rest,
        inner=inner,
    )


def _outside(
    record: Sequence[Word], here: Sequence[Word], blocks: Sequence[Match], text: str
) -> tuple[int, int]:
    """How many words of the sentence here lie beyond the overlap at one end, and how many on record there."""
    first, last = blocks[0], blocks[-1]
    before = _sentence(here[: first.b][::-1], here[first.b], text)
    after = _sentence(here[last.b + last.size :], here[last.b + last.size - 1], text)
    return max((before, first.a), (after, len(record) - last.a - last.size))


def _sentence(words: Sequence[Word], end: Word, text: str) -> int:
    """How many of these words, going away from `end`, stand in its sentence."""
    for count, word in enumerate(words):
        left, right = sorted((end, word), key=lambda span: span.start)
        if _SENTENCE_END.search(text, left.end, right.start):
            return count
        end = word
    return len(words)


def _inner_changes(
    record: Sequence[Word],
    here: Sequence[Word],
    blocks: Sequence[Match],
    texts: tuple[str, str],
) -> tuple[list[tuple[str, str, int]], bool]:
    """What differs between matching stretches, and whether anything was cut there."""
    changes, cut = [], False
    for left, right in pairwise(blocks):
        old, new = record[left.a + left.size : right.a], here[left.b + left.size : right.b]
        across = here[left.b + left.size - 1].part != here[right.b].part
        if _is_cut(old, new, texts[0], across=across):
            cut = cut or bool(old)
        elif change := _change(old, new, texts):
            changes.append((*change, here[right.b].part))
    return changes, cut


def _outer_changes(
    record: Sequence[Word],
    here: Sequence[Word],
    blocks: Sequence[Match],
    texts: tuple[str, str],
) -> list[tuple[str, str, int]]:
    """What differs before the first matching stretch and after the last one."""
    first, last = blocks[0], blocks[-1]
    tail_at, here_end = last.a + last.size, last.b + last.size
    head_part, tail_part = here[first.b].part, here[here_end - 1].part
    before, after = _same_part(here[: first.b][::-1], head_part), _same_part(here[here_end:], tail_part)
    head = _edge(record[: first.a][::-1], before, texts, record, first.a)
    tail = _edge(record[tail_at:], after, texts, record, tail_at)
    return [(*change, part) for change, part in ((head, head_part), (tail, tail_part)) if change]


def _of_strong_parts(blocks: Sequence[Match], here: Sequence[Word]) -> list[Match]:
    """Matching blocks in parts of the quotation of which most words match: the others are other sentences."""
    matched = [word for _, b, size in blocks for word in here[b : b + size]]
    own, whole = Counter(word.part for word in matched), Counter(word.part for word in here)
    content = Counter(word.part for word in matched if word.form not in STOP_WORDS)
    strong = {part for part in own if own[part] > _HALF * whole[part] or content[part] >= _CONTENT}
    return [
        block
        for block in blocks
        if here[block[1]].part in strong or here[block[1] + block[2] - 1].part in strong
    ]


def _without_strays(blocks: Sequence[Match], record: Sequence[Word]) -> list[Match]:
    """Matching blocks without stop words that match by chance far from everything else."""

    def is_stray(block: tuple[int, int, int], other: tuple[int, int, int] | None) -> bool:
        a, _, size = block
        if any(word.form not in STOP_WORDS for word in record[a : a + size]):
            return False
        if other is None:
            return True
        first, second = sorted((block, other))
        gap = max(second[0] - first[0], second[1] - first[1]) - first[2]
        return gap > _STRAY and size <= _STRAY

    blocks = list(blocks)
    while blocks and is_stray(blocks[0], blocks[1] if len(blocks) > 1 else None):
        blocks.pop(0)
    while blocks and is_stray(blocks[-1], blocks[-2] if len(blocks) > 1 else None):
        blocks.pop()
    return blocks


def _is_cut(old: Sequence[Word], new: Sequence[Word], text: str, *, across: bool) -> bool:
    """Whether what differs between two matching stretches is an honest cut or an editor's bracket."""
    if any(word.form in {_BRACKET, _ELLIPSIS} for word in (*old, *new)):
        return all(word.form in {_BRACKET, _ELLIPSIS} for word in new) or all(
            word.form in {_BRACKET, _ELLIPSIS} for word in old
        )
    if all(word.form in _FILLERS for word in (*old, *new)):
        return True
    if new:
        return False
    whole_sentence = bool(_SENTENCE_MARK.search(text, old[-1].end, old[-1].end + 2)) or bool(
        _SENTENCE_MARK.search(text, max(0, old[0].start - 3), old[0].start)
    )
    return across or len(old) > _CLAUSE or (whole_sentence and len(old) > 1)


def _change(old: Sequence[Word], new: Sequence[Word], texts: tuple[str, str]) -> tuple[str, str] | None:
    if [word.form for word in old] == [word.form for word in new]:
        return None
    changed = _verbatim(texts[1], new), _verbatim(texts[0], old)
    return None if same_wording(*changed) else changed


def _edge(
    old: Sequence[Word], new: Sequence[Word], texts: tuple[str, str], record: Sequence[Word], at: int
) -> tuple[str, str] | None:
    """A change at one end: words stand there on both sides, few, and in the same sentence as what matches."""
    old = [word for word in old if word.form not in {_BRACKET, _ELLIPSIS}]
    if not old or not new or any(word.form in {_BRACKET, _ELLIPSIS} for word in new):
        return None
    if len(old) > _EDGE or len(new) > _EDGE or all(word.form in _FILLERS for word in (*old, *new)):
        return None
    if 0 < at < len(record) and _SENTENCE_MARK.search(texts[0], record[at - 1].end, record[at].start):
        return None
    return _change(sorted(old, key=lambda word: word.start), sorted(new, key=lambda word: word.start), texts)


def _same_part(words: Sequence[Word], part: int) -> list[Word]:
    return [word for word in words if word.part == part]


def _verbatim(text: str, words: Sequence[Word]) -> str:
    return text[words[0].start : words[-1].end] if words else ""
