"""A selection's rows in strips, for work that makes floats of pixels."""

from collections.abc import Iterator

STRIP_PIXELS = 1 << 18  # so many at a time stay in the cache


def strips(height: int, width: int) -> Iterator[slice]:
    """The rows of an array of ``height`` x ``width``, from the top: about `STRIP_PIXELS` pixels each."""
    rows = max(STRIP_PIXELS // max(width, 1), 1)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))
