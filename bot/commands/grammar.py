"""What curators, admins and members can tell the bot to do, and how they write it. Pure.

One parser for every platform. A text is a command only if it has just the shape of one; any other sentence,
"show me where this was reported" say, is a question.
"""

from __future__ import annotations

import re

from bot.commands.registry import COMMANDS
from bot.commands.values import Command, CommandError, Verb
from kb.text.word_lists import any_of

_READ = {
    verb: tuple(re.compile(shape, re.IGNORECASE | re.DOTALL) for shape in command.shapes)
    for verb, command in COMMANDS.items()
}

_LONGEST_SLIP = 2
"""So many words after a verb may be a command with something left out; longer ones are questions."""

_NO_IDS = frozenset("a an the this that these those it me us my your of on to for is are was were".split())
_VERBS = any_of(verb.value.replace("-", "[- ]").replace(" ", r"\s+") for verb in Verb)
_BEGINNING = re.compile(
    r"\s*(?P<verb>" + _VERBS + r")(?![\w-])[:,]?[ \t]*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_TICKED = re.compile(r"(`{1,3})(?P<inside>[^`\n]+)\1")
_QUOTED = re.compile(r"[\"“„«‘'`](?P<inside>[\w.-]+)[\"”“»’'`]")
_FORM = re.compile(
    r"\s*(?:(?:```|~~~)(?:[\w-]*[ \t]*\n)?\s*)?"
    r"#[ \t\u00a0]*(?:a[ \t]+new[ \t]+entry|edits[ \t]+revision[ \t]+\d+)\b",
    re.IGNORECASE,
)
"""How the forms of kb/formats/forms.py begin."""


def parse(text: str) -> Command | None:
    """Read a command, without the bot's name before it; None for what is none, such as a question.

    Raises CommandError for one that lacks something.
    """
    ticked = _TICKED.fullmatch(text.strip())
    begun = _BEGINNING.fullmatch(f"save {text}" if is_form(text) else ticked["inside"] if ticked else text)
    if begun is None:
        return None
    verb = Verb(re.sub(r"\s+", " ", begun["verb"].lower()).replace("send back", "send-back"))
    rest = _unquoted(verb, begun["rest"].strip())
    found = next(filter(None, (shape.fullmatch(rest) for shape in _READ[verb])), None)
    if found is None:
        return _none_unless_slip(verb, rest)
    fields = {name: value.strip() for name, value in found.groupdict().items() if value}
    fields |= {name: fields[name].lower() for name in ("value", "act") if name in fields}
    return None if fields.get("entry", "").lower() in _NO_IDS else Command(verb=verb, **fields)


def is_command(text: str, *, asked: bool, within: bool) -> bool:
    """Whether a message is for `parse`: one that asks and begins as a command does.

    Without the bot's name, a form sent back and, `within` a thread or a reply, "tell me" are commands too.
    """
    if is_form(text):
        return True
    try:
        command = parse(text) if asked or within else None
    except CommandError:
        return asked
    return command is not None and (asked or COMMANDS[command.verb].unnamed)


def is_form(text: str) -> bool:
    """Whether a text is an entry's form, as `add` and `edit` give it, in a code block or not."""
    return bool(_FORM.match(text))


def _unquoted(verb: Verb, rest: str) -> str:
    """Take the quotes off ids; those in a note, in words or in a form stay."""
    shapes = "".join(COMMANDS[verb].shapes)
    if "(?P<text>" not in shapes:
        return _QUOTED.sub(r"\g<inside>", rest)
    quoted = "(?P<entry>" in shapes and _QUOTED.match(rest)
    return _QUOTED.sub(r"\g<inside>", rest, count=1) if quoted else rest


def _none_unless_slip(verb: Verb, rest: str) -> Command | None:
    """Say what a command lacks; a longer text was not meant as one."""
    usage, words = COMMANDS[verb], rest.lower().split()
    slip = len(words) <= _LONGEST_SLIP and not {*words[:1]} & _NO_IDS and not rest.endswith("?")
    if usage.needs and (slip or {*words[:1]} & usage.acts):
        raise CommandError(f"`{verb.value}` needs {usage.needs}: {usage.written}")
    return None
