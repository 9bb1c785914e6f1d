"""Every command of the chat, registered once: how it is written, what it takes, and what carries it out.

A new one is a word in `Verb` (values.py), a function in `handlers/`, and a row here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.commands import wording
from bot.commands.handlers import channel_policy, drafts, lifecycle, parked, reading, roles, subscriptions
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply, RoleAct, Verb
from bot.model import Reply
from kb.curate.lifecycle import RULES
from kb.entries.people import Role
from kb.entries.revision import Step

Carry = Callable[[Command, Caller, CommandServices], Awaitable[CommandReply]]

_ID = r"(?P<entry>[\w.-]+)"
_LINK = r"<?(?P<url>(?:https?://)?[^\s<>/]{1,253}\.[^\s<>]{1,2000})>?"
_NOTE = r"(?P<text>\S.*)"

_FENCED = tuple(fence + r"(?:[\w-]*[ \t]*\n)?(?P<text>.*?)(?:" + fence + r"\s*)?" for fence in ("```", "~~~"))
"""A form in a code block; some clients put its fences on the lines of the form itself."""

_READING = (Role.CURATOR, "read what curators work on")
_CHANNEL = (Role.ADMIN, "change what I do in a channel")


class Place(Enum):
    """Where a command is taken."""

    ANYWHERE = "in every channel"
    CURATORS = "where curators are among themselves"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One command.

    `written` is how it is written, `does` what it does, `needs` what is lacking where that is left out. What
    follows the verb has one of `shapes`: regular expressions whose groups are fields of `Command`. Where it
    begins with one of `acts`, it is meant as this command however long it is. Within a thread, the bot's name
    may be left out before what is `unnamed`. `takes` is the role, and what for, that the dispatcher asks for
    before `carry` is called; None: everybody may.
    """

    written: str
    does: str
    needs: str = ""
    shapes: tuple[str, ...] = ("",)
    acts: frozenset[str] = frozenset()
    unnamed: bool = False
    takes: tuple[Role, str] | None = _READING
    place: Place = Place.CURATORS
    carry: Carry


def _step(step: Step) -> tuple[Role, str]:
    return RULES[step].role, RULES[step].act


