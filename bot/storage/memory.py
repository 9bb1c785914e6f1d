"""The bot's memory without a database, gone with the process; adapters of the ports in bot/ports.py."""

from __future__ import annotations


class MemoryTexts:
    """Named texts."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def load(self, name: str) -> str | None:
        """Give the text under `name`; None when nothing was saved."""
        return self._values.get(name)

    async def save(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        self._values[name] = value
