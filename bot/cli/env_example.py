"""Writes `deploy/env.example` from the settings: `python -m bot.cli.env_example > deploy/env.example`."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from textwrap import wrap

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings

_HEAD = """\
# Every setting of caveat, with its default. Copy this file to `caveat.env` in the folder where caveat
# starts, or to where the service reads it; take the # away from a line and change its value. Keep the
# file readable to the bot alone, for it holds secrets. A variable of the environment goes before the file.
"""


def env_example() -> str:
    """Give the text of `deploy/env.example`: each setting's description, name and default."""
    return "\n".join([_HEAD, *(_setting(name, field) for name, field in Settings.model_fields.items())])


def _setting(name: str, field: FieldInfo) -> str:
    comment = "\n".join(wrap(field.description or "", 105, initial_indent="# ", subsequent_indent="# "))
    return f"{comment}\n#CAVEAT_{name.upper()}={_shown(field.default)}\n"


def _shown(default: object) -> str:
    if default is None or isinstance(default, SecretStr):
        return ""
    if isinstance(default, Path) and default.is_relative_to(Path.home()):
        return f"~/{default.relative_to(Path.home())}"
    if isinstance(default, Enum):
        return str(default.value)
    return json.dumps(default) if isinstance(default, dict | list | tuple | bool) else str(default)


if __name__ == "__main__":
    print(env_example(), end="")  # noqa: T201  # a command prints
