"""How much one message, one person and one channel may ask of the bot; held in memory, forgotten with it.

A site has a budget of its own, where pages are fetched (bot/pages/fetch/manners.py).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from bot.model import Event, Message, event_key

_REMEMBERED = 10_000  # messages, people and channels; the longest unheard-of is forgotten first
_MINUTE = 60.0

Key = TypeVar("Key", bound=Hashable)


class Buckets(Generic[Key]):
    """Token buckets: `burst` at once, then `per_minute`, for each key by itself."""

    def __init__(
        self, per_minute: float, burst: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._clock = per_minute / _MINUTE, burst, clock
        self._levels: OrderedDict[Key, tuple[float, float]] = OrderedDict()

    def has(self, key: Key, amount: float = 1.0) -> bool:
        """Whether so much is left; takes nothing."""
        return self._level(key) >= amount

    def take(self, key: Key, amount: float = 1.0) -> bool:
        """Take so much; False, and nothing is taken, where less is left."""
        level = self._level(key)
        if level < amount:
            return False
        self._levels[key] = (level - amount, self._clock())
        self._levels.move_to_end(key)
        while len(self._levels) > _REMEMBERED:
            self._levels.popitem(last=False)
        return True

    def _level(self, key: Key) -> float:
        level, at = self._levels.get(key, (self._burst, 0.0))
        return min(self._burst, level + (self._clock() - at) * self._rate) if key in self._levels else level


class Limits:
    """The budgets of messages, people and channels.

    `per_person` and `per_channel` are links or questions a minute; a burst of as many is fine. Asked and
    unasked work have budgets apart, so that what nobody asked for never costs an asker's answer.
    """

    def __init__(
        self,
        *,
        links_per_message: int,
        per_person: int,
        per_channel: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.links_per_message = links_per_message
        self._people = Buckets[tuple[bool, str, str]](per_person, per_person, clock=clock)
        self._channels = Buckets[tuple[bool, str, str]](per_channel, per_channel, clock=clock)
        self._senders: OrderedDict[str, str] = OrderedDict()
        self._looked: OrderedDict[tuple[str, str, str], set[str]] = OrderedDict()
        self._spent: OrderedDict[str, None] = OrderedDict()

    def heard(self, event: Event) -> None:
        """Remember who sent an event, which the queue must not keep."""
        if isinstance(event, Message) and event.sender:
            self._senders[event_key(event)] = event.sender
            _forget_oldest(self._senders)

    def sender(self, event: Event) -> str:
        """Who sent an event, "" when that was forgotten."""
        return self._senders.get(event_key(event), "")

    def of_message(self, message: Message, keys: Iterable[str], answered: int = 0) -> tuple[str, ...]:
        """Which of these subjects may be looked at: all edits of a message share one budget.

        `answered` is how many answers to it are about other subjects: after a restart only they tell of it.
        """
        place = (message.platform, message.channel, message.id)
        looked = self._looked.setdefault(place, {f"answer {number}" for number in range(answered)})
        self._looked.move_to_end(place)
        _forget_oldest(self._looked)
        allowed = []
        for key in keys:
            if key in looked or len(looked) < self.links_per_message:
                looked.add(key)
                allowed.append(key)
        return tuple(allowed)

    def spend(self, message: Message, amount: int) -> bool:
        """Take so many links or questions from the budgets of the channel and the person; False if over.

        An event that is tried again costs nothing more.
        """
        if event_key(message) in self._spent:
            return True
        channel = (message.asked, message.platform, message.channel)
        sender = self.sender(message)
        person = (message.asked, message.platform, sender)
        if sender and not self._people.has(person, amount):
            return False
        if not self._channels.take(channel, amount):
            return False
        if sender:
            self._people.take(person, amount)
        self._spent[event_key(message)] = None
        _forget_oldest(self._spent)
        return True


def _forget_oldest(remembered: OrderedDict[Any, Any]) -> None:
    while len(remembered) > _REMEMBERED:
        remembered.popitem(last=False)
