"""No regex takes much longer than the text that it reads: a hostile text must not stop the bot.

Each is fed texts that are made from its own parse tree, and the times of short and long ones are compared.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Callable, Sequence

import pytest

from bot.platforms.matrix.mentions import Me
from bot.platforms.matrix.mentions import _patterns as mentions_of
from kb.compare.names.garbled import _pattern as name_pattern
from kb.compare.passage import LONGEST, Passage
from kb.compare.quantities import quantities
from kb.compare.quotes.speech import utterances
from kb.compare.values import Article
from kb.text.words import sentences
from tests.growth import LARGEST, LINEAR, Work, growth, is_suspect
from tests.hostile import Hostile, hostile_texts
from tests.patterns import Found, all_patterns, method_of_re, sources

_ME = Me(user_id="@caveat:example.org", display_name="Caveat bot")
_NAME = ("washington", "example", "post")
MADE: dict[str, Callable[[], Sequence[re.Pattern[str]]]] = {
    "bot.platforms.matrix.mentions._patterns": lambda: mentions_of(_ME),
    "kb.compare.names.garbled._pattern": lambda: [
        name_pattern(_NAME),
        *(name_pattern(_NAME, anything_at=n) for n in range(3)),
    ],
}
"""What is built when the bot runs, from names: with an example of them."""

ANCHORED = {
    "bot.answering.small_talk._TALK": "fullmatch",  # on a text of a few words
    "bot.commands.grammar._READ": "fullmatch",
    "bot.pages.read.page_kind._NAME_RULES": "fullmatch",
    "kb.compare.measures.AFTER": "match",  # from where a number ends: no two of them read the same blanks
    "kb.compare.measures.SIGN_AFTER": "match",
    "kb.compare.quantities._METRES": "match",
    "kb.urls.identity._IDENTITIES": "match",
    "kb.urls.wrappers._TABLE": "fullmatch",
}
"""Regexes in tables, or used at given places, that look at one place of a text only."""

OWN = {
    "bot.settings": "runs on our own settings",
    "bot.replies.correct": "runs on sentences of our own replies",
}


THROUGH: dict[str, Callable[[str], object]] = {
    "kb.text.words._ABBREVIATED": sentences,  # looks at the twelve characters before a sentence's end
    "kb.compare.measures.BEFORE": quantities,
    # sees the 600 characters around a quotation
    "kb.compare.quotes.speech._QUOTED": lambda text: utterances(Passage(Article(text=text))),
}
"""Regexes that see a few characters only, and the public function that cuts them: it is fed instead."""


def _read(text: str) -> str:
    """A page's text as it is compared: its beginning, without words of a length that no word has."""
    return Passage(Article(title="", text=text)).text


def _patterns() -> list[Found]:
    found = [each for each in all_patterns() if each.name.rpartition(".")[0] not in OWN]
    made = [
        Found(name=f"{name}[{number}]", pattern=pattern)
        for name, make in MADE.items()
        for number, pattern in enumerate(make())
    ]
    return [*found, *made]


def _work(found: Found) -> Work:
    """What the bot does with a text, as far as it is this regex's."""
    if found.name in THROUGH:
        return THROUGH[found.name]
    pattern, table = found.pattern, re.split(r"[\[:]", found.name)[0]
    if method := ANCHORED.get(table) or found.anchored:
        anchored: Work = getattr(pattern, method)
        return anchored
    if isinstance(pattern.pattern, bytes):
        return lambda text: sum(1 for _ in pattern.finditer(text.encode("latin-1", "replace")))
    return lambda text: sum(1 for _ in pattern.finditer(text))


@pytest.mark.parametrize("found", _patterns(), ids=lambda found: found.name)
def test_a_regex_takes_as_long_as_its_text_is_long(found: Found) -> None:
    """Whoever posts a text, or writes a page, cannot make a regex run for minutes."""
    assert slow_text(found) is None


_KINDS = {
    "one repeat after another": r"a+a+$",
    "a lazy repeat that begins anywhere": r"<!--.*?-->",
    "a repeat of a repeat": r"(?:a+)+$",
    "two ways to read the same": r"(?:a|a)*b",
}


@pytest.mark.parametrize("written", _KINDS.values(), ids=list(_KINDS))
def test_a_regex_that_is_quadratic_or_worse_is_found(written: str) -> None:
    """The test above would fail for it."""
    assert slow_text(Found(name="made", pattern=re.compile(written))) is not None


@pytest.mark.parametrize(
    "written", [r"(?<!a)a++b", r"(?<!\s)\s++$", r"<!--[^>]*+>?", r"(?:a|b)*", r"\w{1,40}+-"]
)
def test_a_regex_that_is_linear_is_let_be(written: str) -> None:
    assert slow_text(Found(name="made", pattern=re.compile(written))) is None


def test_every_exemption_is_of_a_regex_that_there_is() -> None:
    """What was renamed or deleted is exempt no longer, so that nothing else comes to bear its name."""
    names = {re.split(r"[\[:]", found.name)[0] for found in all_patterns()}
    assert {*ANCHORED, *THROUGH} <= names
    assert OWN.keys() <= {name.rpartition(".")[0] for name in names}


def test_no_regex_is_built_in_an_f_string() -> None:
    """There `{0,60}` is the tuple (0, 60), and the regex looks for that: see `kb.text.word_lists.filled`."""
    built = [
        f"{module.__name__}:{line}"
        for module in sources()
        for line in f_string_regexes(inspect.getsource(module))
    ]
    assert built == []


def test_a_regex_in_an_f_string_is_seen() -> None:
    told = 'A = "a"\nB = fR"{A}"\nre.sub("b" + f"[{A}]", "", A)\nprint(f"{A}")\nre.sub("a", f"{A}", A)\n'
    assert f_string_regexes(told) == [2, 3]


def f_string_regexes(source: str) -> list[int]:
    """The lines of a module where an f-string is raw, as only regexes are, or stands in a call of `re`."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {token.start[0] for token in tokens if re.match(r"(?:rf|fr)[\"']", token.string, re.IGNORECASE)}
    calls = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and method_of_re(node)
    )
    parts = (part for call in calls for argument in call.args[:1] for part in ast.walk(argument))
    return sorted(lines | {part.lineno for part in parts if isinstance(part, ast.JoinedStr)})


def slow_text(found: Found) -> Hostile | None:
    """A text for which a regex takes much longer than the text is long."""
    compared = found.name.startswith("kb.compare.")
    work = _work(found)
    for text_of in hostile_texts(found.pattern.pattern, found.pattern.flags):
        fed = _as_read(text_of) if compared else text_of
        if is_suspect(work, fed) and growth(work, fed, largest=LONGEST if compared else LARGEST) >= LINEAR:
            return text_of
    return None


def _as_read(text_of: Hostile) -> Callable[[int], str]:
    return lambda size: _read(text_of(size))
