"""The command as people and scripts use it: what it prints, its exit status, a line for each mistake."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.search.embedder import DEFAULT_MODEL
from tests.servers.synapse import Synapse

pytestmark = pytest.mark.slow

CAVEAT = Path(sys.executable).parent / "caveat"
PAGES = Path(__file__).parents[1] / "pages"
REPLY, MISTAKE, NOTHING = 0, 2, 3


class Caveat:
    """Runs `caveat` with a data folder of its own; `settings` are given without their prefix.

    Where nothing is matched the hash encoder saves the seconds in which the model loads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self, *words: str | Path, stdin: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CAVEAT_")}
        environment |= {f"CAVEAT_{name}": value for name, value in ({"MODEL": "hash"} | settings).items()}
        return subprocess.run(
            [CAVEAT, *words],
            cwd=self.folder,
            env={**environment, "CAVEAT_DATA_DIR": str(self.folder / "data")},
            input=stdin,
            text=True,
            capture_output=True,
            timeout=90,
            check=False,
        )


@pytest.fixture
def caveat(tmp_path: Path) -> Caveat:
    return Caveat(tmp_path)


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


def assert_one_line(result: subprocess.CompletedProcess[str], *told: str) -> None:
    """A mistake is one line on standard error that says what, why, and what to do; never a traceback."""
    assert result.returncode == MISTAKE, result.stdout + result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("caveat: ")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    for words in told:
        assert words in lines[0]


KEYS = {"action", "reason", "link", "page", "hits", "differences", "rewritten", "reply"}


def answered(result: subprocess.CompletedProcess[str], status: int) -> dict[str, Any]:
    assert result.returncode == status, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    assert set(answer) == KEYS
    return answer


def test_a_report_is_answered_with_its_original(caveat: Caveat) -> None:
    answer = answered(
        caveat("check", PAGES / "report-times.txt", "--json", "--starter", MODEL=DEFAULT_MODEL), REPLY
    )
    assert answer["action"] == "reply"
    assert answer["link"] is None
    wanted = "title host author language published published_from words claims copy_of"
    assert set(answer["page"]) == set(wanted.split())
    assert answer["page"]["words"] > 50
    first = answer["hits"][0]
    assert set(first) == {"entry", "title", "score", "probability", "basis", "evidence"}
    assert 0.9 < first["probability"] <= 1.0
    assert (first["entry"], first["basis"]) == ("facial-recognition-goes-to-war", "same_story")
    assert "The New York Times" in answer["reply"]
    assert answer["differences"] == []


def test_the_seed_page_is_answered_with_the_posts_report(caveat: Caveat, test_data: Path) -> None:
    seed = next((test_data / "seed").glob("*.txt"))
    answer = answered(caveat("check", seed, "--json", MODEL=DEFAULT_MODEL), REPLY)
    assert answer["hits"][0]["entry"] == "ukraine-faces-of-the-dead"
    assert "The Washington Post" in answer["reply"]
    kinds = sorted(each["kind"] for each in answer["differences"])
    assert kinds == ["figure_different", "figure_rounded", "name_garbled", "quote_altered"]
    assert answer["rewritten"]
    assert "This page: “2 million”. On record (Reuters, March 2022): “more than 2 billion”" in answer["reply"]
    assert "reads like an automatic rewrite" in answer["reply"]


