"""The platform in memory, failing where a test wants it to."""

from __future__ import annotations

from bot.model import Place, Receipt, Reply
from bot.platforms.memory import MemoryPlatform


class FailingPlatform(MemoryPlatform):
    """Raises once what stands in `before` or `after` under "find" or "post", or under the id of an answer
    that is amended or withdrawn; `edits` are the answers that were changed, in that order."""

    def __init__(self, name: str = "memory") -> None:
        super().__init__(name)
        self.before: dict[str, BaseException] = {}
        self.after: dict[str, BaseException] = {}
        self.edits: list[str] = []

    async def find(self, place: Place, key: str) -> Receipt | None:
        _fail(self.before, "find")
        return await super().find(place, key)

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        _fail(self.before, "post")
        receipt = await super().post(place, reply, key)
        _fail(self.after, "post")
        return receipt

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        _fail(self.before, receipt.message_id)
        before = self.posts.get(receipt.message_id)
        await super().amend(receipt, reply, key, edition)
        if self.posts[receipt.message_id] != before:
            self.edits.append(receipt.message_id)
        _fail(self.after, receipt.message_id)

    async def withdraw(self, receipt: Receipt) -> None:
        _fail(self.before, receipt.message_id)
        await super().withdraw(receipt)


def _fail(failures: dict[str, BaseException], where: str) -> None:
    if where in failures:
        raise failures.pop(where)
