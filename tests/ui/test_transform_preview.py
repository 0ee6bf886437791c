"""What is shown of a transform before it is made: near to what it will be, and quick on a large picture."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage

from editor.document import select, stack
from editor.document.layers import LayerMask, PixelLayer
from editor.document.tiles import TiledImage
from editor.document.transform import FreeTransform, rotation, scaling, translation
from editor.ui.transform_preview import TransformPreview
from editor.ui.view import View


def soft(width: int, height: int, seed: int = 0, dtype=np.uint8) -> np.ndarray:
    """A smooth opaque picture, in which a nearby pixel has a similar colour."""
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [np.sin((columns * (k + 1) + rows * (3 - k) + seed * 50) / 90) for k in range(3)]
    full = np.iinfo(dtype).max
    pixels = np.full((height, width, 4), full, dtype)
    pixels[..., :3] = np.stack([(plane + 1) / 2 * full for plane in planes], axis=-1)
    return pixels


def array(image: QImage) -> np.ndarray:
    """(h, w, 4) premultiplied RGBA."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


def expected(document, area, step) -> np.ndarray:
    """The document in the same pixels, each picked from the middle of those that it stands for."""
    pixels = document.composite(document.rect)[step // 2 :: step, step // 2 :: step].astype(float)
    pixels /= document.maximum / 255
    pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels[area.slices]


def view_of(document, zoom: float, size: QSize) -> View:
    view = View(document.width, document.height)
    view.fit(size)
    view.zoom_at(QRect(0, 0, size.width(), size.height()).center().toPointF(), zoom)
    return view


@pytest.fixture
def document(make_document):
    """Half a soft patch over a soft background, both reaching beyond the canvas a bit."""
    made = make_document(pixels=soft(600, 400))
    patch = soft(200, 150, seed=3)
    patch[:, 100:, 3] = 140
    stack.add(made, PixelLayer("Patch", TiledImage.from_array(patch, 450, 100)))
    return made


MATRICES = {
    "moved": translation(-120, 37),
    "turned": rotation(25, (550, 170)),
    "smaller": scaling(0.6, 0.4, (500, 150)),
    "mirrored": scaling(-1.5, 1, (460, 150)),
    "perspective": np.array([[1, 0.1, -150], [0, 1, 20], [0.0004, 0.0002, 1]]),
}


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
@pytest.mark.parametrize("zoom", [1.0, 0.4])
@pytest.mark.parametrize("case", ["layer", "selection", "copy", "mask", "group"])
def test_it_shows_about_what_will_be(document, matrix, zoom, case):
    layer = document.layers[1]
    if case == "selection":
        select.ellipse(document, (460, 110, 120, 120))
    if case == "mask":
        stack.set_mask(document, layer, LayerMask(TiledImage(1, np.uint8, 255)), "Mask")
        select.rectangle(document, (450, 100, 80, 90))
        stack.set_mask(document, layer, LayerMask(document.selection.snapshot()), "Mask")
        select.nothing(document)
    if case == "group":
        layer = stack.group(document, [layer])
    transform = FreeTransform(document, layer, duplicate=case == "copy")
    transform.matrix = matrix
    preview = TransformPreview(document, transform)
    preview.moving = False
    image, area, step = preview.image(view_of(document, zoom, QSize(700, 500)), QRect(0, 0, 700, 500))
    assert step == (1 if zoom == 1.0 else 2)
    shown = array(image).astype(float)
    before = document.composite(document.rect).tobytes()
    transform.commit()
    assert document.composite(document.rect).tobytes() != before
    difference = np.abs(shown - expected(document, area, step))
    assert difference.mean() < 1.5
    assert (difference.max(axis=2) > 40).mean() < 0.02  # edges, a part of a pixel aside


def test_sixteen_bits(make_document):
    document = make_document(pixels=soft(300, 200, dtype=np.uint16))
    select.rectangle(document, (50, 50, 80, 80), feather=10)
    transform = FreeTransform(document, document.layers[0])
    transform.matrix = translation(60, 20)
    preview = TransformPreview(document, transform)
    preview.moving = False
    image, area, step = preview.image(view_of(document, 1.0, QSize(400, 300)), QRect(0, 0, 400, 300))
    transform.commit()
    assert np.abs(array(image) - expected(document, area, step)).mean() < 1.5


def test_only_what_is_seen_is_made(document):
    transform = FreeTransform(document, document.layers[1])
    transform.matrix = translation(3, 3)
    preview = TransformPreview(document, transform)
    view = view_of(document, 8.0, QSize(400, 300))
    image, area, _ = preview.image(view, QRect(0, 0, 400, 300))
    assert area.width < 70 and area.height < 60 and (image.width(), image.height()) <= (70, 60)
    view.pan(100_000, 0)
    assert preview.image(view, QRect(0, 0, 400, 300)) is None


def test_a_second_look_at_the_same_is_free(document):
    transform = FreeTransform(document, document.layers[1])
    transform.matrix = translation(3, 3)
    preview, view = TransformPreview(document, transform), view_of(document, 0.5, QSize(400, 300))
    first = preview.image(view, QRect(0, 0, 400, 300))
    assert preview.is_new
    assert preview.image(view, QRect(0, 0, 400, 300)) is first and not preview.is_new
    transform.matrix = translation(4, 3)
    assert preview.image(view, QRect(0, 0, 400, 300)) is not first and preview.moving


def test_while_it_moves_it_is_quick_on_24_megapixels(make_document):
    """In the time of this process, as others may run beside it; a look takes a part of that."""
    pixels = np.full((4000, 6000, 4), 255, np.uint8)
    pixels[..., 0] = np.arange(6000) % 256
    document = make_document(pixels=pixels)
    stack.add(document, PixelLayer("Upper", TiledImage.from_array(pixels[:2000, :3000].copy(), 900, 700)))
    transform = FreeTransform(document, document.layers[1])
    size = QSize(1010, 740)
    preview, view = TransformPreview(document, transform), View(6000, 4000)
    view.fit(size)
    taken = []
    for turn in range(1, 12):
        transform.matrix = rotation(7 * turn, (2000, 1500))
        start = time.process_time()
        preview.image(view, QRect(0, 0, size.width(), size.height()))
        taken.append(time.process_time() - start)
    assert preview.moving and np.median(taken[2:]) < 0.1
