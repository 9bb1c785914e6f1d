"""Names of people in what says whose words they are: who is meant, and is it somebody else?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from kb.compare.speech import SPEECH_VERBS

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]*\.?"
_PARTICLE = r"(?:(?:de|van|von|der|den|al|bin|la|le|el|da|dos|di|ter|ten)\s)*"
_PERSON = re.compile(rf"{_CAPITAL}(?:\s{_PARTICLE}{_CAPITAL})+|{_CAPITAL}")
_VERBS = "|".join(sorted({verb for verb in SPEECH_VERBS if verb != "according"}, key=len, reverse=True))
_LISTENER = re.compile(
    r"(?:\b(?:told|tells|informed|advised|to|with|tell|reminded|assured|for|of|in|at|from)"
    r"|\w\s+asked)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_SPEAKS_AFTER = re.compile(
    rf"^(?:\s*,[^,]{{0,80}},|\s*\([^)]*\))?\s*(?:\w+ly\s|also\s|later\s|has\s|had\s|then\s)?(?:{_VERBS})\b"
)
_SPEAKS_BEFORE = re.compile(
    rf"\b(?:(?:{_VERBS})|according to|says|(?:quot|cit)(?:es|ed|ing))\s(?:[a-z’'-]+,?\s){{0,6}}$"
    rf"|\bin the words of\s$",
    re.IGNORECASE,
)
_COLON_AFTER = re.compile(r"^(?:,[^,]{0,80},?)?\s*:\s*$")
_TITLES = frozenset(
    """mr mrs ms dr prof professor sir dame lord lady president minister prime chancellor senator governor
    mayor judge justice
    chief general colonel captain sergeant inspector superintendent detective secretary director king queen
    prince princess
    pope bishop archbishop rabbi imam reverend father sister chairman chairwoman chair ceo mp sen rep gov
    the coach manager
    deputy vice foreign defence defense health interior finance attorney commissioner ambassador spokesman
    spokeswoman
    spokesperson doctor officer nurse economist""".split()
)
_NO_PERSON = frozenset(
    """army agency ministry ministers department office university institute company council committee
    group association police
    court bank union party team club news times post guardian reuters press inc ltd corp ai network project
    organisation
    organization foundation federation commission parliament government house authority service hospital
    school society
    report study statement center centre board charity campaign coalition alliance forum trust watchdog
    bureau embassy
    airline airport industries technologies labs systems partners street city county state republic kingdom
    states""".split()
)
_NO_NAME = frozenset(
    """he she it they we i you the a an this that these those there his her their its our my who what when
    where why how in on
    at by for from to of and but or as if so yet while after before since because although though however
    meanwhile still
    also then now both some many most few all no not one two three four five six seven eight nine ten
    monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september october
    november december
    asked speaking according people residents officials critics experts analysts researchers
    scientists""".split()
)
_SPELT_ALIKE = 0.75


def name_words(name: str) -> tuple[str, ...]:
    """The words of a person's name, plain and without titles: "Dr. Anna Example, of the clinic" → anna,
    example."""
    own = re.split(r",|\s\(|\s(?:of|from|at|for)\s", name)[0]
    plain = unicodedata.normalize("NFKD", own.replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    words = [word.removesuffix("'s").strip(".'") for word in re.split(r"\s+", plain)]
    return tuple(word for word in words if word and word not in _TITLES and word not in _NO_NAME)


def is_person(name: str) -> bool:
    """Whether a speaker on record is a person with first and last name."""
    own = re.split(r",|\s\(", name)[0]
    words = name_words(name)
    capitals = [word for word in own.split() if word[0].isupper()]
    return 1 < len(words) <= 4 and len(capitals) >= 2 and not _NO_PERSON & set(words)  # noqa: PLR2004 - a first and a last name


def speaker_named(speaker: str, names: Iterable[str]) -> bool:
    """Whether any of these names shares a word with the speaker on record, or is spelt nearly so."""
    return any(same_person(speaker, name) for name in names)


def same_person(speaker: str, name: str) -> bool:
    """Whether a name may mean the speaker: a shared or similarly spelt word is enough."""
    wanted, found = name_words(speaker), name_words(name)
    return any(one == other or _alike(one, other) for one in wanted for other in found)


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 3 and SequenceMatcher(None, one, other).ratio() >= _SPELT_ALIKE  # noqa: PLR2004 - short names are alike by chance


def speakers_in(attribution: Iterable[str], text: str) -> list[str]:
    """The people who are said to speak, by verb or by colon; a lone surname must be introduced in the
    text."""
    found: list[str] = []
    for piece in attribution:
        for match in _PERSON.finditer(piece):
            before, after = piece[: match.start()], piece[match.end() :]
            if _LISTENER.search(before) or not _speaks(before, after):
                continue
            if (name := _full_name(match[0], text)) and name not in found:
                found.append(name)
    return found


def _speaks(before: str, after: str) -> bool:
    return bool(_SPEAKS_AFTER.search(after) or _SPEAKS_BEFORE.search(before) or _COLON_AFTER.search(after))


def _full_name(name: str, text: str) -> str:
    words = name_words(name)
    if not words or _NO_PERSON & set(words):
        return ""
    if len(words) > 1:
        return name.strip(".")
    surname = next(word for word in reversed(name.split()) if word.strip(".").casefold() in words)
    introduced = re.search(rf"{_CAPITAL}\s{_PARTICLE}{re.escape(surname)}\b", text)
    if not introduced or name_words(introduced[0])[-1:] != words or len(name_words(introduced[0])) < 2:  # noqa: PLR2004 - a first and a last name
        return ""
    return introduced[0]
