"""What people say to the bot that is no claim: thanks, greetings, questions about it, commands gone wrong.

To look such words up, and say that nothing is verified on them, would read as if they had been checked.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.commands.values import Verb
from bot.replies import wording
from kb.compare.language import is_foreign
from kb.text.word_lists import any_of, word_lists

_SAID = {
    "thanks": wording.WELCOME,
    "greeting": wording.HELLO,
    "abilities": wording.HELP,
    "identity": wording.WHO_I_AM,
    "stop": wording.STOPPING,
    "privacy": wording.PRIVACY,
}
_TALK = {
    section: re.compile(any_of(phrases))
    for section, phrases in word_lists("bot/answering/tables/small_talk.txt", *_SAID).items()
}
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_LONGEST, _MOST = 200, 14  # characters and words of what is small talk
_COMMAND = 4  # words of a command, at the most
_VERB = 5  # letters of a word that a slip can be told from


def small_talk(words: str) -> str | None:
    """What to say to words that are no claim, or to none at all; None for those that may be one."""
    if len(words) > _LONGEST:
        return None
    said = _WORD.findall(_APOSTROPHE.sub("", words).casefold())
    if not said:
        return wording.HELP
    if len(said) > _MOST:
        return None
    text = " ".join(said)
    section = next((name for name, pattern in _TALK.items() if pattern.fullmatch(text)), None)
    return _SAID[section] if section else _mistyped(said)


def unknown_words(words: str) -> str:
    """What to say to words on which there is nothing: in another language they were not understood."""
    return wording.OTHER_LANGUAGE if is_foreign(words) else wording.NOTHING


def _mistyped(said: list[str]) -> str | None:
    """A command with two letters swapped, one left out or one too many."""
    if len(said) > _COMMAND:
        return None
    meant = next((verb.value for verb in Verb if _is_slip(said[0], verb.value)), None)
    return wording.MISTYPED.format(command=meant) if meant else None


def _is_slip(word: str, verb: str) -> bool:
    if len(verb) < _VERB or word == verb or word in {f"{verb}s", f"{verb}d", f"{verb}ed", f"{verb}r"}:
        return False
    if len(word) == len(verb):
        differ = [place for place, (one, other) in enumerate(zip(word, verb, strict=True)) if one != other]
        return Counter(word) == Counter(verb) and len(differ) == 2 and differ[1] == differ[0] + 1  # noqa: PLR2004  # two neighbours
    short, long = sorted((word, verb), key=len)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
