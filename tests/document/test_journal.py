"""What a journal writes comes back, up to wherever its file is damaged; a disk that fails stops nobody."""

import errno
import os
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from editor.document import guides, masks, recovery
from editor.document.files.errors import FileError
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, MAX_GUIDES, Guide
from editor.document.history import Part, TileSwap
from editor.document.journal import file as journal_file
from editor.document.journal import records, writer
from editor.document.journal.replay import replay
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage, TileWriter


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LACUNA_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state" / "recovery"


@pytest.fixture
def kept(make_document):
    """A document of one layer that is kept, its journal, and the troubles that were told of."""
    document = make_document(600, 300)
    troubles: list[str] = []
    journal = recovery.begin(document, None, troubles.append)
    assert journal.wait(10)
    yield document, journal, troubles
    journal.close()
    journal.join(10)


def journals(state: Path) -> list[Path]:
    return sorted(state.glob("*/journal-*"))


def paint(document, x, y, width=20, height=20, seed=0, layer=0) -> None:
    image = document.layers[layer].image
    colours = np.random.default_rng(seed).integers(0, document.maximum, (height, width, 4), document.dtype)
    brush = TileWriter(image)
    brush.write(Rect(x, y, width, height), colours)
    document.record("Paint", TileSwap(image, brush.before, Part.PIXELS))


def shown(document) -> tuple:
    names = [entry.name for entry in document.history.entries], document.history.position
    layers = [
        (layer.name, layer.opacity, layer.image.read(Rect(-300, -300, 1200, 900)).tobytes())
        for layer in document.layers
    ]
    return names, layers, document.selection.read(document.rect).tobytes(), document.guides


def replayed(path: Path) -> tuple:
    document = replay(path).document
    try:
        return shown(document)
    finally:
        document.history.close()


def test_an_entry_costs_what_it_changes(kept, state):
    document, journal, _ = kept

    def cost(edit) -> int:
        before = journals(state)[0].stat().st_size
        edit()
        assert journal.wait(10)
        return journals(state)[0].stat().st_size - before

    assert 20 * 20 * 4 < cost(lambda: paint(document, 240, 100)) < 20 * 20 * 4 + 600  # on two tiles
    assert cost(document.undo) < 100
    assert cost(document.redo) < 100
    assert cost(lambda: document.set_layer(document.layers[0], "opacity", 0.3, "Opacity")) < 300
    copy = document.layers[0].snapshot()
    assert cost(lambda: document.set_layers([*document.layers, copy], "Duplicate")) < 1000
    red = TiledImage.from_array(np.full((1024, 1024, 4), (255, 0, 0, 255), np.uint8))
    assert cost(lambda: document.set_layers([*document.layers, PixelLayer("Red", red)], "Fill")) < 1500
    assert cost(lambda: document.edit("Invert", masks.invert(document.selection, document.rect))) < 3000
    assert replayed(journals(state)[0]) == shown(document)


def test_of_guides_only_what_is_new_is_written(kept, state):
    document, journal, _ = kept
    random = np.random.default_rng(0)
    strokes = [Guide(INK, random.uniform(0, 300, (200, 2)), 3, random.uniform(0, 1, 200)) for _ in range(50)]
    lines = [Guide(LINE, random.uniform(0, 300, (2, 2))) for _ in range(50)]
    edits = [
        lambda: guides.add(document, *strokes),
        *(lambda line=line: guides.add(document, line) for line in lines),
        lambda: guides.replace(document, lines[7], Guide(LINE, ((1, 2), (3, 4)), enabled=False)),
        lambda: guides.delete(document, strokes[10:40:3]),
        document.undo,
        document.undo,
        lambda: guides.delete(document, [strokes[0], strokes[2], lines[9]]),
        lambda: guides.erase(document, [(20, 20), (25, 20)], 2),
        lambda: guides.clear(document, INK),
    ]
    costs = []
    for edit in edits:
        before = journals(state)[0].stat().st_size
        edit()
        assert journal.wait(10)
        costs.append(journals(state)[0].stat().st_size - before)
        assert replayed(journals(state)[0]) == shown(document)
    assert costs[0] > 50 * 200 * 20
    assert max(costs[1:56]) < 50 + 101 * 30
    document.go_to(0)
    assert journal.wait(10)
    again = replay(journals(state)[0]).document
    for place in range(len(document.history.entries) + 1):
        document.go_to(place)
        again.go_to(place)
        assert again.guides == document.guides
    again.history.close()


