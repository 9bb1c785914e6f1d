"""Reads plain text, and the text of a file that holds nothing else."""

from __future__ import annotations

import re

from bot.errors import UnreadableError
from bot.pages.read import page_kind
from bot.pages.read.exchange import ReadPage
from bot.pages.read.page_signals import Signals
from bot.pages.read.readable import MAX_TITLE, plain
from kb.match.stance import says_debunk

_TITLE_END = re.compile(r"[.,;:]$|^\W*$")
_TITLE_WORDS = 25
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_NO_TEXT = 0.1  # of all characters; beyond that it is a file of another kind


def read_text(text: str, url: str) -> ReadPage:
    """Read decoded plain text. Raises UnreadableError for what is none."""
    if len(_NO_TEXT.findall(text[:100_000])) > _MOST_NO_TEXT * len(text[:100_000]):
        raise UnreadableError("it is no text")
    title, rest = split_title(plain(text))
    kind = page_kind.kind_of(Signals(url=url, titles=(title,), text=rest, shown=rest[:20_000]))
    return ReadPage(kind=kind, title=title, text=rest, debunk=says_debunk(title))


def split_title(text: str) -> tuple[str, str]:
    """Take the first line of a plain text for its title if it looks like one: short, and no sentence."""
    lines = text.strip().splitlines()
    first = lines[0].strip() if lines else ""
    rest = "\n".join(lines[1:]).strip()
    if not rest or len(first) > MAX_TITLE or len(first.split()) > _TITLE_WORDS or _TITLE_END.search(first):
        return "", text.strip()
    return first, rest