def test_a_page_is_compared_with_an_entry(caveat: Caveat, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    report = (PAGES / "report-faces-of-the-dead.txt").read_text(encoding="utf-8")
    page.write_text(report.replace("more than 340", "fewer than 340"), encoding="utf-8")
    told = caveat("compare", page, "ukraine-faces-of-the-dead")
    assert told.returncode == REPLY, told.stderr
    assert "figure bound (medium)" in told.stdout
    assert "on record (The Washington Post, 2022-04-15): more than 340" in told.stdout
    told = caveat("compare", page, "ukraine-faces-of-the-dead", "--json")
    assert [each["kind"] for each in json.loads(told.stdout)["differences"]] == ["figure_bound"]
    assert_one_line(caveat("compare", page, "no-such-entry"), "no-such-entry", "kb list")
    assert_one_line(caveat("compare", "no-such-file.txt", "ukraine-faces-of-the-dead"), "no such file")


@pytest.mark.parametrize(
    ("options", "status", "action"),
    [([], NOTHING, "silent"), (["--asked"], NOTHING, "nothing")],
)
def test_a_page_about_something_else_is_met_with_silence_or_nothing(
    options: list[str], status: int, action: str, caveat: Caveat
) -> None:
    answer = answered(
        caveat("check", "https://sample-news.example/harbour-bakery", "--json", *options), status
    )
    assert (answer["action"], answer["hits"]) == (action, [])
    assert answer["link"]["key"] == "sample-news.example/harbour-bakery"
    assert answer["page"]["host"] == "sample-news.example"
    assert bool(answer["reply"]) is bool(options)


def test_a_known_page_needs_no_fetch(caveat: Caveat) -> None:
    url = "https://www.nytimes.com/2022/04/07/technology/facial-recognition-ukraine-clearview.html?smid=tw-share"
    silent = answered(caveat("check", url, "--json"), NOTHING)
    assert (silent["action"], silent["page"], silent["hits"][0]["basis"]) == ("silent", None, "original")
    asked = answered(caveat("check", url, "--json", "--asked"), REPLY)
    assert "What to be careful about" in asked["reply"]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("no-such-file.txt", "no such file"),
        ("ftp://files.example/a", "no web address"),
        ("http://127.0.0.1/admin", "not on the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("http://public.invalid/page", "name is not known"),
        (".", ""),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_line(target: str, told: str, caveat: Caveat) -> None:
    assert_one_line(caveat("check", target, "--asked", "--json"), told)


def test_an_invalid_entry_file_is_told_problem_by_problem_and_nothing_is_imported(caveat: Caveat) -> None:
    good, bad = caveat.folder / "good.yaml", caveat.folder / "bad.yaml"
    good.write_text((Path(__file__).parents[2] / "kb/starter/ukraine-identifies-the-dead.yaml").read_text())
    bad.write_text(
        "id: x y\ntitle: A\nfigures: [{value: many}]\noriginal: {publisher: P, title: T, url: 'ftp://x'}\n"
    )
    result = caveat("kb", "import", good, bad)
    assert result.returncode == MISTAKE
    problems = result.stderr.splitlines()
    for field in ("id", "summary", "caveats", "figures[0].value", "figures[0].what", "original.url"):
        assert any("bad.yaml" in problem and field in problem for problem in problems), field
    assert not any("good.yaml" in problem for problem in problems)
    assert caveat("kb", "list").stdout == ""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["Slack"]),
        ({"MODEL": "/no/such/folder"}, ["/no/such/folder", "CAVEAT_MODEL"]),
        ({"POLICY": "loud"}, ["CAVEAT_POLICY"]),
        ({"GAP": "wide"}, ["CAVEAT_GAP"]),
        ({"LOG_LEVEL": "chatty"}, ["CAVEAT_LOG_LEVEL"]),
        ({"DATABASE_URL": "nonsense"}, ["database address"]),
        ({"MATRIX_HOMESERVER": "not an address"}, ["CAVEAT_MATRIX_HOMESERVER", "https://"]),
    ],
)
def test_a_wrong_setting_is_told_in_a_line(settings: dict[str, str], told: list[str], caveat: Caveat) -> None:
    assert_one_line(caveat("run", **settings), *told)


def matrix(synapse: Synapse, **changes: str) -> dict[str, str]:
    account = synapse.register(f"caveat-{secrets.token_hex(4)}")
    given = {"HOMESERVER": account.server, "USER": account.user_id, "PASSWORD": account.password}
    return {f"MATRIX_{name}": value for name, value in (given | changes).items() if value}


@pytest.mark.parametrize(
    "changes",
    [
        {"PASSWORD": "wrong"},
        {"PASSWORD": "", "TOKEN": "syt_wrong", "DEVICE_ID": "DEVICE"},
        {"PASSWORD": ""},
        {"USER": "caveat"},
    ],
)
def test_a_wrong_login_ends_in_a_line_and_without_a_retry(
    changes: dict[str, str], synapse: Synapse, caveat: Caveat
) -> None:
    started = time.monotonic()
    result = caveat("run", **matrix(synapse, **changes))
    assert_one_line(result)
    assert time.monotonic() - started < 30
    told = caveat("doctor", **matrix(synapse, **changes))
    assert told.returncode == MISTAKE
    assert "MEND matrix: " in told.stdout


def test_a_homeserver_that_is_not_there_is_named_by_the_doctor(synapse: Synapse, caveat: Caveat) -> None:
    """`run` waits for it; the doctor does not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    told = caveat("doctor", **matrix(synapse, HOMESERVER=nobody))
    assert told.returncode == MISTAKE
    assert "MEND matrix: " in told.stdout
    assert nobody in told.stdout


def test_the_doctor_finds_a_whole_installation_healthy(synapse: Synapse, caveat: Caveat) -> None:
    result = caveat("doctor", MODEL=DEFAULT_MODEL, **matrix(synapse))
    assert result.returncode == 0, result.stdout
    for subject in ("settings", "store", "model", "index", "matrix"):
        assert f"ok   {subject}: " in result.stdout


def test_a_talk_in_the_terminal_answers_suggests_keeps_silent_and_explains(caveat: Caveat) -> None:
    talk = """hello
https://sample-news.example/war-photos
https://sample-news.example/war-photos
https://sample-news.example/harbour-bakery
@caveat https://sample-news.example/harbour-bakery
@caveat http://10.0.0.1/
@caveat
"""
    result = caveat("run", stdin=talk, MODEL=DEFAULT_MODEL)
    assert result.returncode == 0, result.stderr
    marks = [
        "this is the terminal chat",
        "https://sample-news.example/war-photos",
        "Same story: this page retells a report by The Washington Post.",
        "(silent in a channel: this entry was given here within the last day",
        "(silent in a channel: no entry is close enough",
        "Nothing verified on this yet.",
        "Could not read that page: the address is not on the public internet.",
        "Post a link, or mention me",
    ]
    places = [result.stdout.find(mark) for mark in marks]
    assert -1 not in places, result.stdout
    assert places == sorted(places)


def test_purging_says_what_went(caveat: Caveat) -> None:
    result = caveat("purge")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Deleted: ")
    assert "0 answers" in result.stdout
