"""Which answers cite which revision of an entry; a part of the ledger of its own."""

from __future__ import annotations

from sqlalchemy import Engine, func, select, update

from bot.answers import Answer, AnswerState
from bot.storage.answer_rows import answer_from, chosen
from bot.storage.tables import answers
from bot.storage.transactions import change, rows

_STANDING = (
    (answers.c.state == AnswerState.POSTED) & answers.c.entry_id.is_not(None) & answers.c.cited.is_not(None)
)


class Citations:
    """Short transactions on the `answers` table, off the event loop. Raise StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def oldest(self) -> dict[str, int]:
        """For each entry that posted answers cite, the oldest revision cited."""
        statement = (
            select(answers.c.entry_id, func.min(answers.c.cited).label("oldest"))
            .where(_STANDING)
            .group_by(answers.c.entry_id)
        )
        return {row.entry_id: row.oldest for row in await rows(self._engine, statement)}

    async def state(self) -> object:
        """A value that changes with every answer that is posted or changed, so that a look may be spared."""
        statement = select(func.count(), func.max(answers.c.changed_at)).where(_STANDING)
        return [tuple(row) for row in await rows(self._engine, statement)]

    async def behind(self, entry_id: str, number: int) -> tuple[Answer, ...]:
        """The posted answers that cite an older revision than that, oldest first."""
        statement = chosen(_STANDING, answers.c.entry_id == entry_id, answers.c.cited < number)
        return tuple(map(answer_from, await rows(self._engine, statement)))

    async def now_cites(self, key: str, number: int) -> None:
        """Record that an answer shows that revision."""
        await self._change(key, cited=number, not_corrected=None)

    async def out_of_reach(self, key: str, number: int, reason: str) -> None:
        """Record why an answer could not be edited; it is listed, and not tried again for that revision."""
        await self._change(key, cited=number, not_corrected=reason)

    async def not_corrected(self) -> tuple[tuple[Answer, str], ...]:
        """The answers that show what is no longer so, and why they could not be edited, oldest first."""
        found = await rows(self._engine, chosen(_STANDING, answers.c.not_corrected.is_not(None)))
        return tuple((answer_from(row), row.not_corrected) for row in found)

    async def _change(self, key: str, **values: int | str | None) -> None:
        await change(self._engine, update(answers).where(answers.c.key == key).values(values))
