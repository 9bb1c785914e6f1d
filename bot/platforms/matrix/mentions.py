"""Was the bot addressed, and what are the words without its name?

Clients say "@bot" in three ways: `m.mentions` in the content, a link to the user in the HTML, and plain text.
In a reply, clients put the author of the message replied to into `m.mentions`, though nobody named them:
"thanks!" in reply to the bot would be a question. So in a reply only a mention that can be read counts;
everywhere else `m.mentions` is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile, islice

from bot.platforms.matrix.formatted import Formatted
from kb.text.word_lists import alternatives, filled

_GONE = "\0"
_GAP = re.compile(r"[ \t" + _GONE + "]+")
_SHOWN = 5
"""So many ways of showing the bot's name in one message are taken out of its words."""
_LONGEST_NAME = 300
"""Characters: more than a user id may have. What is longer is no name, and slow to make a pattern of."""


@dataclass(frozen=True, kw_only=True)
class Me:
    """The bot's own account, as people may name it."""

    user_id: str
    display_name: str = ""

    @property
    def localpart(self) -> str:
        """The user id without `@` and server."""
        return self.user_id.removeprefix("@").partition(":")[0]


@dataclass(frozen=True, kw_only=True)
class Address:
    """Whether the bot was `named`, and the `words` without its name."""

    named: bool
    words: str


def read_address(text: str, formatted: Formatted, me: Me, *, mentioned: bool, is_reply: bool) -> Address:
    """Look for the bot's name in a message; `mentioned` says that `m.mentions` lists the bot."""
    shown = [name for user_id, name in formatted.mentions if user_id == me.user_id]
    named = bool(shown) or _named_in(text, me) or (mentioned and not is_reply)
    return Address(named=named, words=_without_name(text, shown, me) if named else text)


def without_fallback(body: str) -> str:
    """Drop the quoted lines that older clients put before a reply."""
    said = dropwhile(lambda line: line.startswith(">"), body.split("\n"))
    return "\n".join(said).lstrip("\n")


def _named_in(text: str, me: Me) -> bool:
    own_lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return any(pattern.search(own_lines) for pattern in _patterns(me))


def _without_name(text: str, shown: list[str], me: Me) -> str:
    """Take the name out; other lines keep their blanks, which mean something in a form that is sent back."""
    text = text.replace(_GONE, "")
    for pattern in _patterns(me):
        text = pattern.sub(_GONE, text)
    names = (name for name in dict.fromkeys(shown) if 0 < len(name) <= _LONGEST_NAME)
    for name in islice(names, _SHOWN):
        text = re.sub(r"(?<!\w)@?" + re.escape(name) + r"(?!\w)", _GONE, text, count=1)
    lines = [" ".join(_GAP.split(line)) if _GONE in line else line for line in text.split("\n")]
    return "\n".join(lines).strip().lstrip(":,").strip()


def _patterns(me: Me) -> tuple[re.Pattern[str], ...]:
    user_id, encoded = me.user_id, me.user_id.replace("@", "%40").replace(":", "%3A")
    pieces = {
        "ids": alternatives((user_id, encoded)),
        "id": re.escape(user_id),
        "names": alternatives({me.localpart, me.display_name} - {""}),
    }
    address = r"https://matrix\.to/#/<ids>(?:\?[^\s)]{0,200})?"
    sources = (
        r"\[[^\[\]\n]{0,100}\]\(" + address + r"\)",
        address,
        r"(?<![\w@/])<id>(?![\w-]|[:.]\w)",
        r"(?<![\w@./])@<names>(?![\w-]|[:.]\w)",
        r"\A\s*@?<names>\s*[:,](?=\s|\Z)",
        r"\A\s*!(?:<names>|caveat)(?=\s|\Z)",
    )
    return tuple(re.compile(filled(source, **pieces), re.IGNORECASE) for source in sources)
