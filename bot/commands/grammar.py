"""What curators, admins and members can tell the bot to do, and how they write it. Pure.

One parser for every platform. A text is a command only if it has just the shape of one; any other sentence,
"show me where this was reported" say, is a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.errors import BotError


class Verb(StrEnum):
    """What can be done; the value is the word that people type."""

    ADD = "add"
    EDIT = "edit"
    SAVE = "save"
    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    RETIRE = "retire"
    SUPERSEDE = "supersede"
    UNDO = "undo"
    HISTORY = "history"
    DIFF = "diff"
    PREVIEW = "preview"
    SHOW = "show"
    SEARCH = "search"
    QUEUE = "queue"
    UNMATCHED = "unmatched"
    POLICY = "policy"
    THRESHOLD = "threshold"
    LANGUAGE = "language"
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"
    PARKED = "parked"
    ROLES = "roles"
    ROLE = "role"
    TELL_ME = "tell me"
    HELP = "help"


class RoleAct(StrEnum):
    """What `role` does to a person: give or take a role, set the name readers are told, join two ids."""

    GIVE = "give"
    TAKE = "take"
    NAME = "name"
    JOIN = "join"


class ParkedAct(StrEnum):
    """What `parked` does to something that waits."""

    RETRY = "retry"
    FORGET = "forget"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. What does not belong to its verb is empty.

    `entry` and `other` are ids of entries, `url` a web address, `person` (and for `role join` also `other`) a
    person as typed. `act` is what `role` or `parked` does, `value` the word that it or a setting is given;
    `text` are free words: a note, a reason, what to search for, a name, a whole form.
    """

    verb: Verb
    entry: str = ""
    other: str = ""
    url: str = ""
    person: str = ""
    act: str = ""
    value: str = ""
    text: str = ""


class CommandError(BotError):
    """A text begins like a command and cannot be carried out; the message says how it is written."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How a command is written, what it does and, for who leaves that out, what it needs."""

    written: str
    does: str
    needs: str = ""


USAGE: Mapping[Verb, Usage] = MappingProxyType(
    {
        Verb.ADD: Usage(written="add LINK", does="draft an entry from a page", needs="a link"),
        Verb.EDIT: Usage(written="edit ID", does="get an entry's form", needs="an entry"),
        Verb.SAVE: Usage(
            written="save FORM", does="keep a form that was filled in", needs="the form, as a code block"
        ),
        Verb.SUBMIT: Usage(written="submit ID", does="send a draft to review", needs="an entry"),
        Verb.REVIEW: Usage(written="review [ID]", does="read what waits for a reviewer", needs="an entry"),
        Verb.APPROVE: Usage(written="approve ID [note]", does="publish what is in review", needs="an entry"),
        Verb.SEND_BACK: Usage(
            written="send-back ID note", does="ask for changes", needs="an entry and a note"
        ),
        Verb.PUBLISH: Usage(written="publish ID", does="publish a draft at once", needs="an entry"),
        Verb.RETIRE: Usage(
            written="retire ID why", does="take an entry out of use", needs="an entry and a reason"
        ),
        Verb.SUPERSEDE: Usage(
            written="supersede ID NEW", does="let another entry take over", needs="an entry and its successor"
        ),
        Verb.UNDO: Usage(written="undo ID", does="take the last step back", needs="an entry"),
        Verb.HISTORY: Usage(written="history ID", does="every step, by whom and why", needs="an entry"),
        Verb.DIFF: Usage(written="diff ID", does="what the last text changed", needs="an entry"),
        Verb.PREVIEW: Usage(
            written="preview ID", does="the reply, and which recent links it would match", needs="an entry"
        ),
        Verb.SHOW: Usage(written="show ID", does="read an entry", needs="an entry"),
        Verb.SEARCH: Usage(written="search WORDS", does="find entries", needs="words"),
        Verb.QUEUE: Usage(written="queue", does="what waits for a person"),
        Verb.UNMATCHED: Usage(written="unmatched", does="links that no entry answered"),
        Verb.POLICY: Usage(
            written="policy passive|mention|shadow|off|default",
            does="what I do in this channel",
            needs="one of passive, mention, shadow, off, default",
        ),
        Verb.THRESHOLD: Usage(
            written="threshold 0.9|default",
            does="how sure I must be here, unasked",
            needs="a number from 0 to 1, or default",
        ),
        Verb.LANGUAGE: Usage(
            written="language en|any",
            does="which entries I tell of here, unasked",
            needs="a language such as en, or any",
        ),
        Verb.PAUSE: Usage(written="pause", does="stop all speaking, everywhere"),
        Verb.RESUME: Usage(written="resume", does="speak again"),
        Verb.REMOVE: Usage(written="remove [LINK]", does="take the reply away that you answer, or link to"),
        Verb.PARKED: Usage(
            written="parked, parked retry NAME, parked forget NAME", does="what failed and waits for a person"
        ),
        Verb.ROLES: Usage(written="roles", does="who may do what"),
        Verb.ROLE: Usage(
            written="role give PERSON curator|reviewer|admin, role take PERSON, "
            "role name PERSON NAME, role join PERSON PERSON",
            does="change who may do what",
            needs="what to do, and with whom",
        ),
        Verb.TELL_ME: Usage(written="tell me", does="hear in this thread when there is an entry"),
        Verb.HELP: Usage(written="help", does="this list"),
    }
)

