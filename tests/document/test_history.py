"""Undo and redo of any edits in any order come back to the same bytes."""

import hashlib
import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from editor.document import blend, masks, spill
from editor.document.geometry import Rect
from editor.document.history import AttributeSwap, History, HistoryLost, Part, Several, TileSwap
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.spill import Spill
from editor.document.tiles import TiledImage, TileWriter

WIDTH, HEIGHT = 264, 260  # four tiles

coordinates = st.tuples(st.integers(-10, WIDTH + 10), st.integers(-10, HEIGHT + 10))


def shown(document):
    """Everything of a document that an edit may change, as a digest and the properties of the layers."""
    pixels = hashlib.sha256(document.composite(document.rect).tobytes())
    pixels.update(document.selection.read(document.rect).tobytes())
    layers = ((layer.name, layer.visible, layer.opacity, layer.blend_mode) for layer in document.layers)
    return pixels.digest(), tuple(layers)


class Editing(RuleBasedStateMachine):
    """Edits a document and keeps a list of what it showed after each entry of its history."""

    dtype = np.uint8
    budget = 1 << 30
    in_background = False

    @initialize(seed=st.integers(0, 3))
    def open(self, seed):
        random = np.random.default_rng(seed)
        pixels = random.integers(0, np.iinfo(self.dtype).max, (HEIGHT, WIDTH, 4), self.dtype, endpoint=True)
        self.document = Document.from_pixels(pixels, has_alpha=True)
        self.history = self.document.history
        self.history.budget = self.budget
        self.history.in_background = self.in_background
        self.changes = []
        self.document.observers.append(self.changes.append)
        # One item for each position of the history; the object tells apart states that look alike.
        self.states = [(shown(self.document), object())]
        self.saved = self.states[0][1]
        self.kept = []

    def edited(self):
        """An entry was made: forget what was undone, and what the budget let go of."""
        before = len(self.states)
        del self.states[self.position + 1 :]
        self.states.append((shown(self.document), object()))
        gone = len(self.states) - 1 - len(self.history.entries)
        assert 0 <= gone < before + 1
        del self.states[:gone]
        self.position = len(self.states) - 1
        if self.in_background:
            self.rest()
        else:
            assert self.history.size <= self.budget
        assert not self.history.can_redo

    def rest(self):
        """Sometimes all is written before the next edit, sometimes nothing, or a part of it."""

    position = 0

    @rule(
        points=st.lists(coordinates, min_size=2, max_size=3),
        radius=st.floats(0.5, 40),
        hardness=st.floats(0, 1),
        erase=st.booleans(),
    )
    def brush(self, points, radius, hardness, erase):
        writer = TileWriter(self.document.selection)
        for start, end in pairwise(points):
            masks.draw_segment(
                writer, start, end, (radius, radius), hardness, self.document.rect, erase=erase
            )
        self.document.record("Brush", TileSwap(self.document.selection, writer.before, Part.SELECTION))
        self.edited()

    @rule(points=st.lists(coordinates, min_size=3, max_size=6), erase=st.booleans())
    def polygon(self, points, erase):
        writer = TileWriter(self.document.selection)
        masks.draw_polygon(writer, points, self.document.rect, erase=erase)
        self.document.record("Polygon", TileSwap(self.document.selection, writer.before, Part.SELECTION))
        self.edited()

    @rule(points=st.lists(coordinates, min_size=2, max_size=2))
    def stroke_called_off(self, points):
        writer = TileWriter(self.document.selection)
        masks.draw_segment(writer, points[0], points[1], (9, 9), 0.5, self.document.rect)
        writer.roll_back()

    @rule()
    def invert(self):
        self.document.edit("Invert", masks.invert(self.document.selection, self.document.rect))
        self.edited()

    @rule()
    def clear(self):
        self.document.edit("Clear", masks.clear(self.document.selection))
        self.edited()

    @rule(index=st.integers(0, 9), visible=st.booleans())
    def show_or_hide(self, index, visible):
        self.document.set_layer(self.layer(index), "visible", visible, "Visibility")
        self.edited()

    @rule(index=st.integers(0, 9), percent=st.integers(0, 100))
    def opacity(self, index, percent):
        self.document.set_layer(self.layer(index), "opacity", percent / 100, "Opacity")
        self.edited()

    @rule(index=st.integers(0, 9), mode=st.sampled_from(list(blend.MODES)))
    def blend_mode(self, index, mode):
        self.document.set_layer(self.layer(index), "blend_mode", mode, "Blend mode")
        self.edited()

    @rule(index=st.integers(0, 9), name=st.text(max_size=5))
    def rename(self, index, name):
        self.document.set_layer(self.layer(index), "name", name, "Rename")
        self.edited()

    @rule(corner=coordinates, seed=st.integers(0, 9))
    def add_layer(self, corner, seed):
        image = TiledImage(4, self.dtype)
        TileWriter(image).write(Rect(*corner, 70, 50), self.noise(seed))
        self.document.set_layers((*self.document.layers, PixelLayer(f"Layer {seed}", image)), "Add")
        self.edited()

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule(index=st.integers(0, 9))
    def delete_layer(self, index):
        gone = self.layer(index)
        self.document.set_layers(tuple(each for each in self.document.layers if each is not gone), "Delete")
        self.edited()

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule()
    def reorder(self):
        self.document.set_layers(self.document.layers[::-1], "Reorder")
        self.edited()

    @rule(corner=coordinates, seed=st.integers(0, 9))
    def layer_and_mask_in_one_entry(self, corner, seed):
        image = TiledImage(4, self.dtype)
        TileWriter(image).write(Rect(*corner, 70, 50), self.noise(seed))
        stack = self.document.stack_edit(
            {self.document: (*self.document.layers, PixelLayer("Removed", image))}
        )
        self.document.edit("Remove", Several([stack, masks.clear(self.document.selection)]))
        self.edited()

    @rule(index=st.integers(0, 9), corner=coordinates, seed=st.integers(0, 9))
    def paint(self, index, corner, seed):
        image = self.layer(index).image
        writer = TileWriter(image)
        writer.write(Rect(*corner, 70, 50), self.noise(seed))
        self.document.record("Paint", TileSwap(image, writer.before, Part.PIXELS))
        self.edited()

    @rule()
    def undo(self):
        self.document.undo()
        self.position = max(self.position - 1, 0)

    @rule()
    def redo(self):
        self.document.redo()
        self.position = min(self.position + 1, len(self.states) - 1)

    @rule(part=st.floats(0, 1))
    def go_to(self, part):
        self.position = round(part * (len(self.states) - 1))
        self.document.go_to(self.position)

    @rule()
    def save(self):
        self.history.mark_saved(self.history.state)
        self.saved = self.states[self.position][1]

    @precondition(lambda self: len(self.kept) < 3)
    @rule()
    def keep_a_snapshot(self):
        self.kept.append((self.document.snapshot(), self.document.composite(self.document.rect)))

    def layer(self, index):
        return self.document.layers[index % len(self.document.layers)]

    def noise(self, seed):
        random = np.random.default_rng(seed)
        return random.integers(0, np.iinfo(self.dtype).max, (50, 70, 4), self.dtype, endpoint=True)

    @invariant()
    def is_where_it_should_be(self):
        assert shown(self.document) == self.states[self.position][0]
        assert self.history.position == self.position
        assert len(self.history.entries) == len(self.states) - 1
        assert self.history.can_undo == (self.position > 0)
        assert self.history.can_redo == (self.position < len(self.states) - 1)

    @invariant()
    def modified_tells_the_truth(self):
        assert self.history.modified == (self.states[self.position][1] is not self.saved)

    def teardown(self):
        if not hasattr(self, "document"):
            return
        for position in (0, len(self.states) - 1, 0, len(self.states) - 1):
            self.document.go_to(position)
            assert shown(self.document) == self.states[position][0]
        for snapshot, pixels in self.kept:
            kept = snapshot.composite(snapshot.rect)
            assert kept.tobytes() == pixels.tobytes()


