"""What a test makes go wrong: Slack down, slow, limiting, losing an answer, delivering twice."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from bot.workspace.errors import Refused


@dataclass
class Faults:
    """Switches; all off at first.

    Attributes:
        unavailable: every request is answered 503.
        slow: seconds that every call of the Web API takes longer, by the server's `pause`.
        repeats: how many more times each event is delivered although it was acknowledged.
    """

    unavailable: bool = False
    slow: float = 0.0
    repeats: int = 0
    _failures: dict[str, deque[Refused]] = field(default_factory=dict)
    _limited: Counter[str] = field(default_factory=Counter)
    _lost: dict[str, set[int]] = field(default_factory=dict)
    _calls: Counter[str] = field(default_factory=Counter)

    def fail(self, method: str, error: str, times: int = 1, status: int = 200) -> None:
        """Let the next `times` calls of a method fail with an error of Slack's, or an HTTP status."""
        self._failures.setdefault(method, deque()).extend(Refused(error, status=status) for _ in range(times))

    def rate_limit(self, channel: str, times: int = 1) -> None:
        """Let the next `times` messages to a channel be answered 429 with `Retry-After: 1`."""
        self._limited[channel] += times

    def lose_answer_of(self, method: str, nth: int = 1) -> None:
        """Let the `nth` call from now do its work, and cut the connection before its answer."""
        self._lost.setdefault(method, set()).add(self._calls[method] + nth)

    def before(self, method: str, channel: str) -> None:
        """Count a call, and raise the `Refused` that it is to meet."""
        self._calls[method] += 1
        if waiting := self._failures.get(method):
            raise waiting.popleft()
        if method == "chat.postMessage" and self._limited[channel] > 0:
            self._limited[channel] -= 1
            raise Refused("ratelimited", status=429, headers={"Retry-After": "1"})

    def loses(self, method: str) -> bool:
        """Whether the answer of the call just counted is to be lost."""
        return self._calls[method] in self._lost.get(method, set())
