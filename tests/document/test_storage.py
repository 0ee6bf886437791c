"""Documents from files and back; what is being saved does not change under the saver."""

import numpy as np
import pytest

from editor.document import guides, masks, storage
from editor.document.files import raster
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.history import Part, TileSwap
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage, TileWriter


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(("grey", "alpha"), [(False, False), (False, True), (True, False), (True, True)])
def test_open_and_save_again(tmp_path, make_document, suffix, bits, grey, alpha):
    made = make_document(300, 40, bits=bits, grey=grey, alpha=alpha)
    pixels = made.composite(made.rect)
    source, target = tmp_path / f"source{suffix}", tmp_path / f"target{suffix}"
    raster.write(source, raster.Raster(pixels, grey, alpha, Metadata(dpi=(300.0, 300.0))))

    document = storage.open_document(source)
    assert (document.width, document.height, document.bits) == (300, 40, bits)
    assert (document.grey, document.has_alpha) == (grey, alpha)
    assert document.path == source.absolute()
    assert [layer.name for layer in document.layers] == ["Background"]
    assert not document.history.modified
    assert document.composite(document.rect).tobytes() == pixels.tobytes()

    storage.save(document, target)
    again = raster.read(target)
    assert again.pixels.tobytes() == pixels.tobytes()
    assert (again.grey, again.has_alpha) == (grey, alpha)
    assert again.metadata.dpi == pytest.approx((300, 300), abs=0.1)


def test_later_edits_do_not_reach_a_snapshot(tmp_path, make_document):
    document = make_document(300, 280, alpha=True)
    image = TiledImage(4, np.uint8)
    TileWriter(image).write(Rect(200, 200, 90, 70), np.full((70, 90, 4), 130, np.uint8))
    document.set_layers((*document.layers, PixelLayer("above", image, opacity=0.5)), "Add")
    shown = document.composite(document.rect)
    snapshot = document.snapshot()

    background, above = document.layers
    for layer in document.layers:
        writer = TileWriter(layer.image)
        writer.write(Rect(0, 0, 300, 280), np.full((280, 300, 4), 9, np.uint8))
        document.record("Paint", TileSwap(layer.image, writer.before, Part.PIXELS))
    document.set_layer(above, "opacity", 1.0, "Opacity")
    document.set_layer(background, "visible", False, "Hide")
    document.edit("Invert", masks.invert(document.selection, document.rect))
    document.set_layers((above,), "Delete")

    storage.save(snapshot, tmp_path / "out.png")
    assert raster.read(tmp_path / "out.png").pixels.tobytes() == shown.tobytes()
    document.go_to(1)
    assert document.composite(document.rect).tobytes() == shown.tobytes()


def test_a_snapshot_copies_no_pixels(make_document):
    document = make_document(600, 600)
    snapshot = document.snapshot()
    for key, tile in document.layers[0].image.tiles.items():
        assert snapshot.layers[0].image.tiles[key] is tile


def test_transparency_made_in_the_editor_is_saved(tmp_path, make_document):
    document = make_document()
    document.set_layer(document.layers[0], "opacity", 0.5, "Opacity")
    storage.save(document, tmp_path / "out.png")
    saved = raster.read(tmp_path / "out.png")
    assert saved.has_alpha
    assert (saved.pixels[..., 3] == 128).all()


def test_the_order_and_visibility_of_layers_is_saved(tmp_path, make_document):
    below, above = make_document(), make_document(seed=1)
    top = above.composite(above.rect)
    below.set_layers((*below.layers, *above.layers), "Add")
    storage.save(below, tmp_path / "above.png")
    below.set_layer(below.layers[1], "visible", False, "Hide")
    storage.save(below, tmp_path / "below.png")
    pixels = raster.read(tmp_path / "above.png").pixels
    assert pixels.tobytes() == top.tobytes()
    pixels = raster.read(tmp_path / "below.png").pixels
    assert pixels.tobytes() == below.layers[0].image.read(below.rect).tobytes()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".psd", ".PSB"])
def test_guides_are_named_where_they_are_not_kept(tmp_path, make_document, suffix):
    document = make_document(40, 30)
    path = tmp_path / f"a{suffix}"
    assert storage.losses(document, path) == []
    before = tmp_path / f"before{suffix}"
    storage.save(document, before)
    guides.add(document, Guide(LINE, ((0, 0), (40, 30))), Guide(INK, ((5, 5), (30, 5)), 9))
    assert storage.losses(document, path) == ["the guide lines (structure lines and sketch)"]
    assert storage.losses(document, tmp_path / "a.ora") == []
    storage.save(document, path)
    assert path.read_bytes() == before.read_bytes()  # they are no part of the picture
    assert storage.open_document(path).guides == ()


def test_errors_are_file_errors(tmp_path, make_document):
    with pytest.raises(FileError, match="does not exist"):
        storage.open_document(tmp_path / "none.png")
    with pytest.raises(FileError, match="folder does not exist"):
        storage.save(make_document(), tmp_path / "none" / "out.png")
    assert list(tmp_path.iterdir()) == []
