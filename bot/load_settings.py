"""Reads the settings, and tells people about every wrong one at once."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_settings.exceptions import SettingsError as SourceError

from bot.errors import SettingsError
from bot.settings import Settings

_FOR_TESTS = {"CAVEAT_TEST_DATA", "CAVEAT_SYNAPSE_PYTHON"}  # read by tests, and no setting of the bot


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises SettingsError that lists every wrong one, and names that are no setting."""
    known = {f"CAVEAT_{name}".upper() for name in Settings.model_fields} | _FOR_TESTS
    for name in sorted(set(os.environ) - known):
        if name.startswith("CAVEAT_"):
            meant = get_close_matches(name, known, n=1)
            raise SettingsError(f"{name} is no setting{f'; is {meant[0]} meant?' if meant else ''}")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except SourceError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = f"CAVEAT_{field[1].upper()}" if field else "a setting"
        raise SettingsError(f"{name} must be JSON, as deploy/env.example shows it") from error
    except ValidationError as error:
        lines = [_told(tuple(details["loc"]), details["msg"]) for details in error.errors()]
        raise SettingsError("; ".join(lines)) from error


def _told(place: tuple[int | str, ...], message: str) -> str:
    name = f"CAVEAT_{'.'.join(map(str, place)).upper()}: " if place else ""
    return name + message.removeprefix("Value error, ")