_ID = r"(?P<entry>[\w.-]+)"
_LINK = r"<?(?P<url>(?:https?://)?[^\s<>/]{1,253}\.[^\s<>]{1,2000})>?"
_NOTE = r"(?P<text>\S.*)"
_SHAPES = {
    Verb.ADD: _LINK,
    Verb.EDIT: _ID,
    Verb.SAVE: rf"(?:(?P<value>anyway)\s+)?{_NOTE}",
    Verb.SUBMIT: _ID,
    Verb.REVIEW: rf"(?:{_ID})?",
    Verb.APPROVE: rf"{_ID}(?:\s+{_NOTE})?",
    Verb.SEND_BACK: rf"{_ID}\s+{_NOTE}",
    Verb.PUBLISH: _ID,
    Verb.RETIRE: rf"{_ID}\s+{_NOTE}",
    Verb.SUPERSEDE: rf"{_ID}\s+(?:by\s+|with\s+)?(?P<other>[\w.-]+)",
    Verb.UNDO: _ID,
    Verb.HISTORY: _ID,
    Verb.DIFF: _ID,
    Verb.PREVIEW: _ID,
    Verb.SHOW: _ID,
    Verb.SEARCH: _NOTE,
    Verb.POLICY: r"(?P<value>passive|mention|shadow|off|default)",
    Verb.THRESHOLD: r"(?P<value>default|0|1|[01]?\.\d+)",
    Verb.LANGUAGE: r"(?P<value>any|[a-z]{2,3})",
    Verb.REMOVE: rf"(?:{_LINK})?",
    Verb.PARKED: r"(?:(?P<act>retry|forget)\s+(?P<value>[0-9a-f]{8}))?",
    Verb.ROLE: r"(?:(?P<act>give)\s+(?P<person>\S+)\s+(?:the\s+role\s+)?(?P<value>curator|reviewer|admin)"
    r"|(?P<act2>take)\s+(?P<person2>\S+)"
    r"|(?P<act3>name)\s+(?P<person3>\S+)\s+(?P<text>\S.*)"
    r"|(?P<act4>join)\s+(?P<person4>\S+)\s+(?:(?:to|with)\s+)?(?P<other4>\S+))",
}
_READ = {verb: re.compile(_SHAPES.get(verb, ""), re.IGNORECASE | re.DOTALL) for verb in Verb}

_LONGEST_SLIP = 2
"""So many words after a verb may be a command with something left out; longer ones are questions."""

