"""Work on arrays shared out among threads: numpy and OpenCV let other threads run meanwhile."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def in_threads(work: Callable, items: Iterable) -> None:
    """Call ``work`` with each of ``items``, at most 8 at a time; raises what one of them raised."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        list(pool.map(work, items))  # a list, to raise what a thread raised
