"""docs/architecture.md is held against the tree: every path in it is there, and every package is in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:bot|kb|deploy|tests)/[\w./-]*)`", PAGE)))
PACKAGES = sorted(
    str(path.parent.relative_to(ROOT)) for top in ("bot", "kb") for path in (ROOT / top).glob("*/__init__.py")
)


@pytest.mark.parametrize("path", PATHS)
def test_what_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_table_says_for_many_changes_where_to_begin() -> None:
    rows = re.findall(r"^\| (?!to change \||-)([^|]+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert len(rows) >= 30
    assert all("`" in where for _, where in rows)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_on_the_page_and_says_what_lives_in_it(package: str) -> None:
    assert package in PAGE
    docstring = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
