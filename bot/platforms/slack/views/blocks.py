"""Reply → Block Kit; pure. Limits: https://docs.slack.dev/reference/block-kit/blocks"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.model import Choice, Citation, Reply, Suggestion
from bot.platforms.slack.text import escape, link, plain, shorten, size
from bot.platforms.slack.views.choices import buttons
from bot.replies import wording
from bot.replies.plain import byline, clean
from bot.replies.plain import render as render_plain
from bot.replies.shorter import fitted, shorter
from kb.text.cutting import at_word

HELPFUL = "caveat_helpful"
OTHER_STORY = "caveat_other_story"
WHY = "caveat_why"
"""The `action_id`s of the three buttons; the value of *Why* is a JSON list of sentences."""

Block = dict[str, Any]

_HEADER = 150
_SECTION = 3000
_CONTEXT = 2000
_TITLE = 300
_BYLINE = 300
_VALUE = 2000
_WHY = 350
_MORE = 600
_MOST = 50
_WEIGHT = 10_000
"""What all blocks of a message may weigh as JSON. Slack does not say what it takes: `msg_blocks_too_long` was
seen from 11,300 characters on (https://github.com/slackapi/bolt-js/issues/2867)."""
_FALLBACK = 3000
_TELL_ME = (Choice(label="Tell me", command="tell me"),)
"""Where other platforms say what to type, there is a button besides."""

_LABELS = {HELPFUL: "Helpful", OTHER_STORY: "Not the same story", WHY: "Why this match?"}


def render(reply: Reply, *, answer_id: str = "") -> list[Block]:
    """Lay out a reply, its parts in the order of the plain text; every string is escaped or plain here.

    `answer_id` names the answer to those who press *Helpful*, where the message itself does not.
    """
    fitting = fitted(reply, lambda each: fit_one_message(_blocks(each, answer_id)), most=_WEIGHT)
    return _blocks(fitting, answer_id)


def fit_one_message(blocks: Sequence[Block]) -> bool:
    """Whether Slack takes so many blocks, of such a length, in one message."""
    return len(blocks) <= _MOST and size(json.dumps(blocks, ensure_ascii=False)) <= _WEIGHT


def _blocks(reply: Reply, answer_id: str) -> list[Block]:
    return [
        *filter(_says_something, _content(reply)),
        *_buttons(reply, answer_id),
        *buttons(reply.choices or (_TELL_ME if reply.footnote == wording.TELL_ME else ())),
    ]


def fallback(reply: Reply) -> str:
    """The reply in plain lines, escaped, for notifications and screen readers."""
    written: list[str] = []
    room = _FALLBACK
    for line in render_plain(shorter(reply, 1)).splitlines():
        written.append(shorten(line, max(room, 1)))
        room -= size(written[-1]) + 1
        if room <= 1 or written[-1].endswith("…"):
            break
    return "\n".join(written).strip() or "…"


def evidence(reply: Reply) -> tuple[str, ...]:
    """Why it matched, in sentences: of the answer or, where there is none, of each suggestion."""
    return reply.evidence or tuple(
        f"“{each.citation.title}”: {each.why}" for each in reply.suggestions if each.why
    )


def _content(reply: Reply) -> Iterator[Block]:
    more = _more(reply)
    notes = [_plain(text, _CONTEXT) for text in (reply.content_note,) if text and clean(text)]
    if _has_body(reply):
        heading = reply.rating or reply.lead  # a verdict comes first
        yield {"type": "header", "text": _plain(heading, _HEADER)}
        if size(heading) > _HEADER:
            yield _section(shorten(heading, _SECTION, more=more))
        if reply.rating:
            yield _section(shorten(reply.lead, _SECTION, more=more))
    else:
        yield _section(shorten(reply.lead, _SECTION))
    if reply.updated:
        yield _section(shorten(reply.updated, _SECTION, more=more))
    yield from _lines(reply.lines)
    if reply.form:
        yield _form(reply.form)
    if notes:
        yield {"type": "context", "elements": notes}
    if reply.original:
        yield _section(_citation(reply.original))
    if reply.summary:
        yield _section(shorten(reply.summary, _SECTION, more=more))
    yield from _list(wording.CAVEATS_HEADING, reply.caveats, more)
    yield from _list(wording.DIFFERENCES_HEADING, reply.differences, more)
    yield from (_section(_suggestion(each)) for each in reply.suggestions)
    endings = [shorten(text, _CONTEXT) for text in (reply.verified, reply.footnote) if text]
    endings += [link(reply.entry_url, reply.entry_url, limit=_TITLE)] if reply.entry_url else []
    shown = [mrkdwn(text) for text in endings if text]
    if shown:
        yield {"type": "context", "elements": shown}


def _says_something(block: Block) -> bool:
    return "text" not in block or bool(block["text"]["text"].strip())


def _has_body(reply: Reply) -> bool:
    """A lead alone is a sentence, not a heading."""
    return bool(reply.original or reply.summary or reply.caveats or reply.differences or reply.suggestions)


def _more(reply: Reply) -> str:
    """Where the whole can be read."""
    url = reply.entry_url or (reply.original.url if reply.original else "")
    more = link("more", url) if url else ""
    return more if 0 < size(more) <= _MORE else "more"


def _list(heading: str, items: Iterable[str], more: str) -> Iterator[Block]:
    """Bullets under a heading; what does not fit is left out, and said to be."""
    text = ""
    for bullet in (f"\n• {shorten(item, _SECTION // 3, more=more)}" for item in items if item.strip()):
        text = text or f"*{escape(heading)}*"
        if size(text) + size(bullet) + size(more) + 3 > _SECTION:
            text += f"\n… {more}"
            break
        text += bullet
    if text:
        yield _section(text)


def _lines(lines: Iterable[str]) -> Iterator[Block]:
    """Lines one below the other, in as few sections as hold them."""
    text = ""
    for line in (shorten(each, _SECTION) for each in lines if clean(each)):
        if text and size(text) + 1 + size(line) > _SECTION:
            yield _section(text)
            text = ""
        text += f"\n{line}" if text else line
    if text:
        yield _section(text)


def _form(text: str) -> Block:
    """A text to copy as it stands: nothing in it is markup."""
    inside = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [inside]}


