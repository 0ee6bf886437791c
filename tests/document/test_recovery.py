"""What can be recovered after a crash, in which state, by whom; and what is left when nothing crashed."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from editor.document import guides, recovery, storage
from editor.document.adjustments import Exposure
from editor.document.files.errors import FileError
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.history import History, Part, TileSwap
from editor.document.journal import file as journal_file
from editor.document.journal import records
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage, TileWriter


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LACUNA_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state" / "recovery"


@pytest.fixture
def crash(tmp_path, monkeypatch):
    """Has the folder of states from now on be as a kill -9 at this moment would have left it."""

    def now(*journals) -> Path:
        for journal in journals:
            assert journal.wait(10)
        before = Path(os.environ["LACUNA_STATE_DIR"])
        after = before.with_name(f"{before.name}+")
        shutil.copytree(before, after)
        for journal in journals:
            journal.close()
            journal.join(10)
        monkeypatch.setenv("LACUNA_STATE_DIR", str(after))
        return after / "recovery"

    return now


@pytest.fixture
def settled(monkeypatch) -> None:
    """Files that were written this moment count as untouched for long."""
    monkeypatch.setattr(journal_file, "SETTLED", -3600)


@pytest.fixture
def picture(make_document, tmp_path) -> Path:
    path = tmp_path / "picture.png"
    storage.save(make_document(300, 280), path)
    return path


def begun(document, source=None):
    return recovery.begin(document, source, pytest.fail)


def paint(document, seed=0, layer=0) -> None:
    image = document.layers[layer].image
    colours = np.random.default_rng(seed).integers(0, 256, (70, 90, 4), np.uint8)
    brush = TileWriter(image)
    brush.write(Rect(200, 30 * seed, 90, 70), colours)
    document.record(f"Paint {seed}", TileSwap(image, brush.before, Part.PIXELS))


def same(one, other) -> bool:
    """Whether both show the same, now and at every place of their history."""
    names = [[entry.name for entry in each.history.entries] for each in (one, other)]
    if names[0] != names[1] or one.history.position != other.history.position:
        return False
    position = one.history.position
    equal = True
    for place in [*range(position, -1, -1), *range(len(names[0]) + 1)]:
        for each in (one, other):
            each.go_to(place)
        equal &= np.array_equal(one.composite(one.rect), other.composite(other.rect))
        equal &= len(one.layers) == len(other.layers)
    for each in (one, other):
        each.go_to(position)
    return bool(equal)


def test_a_document_of_everything_comes_back(make_document, crash):
    document = make_document(300, 280)
    journal = begun(document)
    mask = LayerMask(TiledImage.from_array(np.full((100, 100, 1), 90, np.uint8), default=255), enabled=False)
    recipe = Recipe("remove", "migan", "ab" * 32, "cuda", 2**40, (((0.1, 2.0), (3.0, -4.5)),))
    fill = PixelLayer(
        "Fill – “1”\n",
        TiledImage.from_array(np.full((40, 50, 4), 200, np.uint8), -20, 260),
        recipe=recipe,
        opacity=0.123456789,
        blend_mode="multiply",
        clipping=True,
        mask=mask,
        lock=Lock.ALPHA | Lock.PIXELS,
        visible=False,
    )
    adjustment = AdjustmentLayer("Exposure", Exposure(exposure=1.25))
    group = Group("Group", [adjustment, fill], blend_mode="screen")
    document.set_layers([*document.layers, Group("Outer", [group])], "Add")
    drawn = (
        Guide(LINE, ((0.1, 1 / 3), (-7, 290))),
        Guide(INK, ((1, 2), (3, 4)), 0.7, (0.1, 1 / 3), enabled=False),
    )
    guides.add(document, *drawn)
    crash(journal)
    (found,) = recovery.pending()
    loaded = found.load()
    assert loaded.guides == drawn
    (outer,) = loaded.layers[1:]
    (inner,) = outer.children
    assert (outer.name, outer.blend_mode, inner.blend_mode) == ("Outer", "pass-through", "screen")
    exposure, filled = inner.children
    assert exposure.adjustment == adjustment.adjustment
    for name in ("name", "recipe", "opacity", "blend_mode", "clipping", "lock", "visible"):
        assert getattr(filled, name) == getattr(fill, name), name
    assert not filled.mask.enabled and filled.mask.image.default == 255
    area = Rect(-300, -300, 900, 900)
    assert np.array_equal(filled.image.read(area), fill.image.read(area))
    assert np.array_equal(filled.mask.image.read(area), mask.image.read(area))
    found.close()


def test_what_is_offered(make_document, picture, crash, settled):
    untitled = make_document(40, 30)
    opened = storage.open_document(picture)
    journals = begun(untitled), begun(opened, picture)
    before = time.time()
    for seed in (1, 2, 3):
        paint(opened, seed)
    opened.undo()
    folder = crash(*journals)
    found = {each.name: each for each in recovery.pending()}
    assert found.keys() == {"Untitled", "picture.png"}
    file = found["picture.png"]
    assert (file.path, file.entries, file.modified, file.problem) == (picture, 2, True, None)
    assert before - 2 < file.changed < time.time() + 2
    assert found["Untitled"].path is None and found["Untitled"].entries == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    loaded = file.load()
    assert loaded.path == picture and loaded.history.modified
    assert same(loaded, opened)
    for each in found.values():
        each.discard()
    assert recovery.pending() == []
    assert [each.name for each in folder.iterdir()] == ["lock"]


def test_a_picture_that_was_only_looked_at_is_not_offered(picture, crash, settled):
    folder = crash(begun(storage.open_document(picture), picture))
    assert len(list(folder.iterdir())) == 2
    assert recovery.pending() == []
    assert [each.name for each in folder.iterdir()] == ["lock"]


def test_a_document_that_is_closed_leaves_nothing(make_document, state):
    document = make_document(40, 30)
    journal = begun(document)
    paint(document)
    journal.close()
    journal.join(10)
    assert [each.name for each in state.iterdir()] == ["lock"]
    paint(document, 1)  # nobody listens any more
    assert recovery.pending() == []


def test_where_the_file_lies_and_what_it_holds_is_known(make_document, tmp_path, crash):
    document = make_document(300, 280)
    journal = begun(document)
    paint(document, 1)
    state = document.history.state
    paint(document, 2)
    journal.saved(tmp_path / "saved.tif", state)
    crash(journal)
    (found,) = recovery.pending()
    assert (found.name, found.path, found.modified) == ("saved.tif", tmp_path / "saved.tif", True)
    loaded = found.load()
    assert loaded.history.modified and loaded.path == tmp_path / "saved.tif"
    loaded.undo()
    assert not loaded.history.modified
    found.close()


def test_what_a_running_process_keeps_is_left_alone(make_document, state):
    document = make_document(40, 30)
    journal = begun(document)
    paint(document)
    assert journal.wait(10)
    code = "from editor.document import recovery; print(len(recovery.pending()))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout == "0\n"
    assert recovery.pending() == []
    (folder,) = (each for each in state.iterdir() if each.is_dir())
    held = recovery.Recoverable(folder, "held", None, 0.0, 1, True)
    with pytest.raises(FileError, match="another window"):
        held.load()
    held.discard()
    paint(document, 1)
    assert journal.wait(10) and folder.exists()
    journal.close()
    journal.join(10)


@pytest.mark.parametrize("from_file", [False, True])
def test_after_a_second_crash_the_history_goes_back_before_the_first(picture, crash, settled, from_file):
    document = storage.open_document(picture)
    journal = begun(document, picture if from_file else None)
    paint(document, 1)
    paint(document, 2)
    document.undo()
    for round in range(3):
        crash(journal)
        (found,) = recovery.pending()
        loaded = found.load()
        journal = found.resume(pytest.fail)
        assert recovery.pending() == []
        for each in (document, loaded):
            each.redo()
            paint(each, 3 + round)
            each.set_layer(each.layers[0], "opacity", 0.9 - round / 10, "Opacity")
            each.undo()
            each.undo()
            each.redo()
        assert journal.wait(10)
        assert same(loaded, document)
    journal.close()
    journal.join(10)


def test_a_layer_deleted_and_put_back_is_known_through_crashes(make_document, crash):
    """The history then holds it twice, as it was before and after."""
    document = make_document(300, 280)
    layer = PixelLayer("Layer", TiledImage.from_array(np.full((50, 50, 4), 99, np.uint8)))
    document.layers = (*document.layers, layer)
    journal = begun(document)
    with_layer = document.layers
    document.set_layers(with_layer[:1], "Delete")
    document.set_layers(with_layer, "Put back")
    paint(document, 1, layer=1)
    for back in (3, 1, 0):
        crash(journal)
        (found,) = recovery.pending()
        loaded = found.load()
        assert same(loaded, document)
        journal = found.resume(pytest.fail)
        for each in (document, loaded):
            each.go_to(back)
            if len(each.layers) > 1:
                paint(each, 5 + back, layer=1)
        assert same(loaded, document)
        document = loaded
    journal.close()
    journal.join(10)


def test_after_a_damaged_end_the_journal_goes_on_from_what_is_whole(make_document, crash):
    document = make_document(300, 280)
    journal = begun(document)
    paint(document, 1)
    (path,) = crash(journal).glob("*/journal-1")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[len(whole) // 2 :])
    (found,) = recovery.pending()
    loaded = found.load()
    journal = found.resume(pytest.fail)
    assert journal.wait(10) and path.stat().st_size == len(whole)
    for each in (document, loaded):
        paint(each, 2)
    crash(journal)
    (found,) = recovery.pending()
    assert same(found.load(), document)
    found.close()


def test_the_copy_of_the_opened_file_is_what_counts(picture, crash, settled):
    document = storage.open_document(picture)
    journal = begun(document, picture)
    paint(document, 1)
    assert journal.wait(10)
    picture.unlink()
    folder = crash(journal)
    (copy,) = folder.glob("*/base-1.png")
    (found,) = recovery.pending()
    assert same(found.load(), document)
    found.close()
    with copy.open("ab") as file:
        file.write(b"what a PNG decoder would not even look at")
    (found,) = recovery.pending()
    with pytest.raises(FileError, match="damaged") as error:
        found.load()
    assert "\n" not in str(error.value)
    assert found.folder.exists() and len(recovery.pending()) == 1


def test_guides_of_an_opened_file_are_those_that_later_steps_start_from(tmp_path, crash, settled):
    first = Document.from_pixels(np.full((200, 300, 4), 255, np.uint8))
    drawn = Guide(LINE, ((0.1, 1 / 3), (-7, 290))), Guide(INK, ((1, 2), (3, 4)), 0.7, (0.1, 1 / 3))
    guides.add(first, *drawn)
    path = tmp_path / "a.ora"
    storage.save(first, path)
    document = storage.open_document(path)
    journal = begun(document, path)
    more = Guide(INK, ((9, 9),))
    guides.add(document, more)
    guides.delete(document, drawn[:1])
    folder = crash(journal)
    assert list(folder.glob("*/base-1.ora"))
    (found,) = recovery.pending()
    loaded = found.load()
    assert loaded.guides == (drawn[1], more)
    loaded.undo()
    assert loaded.guides == (*drawn, more)
    loaded.undo()
    assert loaded.guides == drawn
    loaded.redo()
    resumed = found.resume(pytest.fail)
    guides.clear(loaded, INK)
    crash(resumed)
    (found,) = recovery.pending()
    again = found.load()
    assert again.guides == drawn[:1]
    again.undo()
    assert again.guides == (*drawn, more)
    found.close()


def test_a_file_that_may_have_changed_since_is_not_copied(picture, crash):
    document = storage.open_document(picture)
    journal = begun(document, picture)
    paint(document, 1)
    picture.write_bytes(b"another program was here")
    folder = crash(journal)
    assert not list(folder.glob("*/base-1*"))
    (found,) = recovery.pending()
    assert same(found.load(), document)
    found.close()


def test_a_file_that_is_gone_at_once_does_no_harm(picture, crash, settled):
    document = storage.open_document(picture)
    picture.unlink()
    journal = begun(document, picture)
    paint(document, 1)
    crash(journal)
    (found,) = recovery.pending()
    assert same(found.load(), document)
    found.close()


def test_folders_that_make_no_sense(state):
    state.mkdir(parents=True)
    (state / "holiday").mkdir()
    (state / "holiday" / "letter").write_text("not ours")
    (state / "0123456789abcdef").write_text("a file")
    empty, cut, newer, other = (state / (digit * 16) for digit in "abcd")
    for folder in (empty, cut, newer, other):
        folder.mkdir()
    (cut / "journal-1.part").write_bytes(records.file_header())
    (newer / "journal-1").write_bytes(records.MAGIC + (99).to_bytes(4, "little"))
    (other / "journal-7").write_bytes(os.urandom(1000))
    found = recovery.pending()
    assert {each.folder: each.problem for each in found} == {
        newer: "it was kept by another version of Lacuna",
        other: "its journal is damaged",
    }
    assert not empty.exists() and not cut.exists()
    assert (state / "holiday" / "letter").exists()
    for each in found:
        with pytest.raises(FileError) as error:
            each.load()
        assert "\n" not in str(error.value)
        each.discard()
    assert recovery.pending() == []


def test_a_removal_cut_short_is_finished_later(make_document, state):
    half = state / ".gone-aaaaaaaaaaaaaaaa"
    half.mkdir(parents=True)
    (half / "journal-1").write_bytes(bytes(100))
    assert recovery.pending() == []
    journal = begun(make_document(40, 30))
    assert journal.wait(10)
    assert not half.exists()
    journal.close()
    journal.join(10)


def test_steps_beyond_the_budget_are_given_up_and_the_picture_is_not(make_document, crash, monkeypatch):
    document = make_document(300, 280)
    journal = begun(document)
    for seed in range(6):
        paint(document, seed)
    document.go_to(3)
    expected = document.composite(document.rect)
    crash(journal)
    (found,) = recovery.pending()
    for disk_budget in (2 << 20, 1 << 20, 0):
        monkeypatch.setattr(History.__init__, "__defaults__", (0, disk_budget))
        loaded = found.load()
        assert np.array_equal(loaded.composite(loaded.rect), expected)
        assert len(loaded.history.entries) < 6
        loaded.history.close()
        found.close()


def test_nowhere_to_keep_anything(make_document, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LACUNA_STATE_DIR", str(tmp_path / "file"))
    document, troubles = make_document(40, 30), []
    assert recovery.pending() == []
    journal = recovery.begin(document, None, troubles.append)
    paint(document)
    assert not journal.wait(10)
    assert len(troubles) == 1 and "\n" not in troubles[0]
    journal.close()
    journal.join(10)
