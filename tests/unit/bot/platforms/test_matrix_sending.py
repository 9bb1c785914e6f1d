"""What a homeserver says to what is sent, and what is deep in what it sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import GoneError
from bot.model import Place, Receipt, Reply
from bot.patience import Patience
from bot.platforms.matrix.client import Client, _copy
from bot.platforms.matrix.platform import MatrixPlatform
from bot.platforms.matrix.session import Credentials
from bot.platforms.matrix.transport import RefusedError, _json
from bot.storage.memory import MemoryTexts

PLACE = Place(channel="!a:b", message_id="$q")
LONG = Reply(lead="Same story.", summary="word " * 300)


class Narrow:
    """A homeserver that takes events of so many characters only."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.sent: list[dict[str, Any]] = []

    async def send(self, _room: str, _kind: str, content: dict[str, Any], _transaction: str) -> str:
        if len(json.dumps(content)) > self.most:
            raise RefusedError("too large", status=413, code="M_TOO_LARGE")
        self.sent.append(content)
        return "$1"


def platform_on(server: Narrow, folder: Path) -> MatrixPlatform:
    """A platform that is connected to that homeserver."""
    platform = MatrixPlatform(
        credentials=Credentials(homeserver="http://127.0.0.1:1", user="@a:b", password="p"),
        store=folder,
        state=MemoryTexts(),
        patience=Patience(first=0.001, longest=0.001),
    )
    platform._client = cast("Client", server)
    platform._ready.set()
    return platform


async def test_what_a_homeserver_finds_too_much_is_said_in_few_words(tmp_path: Path) -> None:
    """An answer that is cut is better than none."""
    server = Narrow(1500)
    platform = platform_on(server, tmp_path)
    receipt = await platform.post(PLACE, LONG, "key")
    assert receipt == Receipt(channel="!a:b", message_id="$1")
    await platform.amend(receipt, LONG.with_lead("Another lead."), "key", 2)
    post, edit = server.sent
    assert post["body"].startswith("Same story.\nword")
    assert edit["m.new_content"]["body"].startswith("Another lead.\nword")


async def test_what_is_refused_even_then_is_told(tmp_path: Path) -> None:
    platform = platform_on(Narrow(10), tmp_path)
    with pytest.raises(RefusedError, match="too large"):
        await platform.post(PLACE, LONG, "key")
    with pytest.raises(GoneError, match="too large"):
        await platform.amend(Receipt(channel="!a:b", message_id="$1"), LONG, "key", 2)


def deep(opening: str, closing: str, depth: int) -> str:
    """JSON that nests so deeply."""
    return opening * depth + "1" + closing * depth


@pytest.mark.parametrize("depth", [50, 500, 900, 1100, 5000, 30_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('{"\\"[{": [', "]}")])
def test_a_deep_event_costs_nobody_the_others(opening: str, closing: str, depth: int) -> None:
    """Whoever may write in one room must not stop the reading of all rooms."""
    first, last = {"a": ']}"\\'}, {"body": "[{"}
    events = f"[{json.dumps(first)}, {deep(opening, closing, depth)}, {json.dumps(last)}]"
    answer = _json(f'{{"next_batch": "b", "events": {events}, "more": [1, 2]}}'.encode())
    assert answer is not None
    assert (answer["next_batch"], answer["more"]) == ("b", [1, 2])
    assert (answer["events"][0], answer["events"][2]) == (first, last)
    copy = _copy(answer)
    assert (copy["events"][0], copy["more"]) == (first, [1, 2])
    json.dumps(copy)


@pytest.mark.parametrize(
    "body", ["[" * 50_000, '{"a":' * 50_000, "]" * 50_000, '"' + "[" * 9999, "[]" * 9999]
)
def test_what_is_no_json_is_no_answer(body: str) -> None:
    assert _json(body.encode()) is None


def test_the_copy_that_nio_gets_is_one_of_its_own() -> None:
    """nio takes what it reads apart."""
    answer = {"rooms": {"join": {"!a": {"events": [{"a": 1}]}}}}
    copy = _copy(answer)
    assert copy == answer
    copy["rooms"]["join"]["!a"]["events"][0]["a"] = 2
    assert answer["rooms"]["join"]["!a"]["events"] == [{"a": 1}]
