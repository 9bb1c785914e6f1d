"""Every regex of `bot` and `kb`, found by importing and reading the modules, and how it is used."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import bot
import kb

CALLS = frozenset("compile search match sub subn split findall finditer fullmatch".split())
_ANCHORED = frozenset({"match", "fullmatch"})
_PLACEHOLDER = "Caveat"
_DEEPEST = 4


@dataclass(frozen=True, kw_only=True)
class Found:
    """One regex: where it stands, and by which methods it is used (all of them where that is not plain)."""

    name: str
    pattern: re.Pattern[Any]
    methods: frozenset[str] = frozenset({"finditer"})

    @property
    def anchored(self) -> str:
        """The one method by which it looks at the beginning of a text only; or nothing."""
        return "fullmatch" if self.methods == {"fullmatch"} else "match" if self.methods <= _ANCHORED else ""


@cache
def all_patterns() -> tuple[Found, ...]:
    """The regexes of all modules, each once."""
    trees = sources()
    uses = _uses(trees)
    found: dict[int, Found] = {}
    for module, tree in trees.items():
        own = {name for node in tree.body for name in _assigned(node)}
        for name in sorted(own & vars(module).keys()):
            for path, pattern in _inside(vars(module)[name], name, 0):
                methods = uses[module.__name__, name] | uses["", name] if path == name else None
                each = Found(name=f"{module.__name__}.{path}", pattern=pattern)
                found.setdefault(id(pattern), replace(each, methods=frozenset(methods)) if methods else each)
        for each in _in_functions(module, tree):
            found.setdefault(id(each.pattern), each)
    return tuple(found.values())


@cache
def sources() -> Mapping[ModuleType, ast.Module]:
    """The source of all modules."""
    return {module: ast.parse(inspect.getsource(module)) for module in _modules()}


def _modules() -> Iterator[ModuleType]:
    for package in (bot, kb):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                yield import_module(module.name)


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    for target in targets:
        yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _inside(value: object, path: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield path, value
    elif depth < _DEEPEST and isinstance(value, Mapping):
        for key, each in value.items():
            yield from _inside(each, f"{path}[{key}]", depth + 1)
    elif depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        for number, each in enumerate(value):
            yield from _inside(each, f"{path}[{number}]", depth + 1)


def _uses(trees: Mapping[ModuleType, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """By which methods each name is used; public names count wherever they are used."""
    uses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module, tree in trees.items():
        called: set[ast.Name] = set()
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=method), args=args):
                    called.add(name)
                    at_place = len(args) > 1 and method in _ANCHORED and ast.unparse(args[1]) != "0"
                    _add(uses, module, name.id, "finditer" if at_place else method)  # at any place
                case ast.Attribute(value=ast.Name() as name, attr="pattern"):
                    called.add(name)  # its text goes into another one
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
                _add(uses, module, node.id, "finditer")
    return uses


def _add(uses: dict[tuple[str, str], set[str]], module: ModuleType, name: str, method: str) -> None:
    uses[module.__name__ if name.startswith("_") else "", name].add(method)


def _in_functions(module: ModuleType, tree: ast.Module) -> Iterator[Found]:
    """What is compiled when a function runs; what is only known then is taken to be a plain word."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            method = method_of_re(node)
            if not (method and isinstance(node, ast.Call) and node.args):
                continue
            for written in _written(node.args[0], module):
                yield Found(
                    name=f"{module.__name__}.{function.name}:{written[:40]!r}",
                    pattern=re.compile(written, _flags(node)),
                    methods=frozenset({"finditer" if method == "compile" else method}),
                )


def method_of_re(node: ast.AST) -> str:
    """The function of `re` that is called with a pattern; or nothing."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method)) if method in CALLS:
            return method
    return ""


def _flags(call: ast.Call) -> int:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    last = [each for each in call.args[1:] if any(isinstance(part, ast.Attribute) for part in ast.walk(each))]
    for node in (*named, *last):
        try:
            return int(eval(ast.unparse(node), {"re": re}))  # our own source
        except (NameError, TypeError, ValueError, AttributeError):
            continue
    return 0


def _written(node: ast.expr, module: ModuleType) -> list[str]:  # noqa: PLR0911 - a table, a case a line
    """A pattern as the source has it; pieces that are known at run time only are a word."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(_written(each, module)[0] for each in values)]
        case ast.FormattedValue(value=value):
            return _written(value, module)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [_written(left, module)[0] + _written(right, module)[0]]
        case ast.IfExp(body=body, orelse=other):
            return [*_written(body, module), *_written(other, module)]
    try:
        return [str(eval(ast.unparse(node), dict(vars(module))))]  # our own source
    except (NameError, TypeError, KeyError, AttributeError, IndexError):
        return [_PLACEHOLDER]
