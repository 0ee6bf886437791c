"""A document made again from its journal."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from editor.document import storage
from editor.document.files.errors import FileError
from editor.document.geometry import Rect
from editor.document.history import Edit, Part, Several, TileSwap
from editor.document.journal import records
from editor.document.journal.capture import NOT_STATE, Capture, Capturer
from editor.document.journal.pixels import Reader
from editor.document.journal.records import Damaged, Record
from editor.document.journal.values import LAYERS, UNREADABLE, Decoder, check, encode
from editor.document.layers import Layer, walk
from editor.document.model import Document, StateSwap
from editor.document.tiles import TiledImage


@dataclass
class Group:
    """A record that says what a state is, and those before it with its tiles."""

    record: Record
    parts: list[Record]

    @property
    def offset(self) -> int:
        return (self.parts or [self.record])[0].offset


@dataclass
class Outline:
    """What a journal comes to: the entries that make up the history at its end, ``position`` of them done."""

    base: Group
    entries: list[Group]
    states: list[int]  # the numbers of the base's state and of those after each entry
    position: int
    path: Path | None
    saved: int | None  # the state that the file at ``path`` has
    next_state: int  # a number that no state has had
    end: int  # what comes after is worth nothing


def outline(file: BinaryIO, limit: int | None = None) -> Outline | None:
    """What the records before ``limit`` come to, without looking at payloads; None if there is no base.

    Raises NotAJournal.
    """
    found: Outline | None = None
    parts: list[Record] = []
    for record in records.scan(file, limit):
        try:
            if record.values["kind"] == "tiles":
                parts.append(record)
                continue
            found = _followed(found, Group(record, parts))
        except UNREADABLE:
            break
        parts = []
        found.end = record.end
    return found


def _followed(found: Outline | None, group: Group) -> Outline:
    values = group.record.values
    if found is None:
        if values["kind"] != "base":
            raise ValueError("no base")
        state = values["state"]
        return Outline(group, [], [state], 0, _path(values), values["saved"], state + 1, end=0)
    if values["kind"] == "entry":
        kept = _place(found.states, values["parent"])
        found.entries[kept:] = [group]
        found.states[kept + 1 :] = [values["state"]]
        found.position = kept + 1
        found.next_state = max(found.next_state, values["state"] + 1)
    elif values["kind"] == "position":
        found.position = _place(found.states, values["state"])
    elif values["kind"] == "saved":
        found.saved, found.path = values["saved"], _path(values)
    else:
        raise ValueError("no record of this version")
    return found


def _place(states: list[int], state: int) -> int:
    # Nearly always the last, and a long history is not searched for each of its entries.
    return len(states) - 1 if states[-1] == state else states.index(state)


def _path(values: dict) -> Path | None:
    return None if values["path"] is None else Path(values["path"])


def structure(capture: Capture, before: Capture | None = None) -> dict:
    """The attributes of ``capture`` for the journal, or those that are not what they were ``before``."""
    layers, changed = [], []
    for number, layer in capture.layers.items():
        old = before.layers.get(number) if before else None
        attributes = _differing(layer.attributes, old.attributes if old else {})
        if old is None:
            layers.append({"id": number, "type": layer.kind, "attributes": attributes})
        elif attributes:
            changed.append({"id": number, "attributes": attributes})
    document = _differing(capture.document, before.document if before else {})
    return {"document": document, "layers": layers, "changed": changed}


def _differing(now: dict[str, object], before: dict[str, object]) -> dict[str, object]:
    missing = object()
    return {
        name: encode(value, before.get(name))
        for name, value in now.items()
        if (old := before.get(name, missing)) is not value and old != value
    }


@dataclass
class Replayed:
    """A document with what its journal needs to go on where it ended. ``first`` is a snapshot of it before
    the journal's first entry, and ``first_selection`` the plane that its selection was then."""

    document: Document
    first: Document
    first_selection: TiledImage
    capturer: Capturer
    numbers: dict[object, int]  # of the states of its history
    outline: Outline


def replay(journal: Path) -> Replayed:
    """The document at the journal's end, or at the last record that is whole; its history with it.

    Where the history's budget has no room for all entries, those go that it lets go of. Raises FileError if
    nothing can be read, and like OSError, NotAJournal.
    """
    limit = None
    with journal.open("rb") as file:
        while (found := outline(file, limit)) is not None:
            making = _Making(file, journal.parent, found)
            try:
                return making.made()
            except Damaged as damage:
                making.close()
                limit = damage.offset
    raise FileError("Nothing of this picture was kept whole.")


