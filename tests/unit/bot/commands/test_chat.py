"""Commands that come as messages: read again, carried out once, told once, whatever crashes in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import answer
from bot.errors import PlatformError
from bot.model import Message, Policy
from bot.storage.event_data import event_data, event_from
from kb.formats.forms import draft_form
from tests.unit.bot.commands.stage import ANNA, BEN, CLEO, CURATORS, DORA, ROOM, Stage, article, on_stage
from tests.unit.kb.curate.curating import sound


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


class CrashError(BaseException):
    """Stands for the process dying."""


async def handled(stage: Stage, message: Message) -> None:
    """Handle a message as it comes out of the queue: without its text and its sender."""
    await answer(event_from(event_data(replace(message, command=True))), stage.answering)


async def test_a_command_is_carried_out_for_who_wrote_it_and_told_in_its_thread(stage: Stage) -> None:
    message = stage.platform.said("roles", BEN, channel=CURATORS)
    await handled(stage, message)
    (post,) = stage.platform.posts.values()
    place, reply = post.place, post.reply
    assert (place.channel, place.message_id) == (CURATORS, message.id)
    assert any(BEN in line for line in reply.lines)


async def test_delivered_twice_it_is_done_and_told_once(stage: Stage) -> None:
    stage.put(sound("harbour"))
    message = stage.platform.said("retire harbour it is wrong", channel=CURATORS)
    for _ in range(2):
        await handled(stage, message)
    assert len(stage.platform.posts) == 1
    assert [each.step.value for each in stage.store.trail("harbour").revisions].count("retire") == 1


@pytest.mark.parametrize(
    ("text", "person", "step", "lead"),
    [
        ("undo harbour", BEN, "undo", "Taken back"),
        ("retire harbour it is wrong", CLEO, "retire", "Retired"),
        ("approve quay", CLEO, "approve", "Published"),
        (draft_form(sound("pier", title="About a pier")), BEN, "add", "Sent to review"),
        ("role take @ben:here.example", ANNA, "", "has no role any more"),
        ("pause", ANNA, "", "Paused"),
        ("remove", CLEO, "", "Which reply"),
    ],
)
async def test_after_a_crash_before_the_reply_it_is_not_done_again_but_told(
    stage: Stage, text: str, person: str, step: str, lead: str
) -> None:
    """The process dies when all is done and nothing is said; the queue hands the command out again."""
    stage.put(sound("harbour", title="About a harbour"))
    live = stage.store.trail("harbour").revisions[-1].number
    stage.curation.edit(sound("harbour", title="About a harbour", summary="New."), by=BEN, base=live)
    stage.curation.add(sound("quay", title="About a quay"), by=BEN)
    stage.curation.submit("quay", by=BEN)
    message = stage.platform.said(text, person, channel=CURATORS)
    stage.platform.before["post"] = CrashError()
    with pytest.raises(CrashError):
        await handled(stage, message)
    assert stage.platform.told() == []
    await handled(stage, message)
    (told,) = stage.platform.told()
    assert lead in told
    steps = [each.step.value for name in ("harbour", "quay", "pier") for each in stage.store.history(name)]
    added_before = {"add": 2}.get(step, 0)
    assert not step or steps.count(step) == added_before + 1


async def test_while_the_platform_is_away_the_command_is_tried_again(stage: Stage) -> None:
    message = stage.platform.said("pause", ANNA)
    stage.platform.before["post"] = PlatformError("away")
    with pytest.raises(PlatformError):
        await handled(stage, message)
    await handled(stage, message)
    assert len(stage.platform.posts) == 1


async def test_an_edited_command_is_carried_out_anew_and_an_unchanged_one_is_not(stage: Stage) -> None:
    message = stage.platform.said("policy loud", ANNA)
    await handled(stage, message)
    stage.platform.messages[message.id] = replace(message, text="policy mention")
    for event in ("edit 1", "edit 2"):
        await handled(stage, replace(message, event=event))
    assert stage.services.channels.rules("matrix", ROOM).policy is Policy.MENTION
    assert len(stage.platform.posts) == 2


async def test_long_answers_are_several_messages_each_of_them_once(stage: Stage) -> None:
    stage.curation.add(sound("harbour"), by=BEN)
    message = stage.platform.said("review harbour", channel=CURATORS)
    for _ in range(2):
        await handled(stage, message)
    assert len(stage.platform.posts) == 2


async def test_where_the_bot_is_off_only_those_with_a_role_hear_from_it(stage: Stage) -> None:
    await stage.services.channels.pause(by=ANNA)
    for person in (DORA, CLEO):
        await handled(stage, stage.platform.said("help", person))
    assert len(stage.platform.posts) == 1
    await handled(stage, stage.platform.said("resume", ANNA))
    assert stage.services.channels.paused_by is None


async def test_a_deleted_command_is_not_carried_out(stage: Stage) -> None:
    message = stage.platform.said("pause", ANNA)
    stage.platform.messages.clear()
    await handled(stage, message)
    assert stage.services.channels.paused_by is None
    message = stage.platform.said("pause", ANNA)
    await stage.services.ledger.delete_question("matrix", ROOM, message.id)
    await handled(stage, message)
    assert stage.services.channels.paused_by is None


async def test_what_is_no_command_any_more_is_answered_as_a_question(stage: Stage) -> None:
    stage.put(sound("harbour", title="the harbour was closed"))
    message = stage.platform.said("is it so that the harbour was closed in May, as they say?", DORA)
    await handled(stage, message)
    assert "A caveat." in stage.platform.told()[0]


async def test_the_reply_goes_with_the_command_and_is_no_recent_answer(stage: Stage) -> None:
    await handled(stage, stage.platform.said("help", DORA))
    assert await stage.services.ledger.recent("matrix", "", 10) == ()


async def test_who_says_tell_me_hears_of_it(stage: Stage) -> None:
    url = "https://copy.example/a"
    stage.web.pages[url] = article(url, "A flood", "It came at night.")
    question = stage.platform.said(url, DORA)
    await answer(event_from(event_data(question)), stage.answering)
    assert "tell me" in stage.platform.told()[0]
    said = stage.platform.said("tell me", DORA, thread_id=question.id, asked=False)
    await handled(stage, said)
    assert "I will say so" in stage.platform.told()[1]
    (waiting,) = await stage.services.subscriptions.all()
    assert (waiting.url, waiting.place.message_id, waiting.place.thread_id) == (
        url,
        said.id,
        question.id,
    )


async def test_tell_me_said_to_somebody_else_is_not_answered(stage: Stage) -> None:
    root = stage.platform.said("I know who did it", DORA, asked=False)
    await handled(stage, stage.platform.said("tell me", BEN, thread_id=root.id, asked=False))
    assert stage.platform.told() == []
    await handled(stage, stage.platform.said("tell me", BEN, thread_id=root.id))
    assert "an entry about a link" in stage.platform.told()[0]
    assert await stage.services.subscriptions.all() == ()
