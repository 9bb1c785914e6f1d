"""Entry files in and out: YAML, JSON and JSON Lines, all or nothing.

A file holds one entry, a list of them, or (YAML) several documents; in JSON Lines, each line holds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, TextIO

from kb.entries.entry import Entry, parse_entry
from kb.entries.problems import Item
from kb.errors import EntryError, KbError, Problem
from kb.formats.json_text import read_json, read_json_lines
from kb.formats.yaml_text import read_yaml, write_yaml


def read_entries(paths: Iterable[Path]) -> tuple[Entry, ...]:
    """Read every entry of these files and folders (and of the folders in them, hidden ones left out).

    Raises EntryError with every problem of every file.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for item in _items(paths, problems):
        try:
            entry = parse_entry(item.data)
        except EntryError as error:
            known = {(problem.place, problem.field) for problem in problems}
            placed = [replace(problem, place=item.place(problem.field)) for problem in error.problems]
            problems += [problem for problem in placed if (problem.place, problem.field) not in known]
            continue
        if entry.id in places:
            message = f"{entry.id} is also the id of the entry in {places[entry.id]}; give each its own"
            problems.append(Problem(field="id", message=message, place=item.place("id")))
        places.setdefault(entry.id, item.place("id"))
        entries.append(entry)
    if problems:
        raise EntryError(tuple(problems))
    return tuple(entries)


def starter_entries() -> tuple[Entry, ...]:
    """Read the entries that come with caveat: examples, for trying it out."""
    return read_entries([Path(str(resources.files("kb") / "starter"))])


def write_entries(entries: Iterable[Entry], target: Path | TextIO) -> None:
    """Write YAML that people can read and `read_entries` reads again without loss.

    The target is a stream, a file whose name ends in .yaml or .yml, or else a folder: one file per entry.
    Raises KbError when it cannot be written.
    """
    if not isinstance(target, Path):
        write_yaml((_plain(entry) for entry in entries), target)
        return
    try:
        if target.suffix in {".yaml", ".yml"} and not target.is_dir():
            _write_file(target, entries)
            return
        target.mkdir(parents=True, exist_ok=True)
        for entry in entries:
            _write_file(target / f"{entry.id}.yaml", [entry])
    except OSError as error:
        raise KbError(f"{error.filename or target} cannot be written: {error.strerror}") from error


def _write_file(path: Path, entries: Iterable[Entry]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        write_entries(entries, stream)


def _plain(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude_defaults=True)


def _items(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Item]:
    for path in _files(paths, problems):
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig")
        except OSError as error:
            problems.append(_about(path, f"cannot be read: {error.strerror}"))
            continue
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            problems.append(_about(f"{path}, line {line}", "is no UTF-8 text; save the file as UTF-8"))
            continue
        items, wrong = _READERS[path.suffix.lower()](text, str(path))
        problems += wrong
        if not items and not wrong:
            problems.append(_about(path, "holds no entry"))
        yield from items


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    seen: set[Path] = set()
    for path in paths:
        files = _inside(path) if path.is_dir() else [path]
        if not files:
            problems.append(_about(path, f"holds no file that ends in {_ENDINGS}"))
        for file in files:
            if file.suffix.lower() not in _READERS:
                problems.append(_about(file, f"is no entry file; their names end in {_ENDINGS}"))
            elif file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _inside(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.suffix.lower() in _READERS and path.is_file())
    return sorted(
        path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _about(place: Path | str, message: str) -> Problem:
    return Problem(field="", message=message, place=str(place))


_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json, ".jsonl": read_json_lines}
_ENDINGS = ".yaml, .yml, .json or .jsonl"