class Editing16Bit(Editing):
    dtype = np.uint16


class EditingWithLittleMemory(Editing):
    budget = 700_000


class EditingInBackground(EditingWithLittleMemory):
    in_background = True
    edits = 0

    def rest(self):
        self.edits += 1
        if self.edits % 3 == 0:
            assert spill._writer.wait(10)
            assert self.history.size <= self.budget


often = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
for machine in (Editing, Editing16Bit, EditingWithLittleMemory, EditingInBackground):
    machine.TestCase.settings = often
TestEditing = Editing.TestCase
TestEditing16Bit = Editing16Bit.TestCase
TestEditingWithLittleMemory = EditingWithLittleMemory.TestCase
TestEditingInBackground = EditingInBackground.TestCase


@pytest.mark.parametrize("bits", [8, 16])
def test_sixty_edits_there_and_back(make_document, whole, bits):
    document = make_document(WIDTH, HEIGHT, bits=bits, alpha=True)
    random = np.random.default_rng(bits)
    states = [whole(document)]
    for index in range(60):
        points = random.uniform(-10, 270, (2, 2))
        writer = TileWriter(document.selection)
        masks.draw_segment(
            writer, tuple(points[0]), tuple(points[1]), (20, 9), 0.4, document.rect, erase=index % 4 == 3
        )
        document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))
        states.append(whole(document))
        if index % 10 == 9:
            document.edit("Invert", masks.invert(document.selection, document.rect))
            states.append(whole(document))
    for position in [*range(len(states) - 1, -1, -1), *range(len(states))]:
        document.go_to(position)
        assert whole(document) == states[position]
    assert len(document.history.entries) == len(states) - 1


