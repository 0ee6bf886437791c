"""An edit tells how far it is, and one that is called off at any moment has changed nothing."""

import queue
import threading
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_editing import state

from editor.document import adjustments, canvas, colour, parallel, progress, select, stack, transform
from editor.document.files import profiles
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.model import Busy, Document
from editor.document.parallel import Background, in_threads
from editor.document.progress import Cancelled, Progress, each, portion
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 560, 300  # six tiles


class Counting(Progress):
    """Counts the looks at whether it was called off, and is so at the one numbered ``last``."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__()
        self.ticks, self.last, self.fractions = 0, last, []

    def begin(self, low: float, room: float) -> None:
        if self.ticks == self.last:
            self.cancel()
        self.ticks += 1
        super().begin(low, room)
        self.fractions.append(self.fraction)


@pytest.fixture(scope="module")
def document() -> Document:
    random = np.random.default_rng(5)

    def noise(width: int, height: int, channels: int) -> np.ndarray:
        pixels = random.integers(0, 256, (height, width, channels), np.uint8)
        pixels[: height // 2] = pixels[:1, :1]  # something for the wand
        return pixels

    mask = TiledImage.from_array(noise(300, 200, 1), 100, 20, default=255)
    layers = [
        PixelLayer("Background", TiledImage.from_array(noise(WIDTH, HEIGHT, 4))),
        PixelLayer("Second", TiledImage.from_array(noise(270, 290, 4), 50, 5)),
        Group("Group", [PixelLayer("Inside", TiledImage.from_array(noise(400, 260, 4), -30, 40))]),
        AdjustmentLayer("Exposure", adjustments.Exposure(0.5)),
        PixelLayer(
            "Top", TiledImage.from_array(noise(300, 200, 4), 100, 20), mask=LayerMask(mask), opacity=0.5
        ),
    ]
    document = Document(WIDTH, HEIGHT, np.uint8, layers)
    select.ellipse(document, (40, 30, 300, 220))
    return document


def transformed(document: Document, method: str) -> None:
    free = transform.FreeTransform(document, document.layers[4])
    free.matrix = transform.rotation(20, (200, 100)) @ transform.scaling(0.6, 1.1, (0, 0))
    free.commit(method=method)


EDITS = {
    "quarter turn": lambda document: canvas.rotate(document, 90),
    "half turn": lambda document: canvas.rotate(document, 180),
    "rotate": lambda document: canvas.rotate(document, 11.5),
    "flip": lambda document: canvas.flip(document, horizontal=True),
    "image size": lambda document: canvas.image_size(document, 301, 222),
    "enlarge": lambda document: canvas.image_size(document, 700, 380, "lanczos"),
    "canvas size": lambda document: canvas.canvas_size(document, 600, 333),
    "crop": lambda document: canvas.crop(document, Rect(30, 21, 400, 200), delete_outside=True),
    "flatten": stack.flatten,
    "merge visible": stack.merge_visible,
    "merge group": lambda document: stack.merge_group(document, document.layers[2]),
    "merge down": lambda document: stack.merge_down(document, document.layers[1]),
    "apply mask": lambda document: stack.apply_mask(document, document.layers[4]),
    "depth": lambda document: colour.convert_depth(document, 16),
    "profile": lambda document: colour.convert_profile(document, profiles.profile(profiles.ADOBE_RGB)),
    "wand": lambda document: select.wand(document, (20, 10), 20, "add"),
    "wand everywhere": lambda document: select.wand(document, (20, 10), 90, contiguous=False),
    "similar": lambda document: select.similar(document, 40),
    "colour range": lambda document: select.colour_range(document, [(90, 90, 90)], 120),
    "everything": select.everything,
    "grow": lambda document: select.grow(document, 7.5),
    "shrink": lambda document: select.shrink(document, 7),
    "border": lambda document: select.border(document, 9),
    "feather": lambda document: select.feather(document, 12),
    "smooth": lambda document: select.smooth(document, 5),
    "transform": lambda document: transformed(document, "auto"),
    "move": lambda document: transform.move(document, document.layers[4], 31, 17),
}


def shown(document: Document) -> tuple:
    selection = document.selection.read(document.rect).tobytes()
    return document.rect, document.composite(document.rect).tobytes(), selection


@pytest.mark.parametrize("name", EDITS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(part=st.floats(0, 1))
def test_an_edit_called_off_at_any_moment_changes_nothing(document, name, part):
    edit = EDITS[name]
    before = state(document)
    counting = Counting()
    with counting.active():
        edit(document)
    assert counting.ticks > 1
    assert counting.fractions == sorted(counting.fractions)
    assert 0 < counting.fraction <= 1
    done = shown(document)
    document.undo()
    entries, told = list(document.history.entries), []
    document.observers.append(told.append)
    off = Counting(last=round(part * (counting.ticks - 1)))
    with off.active(), pytest.raises(Cancelled):
        edit(document)
    document.observers.remove(told.append)
    assert state(document) == before
    assert document.history.entries == entries and document.history.can_redo
    assert len(told) <= (name in ("transform", "move"))  # it is told that it shows what it showed before
    edit(document)
    assert shown(document) == done
    document.undo()
    assert state(document) == before


def test_too_late_to_cancel():
    progress_ = Progress()
    with progress_.active():
        assert progress.commit(lambda: 7) == 7
    assert not progress_.cancel()
    with progress_.active():
        progress.check()  # does not raise
        assert list(each([1, 2])) == [1, 2]


def test_called_off_before_the_commit():
    off = Progress()
    assert off.cancel()
    made = []
    with off.active(), pytest.raises(Cancelled):
        progress.commit(lambda: made.append(1))
    assert made == []


def test_loops_in_loops_add_up_to_the_whole():
    seen = []
    whole = Progress()
    with whole.active():
        for _ in each(["a", "bb"], len):
            seen.extend(whole.fraction for _ in each(range(2)))
    np.testing.assert_allclose(seen, [0, 1 / 6, 1 / 3, 2 / 3])
    assert whole.fraction == pytest.approx(1)


def test_portions_are_of_what_is_being_done():
    seen = []
    whole = Progress()
    with whole.active():
        for _ in each(range(2)):
            with portion(0.5):
                seen.append(whole.fraction)
            with portion(0.5):
                seen.append(whole.fraction)
    np.testing.assert_allclose(seen, [0, 0.25, 0.5, 0.75])


@pytest.mark.parametrize("total", [0, 2, 9])
def test_a_wrong_count_loses_no_item(total):
    whole = Progress()
    with whole.active():
        assert list(each(iter(range(5)), total=total)) == [0, 1, 2, 3, 4]
    assert whole.fraction <= 1


def test_without_a_progress_nothing_is_counted():
    assert list(each(iter("ab"))) == ["a", "b"]
    with portion(0.5):
        progress.check()
    assert progress.in_owner(lambda: 3) == progress.commit(lambda: 3) == 3


def test_threads_stop_soon():
    begun, off = [], Progress()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            off.cancel()

    with off.active(), pytest.raises(Cancelled):
        in_threads(work, range(1000))
    assert len(begun) < 1000


def test_what_a_thread_raises_comes_out():
    def work(number: int) -> None:
        if number == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        in_threads(work, range(6))


# -- another thread ---


def test_another_thread_has_the_document_changed_by_its_owner():
    pixels = np.random.default_rng(0).integers(0, 256, (300, 300, 4), np.uint8)
    document = Document.from_pixels(pixels)
    threads, asked = [], queue.Queue()
    document.observers.append(lambda change: threads.append(threading.current_thread()))

    def hand_over(call):
        answer = queue.Queue()
        asked.put((call, answer))
        return answer.get(timeout=5)

    def edit() -> None:
        with Progress(hand_over).active():
            canvas.rotate(document, 90)
        asked.put((None, None))

    worker = threading.Thread(target=edit)
    worker.start()
    while (item := asked.get(timeout=5))[0] is not None:
        item[1].put(item[0]())
    worker.join()
    assert threads == [threading.current_thread()]
    np.testing.assert_array_equal(document.composite(document.rect), np.rot90(pixels, -1))


def test_a_busy_document_refuses_every_edit(make_document, whole):
    document = make_document()
    canvas.flip(document, horizontal=True)
    canvas.flip(document, horizontal=False)
    document.undo()
    before, entries = whole(document), list(document.history.entries)
    document.busy = Progress()
    for edit in (
        lambda: canvas.rotate(document, 90),
        lambda: document.set_layer(document.layers[0], "opacity", 0.5, "Opacity"),
        document.undo,
        document.redo,
        lambda: document.go_to(0),
    ):
        with pytest.raises(Busy, match="Wait"):
            edit()
    assert (whole(document), document.history.entries, document.history.position) == (before, entries, 1)
    document.busy = None
    document.undo()


# -- the thread that is there only while it is needed ---


@pytest.fixture(autouse=True)
def short_linger(monkeypatch):
    monkeypatch.setattr(parallel, "_LINGER", 0.01)


def is_there(name: str) -> bool:
    return name in [thread.name for thread in threading.enumerate()]


def test_the_background_makes_calls_in_order_and_goes():
    background, made = Background("test"), []
    for number in range(50):
        background.submit(lambda number=number: made.append((number, threading.current_thread().name)))
    assert background.wait(5)
    assert made == [(number, "test") for number in range(50)]
    deadline = time.monotonic() + 5
    while is_there("test") and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not is_there("test")
    background.submit(lambda: made.append("again"))
    assert background.wait(5) and made[-1] == "again"


def test_the_background_stops_with_what_has_begun():
    background, gate, made = Background("test"), threading.Event(), []
    begun = threading.Event()

    def first() -> None:
        begun.set()
        gate.wait(5)
        made.append(1)

    background.submit(first)
    background.submit(lambda: made.append(2))
    begun.wait(5)
    threading.Timer(0.05, gate.set).start()
    background.stop()
    background.submit(lambda: made.append(3))
    assert background.wait(5) and made == [1]


def test_a_call_that_fails_is_told_and_does_not_hold_up_the_next(monkeypatch):
    told = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: told.append(kind))
    background, made = Background("test"), []
    background.submit(lambda: 1 / 0)
    background.submit(lambda: made.append(1))
    assert background.wait(5) and made == [1] and told == [ZeroDivisionError]
