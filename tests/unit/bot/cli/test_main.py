from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

HEAVY = {
    *("numpy", "faiss", "sqlalchemy", "torch", "dbos", "nio", "slack_bolt"),
    *("pydantic", "pydantic_settings", "structlog", "tldextract", "aiohttp"),
}


def test_help_waits_for_nothing_that_only_commands_need() -> None:
    """Whoever asks what there is gets the answer at once: the command line alone loads none of these."""
    telling = (
        "import sys; from typer.testing import CliRunner; from bot.cli.main import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", telling], capture_output=True, text=True, check=True)
    assert not HEAVY & set(loaded.stdout.split())


@pytest.mark.parametrize(
    ("group", "commands"),
    [
        ("kb", ["import", "add", "approve", "queue", "roles"]),
        ("eval", ["retrieval", "articles", "train"]),
        ("parked", ["retry", "forget"]),
    ],
)
def test_a_group_is_told_of_before_it_is_loaded_and_has_its_commands(group: str, commands: list[str]) -> None:
    """What the first help promises is there, under the same words."""
    summary = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    inside = CliRunner().invoke(app, [group, "--help"], env={"COLUMNS": "200"}).output
    assert group in summary
    assert not [name for name in commands if name not in inside]
    assert "--install-completion" not in inside