class _Making:
    def __init__(self, file: BinaryIO, folder: Path, found: Outline) -> None:
        self._file, self._folder, self._outline = file, folder, found
        self._capturer = Capturer()
        self._planes: dict[int, TiledImage] = {}
        self._layers: dict[int, Layer] = {}
        self._document: Document | None = None
        self._numbers: dict[object, int] = {}

    def close(self) -> None:
        if self._document is not None:
            self._document.history.close()

    def made(self) -> Replayed:
        document = self._document = self._opened()
        first, first_selection = document.snapshot(), document.selection
        history = document.history
        self._numbers[history.state] = self._outline.base.record.values["state"]
        for group in self._outline.entries:
            self._each(group, self._add_entry)
        dropped = len(self._outline.entries) - len(history.entries)
        if self._outline.position < dropped:
            # The way back to where it was is beyond the history's budget: rather nothing to redo.
            raise Damaged(self._outline.entries[self._outline.position].offset)
        document.go_to(self._outline.position - dropped)
        document.path = self._outline.path
        known = {number: state for state, number in self._numbers.items()}
        history.mark_saved(known.get(self._outline.saved, object()))
        return Replayed(document, first, first_selection, self._capturer, self._numbers, self._outline)

    def _each(self, group: Group, read) -> object:
        try:
            reader = Reader(self._planes)
            for part in group.parts:
                reader.add(part.values["planes"], part.payload(self._file))
            return read(group.record.values, reader)
        except UNREADABLE as error:
            raise Damaged(group.offset) from error

    def _opened(self) -> Document:
        values = self._outline.base.record.values
        if "file" in values:
            return self._from_copy(values)
        return self._each(self._outline.base, self._from_snapshot)

    def _from_copy(self, values: dict) -> Document:
        """The document as its file gave it. Raises FileError where the copy is not what it was."""
        path = self._folder / Path(values["file"]).name
        with path.open("rb") as copy:
            if hashlib.file_digest(copy, "sha256").hexdigest() != values["sha256"]:
                raise FileError("The copy that was kept of the picture is damaged.")
        document = storage.open_document(path)
        # The ids come out as they did when it was opened, as long as the same is found in the file.
        capture, _ = self._capturer.capture(document)
        if _skeleton(structure(capture)) != _skeleton(values):
            raise FileError("The picture's file now opens as another picture than it did.")
        self._planes = {self._capturer.id_of(plane): plane for plane in document.planes()}
        self._layers = {self._capturer.id_of(layer): layer for layer in walk(document.layers)}
        return document

    def _from_snapshot(self, values: dict, reader: Reader) -> Document:
        decoder = self._with_new(values, reader)
        attributes = {name: decoder.decode(plain) for name, plain in values["document"].items()}
        document = Document(attributes["width"], attributes["height"], attributes["dtype"], ())
        if not attributes.keys() <= vars(document).keys() - NOT_STATE:
            raise ValueError("no attribute of it")
        for name, value in attributes.items():
            setattr(document, name, value)
        check(document)
        return document

    def _with_new(self, values: dict, reader: Reader) -> Decoder:
        """Make the planes and layers that the state has for the first time, or again: those that an
        earlier one had are other objects, which the history may still put back."""
        for number, plane in reader.new.items():
            self._planes[number] = plane
            self._capturer.adopt(plane, number)
        # An entry's record counts on the guides of the state before it, a base's on none.
        guides = () if self._document is None else self._document.guides
        decoder = Decoder(self._planes, self._layers, dict(enumerate(guides)))
        for written in values["layers"]:
            attributes = {name: decoder.decode(plain) for name, plain in written["attributes"].items()}
            layer = LAYERS[written["type"]](**attributes)
            self._layers[written["id"]] = layer
            self._capturer.adopt(layer, written["id"])
        return decoder

    def _add_entry(self, values: dict, reader: Reader) -> None:
        document = self._document
        edits: list[Edit] = [
            TileSwap(
                self._planes[number],
                tiles,
                Part.SELECTION if self._planes[number] is document.selection else Part.PIXELS,
            )
            for number, tiles in reader.changed.items()
        ]
        decoder = self._with_new(values, reader)
        swapped: list[tuple[object, str, object]] = []
        targets = [(self._layers[changed["id"]], changed["attributes"]) for changed in values["changed"]]
        for target, attributes in [*targets, (document, values["document"])]:
            for name, plain in attributes.items():
                if name not in vars(target).keys() - NOT_STATE:
                    raise ValueError("no attribute of it")
                swapped.append((target, name, decoder.decode(plain)))
        if swapped:
            edits.append(_state_edit(document, swapped))
        if not isinstance(values["name"], str):
            raise ValueError("no name")
        document.edit(values["name"], edits[0] if len(edits) == 1 else Several(edits))
        check(document)
        self._numbers[document.history.state] = values["state"]


def _state_edit(document: Document, values: list[tuple[object, str, object]]) -> StateSwap:
    own = {name: value for target, name, value in values if target is document}
    parts = Part.PIXELS | Part.LAYERS
    if own.keys() & {"selection", "channels"}:
        parts |= Part.SELECTION
    if "guides" in own:
        parts |= Part.GUIDES
    if own.keys() - {"layers", "selection", "channels", "guides"}:
        parts |= Part.CANVAS
    width, height = own.get("width", 0), own.get("height", 0)
    area = document.rect.united(Rect(0, 0, width, height))
    return StateSwap(document, values, parts=parts, area=area)


def _skeleton(values: dict) -> tuple[list, list]:
    """What must be the same for later records to find the layers and planes that they mean."""
    document = [
        values["document"][name] for name in ("width", "height", "dtype", "layers", "selection", "channels")
    ]
    document.append(values["document"].get("guides", {"tuple": []}))  # journals of before there were any
    layers = [
        (
            layer["id"],
            layer["type"],
            *(layer["attributes"].get(name) for name in ("image", "mask", "children")),
        )
        for layer in values["layers"]
    ]
    return document, layers