def _suggestion(suggestion: Suggestion) -> str:
    basis = wording.BASES[suggestion.basis]
    return f"{_citation(suggestion.citation)}\n{shorten(f'{basis}: {suggestion.why}', _WHY)}"


def _citation(citation: Citation) -> str:
    said = shorten(byline(citation), _BYLINE)
    title = link(citation.title, citation.url, limit=_TITLE)
    return "\n".join(part for part in (title, said) if part)


def _buttons(reply: Reply, answer_id: str) -> Iterator[Block]:
    if not reply.feedback:
        return
    said = {"value": answer_id} if answer_id else {}
    buttons = [_button(HELPFUL, said), _button(OTHER_STORY, said)]
    if reasons := evidence(reply):
        buttons.append(_button(WHY, {"value": _value(reasons)}))
    yield {"type": "actions", "elements": buttons}


def _button(action_id: str, said: dict[str, str]) -> Block:
    text = {"type": "plain_text", "text": _LABELS[action_id]}
    return {"type": "button", "action_id": action_id, "text": text} | said


def _value(reasons: Iterable[str]) -> str:
    """A JSON list of as many reasons as a button can carry."""
    kept: list[str] = []
    for reason in reasons:
        line = clean(reason)
        while line and len(_json([*kept, line])) > _VALUE:
            line = at_word(line, len(line) * 3 // 4)
        if not line:
            break
        kept.append(line)
    return _json(kept)


def _json(kept: list[str]) -> str:
    return json.dumps(kept)  # in ASCII, so that its length is beyond doubt


def _section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def mrkdwn(text: str) -> Block:
    """A text with markup; `verbatim` keeps Slack from making links and mentions of what looks like them."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit), "emoji": False}
