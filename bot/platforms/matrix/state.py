"""What must outlive a restart, by name: the ledger keeps it, tests and the chat keep it in memory."""

from __future__ import annotations

from typing import Protocol


class State(Protocol):
    """Small named texts, kept durably."""

    async def load(self, name: str) -> str | None:
        """Give the text under `name`; None when nothing was saved."""

    async def save(self, name: str, value: str) -> None:
        """Keep `value` under `name`; when it returns, the text is on disk."""


class MemoryState:
    """State that is gone with the process."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def load(self, name: str) -> str | None:
        """Give the text under `name`; None when nothing was saved."""
        return self._values.get(name)

    async def save(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        self._values[name] = value
