"""Transforms of layers: from the original pixels, shown without an entry, one entry at the end."""

import numpy as np
import pytest

from editor.document import resample, select, transform
from editor.document.adjustments import Invert
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Document, Locked
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 400, 320
WINDOW = Rect(-700, -700, 1900, 1900)
AREA = Rect(90, 70, 120, 100)  # what the upper layer fills


def noise(seed, height, width, channels, dtype):
    random = np.random.default_rng(seed)
    return random.integers(1, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True)


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request):
    dtype = request.param
    upper = TiledImage.from_array(noise(1, AREA.height, AREA.width, 4, dtype), AREA.x, AREA.y)
    mask = TiledImage.from_array(noise(2, 60, 60, 1, np.uint8), 100, 80, default=255)
    return Document(
        WIDTH,
        HEIGHT,
        dtype,
        [
            PixelLayer("Background", TiledImage.from_array(noise(0, HEIGHT, WIDTH, 4, dtype))),
            PixelLayer("Upper", upper, mask=LayerMask(mask)),
        ],
    )


@pytest.fixture
def upper(document):
    return document.layers[1]


def everything(document):
    return [plane.read(WINDOW).tobytes() for plane in document.planes()]


def test_whole_pixel_moves_are_exact_and_take_the_mask_along(document, upper):
    before = everything(document)
    pixels, mask = upper.image.read(WINDOW), upper.mask.image.read(WINDOW)
    transform.move(document, upper, 333, -47)
    assert (upper.image.read(WINDOW.moved(333, -47)) == pixels).all()
    assert (upper.mask.image.read(WINDOW.moved(333, -47)) == mask).all()
    assert [entry.name for entry in document.history.entries] == ["Move"]
    document.undo()
    assert everything(document) == before
    transform.move(document, upper, 0, 0)
    assert len(document.history.entries) == 1


def test_moves_by_whole_tiles_share_them(document, upper):
    tile = upper.image.tiles[0, 0]
    transform.move(document, upper, 256, 512)
    assert list(upper.image.tiles) == [(2, 1)]
    assert upper.image.tiles[2, 1] is tile


def test_a_group_moves_with_all_that_is_in_it(document, upper):
    adjustment = AdjustmentLayer("Invert", Invert(), mask=LayerMask(upper.mask.image.snapshot()))
    group = Group("Group", [upper, Group("Inner", [adjustment])])
    document.layers = (document.layers[0], group)
    group.mask = LayerMask(TiledImage.from_array(noise(3, 20, 20, 1, np.uint8)))
    planes = list(group.planes()) + list(upper.planes()) + list(adjustment.planes())
    before = [plane.read(WINDOW) for plane in planes]
    below = document.layers[0].image.read(WINDOW)
    transform.move(document, group, 15, 9)
    planes = list(group.planes()) + list(upper.planes()) + list(adjustment.planes())
    for plane, pixels in zip(planes, before, strict=True):
        assert (plane.read(WINDOW.moved(15, 9)) == pixels).all()
    assert (document.layers[0].image.read(WINDOW) == below).all()
    assert len(document.history.entries) == 1


def test_always_from_the_original_pixels(document, upper):
    free = transform.FreeTransform(document, upper)
    pixels = upper.image.read(AREA)
    assert free.bounds == AREA
    for degrees in range(5, 90, 20):
        free.set_matrix(transform.rotation(degrees, (150, 120)))
    free.set_matrix(transform.scaling(0.01, 0.01, (150, 120)))
    matrix = transform.rotation(30, (150, 120)) @ transform.scaling(1.5, 0.75, (150, 120))
    free.set_matrix(matrix)
    assert document.history.entries == []
    free.commit("Scale", "bicubic")
    assert [entry.name for entry in document.history.entries] == ["Scale"]
    target = resample.bounds(matrix, AREA)
    expected = resample.warp(pixels, (AREA.x, AREA.y), matrix, target, "bicubic")
    assert (upper.image.read(target) == expected).all()
    assert upper.image.bounds().intersected(target) == upper.image.bounds()


