"""What a test lets go wrong: rate limits, failing calls, and calls that are held at a point."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.servers.chat_server import Pause

__all__ = ["Failure", "Faults", "Pause"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """How a call fails: an HTTP status, and an error or, for a broken gateway, no JSON at all."""

    status: int
    error: str | None = None
    retry_after: int | None = None


@dataclass(kw_only=True)
class Faults:
    """Failures that are due, by method; `post_interval` the least seconds between two posts in a channel."""

    post_interval: float | None = None
    due: dict[str, list[Failure]] = field(default_factory=dict)
    pauses: list[Pause] = field(default_factory=list)
    _posted: dict[str, float] = field(default_factory=dict)

    def limit(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next calls of a method with 429 and Retry-After, in seconds."""
        failure = Failure(status=429, error="ratelimited", retry_after=retry_after)
        self.due.setdefault(method, []).extend([failure] * times)

    def refuse(self, method: str, error: str, *, times: int = 1) -> None:
        """Answer the next calls of a method with an error of Slack's, as `internal_error`."""
        self.due.setdefault(method, []).extend([Failure(status=200, error=error)] * times)

    def break_down(self, method: str, *, status: int = 503, times: int = 1) -> None:
        """Answer the next calls of a method with a status and no JSON, as an overloaded gateway does."""
        self.due.setdefault(method, []).extend([Failure(status=status)] * times)

    def pause(self, method: str, *, done: bool = False) -> Pause:
        """Hold the next call of a method before it has any effect, or `done` and unanswered."""
        held = Pause(point=_point(done=done), message=method)
        self.pauses.append(held)
        return held

    async def hold(self, method: str, *, done: bool) -> None:
        """Stand at a point for as long as the test wants. For the server only."""
        for pause in self.pauses:
            if (pause.message, pause.point) == (method, _point(done=done)) and not pause.taken:
                await pause.hold()
                return

    def next_failure(self, method: str, channel: object, now: float) -> Failure | None:
        """Take the failure that is due for this call. For the server only."""
        if self.due.get(method):
            return self.due[method].pop(0)
        if method == "chat.postMessage" and self.post_interval is not None:
            since = now - self._posted.get(str(channel), 0.0)
            if since < self.post_interval:
                return Failure(status=429, error="ratelimited", retry_after=1)
            self._posted[str(channel)] = now
        return None


def _point(*, done: bool) -> str:
    return "done" if done else "asked"
