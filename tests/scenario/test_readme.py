"""Every command in the README is run as it stands there, in order; the reply shown there is a real one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith(("make ", ".venv/"))]
BIN = Path(sys.executable).parent

# What `make` would run, without making the environment that these tests stand on once more; `make test` is
# what runs them, and `make -n` holds that the target is there.
MAKE = {
    "make run": [str(BIN / "caveat"), "run"],
    "make demo": [sys.executable, "-m", "tests.demo"],
    "make test": ["make", "-n", "test"],
}
SILENCE = 3


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = MAKE.get(command) or [str(BIN / "caveat"), *command.split()[1:]]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CAVEAT_")}
    environment |= {"CAVEAT_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    if server := os.environ.get("CAVEAT_SYNAPSE_PYTHON"):
        environment["CAVEAT_SYNAPSE_PYTHON"] = server
    where = ROOT if command.startswith("make") else folder
    return subprocess.run(
        words,
        cwd=where,
        env=environment,
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("readme")
    return {command: run(command, folder) for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(
    command: str, done: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    result = done[command]
    expected = SILENCE if "harbour-bakery" in command else 0
    assert result.returncode == expected, result.stdout + result.stderr
    assert result.stdout


def test_the_reply_in_the_readme_is_the_one_that_the_demo_prints(
    done: dict[str, subprocess.CompletedProcess[str]],
) -> None:
    shown = next(block for block in BLOCKS if block.startswith("Same story"))
    printed = "".join(line.strip() + "\n" for line in done["make demo"].stdout.splitlines())
    assert shown in printed
