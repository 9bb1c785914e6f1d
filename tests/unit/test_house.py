"""The rules of the house that a machine can check; each test's docstring says why the rule is there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cli.env_example import env_example

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("kb/**/*.py")])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

FORBIDDEN_IMPORTS = {
    "kb": ["bot", "nio", "aiohttp", "dbos", "typer"],
    "kb/text": ["kb.entries", "kb.store", "kb.search", "kb.match", "sqlalchemy", "yaml", "faiss", "torch"],
    "kb/urls": ["kb.entries", "kb.store", "kb.search", "kb.match", "sqlalchemy", "yaml", "faiss", "torch"],
    "kb/entries": ["kb.store", "kb.formats", "kb.curate", "kb.search", "sqlalchemy", "yaml", "faiss"],
    "kb/store": ["kb.formats", "kb.curate", "kb.search", "kb.match", "kb.compare", "faiss", "torch"],
    "kb/formats": ["kb.store", "kb.curate", "kb.search", "kb.match", "kb.compare", "sqlalchemy"],
    "kb/curate": ["kb.search", "kb.match", "kb.compare", "faiss", "torch"],
    "kb/search": ["kb.curate", "kb.match", "kb.compare", "kb.formats", "sqlalchemy"],
    "kb/match": ["kb.curate", "kb.compare", "kb.formats", "kb.evaluate", "sqlalchemy"],
    "kb/compare": ["kb.store", "kb.search", "kb.match", "kb.curate", "sqlalchemy", "faiss", "numpy"],
    "bot/model.py": ["bot"],
    "bot/answers.py": ["bot.ports", "bot.app", "bot.platforms", "bot.storage", "kb.store", "sqlalchemy"],
    "bot/ports.py": [
        "bot.app", "bot.platforms", "bot.answering", "bot.replies", "bot.storage", "sqlalchemy", "nio", "dbos"
    ],
    "bot/answering": [
        "bot.app", "bot.cli", "bot.platforms", "bot.background", "bot.storage", "kb.store", "nio", "dbos",
        "sqlalchemy",
    ],
    "bot/replies": [
        "bot.app", "bot.cli", "bot.platforms", "bot.background", "bot.storage", "kb.store", "nio", "dbos",
        "sqlalchemy",
    ],
    "bot/pages": ["bot.app", "bot.cli", "bot.answering", "bot.storage", "bot.commands", "sqlalchemy"],
    "bot/storage": ["bot.app", "bot.cli", "bot.answering", "bot.background", "bot.commands", "bot.replies"],
    "bot/background": ["bot.app", "bot.cli", "bot.platforms"],
    "bot/commands": ["bot.app", "bot.cli", "bot.platforms", "bot.background", "nio", "dbos"],
    "bot/platforms": [
        "bot.app",
        "bot.cli",
        "bot.answering.answer",
        "bot.storage",
        "dbos",
        "sqlalchemy",
        "kb.store",
        "kb.search",
    ],
}  # fmt: skip


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("place", "forbidden"), FORBIDDEN_IMPORTS.items(), ids=FORBIDDEN_IMPORTS)
def test_imports_point_inward(place: str, forbidden: list[str]) -> None:
    """What is inside can be read, tested and reused without what is around it."""
    files = [path for path in SOURCES if _named(path) == place or _named(path).startswith(f"{place}/")]
    assert files
    wrong = {
        f"{_named(path)} imports {name}"
        for path in files
        for name in _imports(path)
        if any(name == each or name.startswith(f"{each}.") for each in forbidden)
        if not (place == "bot/model.py" and name == "bot.model")
    }
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_modules_and_functions_are_short(path: Path) -> None:
    """A module should be read in one sitting and a function be seen on one screen."""
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if "migrations" not in path.parts  # a migration is a list of tables
        if (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=_named)
def test_every_exemption_bears_its_reason(path: Path) -> None:
    """A rule that is broken without a reason is a rule that nobody can take back."""
    exemption = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)\b:?(?P<rest>.*)")
    codes = re.compile(r"^\s*(\[[a-z, -]+\]|[A-Z]+\d+(,\s*[A-Z]+\d+)*)?\W*")
    bare = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := exemption.search(line)) and path != Path(__file__) and not codes.sub("", found["rest"])
    ]
    assert not bare


def test_the_example_of_the_environment_is_current() -> None:
    """`python -m bot.cli.env_example > deploy/env.example` writes it."""
    assert (ROOT / "deploy" / "env.example").read_text() == env_example()


def test_the_version_is_the_newest_one_of_the_changelog() -> None:
    """Whoever reads the changelog finds what the version that runs brought."""
    numbered = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert numbered[0] == PYPROJECT["project"]["version"]


def test_every_dependency_is_pinned_to_a_version_that_it_may_have() -> None:
    """The two set-up commands install what was tested, today and in a year."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    project = PYPROJECT["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    needed = [
        Requirement(each) for each in project["dependencies"] + extras + PYPROJECT["build-system"]["requires"]
    ]
    wrong = [
        str(need)
        for need in needed
        if not need.specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]
    assert not wrong


def test_every_command_of_the_makefile_says_what_it_does() -> None:
    """`make` alone lists the commands; one that is missing there is known to nobody."""
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    told = set(re.findall(r"^([a-z]+):.*## .", makefile, re.MULTILINE))
    assert told == set(phony[1].split()) - {"dev"}


def test_only_ci_knows_where_the_data_beside_the_repository_lies() -> None:
    """Everything but CI's entry works from the repository alone."""
    beside = "../" + "shared"
    texts = [
        *SOURCES,
        *TESTS,
        *ROOT.glob("*.*"),
        ROOT / "Makefile",
        *ROOT.glob("deploy/*"),
        *ROOT.glob("docs/**/*.md"),
    ]
    assert not [
        _named(path) for path in texts if path.is_file() and beside in path.read_text(errors="replace")
    ]