def test_previews_show_and_cancelling_restores_every_byte(document, upper):
    before, values = everything(document), list(document.planes())
    shown = document.composite(document.rect)
    changes = []
    document.observers.append(changes.append)
    free = transform.FreeTransform(document, upper)
    free.set_matrix(transform.skewing(20, 5, (100, 100)))
    assert (document.composite(document.rect) != shown).any()
    free.set_corners([(10, 10), (300, 40), (280, 250), (40, 200)])
    assert changes
    free.cancel()
    assert everything(document) == before
    assert all(now is then for now, then in zip(document.planes(), values, strict=True))
    assert document.history.entries == []
    free.set_matrix(transform.translation(0, 0))
    free.commit()
    assert document.history.entries == []
    assert everything(document) == before


def test_what_is_told_covers_the_old_and_the_new_place(document, upper):
    changes = []
    document.observers.append(changes.append)
    document.layers[1].image = TiledImage.from_array(noise(1, 40, 40, 4, document.dtype))
    transform.move(document, upper, 300, 270)
    assert changes[-1].area.united(Rect(0, 0, 40, 40)) == changes[-1].area
    assert changes[-1].area.united(Rect(300, 270, 40, 40)) == changes[-1].area


def test_corners_go_where_they_are_put(document, upper):
    pixels = np.zeros((100, 120, 4), document.dtype)
    pixels[..., 3] = document.maximum
    upper.image = TiledImage.from_array(pixels, AREA.x, AREA.y)
    upper.mask = None
    corners = [(20, 30), (250, 10), (300, 290), (60, 200)]
    free = transform.FreeTransform(document, upper)
    free.set_corners(corners)
    free.commit()
    alpha = upper.image.read(document.rect)[..., 3] / document.maximum
    x, y = np.array(corners).T
    expected = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2  # the shoelace formula
    assert alpha.sum() == pytest.approx(expected, rel=0.001)
    middle = np.mean(corners, axis=0)
    for corner in np.array(corners):
        inward, outward = (corner + sign * 4 * (middle - corner) / 100 for sign in (1, -1))
        assert alpha[int(inward[1]), int(inward[0])] == 1
        assert alpha[int(outward[1]), int(outward[0])] == 0


def test_a_transform_that_cannot_be_leaves_what_was_shown(document, upper):
    free = transform.FreeTransform(document, upper)
    free.set_matrix(transform.rotation(10, (100, 100)))
    shown = everything(document)
    for matrix in (
        np.full((3, 3), np.nan),
        np.zeros((3, 3)),
        np.array([[1, 0, 0], [0, 1, 0], [0.01, 0, -1.5]]),  # through the horizon
        transform.scaling(5000, 5000, (0, 0)),
        transform.translation(np.inf, 0),
    ):
        with pytest.raises(ValueError) as error:
            free.set_matrix(matrix)
        assert "\n" not in str(error.value)
        assert everything(document) == shown
    with pytest.raises(ValueError, match="line"):
        free.set_corners([(0, 0), (10, 10), (20, 20), (0, 30)])
    free.cancel()
    before = everything(document)
    free.matrix = transform.scaling(5000, 5000, (0, 0))
    with pytest.raises(ValueError, match="300,000"):
        free.commit()
    assert everything(document) == before
    assert document.history.entries == []


@pytest.mark.parametrize("lock", [Lock.PIXELS, Lock.ALL, Lock.ALPHA])
@pytest.mark.parametrize("selected", [False, True])
def test_locks(document, upper, lock, selected):
    group = Group("Group", [upper])
    document.layers = (document.layers[0], group)
    if selected:
        select.rectangle(document, (100, 80, 50, 50))
    upper.lock = lock
    before, entries = everything(document), len(document.history.entries)
    if lock == Lock.ALPHA and not selected:
        transform.move(document, group, 5, 5)
        assert everything(document) != before
        return
    for layer in (group, upper):
        with pytest.raises(Locked, match="Upper"):
            transform.move(document, layer, 5, 5)
    assert everything(document) == before
    assert len(document.history.entries) == entries


