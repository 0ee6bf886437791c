"""How far a long edit is, and whether it is still wanted.

Whoever runs an edit makes a `Progress` and calls the edit while that is `active`. Loops that may take long go
through `each`; nothing is handed down to them, and where no progress is active that costs nothing. An edit
works out everything first and puts it into the document last, so that one that is called off has changed
nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, repeat
from typing import Any, TypeVar

T = TypeVar("T")

_active: "ContextVar[Progress | None]" = ContextVar("progress", default=None)
_END = object()


class Cancelled(Exception):
    """The edit was called off; nothing has changed."""


class Progress:
    """One edit's. ``fraction`` (0..1) never falls; it and ``cancel`` may be used in any thread.

    ``hand_over`` is for an edit that does not run in the thread that owns the document: it gets what must be
    called there, waits, and returns or raises what that did.
    """

    def __init__(self, hand_over: Callable[[Callable[[], Any]], Any] | None = None) -> None:
        self.fraction = 0.0
        self.cancelled = False
        self.hand_over = hand_over
        self._committed = False
        self._low, self._room = 0.0, 1.0  # the part of the whole that is being done

    @contextmanager
    def active(self) -> Iterator[None]:
        """What is called meanwhile, in this thread, tells this progress how far it is."""
        token = _active.set(self)
        try:
            yield
        finally:
            _active.reset(token)

    def cancel(self) -> bool:
        """Call the edit off. False if it is too late: the document is changed already."""
        if not self._committed:
            self.cancelled = True
        return self.cancelled

    def begin(self, low: float, room: float) -> None:
        """What comes next takes the progress from ``low`` to ``low + room``. Raises Cancelled."""
        if self.cancelled:
            raise Cancelled
        self._low, self._room = low, room
        self.fraction = max(self.fraction, low)

    @property
    def span(self) -> tuple[float, float]:
        """Where what is being done began, and how much of the whole it is."""
        return self._low, self._room

    def commit(self, call: Callable[[], T]) -> T:
        """Make ``call``, after which it is too late to cancel. Raises Cancelled."""
        if self.cancelled:
            raise Cancelled
        self._committed = True
        return call()


def each(
    items: Iterable[T], weigh: Callable[[T], float] | None = None, *, total: int | None = None
) -> Iterator[T]:
    """Go through ``items``; each is a part of what the loop around this one is at. Raises Cancelled.

    The parts are as large as ``weigh`` says, or equal. ``total``: how many items there will be, for those
    that are being made on the way.
    """
    progress = _active.get()
    if progress is None:
        yield from items
        return
    low, room = progress.span
    if total is None:
        items = list(items)
        weights = [1.0 if weigh is None else weigh(item) for item in items]
    else:
        weights = [1.0] * total
    whole, done = sum(weights) or 1.0, 0.0
    iterator = iter(items)
    for weight in chain(weights, repeat(0.0)):  # begun before an item is made; the last time there is none
        progress.begin(low + room * done / whole, room * weight / whole)
        item = next(iterator, _END)
        if item is _END:
            break
        yield item
        done += weight


@contextmanager
def portion(share: float) -> Iterator[None]:
    """What is done within is the next ``share`` (0..1) of what is being done. Raises Cancelled."""
    progress = _active.get()
    if progress is None:
        yield
        return
    low, room = progress.span
    progress.begin(low, room * share)
    yield
    progress.begin(low + room * share, room * (1 - share))


def check() -> None:
    """Raise Cancelled if the edit was called off; for between steps that no loop makes."""
    progress = _active.get()
    if progress is not None and progress.cancelled:
        raise Cancelled


def in_owner(call: Callable[[], T]) -> T:
    """Make ``call`` in the thread that owns the document, whether or not the edit was called off."""
    progress = _active.get()
    if progress is None or progress.hand_over is None:
        return call()
    return progress.hand_over(call)


def commit(call: Callable[[], T]) -> T:
    """Make ``call``, which changes the document, in the thread that owns it.

    Raises Cancelled, and then it was not made.
    """
    progress = _active.get()
    return call() if progress is None else in_owner(lambda: progress.commit(call))