async def _help(_: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """List what the caller may do: members have few commands."""
    everything = (await services.roster()).may(caller.person, Role.CURATOR)
    shown = [command for command in COMMANDS.values() if everything or command.takes is None]
    lines = tuple(f"{command.written}: {command.does}" for command in shown)
    return CommandReply(replies=(Reply(lead=wording.HELP, lines=(*lines, wording.ASKING)),))


COMMANDS: Mapping[Verb, Registered] = MappingProxyType(
    {
        Verb.ADD: Registered(
            written="add LINK",
            does="draft an entry from a page",
            needs="a link",
            shapes=(_LINK,),
            takes=(Role.CURATOR, "add an entry"),
            carry=drafts.add,
        ),
        Verb.EDIT: Registered(
            written="edit ID",
            does="get an entry's form",
            needs="an entry",
            shapes=(_ID,),
            takes=_step(Step.EDIT),
            carry=drafts.edit,
        ),
        Verb.SAVE: Registered(
            written="save FORM",
            does="keep a form that was filled in",
            needs="the form, as a code block",
            shapes=tuple(r"(?:(?P<value>anyway)\s+)?" + form for form in (*_FENCED, _NOTE)),
            takes=(Role.CURATOR, "write an entry"),
            carry=drafts.save_form,
        ),
        Verb.SUBMIT: Registered(
            written="submit ID",
            does="send a draft to review",
            needs="an entry",
            shapes=(_ID,),
            takes=_step(Step.SUBMIT),
            carry=lifecycle.submit,
        ),
        Verb.REVIEW: Registered(
            written="review [ID]",
            does="read what waits for a reviewer",
            needs="an entry",
            shapes=("(?:" + _ID + ")?",),
            carry=reading.review,
        ),
        Verb.APPROVE: Registered(
            written="approve ID [note]",
            does="publish what is in review",
            needs="an entry",
            shapes=(_ID + r"(?:\s+" + _NOTE + ")?",),
            takes=_step(Step.APPROVE),
            carry=lifecycle.approve,
        ),
        Verb.SEND_BACK: Registered(
            written="send-back ID note",
            does="ask for changes",
            needs="an entry and a note",
            shapes=(_ID + r"\s+" + _NOTE,),
            takes=_step(Step.SEND_BACK),
            carry=lifecycle.send_back,
        ),
        Verb.PUBLISH: Registered(
            written="publish ID",
            does="publish a draft at once",
            needs="an entry",
            shapes=(_ID,),
            takes=_step(Step.PUBLISH),
            carry=lifecycle.publish,
        ),
        Verb.RETIRE: Registered(
            written="retire ID why",
            does="take an entry out of use",
            needs="an entry and a reason",
            shapes=(_ID + r"\s+" + _NOTE,),
            takes=(Role.CURATOR, RULES[Step.RETIRE].act),  # a draft; what was published is a reviewer's
            carry=lifecycle.retire,
        ),
        Verb.SUPERSEDE: Registered(
            written="supersede ID NEW",
            does="let another entry take over",
            needs="an entry and its successor",
            shapes=(_ID + r"\s+(?:by\s+|with\s+)?(?P<other>[\w.-]+)",),
            takes=_step(Step.SUPERSEDE),
            carry=lifecycle.supersede,
        ),
        Verb.UNDO: Registered(
            written="undo ID",
            does="take the last step back",
            needs="an entry",
            shapes=(_ID,),
            takes=_step(Step.UNDO),
            carry=lifecycle.undo,
        ),
        Verb.HISTORY: Registered(
            written="history ID",
            does="every step, by whom and why",
            needs="an entry",
            shapes=(_ID,),
            carry=reading.history,
        ),
        Verb.DIFF: Registered(
            written="diff ID",
            does="what the last text changed",
            needs="an entry",
            shapes=(_ID,),
            carry=reading.diff,
        ),
        Verb.PREVIEW: Registered(
            written="preview ID",
            does="the reply, and which recent links it would match",
            needs="an entry",
            shapes=(_ID,),
            carry=reading.preview,
        ),
        Verb.SHOW: Registered(
            written="show ID",
            does="read an entry",
            needs="an entry",
            shapes=(_ID,),
            place=Place.ANYWHERE,
            takes=None,
            carry=reading.show,
        ),
        Verb.SEARCH: Registered(
            written="search WORDS",
            does="find entries",
            needs="words",
            shapes=(_NOTE,),
            place=Place.ANYWHERE,
            takes=None,
            carry=reading.search,
        ),
        Verb.QUEUE: Registered(written="queue", does="what waits for a person", carry=reading.queue),
        Verb.UNMATCHED: Registered(
            written="unmatched", does="links that no entry answered", carry=reading.unmatched
        ),
        Verb.POLICY: Registered(
            written="policy passive|mention|shadow|off|default",
            does="what I do in this channel",
            needs="one of passive, mention, shadow, off, default",
            shapes=(r"(?P<value>passive|mention|shadow|off|default)",),
            place=Place.ANYWHERE,
            takes=_CHANNEL,
            carry=channel_policy.set_policy,
        ),
        Verb.THRESHOLD: Registered(
            written="threshold 0.9|default",
            does="how sure I must be here, unasked",
            needs="a number from 0 to 1, or default",
            shapes=(r"(?P<value>default|0|1|[01]?\.\d+)",),
            place=Place.ANYWHERE,
            takes=_CHANNEL,
            carry=channel_policy.set_threshold,
        ),
        Verb.LANGUAGE: Registered(
            written="language en|any",
            does="which entries I tell of here, unasked",
            needs="a language such as en, or any",
            shapes=(r"(?P<value>any|[a-z]{2,3})",),
            place=Place.ANYWHERE,
            takes=_CHANNEL,
            carry=channel_policy.set_language,
        ),
        Verb.PAUSE: Registered(
            written="pause",
            does="stop all speaking, everywhere",
            place=Place.ANYWHERE,
            takes=(Role.ADMIN, "pause me"),
            carry=channel_policy.pause,
        ),
        Verb.RESUME: Registered(
            written="resume",
            does="speak again",
            place=Place.ANYWHERE,
            takes=(Role.ADMIN, "let me speak again"),
            carry=channel_policy.resume,
        ),
        Verb.REMOVE: Registered(
            written="remove [LINK]",
            does="take the reply away that you answer, or link to",
            shapes=("(?:" + _LINK + ")?",),
            place=Place.ANYWHERE,
            takes=(Role.REVIEWER, "have a reply removed"),
            carry=channel_policy.remove,
        ),
        Verb.PARKED: Registered(
            written="parked, parked retry NAME, parked forget NAME",
            does="what failed and waits for a person",
            shapes=(r"(?:(?P<act>retry|forget)\s+(?P<value>[0-9a-f]{8}))?",),
            takes=(Role.ADMIN, "look after what failed"),
            carry=parked.parked,
        ),
        Verb.ROLES: Registered(written="roles", does="who may do what", carry=roles.roles),
        Verb.ROLE: Registered(
            written="role give PERSON curator|reviewer|admin, role take PERSON, "
            "role name PERSON NAME, role join PERSON PERSON",
            does="change who may do what",
            needs="what to do, and with whom",
            shapes=(
                r"(?P<act>give)\s+(?P<person>\S+)\s+(?:the\s+role\s+)?(?P<value>curator|reviewer|admin)",
                r"(?P<act>take)\s+(?P<person>\S+)",
                r"(?P<act>name)\s+(?P<person>\S+)\s+(?P<text>\S.*)",
                r"(?P<act>join)\s+(?P<person>\S+)\s+(?:(?:to|with)\s+)?(?P<other>\S+)",
            ),
            acts=frozenset(RoleAct),
            takes=(Role.ADMIN, "change who may do what"),
            carry=roles.change,
        ),
        Verb.TELL_ME: Registered(
            written="tell me",
            does="hear in this thread when there is an entry",
            shapes=(r"(?:please)?\s*[.!]?",),
            unnamed=True,
            place=Place.ANYWHERE,
            takes=None,
            carry=subscriptions.tell_me,
        ),
        Verb.HELP: Registered(
            written="help", does="this list", takes=None, place=Place.ANYWHERE, carry=_help
        ),
    }
)