def test_an_eraser_in_progress_writes_nothing(kept, state):
    document, journal, _ = kept
    guides.add(document, Guide(INK, ((0, 10), (100, 10))))
    assert journal.wait(10)
    before = journals(state)[0].stat().st_size
    eraser = guides.Eraser(document, 3)
    eraser.line_to(50, 10)
    assert journal.wait(10)
    assert journals(state)[0].stat().st_size == before
    eraser.commit()
    assert journal.wait(10)
    assert len(document.guides) == 2
    assert replayed(journals(state)[0]) == shown(document)


def test_a_stroke_in_progress_writes_nothing(kept, state):
    document, journal, _ = kept
    before = journals(state)[0].stat().st_size
    brush = TileWriter(document.selection)
    area = masks.draw_segment(brush, (10, 10), (90, 90), (20, 20), 0.5, document.rect)
    document.notify(area, Part.SELECTION)
    assert journal.wait(10)
    assert journals(state)[0].stat().st_size == before
    brush.roll_back()
    document.notify(area, Part.SELECTION)
    paint(document, 5, 5)
    assert journal.wait(10)
    assert replayed(journals(state)[0]) == shown(document)


def test_a_tile_that_only_moves(kept, state):
    document, journal, _ = kept
    image = TiledImage.from_array(np.random.default_rng(2).integers(0, 256, (256, 256, 4), np.uint8))
    document.set_layers([*document.layers, PixelLayer("One tile", image)], "Add")
    document.edit("Move", TileSwap(image, {(0, 0): None, (0, 1): image.tiles[0, 0]}, Part.PIXELS))
    assert journal.wait(10)
    assert replayed(journals(state)[0]) == shown(document)


def test_tiles_that_are_views_into_wider_arrays(kept, state):
    document, journal, _ = kept
    wide = np.random.default_rng(3).integers(0, 256, (512, 512, 8), np.uint8)
    image = TiledImage.from_array(wide[..., 2:6])
    document.set_layers([*document.layers, PixelLayer("Views", image)], "Add")
    paint(document, 30, 30, layer=1)
    assert journal.wait(10)
    assert replayed(journals(state)[0]) == shown(document)


def damaged_at(tmp_path: Path, data: bytes) -> tuple | None:
    path = tmp_path / "journal-1"
    path.write_bytes(data)
    try:
        return replayed(path)
    except (FileError, records.NotAJournal):
        return None


@pytest.fixture
def history_on_disk(kept, state) -> tuple[bytes, list[tuple[int, tuple | None]]]:
    """A journal, and how long it was when it held which state: each holds until the next."""
    document, journal, _ = kept
    lengths: list[tuple[int, tuple | None]] = [(0, None)]
    lengths.append((journals(state)[0].stat().st_size, shown(document)))
    edits = [
        lambda: paint(document, 100, 20, seed=1),
        lambda: document.set_layer(document.layers[0], "opacity", 0.5, "Opacity"),
        document.undo,
        lambda: paint(document, -40, 200, 90, 90, seed=2),
        lambda: document.set_layers([*document.layers, PixelLayer("Above", TiledImage(4, "uint8"))], "Add"),
        lambda: paint(document, 10, 10, 300, 50, seed=3, layer=1),
        lambda: guides.add(document, Guide(LINE, ((1, 2), (3, 4))), Guide(INK, ((5, 6), (7, 8)), 9, (0, 1))),
        lambda: guides.delete(document, document.guides[:1]),
        document.undo,
        document.undo,
        document.undo,
        document.redo,
        document.redo,
        document.redo,
    ]
    for edit in edits:
        edit()
        assert journal.wait(10)
        lengths.append((journals(state)[0].stat().st_size, shown(document)))
    return journals(state)[0].read_bytes(), lengths


def test_a_journal_cut_off_anywhere_holds_all_that_was_whole(history_on_disk, tmp_path):
    data, lengths = history_on_disk
    cuts = {length + more for length, _ in lengths[1:] for more in (-1, 0, 1, 19, 200)}
    cuts |= set(np.random.default_rng(0).integers(0, len(data), 30).tolist())
    for cut in sorted(cut for cut in cuts if cut <= len(data)):
        at = max(index for index, (length, _) in enumerate(lengths) if length <= cut)
        assert damaged_at(tmp_path, data[:cut]) == lengths[at][1], f"cut at {cut} of {len(data)}"


