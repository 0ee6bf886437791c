"""Revert: all of the document is as in its file, in one step that can be undone."""

import numpy as np

from editor.document import canvas, revert, select, stack, storage
from editor.document.files import raster
from editor.document.files.metadata import Metadata


def test_everything_is_as_saved_and_comes_back_with_undo(tmp_path, make_document, whole):
    path = tmp_path / "a.ora"
    document = make_document(60, 40, alpha=True)
    storage.save(document, path)
    document.path = path
    saved = whole(document)
    stack.add_pixels(document)
    canvas.crop(document, document.rect.intersected(type(document.rect)(5, 5, 20, 20)))
    select.everything(document)
    document.metadata = Metadata(dpi=(72.0, 72.0))
    edited, layers = whole(document), document.layers
    revert.revert(document, storage.open_document(path))
    assert whole(document) == saved
    assert (document.width, document.height) == (60, 40)
    assert [layer.name for layer in document.layers] == ["Background"]
    assert not document.history.modified
    assert document.history.entries[-1].name == "Revert"
    document.undo()
    assert whole(document) == edited
    assert document.layers == layers
    assert document.history.modified
    document.redo()
    assert whole(document) == saved


def test_another_depth_and_size(tmp_path, make_document):
    path = tmp_path / "a.png"
    pixels = np.random.default_rng(0).integers(0, 65536, (20, 30, 4), np.uint16)
    raster.write(path, raster.Raster(pixels, False, True, Metadata()))
    document = make_document(50, 50)
    seen = []
    document.observers.append(seen.append)
    revert.revert(document, storage.open_document(path))
    assert document.bits == 16
    assert np.array_equal(document.composite(document.rect), pixels)
    assert (seen[-1].area.width, seen[-1].area.height) == (50, 50)


def test_the_journal_takes_it(tmp_path, make_document):
    from editor.document.journal.capture import Capturer
    from editor.document.journal.values import encode

    document = make_document()
    storage.save(document, tmp_path / "a.ora")
    revert.revert(document, storage.open_document(tmp_path / "a.ora"))
    capture, _ = Capturer().capture(document)
    for value in capture.document.values():
        encode(value)
