"""What failed and waits for a person: listed, tried again and forgotten, from the shell and from chat."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog
from sqlalchemy import Engine

from bot.answers import AnswerState, Intent
from bot.app.run import open_database
from bot.cli import main
from bot.errors import InconclusiveError
from bot.model import Action, Place, Receipt
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents, name_of
from tests.unit.bot.commands.stage import ANNA, CLEO, DORA, ROOM, Stage, on_stage
from tests.unit.bot.storage.test_parked_events import EVENT

KEY = "matrix:!room:here.example:$1"
UNSURE = Intent(
    key="caveat-1",
    platform="matrix",
    place=Place(channel=ROOM, message_id="$question"),
    action=Action.REPLY,
    entry_id="harbour",
)


class Outcome(NamedTuple):
    """What a run of the command left."""

    status: int
    out: str
    err: str


Caveat = Callable[..., Outcome]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/data/caveat.db")
    yield engine
    engine.dispose()


@pytest.fixture
def caveat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Caveat]:
    """Runs `caveat …` on the same store."""
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CAVEAT_MODEL", "hash")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["caveat", *arguments])
        with pytest.raises(SystemExit) as done:
            main.main()
        return Outcome(int(done.value.code or 0), *capsys.readouterr())

    yield run
    structlog.reset_defaults()  # the doctor has logs go to what is standard error only now


def park_both(engine: Engine) -> None:
    """One event, and after it one answer."""

    async def both() -> None:
        await ParkedEvents(engine).park(KEY, EVENT, "TypeError", "answer.py:12 answer")
        await unsure(Ledger(engine))

    asyncio.run(both())


async def unsure(ledger: Ledger) -> None:
    """Leave an answer of which nobody can tell whether it was posted."""
    await ledger.begin(UNSURE)
    await ledger.parked(UNSURE.key)


class TestCommandLine:
    def test_nothing_is_told_as_nothing(self, caveat: Caveat, engine: Engine) -> None:
        assert caveat("parked") == (0, "", "Nothing is parked.\n")
        assert caveat("parked", "--json").out == "[]\n"

    def test_both_kinds_are_listed_with_why_and_where(self, caveat: Caveat, engine: Engine) -> None:
        park_both(engine)
        event, answer = caveat("parked").out.splitlines()
        assert event.startswith(f"{name_of(KEY)}: event since ")
        assert event.endswith("matrix !room:here.example $1: TypeError (answer.py:12 answer)")
        assert answer.startswith(f"{name_of(UNSURE.key)}: answer since ")
        assert answer.endswith(f"{ROOM} $question: it cannot be told whether this answer was posted")
        listed = json.loads(caveat("parked", "--json").out)
        assert [(each["kind"], each["key"]) for each in listed] == [("event", KEY), ("answer", UNSURE.key)]

    @pytest.mark.parametrize("given", [[name_of(KEY)], [KEY], ["--all"]])
    def test_an_event_is_tried_again_by_name_by_key_or_with_all(
        self, caveat: Caveat, engine: Engine, given: list[str]
    ) -> None:
        park_both(engine)
        assert caveat("parked", "retry", *given).status == 0
        (taken,) = asyncio.run(ParkedEvents(engine).take_retries())
        assert taken.key == KEY
        assert "being tried again" in caveat("parked").out

    def test_an_answer_is_left_to_the_running_bot_or_a_person(self, caveat: Caveat, engine: Engine) -> None:
        park_both(engine)
        told = caveat("parked", "retry", name_of(UNSURE.key)).out
        assert "look into the thread, then forget it; or say `parked retry` to the running bot" in told
        assert len(asyncio.run(Ledger(engine).answers_parked())) == 1

    def test_both_kinds_are_forgotten(self, caveat: Caveat, engine: Engine) -> None:
        park_both(engine)
        assert caveat("parked", "forget", name_of(KEY), UNSURE.key).status == 0
        assert caveat("parked").out == ""

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["retry", "nothing"], "Nothing that waits is called nothing; `parked` lists what does."),
            (["forget", "nothing"], "Nothing that waits is called nothing"),
            (["retry"], "say what to try again"),
            (["retry", "--all", "x"], "say what to try again"),
        ],
    )
    def test_a_mistake_is_one_line(self, caveat: Caveat, engine: Engine, words: list[str], told: str) -> None:
        status, out, err = caveat("parked", *words)
        assert (status, out) == (2, "")
        assert err.startswith("caveat: ")
        assert told in err

    def test_the_doctor_says_how_many_wait_since_when_and_what_to_do(
        self, caveat: Caveat, engine: Engine
    ) -> None:
        assert "ok   parked: nothing that failed is waiting" in caveat("doctor").out
        park_both(engine)
        status, out, _ = caveat("doctor")
        (line,) = [each for each in out.splitlines() if "parked:" in each]
        assert status == 2
        assert line.startswith("MEND parked: 2 that failed wait for a person since ")
        assert "`caveat parked retry NAME`" in line


class TestChat:
    @pytest.fixture
    def stage(self, tmp_path: Path) -> Iterator[Stage]:
        with on_stage(tmp_path) as stage:
            yield stage

    async def test_admins_list_retry_and_forget(self, stage: Stage) -> None:
        await stage.services.parked.park(KEY, EVENT, "TypeError", "answer.py:12 answer")
        told = await stage.told("parked", ANNA)
        assert "1 that failed wait for a person" in told
        assert name_of(KEY) in told
        assert "within seconds" in await stage.told(f"parked retry {name_of(KEY)}", ANNA)
        (taken,) = await stage.services.parked.take_retries()
        assert taken.key == KEY
        assert "forgotten" in await stage.told(f"parked forget {name_of(KEY)}", ANNA)
        assert await stage.told("parked", ANNA) == "Nothing that failed is waiting."
        assert "Nothing that waits" in await stage.told(f"parked forget {name_of(KEY)}", ANNA)
        again = await stage.told(f"parked forget {name_of(KEY)}", ANNA, repeated=True)
        assert again == "That was done already."

    @pytest.mark.parametrize("person", [CLEO, DORA])
    async def test_nobody_else_does(self, stage: Stage, person: str) -> None:
        await stage.services.parked.park(KEY, EVENT, "TypeError", "")
        for words in ("parked", f"parked retry {name_of(KEY)}", f"parked forget {name_of(KEY)}"):
            assert "takes the role of admin" in await stage.told(words, person)
        assert await stage.services.parked.take_retries() == ()
        assert len(await stage.services.parked.all()) == 1

    async def test_an_answer_that_stands_after_all_is_recorded(self, stage: Stage) -> None:
        ledger = stage.services.ledger
        await unsure(ledger)
        await stage.platform.post(UNSURE.place, (await stage.run("help")).replies[0], UNSURE.key)
        told = await stage.told(f"parked retry {name_of(UNSURE.key)}", ANNA)
        assert "stands in its thread" in told
        answer = await ledger.answer(UNSURE.key)
        assert answer
        assert (answer.state, answer.receipt) == (
            AnswerState.POSTED,
            Receipt(channel=ROOM, message_id="answer-1"),
        )

    async def test_an_answer_that_is_not_there_is_not_posted_late(self, stage: Stage) -> None:
        await unsure(stage.services.ledger)
        told = await stage.told(f"parked retry {name_of(UNSURE.key)}", ANNA)
        assert "was not posted, and will not be" in told
        assert stage.platform.posts == {}
        assert await stage.services.ledger.answers_parked() == ()

    async def test_an_answer_that_still_cannot_be_told_stays_in_the_list(self, stage: Stage) -> None:
        await unsure(stage.services.ledger)
        stage.platform.before["find"] = InconclusiveError("its key is lost")
        assert "look into the thread" in await stage.told(f"parked retry {name_of(UNSURE.key)}", ANNA)
        assert name_of(UNSURE.key) in await stage.told("parked", ANNA)