def test_a_damaged_byte_costs_what_comes_after_it(history_on_disk, tmp_path):
    data, lengths = history_on_disk
    random = np.random.default_rng(1)
    start = lengths[1][0]
    places = random.integers(start, len(data), 60).tolist() + random.integers(0, start, 5).tolist()
    places += [data.index(b'"opacity":0.5') + 12, data.index(b'"Above"') + 3, data.rindex(b'"state":') + 8]
    for place in places:
        broken = bytearray(data)
        broken[place] ^= 1 << int(random.integers(8))
        at = max(index for index, (length, _) in enumerate(lengths) if length <= place)
        assert damaged_at(tmp_path, bytes(broken)) == lengths[at][1], f"byte {place}"


def test_records_of_the_right_form_and_wrong_content_are_damage(history_on_disk, tmp_path):
    data, lengths = history_on_disk
    expected = lengths[-1][1]
    entry = {"kind": "entry", "state": 50, "parent": 4, "name": "Bad"}
    entry |= {"document": {}, "layers": [], "changed": []}
    bad = [
        {"kind": "unknown"},
        {},
        {"kind": "position", "state": 99},
        {"kind": "position", "state": None},
        {"kind": "saved", "path": 3, "saved": 0},
        {"kind": "entry", "parent": 1},
        *(
            entry | what
            for what in (
                {"document": {"width": "wide"}},
                {"document": {"width": -3}},
                {"document": {"width": 10**9}},
                {"document": {"history": None}},
                {"document": {"layers": {"tuple": [{"layer": 1}, {"layer": 1}]}}},
                {"document": {"dtype": {"dtype": "float64"}}},
                {"changed": [{"id": 1, "attributes": {"opacity": 7}}]},
                {"changed": [{"id": 1, "attributes": {"blend_mode": []}}]},
                {"changed": [{"id": 1, "attributes": {"snapshot": None}}]},
                {"changed": [{"id": 77, "attributes": {}}]},
                {"changed": [{"id": 1, "attributes": {"lock": {"lock": 4096}}}]},
                {"changed": [{"id": 1, "attributes": {"name": {"bytes": "*"}}}]},
                {"layers": [{"id": 9, "type": "Document", "attributes": {}}]},
                {"layers": [{"id": 9, "type": "Group", "attributes": {"name": 3, "tile": 4}}]},
                {"document": {"guides": {"tuple": [{"kept": 1}]}}},
                {"document": {"guides": {"tuple": [{"kept": -1}]}}},
                {"document": {"guides": {"tuple": [1]}}},
                {"document": {"guides": {"guide": Guide(LINE, ((1, 2), (3, 4))).to_dict()}}},
                {"document": {"guides": {"tuple": [{"guide": {"kind": "line", "points": []}}]}}},
                {"document": {"guides": {"tuple": [{"kept": 0}] * (MAX_GUIDES + 1)}}},
                {"name": 5},
            )
        ),
    ]
    for values in bad:
        assert damaged_at(tmp_path, data + records.packed(values)) == expected, values
    for tile in (
        [0, 0, "pixels", 0, 0, 256, 256, 5, False],
        [0, 0, "pixels", 200, 0, 100, 1, 400, False],
        [0, 0, "pixels", 0, 0, 1, 1, 4, True],
        [0, 0, "again", 3],
        [0, 0, "from", 2, 99, 99],
        [0, 0, "fill", [1, 2]],
        [0, 0, "fill", [999, 0, 0, 0]],
        [1 << 40, 0],
        ["0", 0],
        [0],
    ):
        part = {"kind": "tiles", "planes": [{"id": 2, "tiles": [tile]}]}
        added = records.packed(part, bytes(400)) + records.packed(entry)
        assert damaged_at(tmp_path, data + added) == expected, tile


def test_other_files_are_no_journals(tmp_path):
    path = tmp_path / "journal-1"
    for data in (b"", b"\x89PNG", records.MAGIC, records.MAGIC + b"\2\0\0\0", os.urandom(400)):
        path.write_bytes(data)
        with pytest.raises(records.NotAJournal):
            replay(path)


def test_states_that_wait_too_long_are_taken_together(kept, state, monkeypatch):
    document, journal, troubles = kept
    monkeypatch.setattr(writer, "QUEUE", 1 << 20)
    go_on, append = threading.Event(), journal_file.JournalFile.append

    def slow(self, *arguments) -> None:
        assert go_on.wait(10)
        append(self, *arguments)

    monkeypatch.setattr(journal_file.JournalFile, "append", slow)
    for number in range(30):
        paint(document, 0, 0, 500, 200, seed=number)
    document.undo()  # to a state that the journal may not have seen
    go_on.set()
    assert journal.wait(10) and troubles == []
    recovered = replay(journals(state)[0]).document
    assert shown(recovered)[1:] == shown(document)[1:]
    assert 1 <= len(recovered.history.entries) < 20
    paint(document, 9, 9)
    document.undo()
    document.undo()
    assert journal.wait(10)
    assert replayed(journals(state)[0])[1:] == shown(document)[1:]