class Weighed:
    """An edit of a size that changes nothing."""

    area, parts = Rect(0, 0, 1, 1), Part.PIXELS

    def __init__(self, size):
        self.tiles = {(0, 0): np.zeros(size, np.uint8)}

    def stores(self):
        yield self.tiles

    def swap(self):
        pass


def test_the_oldest_entries_go_when_both_budgets_are_passed():
    history = History(budget=100, disk_budget=0)
    for size in (40, 40, 30):
        history.push(str(size), Weighed(size))
    assert [entry.size for entry in history.entries] == [40, 30]
    history.push("big", Weighed(500))
    assert not history.entries
    assert history.position == 0
    assert history.modified
    history.push("small", Weighed(1))
    assert [entry.name for entry in history.entries] == ["small"]


def test_what_exceeds_the_budget_goes_to_disk_and_comes_back():
    history = History(budget=100)
    for size in (40, 40, 30, 500):
        history.push(str(size), Weighed(size))
    assert len(history.entries) == 4
    assert history.size <= 100
    assert history.disk_size >= 500
    edits = [entry.edit for entry in history.entries]
    for _ in range(4):
        history.undo()
        assert history.size <= 100
    history.budget = 1000
    for edit, size in zip(edits, (40, 40, 30, 500), strict=True):
        assert history.redo() is edit
        assert edit.tiles[0, 0].nbytes == size
    assert history.disk_size == 0


@pytest.fixture
def held_writer():
    """The thread that writes does not come to it before the event is set."""
    gate = threading.Event()
    spill._writer.submit(lambda: gate.wait(10))
    yield gate
    gate.set()
    assert spill._writer.wait(10)


def spilled():
    return set(spill._folder().iterdir())


def test_in_the_background_nobody_waits_for_the_disk(held_writer):
    history = History(budget=100, in_background=True)
    for size in (40, 40, 30, 500):
        history.push(str(size), Weighed(size))
    assert [entry.name for entry in history.entries] == ["40", "40", "30", "500"]
    assert history.size == 610  # it counts until it is written
    assert history.disk_size >= 510
    held_writer.set()
    assert spill._writer.wait(10)
    assert history.size <= 100
    path = history.entries[3].spill._path
    assert path.stat().st_size == 500
    assert history.undo().tiles[0, 0].nbytes == 500
    assert spill._writer.wait(10) and not path.exists()


def test_what_is_undone_before_it_is_written_stays_in_memory(held_writer):
    history, files = History(budget=100, in_background=True), spilled()
    history.push("big", Weighed(500))
    tile = history.entries[0].edit.tiles[0, 0]
    history.budget = 1000
    assert history.undo().tiles[0, 0] is tile
    held_writer.set()
    assert spill._writer.wait(10)
    assert history.entries[0].edit.tiles[0, 0] is tile
    assert (history.size, history.disk_size) == (500, 0)
    assert spilled() == files


def test_what_is_forgotten_before_it_is_written_leaves_no_file(held_writer):
    history, files = History(budget=100, in_background=True), spilled()
    history.push("big", Weighed(500))
    history.undo()
    history.push("small", Weighed(1))
    history.close()
    held_writer.set()
    assert spill._writer.wait(10)
    assert spilled() == files


def test_a_disk_that_is_full_in_the_background_shortens_the_history_at_the_next_step(monkeypatch):
    history, files = History(budget=100, in_background=True), spilled()

    def fail(self, path, tiles):
        path.write_bytes(b"some")
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(spill._Writing, "_write", fail)
        for size in (40, 40, 30):
            history.push(str(size), Weighed(size))
        assert spill._writer.wait(10)
    assert history.size == 110 and history.disk_size == 0
    assert spilled() == files
    history.push("5", Weighed(5))
    assert [entry.name for entry in history.entries] == ["40", "30", "5"]


