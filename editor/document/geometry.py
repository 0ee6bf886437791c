"""Rectangles of whole pixels."""

from typing import NamedTuple


class Rect(NamedTuple):
    """Pixels ``x <= column < x + width`` and ``y <= row < y + height``; empty if either side is 0."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of this rectangle in an array of shape (H, W, ...)."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def __bool__(self) -> bool:
        return self.width > 0 and self.height > 0

    def moved(self, dx: int, dy: int) -> "Rect":
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, margin: int) -> "Rect":
        return Rect(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def intersected(self, other: "Rect") -> "Rect":
        x, y = max(self.x, other.x), max(self.y, other.y)
        width = min(self.right, other.right) - x
        height = min(self.bottom, other.bottom) - y
        return Rect(x, y, max(width, 0), max(height, 0))

    def united(self, other: "Rect") -> "Rect":
        """The smallest rectangle that holds both; an empty one adds nothing."""
        if not self:
            return other
        if not other:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)


NOWHERE = Rect(0, 0, 0, 0)