@pytest.fixture
def disk(monkeypatch):
    """A disk that takes ``room`` bytes more, None for any number."""

    class Disk:
        room: int | None = None
        error = errno.ENOSPC

    write = records.write

    def limited(file, data) -> None:
        if Disk.room is not None and len(data) > Disk.room:
            write(file, data[: Disk.room])
            Disk.room = 0
            raise OSError(Disk.error, os.strerror(Disk.error))
        if Disk.room is not None:
            Disk.room -= len(data)
        write(file, data)

    monkeypatch.setattr(records, "write", limited)
    monkeypatch.setattr(writer, "RETRY", 0.05)
    return Disk


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_takes_nothing_for_a_while(kept, state, disk, error):
    document, journal, troubles = kept
    disk.error = error
    paint(document, 10, 10, seed=1)
    assert journal.wait(10)
    before, size = shown(document), journals(state)[0].stat().st_size
    disk.room = 1000
    for number in range(5):
        paint(document, 50, 50, 100, 100, seed=number)
    assert not journal.wait(10)
    assert len(troubles) == 1 and "\n" not in troubles[0]
    assert replayed(journals(state)[-1]) == before
    time.sleep(0.3)  # several tries
    assert journals(state)[-1].stat().st_size == size
    disk.room = None
    paint(document, 0, 0, seed=9)
    while not journal.wait(10):
        pass
    assert replayed(journals(state)[-1])[1:] == shown(document)[1:]
    assert len(troubles) == 1 and len(journals(state)) == 1
    _, kept_steps = replayed(journals(state)[0])[0]
    for number in range(3):
        paint(document, 9, 9, seed=number)
        assert journal.wait(10)
    assert replayed(journals(state)[0])[0][1] == kept_steps + 3


def test_a_disk_full_from_the_start(make_document, state, disk):
    document, troubles = make_document(600, 300), []
    disk.room = 100
    journal = recovery.begin(document, None, troubles.append)
    paint(document, 0, 0)
    assert not journal.wait(10) and len(troubles) == 1
    assert [each.name for each in state.glob("*/*")] == ["lock"]
    disk.room = None
    while not journal.wait(10):
        pass
    assert replayed(journals(state)[0])[1:] == shown(document)[1:]
    journal.close()
    journal.join(10)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_after_a_sync_that_failed_a_new_journal_is_begun(kept, state, monkeypatch, error):
    document, journal, troubles = kept
    monkeypatch.setattr(writer, "RETRY", 0.05)
    monkeypatch.setattr(writer, "SYNC", 0.0)
    failing = [True]

    def sync(descriptor: int) -> None:
        if failing:
            failing.clear()
            raise OSError(error, os.strerror(error))

    monkeypatch.setattr(journal_file, "_datasync", sync)
    paint(document, 0, 0)
    while not journal.wait(10):
        pass
    assert [each.name for each in journals(state)] == ["journal-2"]
    assert len(troubles) == 1
    assert replayed(journals(state)[0])[1:] == shown(document)[1:]


def test_a_journal_grown_too_large_is_begun_anew(make_document, state, monkeypatch):
    monkeypatch.setattr(writer, "LARGEST", 0)
    document = make_document(600, 300)
    journal = recovery.begin(document, None, pytest.fail)
    begun = 0
    for number in range(40):
        paint(document, 0, 0, 600, 300, seed=number)
        if number % 5 == 4:
            document.undo()
        assert journal.wait(10)
        (path,) = journals(state)
        begun = int(path.name[-1])
        assert replayed(path)[1:] == shown(document)[1:]
        assert path.stat().st_size < 6 * document.layers[0].image.nbytes
    assert begun > 2
    journal.close()
    journal.join(10)


def test_what_the_journal_does_not_know_stops_it_and_nothing_else(kept, monkeypatch):
    document, journal, troubles = kept
    raised: list = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    document.set_layer(document.layers[0], "name", object(), "Not a name")
    assert not journal.wait(10)
    paint(document, 3, 3)
    document.undo()
    journal.join(10)
    assert len(troubles) == 1 and raised[0].exc_type is TypeError


def test_a_copy_of_the_folder_is_enough(kept, state, tmp_path):
    """Nothing of the process that wrote it is needed."""
    document, journal, _ = kept
    paint(document, 0, 0)
    assert journal.wait(10)
    copy = Path(shutil.copytree(journals(state)[0].parent, tmp_path / "copy"))
    assert replayed(copy / "journal-1") == shown(document)