def test_fetching_an_entry_leaves_nothing_to_read():
    history = History(budget=100)
    history.push("big", Weighed(500))
    assert history.size == 0
    history.budget = 1000
    history.fetch(0)
    assert (history.size, history.disk_size) == (500, 0)
    assert isinstance(history.entries[0].edit.tiles[0, 0], np.ndarray)
    history.budget = 100
    history.push("small", Weighed(1))
    history.entries[0].spill._path.unlink()
    history.fetch(0)  # undo will tell
    history.undo()
    with pytest.raises(HistoryLost):
        history.undo()


def test_a_full_disk_shortens_the_history(monkeypatch):
    history = History(budget=100)
    full = OSError(28, "full")
    monkeypatch.setattr(Spill, "store", lambda self, stores, nbytes: (_ for _ in ()).throw(full))
    for size in (40, 40, 30):
        history.push(str(size), Weighed(size))
    assert [entry.name for entry in history.entries] == ["40", "30"]


def test_steps_that_cannot_be_read_back_are_lost_and_nothing_else(make_document, whole):
    document = make_document(600, 300)
    document.history.budget = 100_000
    states = [whole(document)]
    for x in (10, 200, 400):
        writer = TileWriter(document.selection)
        masks.draw_segment(writer, (x, 20), (x + 100, 120), (30, 30), 1, document.rect)
        document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))
        document.edit("Invert", masks.invert(document.selection, document.rect))
        states.append(whole(document))
    assert document.history.disk_size
    for entry in document.history.entries:
        if entry.spill.size:
            entry.spill._path.write_bytes(b"cut")
    with pytest.raises(HistoryLost):
        document.go_to(0)
    position = document.history.position
    assert position == 0
    assert whole(document) in [*states, whole(document)]
    document.go_to(len(document.history.entries))
    assert whole(document) == states[-1]


def test_what_was_saved_and_then_let_go_of_cannot_come_back():
    history = History(budget=100, disk_budget=0)
    history.push("a", Weighed(60))
    history.mark_saved(history.state)
    assert not history.modified
    history.push("b", Weighed(60))  # lets "a" go, whose state is now the oldest one
    assert history.modified
    history.undo()
    assert not history.modified
    history.redo()
    history.push("c", Weighed(60))
    history.undo()
    assert history.modified


def test_a_save_that_ends_after_more_edits_marks_what_it_saved():
    history = History()
    history.push("a", Weighed(1))
    state = history.state
    history.push("b", Weighed(1))
    history.mark_saved(state)
    assert history.modified
    history.undo()
    assert not history.modified
    history.push("c", Weighed(1))
    assert history.modified


def test_an_edit_that_fails_is_not_recorded(make_document, whole):
    document = make_document()
    before = whole(document)

    class Failing(Weighed):
        def swap(self):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        document.edit("Fail", Failing(1))
    assert document.history.entries == []
    assert whole(document) == before
    assert not document.history.modified


def test_undo_and_redo_with_nothing_to_do_are_quiet(make_document):
    document = make_document()
    told = []
    document.observers.append(told.append)
    document.undo()
    document.redo()
    assert told == []


def test_observers_hear_what_changed(make_document):
    document = make_document(600, 300)
    told = []
    document.observers.append(told.append)
    writer = TileWriter(document.selection)
    masks.draw_segment(writer, (300, 20), (310, 20), (5, 5), 1, document.rect)
    document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))
    document.set_layer(document.layers[0], "opacity", 0.5, "Opacity")
    document.set_layer(document.layers[0], "name", "other", "Rename")
    document.undo()
    document.undo()
    document.undo()
    assert [change.parts for change in told] == [
        Part.SELECTION,
        Part.LAYERS | Part.PIXELS,
        Part.LAYERS,
        Part.LAYERS,
        Part.LAYERS | Part.PIXELS,
        Part.SELECTION,
    ]
    assert told[0].area == told[5].area == Rect(256, 0, 256, 256)
    assert told[1].area == document.rect
    assert document.layers[0].name == "Background"
    assert document.layers[0].opacity == 1


def test_several_edits_of_one_thing_go_back_in_reverse():
    class Thing:
        value = 1

    thing = Thing()
    both = Several(
        [
            AttributeSwap(thing, "value", 2, parts=Part.LAYERS),
            AttributeSwap(thing, "value", 3, parts=Part.PIXELS, area=Rect(1, 1, 2, 2)),
        ]
    )
    assert (both.parts, both.area) == (Part.LAYERS | Part.PIXELS, Rect(1, 1, 2, 2))
    for expected in (3, 1, 3, 1):
        both.swap()
        assert thing.value == expected
