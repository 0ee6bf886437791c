"""The layers over each other, against source-over written out pixel by pixel in float64."""

import numpy as np
import pytest

from editor.document.composite import composite
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.tiles import TiledImage, TileWriter


def over(below, above, opacity, maximum):
    """One RGBA pixel over another (Porter and Duff 1984, straight alpha)."""
    top = above[3] / maximum * opacity
    bottom = below[3] / maximum
    alpha = top + bottom * (1 - top)
    if top == 0 or alpha == 0:
        return list(below)
    colour = [(above[i] * top + below[i] * bottom * (1 - top)) / alpha for i in range(3)]
    return [*colour, alpha * maximum]


def slow(layers, maximum):
    """The composite of ``layers``: (pixels, opacity, visible), bottom first; one pixel at a time."""
    height, width = layers[0][0].shape[:2]
    out = np.zeros((height, width, 4), np.int64)
    for row in range(height):
        for column in range(width):
            pixel, first = [0, 0, 0, 0], True
            for pixels, opacity, visible in layers:
                if not visible or opacity == 0:
                    continue
                above = [int(value) for value in pixels[row, column]]
                pixel = above if first and opacity == 1 else over(pixel, above, opacity, maximum)
                first = False
            out[row, column] = [round(value) for value in pixel]
    return out


def stack(layers):
    return [
        PixelLayer(str(index), TiledImage.from_array(pixels.copy()), visible=visible, opacity=opacity)
        for index, (pixels, opacity, visible) in enumerate(layers)
    ]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "settings",
    [
        [(1.0, True), (1.0, True)],
        [(1.0, True), (0.37, True)],
        [(0.6, True), (1.0, True)],
        [(0.5, True), (0.25, True)],
        [(1.0, False), (0.8, True)],
        [(1.0, True), (0.8, False)],
        [(1.0, True), (0.0, True)],
        [(1.0, True), (1.0, True), (0.5, True)],
    ],
)
def test_against_the_slow_way(make_document, dtype, settings):
    maximum = np.iinfo(dtype).max
    layers = []
    for seed, (opacity, visible) in enumerate(settings):
        bits = np.dtype(dtype).itemsize * 8
        document = make_document(23, 19, bits=bits, alpha=True, seed=seed)
        layers.append((document.composite(document.rect), opacity, visible))
    got = composite(stack(layers), Rect(0, 0, 23, 19), dtype)
    assert got.dtype == dtype
    wanted = slow(layers, maximum)
    assert np.abs(got.astype(np.int64) - wanted)[wanted[..., 3] > maximum // 16].max() <= 1
    np.testing.assert_allclose(got[..., 3].astype(np.int64), wanted[..., 3], rtol=0, atol=1)


@pytest.mark.parametrize("bits", [8, 16])
def test_nothing_changes_where_the_top_is_clear(make_document, bits):
    document = make_document(300, 270, bits=bits, alpha=True, seed=5)
    before = document.composite(document.rect)
    hidden = before[before[..., 3] == 0]
    assert hidden[:, :3].any()  # colours under full transparency are there to be lost
    image = TiledImage(4, document.dtype)
    area = Rect(200, 180, 70, 80)
    above = make_document(70, 80, bits=bits, alpha=True, seed=6)
    values = above.composite(above.rect)
    TileWriter(image).write(area, values)
    for opacity in (1.0, 0.3):
        layers = (*document.layers, PixelLayer("above", image, opacity=opacity))
        after = composite(layers, document.rect, document.dtype)
        clear = np.ones((270, 300), bool)
        clear[area.slices] = values[..., 3] == 0
        assert after[clear].tobytes() == before[clear].tobytes()
        assert (after[~clear] != before[~clear]).any(axis=1).mean() > 0.9


@pytest.mark.parametrize("bits", [8, 16])
def test_an_opaque_top_hides_what_is_below(make_document, bits):
    below, above = make_document(50, 40, bits=bits, alpha=True), make_document(50, 40, bits=bits, seed=1)
    shown = composite((*below.layers, *above.layers), below.rect, below.dtype)
    assert shown.tobytes() == above.composite(above.rect).tobytes()


@pytest.mark.parametrize("bits", [8, 16])
def test_an_opaque_picture_stays_opaque(make_document, bits):
    below, above = make_document(60, 50, bits=bits), make_document(60, 50, bits=bits, alpha=True, seed=1)
    for opacity in np.linspace(0.01, 1, 40):
        above.layers[0].opacity = float(opacity)
        shown = composite((*below.layers, *above.layers), below.rect, below.dtype)
        assert (shown[..., 3] == np.iinfo(below.dtype).max).all()


def test_grey_stays_grey(make_document):
    below, above = make_document(60, 50, grey=True), make_document(60, 50, grey=True, alpha=True, seed=1)
    above.layers[0].opacity = 0.43
    shown = composite((*below.layers, *above.layers), below.rect, below.dtype)
    assert (shown[..., :1] == shown[..., :3]).all()


def test_any_part_is_a_cut_of_the_whole(make_document):
    below, above = make_document(600, 300, alpha=True), make_document(600, 300, alpha=True, seed=1)
    above.layers[0].opacity = 0.7
    layers = (*below.layers, *above.layers)
    picture = composite(layers, below.rect, below.dtype)
    random = np.random.default_rng(4)
    for _ in range(20):
        x, y = int(random.integers(0, 599)), int(random.integers(0, 299))
        area = Rect(x, y, int(random.integers(1, 601 - x)), int(random.integers(1, 301 - y)))
        np.testing.assert_array_equal(composite(layers, area, below.dtype), picture[area.slices])


def test_the_layers_are_left_as_they_are(make_document):
    below, above = make_document(30, 30, alpha=True), make_document(30, 30, alpha=True, seed=1)
    kept = [layer.image.read(below.rect) for layer in (*below.layers, *above.layers)]
    composite((*below.layers, *above.layers), below.rect, below.dtype)[...] = 0
    for layer, pixels in zip((*below.layers, *above.layers), kept, strict=True):
        np.testing.assert_array_equal(layer.image.read(below.rect), pixels)
