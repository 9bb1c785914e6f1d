"""`make demo`: two people, the bot and some links, in a room of a Matrix homeserver on loopback.

It starts the homeserver and the bot, plays the conversation, prints it, ends both and leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from bot.pages.sample import STORY_URL, UNRELATED_URL
from tests.servers.chat_server import BotProcess
from tests.servers.synapse import Account, Synapse, User
from tests.servers.whole_bot import ROOT, command, environment, with_starter_entries

NO_PORT = 9  # the bundled pages need no network, and nothing else is asked for


def main() -> None:
    """Play the conversation; ends with status 1 and the bot's log if the bot does not answer."""
    print("Starting a Matrix homeserver and the bot on loopback …", flush=True)
    with tempfile.TemporaryDirectory(prefix="caveat-demo-") as folder, Synapse() as server:
        asyncio.run(play(server, Path(folder)))


async def play(server: Synapse, folder: Path) -> None:
    """Start the bot, invite it to a room, talk."""
    account = server.register("caveat", display_name="Caveat")
    with_starter_entries(folder)
    bot = BotProcess(command(NO_PORT), cwd=ROOT, env=environment(account, folder))
    await bot.start()
    try:
        async with User(server.register("anna")) as anna, User(server.register("ben")) as ben:
            room = await anna.create_room(ben.id, account.user_id)
            await ben.join(room)
            await bot.until(anna.wait_for_member(room, account.user_id))
            await converse(Talk(bot, account, room, anna, ben))
    finally:
        await bot.stop()


class Talk:
    """The room, and what is said in it, printed as it comes."""

    def __init__(self, bot: BotProcess, account: Account, room: str, anna: User, ben: User) -> None:
        self._bot, self._account, self._room = bot, account, room
        self.anna, self.ben = anna, ben

    async def say(self, user: User, text: str, *, in_reply_to: str = "", mention: bool = False) -> str:
        """Post as a user."""
        _print(user.id, text, "in reply" if in_reply_to else "")
        content: dict[str, Any] = {"m__mentions": {"user_ids": [self._account.user_id]}} if mention else {}
        if in_reply_to:
            return await user.reply(self._room, in_reply_to, text, **content)
        return await user.send(self._room, text, **content)

    async def answered(self, message: str) -> None:
        """Wait for the bot's answer to a message."""

        def is_answer(event: dict[str, Any]) -> bool:
            relation = event.get("content", {}).get("m.relates_to", {})
            return bool(event["sender"] == self._account.user_id and relation.get("event_id") == message)

        event = await self._bot.until(self.anna.wait_for(self._room, is_answer, seconds=60))
        _print(self._account.user_id, event["content"]["body"], "in the thread")

    async def unanswered(self, message: str) -> None:
        """Say so, if the bot has kept silent about a message that came before an answered one."""
        thread = await self.anna.thread(self._room, message)
        assert not thread, f"the bot was to keep silent: {thread}"


async def converse(talk: Talk) -> None:
    """A link, an unrelated link, and two questions."""
    first = await talk.say(talk.anna, f"Have you seen this? {STORY_URL}")
    await talk.answered(first)
    unrelated = await talk.say(talk.ben, f"No. By the way: {UNRELATED_URL}")
    doubt = await talk.say(talk.ben, "@caveat and is this one true?", in_reply_to=unrelated, mention=True)
    await talk.answered(doubt)
    await talk.unanswered(unrelated)
    print("(Nobody had asked about that link when it was posted, so the bot kept silent.)\n")
    claim = (
        "@caveat did the IT Army tell the families of 582 dead Russian soldiers, with photos of the bodies?"
    )
    await talk.answered(await talk.say(talk.anna, claim, mention=True))


def _print(user: str, text: str, where: str) -> None:
    name = user.partition(":")[0].removeprefix("@")
    print(f"{name}{f' ({where})' if where else ''}:")
    print(textwrap.indent(text, "    ") + "\n", flush=True)


if __name__ == "__main__":
    main()
