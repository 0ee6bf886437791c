"""Undo and redo: every edit is one self-inverse swap, every entry has a name.

The shape follows aseprite's ``copy_region`` and Tiled's ``changevalue``: an edit holds the other state
of its own target; swapping exchanges the two, so undo and redo are one method.
"""

from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any, Protocol

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.tiles import TiledImage, TileKey, TileWriter


class Part(Flag):
    """What an edit touches, so that a view repaints only that."""

    PIXELS = auto()
    MASK = auto()
    LAYERS = auto()  # the stack itself: order, names, visibility, opacity, blend modes


class Edit(Protocol):
    """A change that has an inverse: swapping twice leaves everything as it was."""

    @property
    def area(self) -> Rect:
        """Pixels that look different afterwards."""

    @property
    def parts(self) -> Part: ...

    @property
    def size(self) -> int:
        """Bytes of picture data that this edit keeps alive."""

    def swap(self) -> None: ...


class TileSwap:
    """Exchanges some tiles of one plane; holds only those."""

    def __init__(self, image: TiledImage, tiles: dict[TileKey, np.ndarray | None], parts: Part) -> None:
        self.image, self.tiles, self.parts = image, tiles, parts

    @property
    def area(self) -> Rect:
        area = NOWHERE
        for key in self.tiles:
            area = area.united(self.image.box(key))
        return area

    @property
    def size(self) -> int:
        return sum(tile.nbytes for tile in self.tiles.values() if tile is not None)

    def swap(self) -> None:
        writer = TileWriter(self.image)
        for key, tile in self.tiles.items():
            writer.replace(key, tile)
        self.tiles = writer.before


class AttributeSwap:
    """Exchanges the value of one attribute of one object."""

    def __init__(
        self, target: Any, name: str, value: Any, *, parts: Part, area: Rect = NOWHERE, size: int = 0
    ) -> None:
        self.target, self.name, self.value = target, name, value
        self.parts, self.area, self.size = parts, area, size

    def swap(self) -> None:
        current = getattr(self.target, self.name)
        setattr(self.target, self.name, self.value)
        self.value = current


class Several:
    """Edits that are undone and redone together."""

    def __init__(self, edits: list[Edit]) -> None:
        self.edits = edits

    @property
    def area(self) -> Rect:
        area = NOWHERE
        for edit in self.edits:
            area = area.united(edit.area)
        return area

    @property
    def parts(self) -> Part:
        parts = Part(0)
        for edit in self.edits:
            parts |= edit.parts
        return parts

    @property
    def size(self) -> int:
        return sum(edit.size for edit in self.edits)

    def swap(self) -> None:
        for edit in self.edits:
            edit.swap()
        self.edits.reverse()


@dataclass(frozen=True)
class Entry:
    """One line of the history panel."""

    name: str
    edit: Edit
    state: object = field(default_factory=object)  # stands for the picture after this entry


class History:
    """Entries before ``position`` are done, those from it on are undone and can be redone.

    ``budget`` bounds the bytes that the edits keep alive: the oldest entries go when it is passed, but
    the newest always stays.
    """

    def __init__(self, budget: int = 1 << 30) -> None:
        self.entries: list[Entry] = []
        self.position = 0
        self.budget = budget
        self._oldest = object()  # stands for the picture before the first entry
        self._saved = self._oldest

    def push(self, name: str, edit: Edit) -> None:
        """Record an edit that has been made already; what was undone before it is forgotten."""
        del self.entries[self.position :]
        self.entries.append(Entry(name, edit))
        self.position += 1
        self._trim()

    def _trim(self) -> None:
        total = self.size
        while total > self.budget and len(self.entries) > 1:
            gone = self.entries.pop(0)
            total -= gone.edit.size
            self._oldest = gone.state
            self.position -= 1

    @property
    def size(self) -> int:
        """Bytes of picture data kept alive by all entries."""
        return sum(entry.edit.size for entry in self.entries)

    @property
    def can_undo(self) -> bool:
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        return self.position < len(self.entries)

    def undo(self) -> Edit:
        """Swap the newest done entry out and return its edit."""
        edit = self.entries[self.position - 1].edit
        edit.swap()
        self.position -= 1
        return edit

    def redo(self) -> Edit:
        """Swap the oldest undone entry in again and return its edit."""
        edit = self.entries[self.position].edit
        edit.swap()
        self.position += 1
        return edit

    @property
    def state(self) -> object:
        """Stands for how the picture is now: the same object whenever it is the same again."""
        return self.entries[self.position - 1].state if self.position else self._oldest

    @property
    def modified(self) -> bool:
        """Whether the picture differs from what was last saved."""
        return self.state is not self._saved

    def mark_saved(self, state: object) -> None:
        """The picture as it was when :attr:`state` was this is now on disk."""
        self._saved = state