_NO_IDS = frozenset("a an the this that these those it me us my your of on to for is are was were".split())
_VERBS = "|".join(verb.value.replace("-", "[- ]").replace(" ", r"\s+") for verb in Verb)
_BEGINNING = re.compile(rf"\s*(?P<verb>{_VERBS})(?![\w-])[:,]?[ \t]*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_TICKED = re.compile(r"(`{1,3})(?P<inside>[^`\n]+)\1")
_QUOTED = re.compile(r"[\"“„«‘'`](?P<inside>[\w.-]+)[\"”“»’'`]")
_FORM = re.compile(
    r"\s*(?:(?:```|~~~)(?:[\w-]*[ \t]*\n)?\s*)?"
    r"#[ \t\u00a0]*(?:a[ \t]+new[ \t]+entry|edits[ \t]+revision[ \t]+\d+)\b",
    re.IGNORECASE,
)
"""How the forms of kb/formats/forms.py begin."""
_FENCED = re.compile(
    r"\s*(?P<fence>```|~~~)(?:[\w-]*[ \t]*\n)?(?P<inside>.*?)(?:(?P=fence)\s*|\Z)", re.DOTALL
)
_TELL_ME = re.compile(r"tell\s{1,3}me(?:\s{1,3}please)?\s{0,3}[.!]?", re.IGNORECASE)


def parse(text: str) -> Command | None:
    """Read a command, without the bot's name before it; None for what is none, such as a question.

    Raises CommandError for one that lacks something.
    """
    if is_form(text):
        return Command(verb=Verb.SAVE, text=_unfenced(text))
    if _TELL_ME.fullmatch(text.strip()):
        return Command(verb=Verb.TELL_ME)
    ticked = _TICKED.fullmatch(text.strip())
    begun = _BEGINNING.fullmatch(ticked["inside"] if ticked else text)
    if begun is None:
        return None
    verb = Verb(re.sub(r"\s+", " ", begun["verb"].lower()).replace("send back", "send-back"))
    rest = _unquoted(verb, begun["rest"].strip())
    found = _READ[verb].fullmatch(rest)
    if found is None:
        return _none_unless_slip(verb, rest)
    fields = {name.rstrip("234"): value.strip() for name, value in found.groupdict().items() if value}
    fields |= {name: fields[name].lower() for name in ("value", "act") if name in fields}
    if verb is Verb.SAVE:
        fields["text"] = _unfenced(fields["text"])
    if verb is Verb.REVIEW and not fields:
        return Command(verb=Verb.QUEUE)
    return None if fields.get("entry", "").lower() in _NO_IDS else Command(verb=verb, **fields)


def is_command(text: str, *, asked: bool, within: bool) -> bool:
    """Whether a message is for `parse`: one that asks and begins as a command does.

    Without the bot's name, a form sent back and, `within` a thread or a reply, "tell me" are commands too.
    """
    if is_form(text) or (within and _TELL_ME.fullmatch(text.strip())):
        return True
    try:
        return asked and parse(text) is not None
    except CommandError:
        return True


def is_form(text: str) -> bool:
    """Whether a text is an entry's form, as `add` and `edit` give it, in a code block or not."""
    return bool(_FORM.match(text))


def _unfenced(form: str) -> str:
    """Take the code block off a form; some clients put its fences on the lines of the form itself."""
    fenced = _FENCED.fullmatch(form)
    return fenced["inside"].rstrip() if fenced else form.strip()


def _unquoted(verb: Verb, rest: str) -> str:
    """Take the quotes off ids; those in a note, in words or in a form stay."""
    if verb in {Verb.SAVE, Verb.SEARCH}:
        return rest
    most = 1 if "(?P<text>" in _SHAPES.get(verb, "") else 0
    starts = bool(_QUOTED.match(rest))
    return _QUOTED.sub(r"\g<inside>", rest, count=most) if starts or not most else rest


def _none_unless_slip(verb: Verb, rest: str) -> Command | None:
    """Say what a command lacks; a longer text was not meant as one."""
    usage, words = USAGE[verb], rest.lower().split()
    begun_role = verb is Verb.ROLE and words[:1] and words[0] in set(RoleAct)
    slip = len(words) <= _LONGEST_SLIP and not {*words[:1]} & _NO_IDS and not rest.endswith("?")
    if usage.needs and (slip or begun_role):
        raise CommandError(f"`{verb.value}` needs {usage.needs}: {usage.written}")
    return None