def test_nothing_to_transform(document):
    empty = PixelLayer("Empty", TiledImage(4, document.dtype))
    adjustment = AdjustmentLayer("Invert", Invert())
    document.layers += (empty, adjustment)
    for layer in (empty, adjustment):
        with pytest.raises(ValueError, match=f"nothing to transform in “{layer.name}”"):
            transform.FreeTransform(document, layer)
    select.rectangle(document, (0, 0, 20, 20))
    with pytest.raises(ValueError, match="nothing to transform in “Upper”"):
        transform.FreeTransform(document, document.layers[1])
    with pytest.raises(ValueError, match="not in this picture"):
        transform.FreeTransform(document, PixelLayer("Other", empty.image))


def test_only_what_is_selected_is_lifted(document, upper):
    mask = upper.mask
    select.rectangle(document, (110, 90, 30, 20))
    before, pixels = everything(document), upper.image.read(WINDOW)
    transform.move(document, upper, 200, 150)
    expected = pixels.copy()
    lifted = Rect(110, 90, 30, 20).moved(-WINDOW.x, -WINDOW.y)
    expected[lifted.slices] = 0
    expected[lifted.moved(200, 150).slices] = pixels[lifted.slices]
    assert (upper.image.read(WINDOW) == expected).all()
    assert document.selection.bounds() == Rect(310, 240, 30, 20)
    assert upper.mask is mask
    assert len(document.history.entries) == 2
    document.undo()
    assert everything(document) == before
    document.redo()
    assert (upper.image.read(WINDOW) == expected).all()


def test_what_was_lifted_lies_over_the_rest(document):
    layer = document.layers[0]
    select.rectangle(document, (300, 50, 60, 200))
    pixels = layer.image.read(document.rect).astype(float) / document.maximum
    transform.move(document, layer, -200, 10)
    after = layer.image.read(document.rect)
    assert not after[50:250, 300:360].any()
    upper, lower = pixels[50:250, 300:360], pixels[60:260, 100:160]
    # W3C source-over in premultiplied values.
    alpha = upper[..., 3:] + lower[..., 3:] * (1 - upper[..., 3:])
    colour = upper[..., :3] * upper[..., 3:] + lower[..., :3] * lower[..., 3:] * (1 - upper[..., 3:])
    expected = np.concatenate([colour / alpha, alpha], axis=-1) * document.maximum
    assert np.abs(after[60:260, 100:160] - expected).max() <= 0.51 + document.maximum / 2**17
    rest = np.ones(after.shape[:2], bool)
    rest[60:260, 100:160] = rest[50:250, 300:360] = False
    assert (after[rest] == (pixels * document.maximum).round()[rest]).all()


def test_a_soft_selection_lifts_in_part(document):
    layer = document.layers[0]
    image = np.full((HEIGHT, WIDTH, 4), document.maximum, document.dtype)
    layer.image = TiledImage.from_array(image)
    select.rectangle(document, (100, 100, 20.5, 20))
    transform.move(document, layer, 0, 100)
    alpha = layer.image.read(document.rect)[..., 3] / document.maximum
    assert alpha[110, 100:123] == pytest.approx([0] * 20 + [0.5, 1, 1], abs=0.005)
    assert (alpha[205] == 1).all()


@pytest.mark.parametrize("size", [1, -1])
def test_mirror_images_and_quarter_turns_are_exact(document, upper, size):
    pixels = upper.image.read(AREA)
    free = transform.FreeTransform(document, upper)
    free.set_matrix(transform.rotation(90 * size, (150, 120)))
    free.commit()
    turned = upper.image.read(Rect(100, 60, 100, 120))
    assert (turned == np.rot90(pixels, -size)).all()
    free = transform.FreeTransform(document, upper)
    free.set_matrix(transform.scaling(-1, 1, (150, 120)))
    free.commit()
    assert (upper.image.read(Rect(100, 60, 100, 120)) == turned[:, ::-1]).all()
