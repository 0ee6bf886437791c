"""A probe in the window's own event loop: for how long it does not come round."""

import faulthandler
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import Qt, QTimer

from tests.load import LoadWatch

LIMIT = 50.0  # ms that the window may stand still
_INTERVAL = 2  # ms from one beat to the next
# A file for what all threads are doing wherever the beat has stopped for so many seconds, to find out why.
_STACKS, _LONG = os.environ.get("LACUNA_LATENCY_STACKS"), 0.035


@dataclass(frozen=True)
class Gap:
    """``wall`` ms without a beat, ``at`` seconds after the start. ``net``: what they would have been, had
    no other program and no other guest of the machine used its processors."""

    at: float
    wall: float
    net: float

    def __str__(self) -> str:
        return f"{self.wall:.0f} ms ({self.net:.0f} net) at {self.at:.2f} s"


class Latency:
    """Beats in the thread that makes it while its ``with`` block runs, which has to run the event loop.

    A machine that is busy otherwise holds up everything: a gap counts only as far as the processors were
    this program's.
    """

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.seconds = 0.0
        self._timer = QTimer(interval=_INTERVAL, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._raw: list[tuple[float, float]] = []  # start and length of each gap, in seconds
        self._load = LoadWatch()
        self._stacks: TextIO | None = None

    def __enter__(self) -> "Latency":
        self._stacks = Path(_STACKS).open("a") if _STACKS else None
        self._load.start()
        self._start = self._last = time.monotonic()
        self._timer.start()
        return self

    def __exit__(self, *_) -> None:
        self._beat()
        self._timer.stop()
        if self._stacks is not None:
            faulthandler.cancel_dump_traceback_later()
            self._stacks.write(f"{self}\n\n")
            self._stacks.close()
        self.seconds = self._last - self._start
        self._load.stop()
        self.gaps = [
            Gap(start - self._start, length * 1000, length * 1000 * self._load.share(start, length))
            for start, length in self._raw
        ]

    @property
    def worst(self) -> float:
        """The longest gap, net, in ms."""
        return max((gap.net for gap in self.gaps), default=0.0)

    def __str__(self) -> str:
        longest = sorted(self.gaps, key=lambda gap: -gap.net)[:4]
        return "\n".join(
            [f"{self.worst:.0f} ms in {self.seconds:.1f} s:", *(f"    {gap}" for gap in longest)]
        )

    def _beat(self) -> None:
        now = time.monotonic()
        self._raw.append((self._last, now - self._last))
        self._last = now
        if self._stacks is not None:
            if self._raw[-1][1] > _LONG:
                self._stacks.write(f"-- {self._raw[-1][1] * 1000:.0f} ms until {now - self._start:.2f} s\n")
                self._stacks.flush()
            faulthandler.dump_traceback_later(_LONG, file=self._stacks)
