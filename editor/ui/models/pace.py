"""How quickly something comes, and how long the rest of it will take."""

from collections import deque

_LOOKED_AT = 5.0  # seconds, over which the rate is taken
_LEAST = 0.5  # seconds before there is anything to tell


class Pace:
    """``begun`` bytes of ``total`` were there already when it began to be looked at."""

    def __init__(self, total: int, begun: int = 0) -> None:
        self.total, self.done = total, begun
        self._begun = begun
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now: float, done: int) -> None:
        """``done`` bytes are there at ``now``, in seconds of any clock."""
        if done < self._begun:  # what was there has not been counted yet
            return
        if done < self.done:  # it begins anew: another source, say
            self._seen.clear()
        self.done = done
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _LOOKED_AT:
            self._seen.popleft()

    @property
    def rate(self) -> float:
        """Bytes in a second; 0 while it cannot be told."""
        if len(self._seen) < 2:
            return 0.0
        (since, before), (now, done) = self._seen[0], self._seen[-1]
        return (done - before) / (now - since) if now - since >= _LEAST else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds; None while it cannot be told."""
        return (self.total - self.done) / self.rate if self.rate and self.total else None
