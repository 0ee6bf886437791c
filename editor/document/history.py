"""Undo and redo: every edit is one self-inverse swap, every entry has a name.

The shape follows aseprite's ``copy_region`` and Tiled's ``changevalue``: an edit holds the other state
of its own target; swapping exchanges the two, so undo and redo are one method.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any, Protocol

import numpy as np

from editor.document.geometry import NOWHERE, Rect
from editor.document.spill import Spill, SpillError, Store
from editor.document.tiles import TiledImage, TileKey, TileWriter

BUDGET = 1 << 30  # bytes of picture data in memory
DISK_BUDGET = 8 << 30


class Part(Flag):
    """What an edit touches, so that a view repaints only that."""

    PIXELS = auto()
    SELECTION = auto()
    LAYERS = auto()  # the stack itself: order, names, visibility, opacity, blend modes
    CANVAS = auto()  # size, depth, profile or resolution of the whole document
    GUIDES = auto()  # structure lines and sketch ink, which show over the picture


class Edit(Protocol):
    """A change that has an inverse: swapping twice leaves everything as it was."""

    @property
    def area(self) -> Rect:
        """Pixels that look different afterwards."""

    @property
    def parts(self) -> Part: ...

    def stores(self) -> Iterator[Store]:
        """The tiles that nothing but this edit keeps alive; history may move them to disk until the swap."""

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

    def stores(self) -> Iterator[Store]:
        yield self.tiles

    def swap(self) -> None:
        writer = TileWriter(self.image)
        for key, tile in self.tiles.items():
            writer.replace(key, tile)
        self.tiles = writer.before


class AttributeSwap:
    """Exchanges the value of one attribute of one object; for values that hold no tiles of their own."""

    def __init__(self, target: Any, name: str, value: Any, *, parts: Part, area: Rect = NOWHERE) -> None:
        self.target, self.name, self.value = target, name, value
        self.parts, self.area = parts, area

    def stores(self) -> Iterator[Store]:
        return iter(())

    def swap(self) -> None:
        current = getattr(self.target, self.name)
        setattr(self.target, self.name, self.value)
        self.value = current


class Several:
    """Edits that are undone and redone together; if one fails, those before it are taken back."""

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

    def stores(self) -> Iterator[Store]:
        for edit in self.edits:
            yield from edit.stores()

    def swap(self) -> None:
        done = []
        try:
            for edit in self.edits:
                edit.swap()
                done.append(edit)
        except BaseException:
            for edit in reversed(done):
                edit.swap()
            raise
        self.edits.reverse()


@dataclass(eq=False)
class Entry:
    """One line of the history panel."""

    name: str
    edit: Edit
    spill: Spill
    state: object = field(default_factory=object)  # stands for the picture after this entry
    _measured: int = 0

    def measure(self) -> None:
        """Count the bytes; for whenever the edit has just been made or swapped, and none is on the disk."""
        tiles = (tile for store in self.edit.stores() for tile in store.values())
        self._measured = sum(tile.nbytes for tile in tiles if tile is not None)

    @property
    def size(self) -> int:
        """Bytes of picture data in memory that this entry keeps alive."""
        return self._measured - self.spill.moved


class History:
    """Entries before ``position`` are done, those from it on are undone and can be redone.

    ``budget`` bounds the bytes that the entries keep in memory. What exceeds it goes to disk, the entries
    farthest from ``position`` first, up to ``disk_budget``; after that, or where the disk takes no more, the
    oldest entries go.

    With ``in_background`` nothing here waits for the disk to take anything: what is still being written is
    in memory, and counts as such.
    """

    def __init__(
        self, budget: int = BUDGET, disk_budget: int = DISK_BUDGET, *, in_background: bool = False
    ) -> None:
        self.entries: list[Entry] = []
        self.position = 0
        self.budget = budget
        self.disk_budget = disk_budget
        self.in_background = in_background
        self._oldest = object()  # stands for the picture before the first entry
        self._saved = self._oldest

    def push(self, name: str, edit: Edit) -> None:
        """Record an edit that has been made already; what was undone before it is forgotten."""
        for entry in self.entries[self.position :]:
            entry.spill.discard()
        del self.entries[self.position :]
        entry = Entry(name, edit, Spill(in_background=self.in_background))
        entry.measure()
        self.entries.append(entry)
        self.position += 1
        self._keep_to_budget()

    def set_budgets(self, memory: int, disk: int) -> None:
        """Keep to other bounds, in bytes, from now on."""
        self.budget, self.disk_budget = memory, disk
        self._keep_to_budget()

    def _keep_to_budget(self) -> None:
        if self._staying > self.budget and self.disk_budget:
            # Distances count entries from the one that an undo would take.
            far = sorted(
                enumerate(self.entries), key=lambda place: abs(place[0] - self.position + 0.5), reverse=True
            )
            for _, entry in far:
                if self._staying <= self.budget:
                    break
                try:
                    entry.spill.store(entry.edit.stores(), entry.size)
                except OSError:  # the disk is full: rather a shorter history than one beyond its budget
                    break
        while self.entries and (self._staying > self.budget or self.disk_size > self.disk_budget):
            if self.position:
                gone = self.entries.pop(0)
                self._oldest = gone.state
                self.position -= 1
            else:
                gone = self.entries.pop()
            gone.spill.discard()

    @property
    def size(self) -> int:
        """Bytes of picture data kept in memory by all entries."""
        return sum(entry.size for entry in self.entries)

    @property
    def _staying(self) -> int:
        """What will be in memory once all is written that is being written."""
        return self.size - sum(entry.spill.moving for entry in self.entries)

    @property
    def disk_size(self) -> int:
        """Bytes on disk, or on their way there."""
        return sum(entry.spill.size for entry in self.entries)

    @property
    def can_undo(self) -> bool:
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        return self.position < len(self.entries)

    def fetch(self, index: int) -> None:
        """Have what the entry at ``index`` keeps in memory, so that to swap it takes no time.

        What cannot be read is left for `undo` and `redo` to tell. While this runs, in whatever thread,
        nothing else may be done to the history.
        """
        entry = self.entries[index]
        try:
            entry.spill.restore(entry.edit.stores())
        except SpillError:
            pass

    def undo(self) -> Edit:
        """Swap the newest done entry out and return its edit. Raises HistoryLost."""
        edit = self._swap(self.position - 1)
        self.position -= 1
        self._keep_to_budget()
        return edit

    def redo(self) -> Edit:
        """Swap the oldest undone entry in again and return its edit. Raises HistoryLost."""
        edit = self._swap(self.position)
        self.position += 1
        self._keep_to_budget()
        return edit

    def _swap(self, index: int) -> Edit:
        entry = self.entries[index]
        try:
            entry.spill.restore(entry.edit.stores())
        except SpillError as error:
            # The picture is whole, only the way back (or forth) beyond this entry is gone.
            lost = self.entries[index:] if index >= self.position else self.entries[: index + 1]
            for each in lost:
                each.spill.discard()
            if index >= self.position:
                del self.entries[index:]
            else:
                self._oldest = entry.state
                del self.entries[: index + 1]
                self.position -= index + 1
            raise HistoryLost from error
        entry.edit.swap()
        entry.measure()
        return entry.edit

    def clear(self) -> None:
        """Forget every entry. The picture stays as it is, and modified if it was."""
        state = self.state
        self.close()
        self._oldest = state

    def close(self) -> None:
        """Give back the disk space; the history is empty afterwards."""
        for entry in self.entries:
            entry.spill.discard()
        self.entries.clear()
        self.position = 0

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


class HistoryLost(Exception):
    """Earlier steps had been moved to disk and cannot be read back; the picture itself is untouched."""

    def __init__(self) -> None:
        super().__init__("Earlier steps could not be read back from the disk. The picture is as it was.")
