"""Edits of the whole document: exact where they can be, everything in it along, one entry each."""

import numpy as np
import pytest

from editor.document import canvas, guides, planes, resample
from editor.document.adjustments import Invert
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, Guide
from editor.document.guide_geometry import rasterise
from editor.document.history import Part
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Channel, Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 300, 280
WINDOW = Rect(-900, -900, 2100, 2100)  # far beyond the canvas


def noise(seed, height, width, channels, dtype):
    random = np.random.default_rng(seed)
    return random.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, endpoint=True)


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request):
    """Layers of all kinds, the upper one reaching beyond the canvas, with masks, selection and channel."""
    dtype = request.param
    reaching = TiledImage.from_array(noise(1, 400, 350, 4, dtype), -70, -90)
    mask = TiledImage.from_array(noise(2, 90, 310, 1, np.uint8), 20, 70, default=255)
    inside = PixelLayer("Inside", reaching, mask=LayerMask(mask), lock=Lock.ALL, opacity=0.5)
    made = Document(
        WIDTH,
        HEIGHT,
        dtype,
        [
            PixelLayer("Background", TiledImage.from_array(noise(0, HEIGHT, WIDTH, 4, dtype))),
            Group("Group", [inside], mask=LayerMask(mask.snapshot(), enabled=False)),
            AdjustmentLayer(
                "Invert", Invert(), mask=LayerMask(TiledImage.from_array(noise(3, 40, 50, 1, np.uint8)))
            ),
        ],
        metadata=Metadata(dpi=(72.0, 144.0)),
    )
    made.layers[0].recipe = Recipe("remove", "engine", "0" * 64, "cpu", 1)
    made.selection = TiledImage.from_array(noise(4, 100, 120, 1, np.uint8), 50, 60)
    made.channels = (Channel("a", TiledImage.from_array(noise(5, HEIGHT, WIDTH, 1, np.uint8))),)
    return made


def everything(document):
    return [plane.read(WINDOW).tobytes() for plane in document.planes()]


def seen(document, area):
    """The picture, less the colours of what is fully transparent."""
    pixels = document.composite(area)
    pixels[pixels[..., 3] == 0] = 0
    return pixels


def undone_and_redone(document, before):
    """There is one entry, and it goes both ways."""
    after, size = everything(document), (document.width, document.height)
    assert len(document.history.entries) == 1
    document.undo()
    assert everything(document) == before
    assert (document.width, document.height) == (WIDTH, HEIGHT)
    document.redo()
    assert everything(document) == after
    assert (document.width, document.height) == size


@pytest.mark.parametrize(
    ("edit", "turn", "back"),
    [
        (lambda d: canvas.flip(d, horizontal=True), lambda a: a[:, ::-1], None),
        (lambda d: canvas.flip(d, horizontal=False), lambda a: a[::-1], None),
        (lambda d: canvas.rotate(d, 180), lambda a: a[::-1, ::-1], None),
        (lambda d: canvas.rotate(d, 90), lambda a: np.rot90(a, -1), lambda d: canvas.rotate(d, -90)),
        (lambda d: canvas.rotate(d, 270), np.rot90, lambda d: canvas.rotate(d, 450)),
    ],
)
def test_turns_and_mirror_images_are_exact(document, edit, turn, back):
    before, picture = everything(document), document.composite(document.rect)
    reaching = document.layers[1].children[0].image.read(Rect(-100, -100, WIDTH + 200, HEIGHT + 200))
    layers, selection = document.layers, document.selection.read(document.rect)
    edit(document)
    assert (document.composite(document.rect) == turn(picture)).all()
    assert (document.selection.read(document.rect) == turn(selection)).all()
    assert document.layers == layers
    # What lies beyond the canvas goes along: there is as much beyond each side as before.
    around = document.rect.grown(100)
    assert (document.layers[1].children[0].image.read(around) == turn(reaching)).all()
    undone_and_redone(document, before)
    (back or edit)(document)
    assert everything(document) == before
    assert (document.width, document.height) == (WIDTH, HEIGHT)


def test_a_quarter_turn_exchanges_the_two_resolutions(document):
    canvas.rotate(document, 90)
    assert document.metadata.dpi == (144.0, 72.0)
    assert (document.width, document.height) == (HEIGHT, WIDTH)
    canvas.rotate(document, 90)
    assert document.metadata.dpi == (72.0, 144.0)
    canvas.rotate(document, 180)
    assert document.metadata.dpi == (72.0, 144.0)
    canvas.rotate(document, 720)
    assert len(document.history.entries) == 3


@pytest.mark.parametrize("delete_outside", [False, True])
@pytest.mark.parametrize("area", [Rect(37, 41, 200, 150), Rect(-20, -256, 400, 700), Rect(256, 0, 44, 256)])
def test_cropping(document, area, delete_outside):
    before, picture = everything(document), seen(document, area)
    reaching = document.layers[1].children[0].image
    there = reaching.read(WINDOW)
    selection = document.selection.read(area)
    canvas.crop(document, area, delete_outside=delete_outside)
    assert (document.width, document.height) == area[2:]
    assert (seen(document, document.rect) == picture).all()
    assert (document.selection.read(document.rect) == selection).all()
    now = document.layers[1].children[0].image.read(WINDOW.moved(-area.x, -area.y))
    if delete_outside:
        inside = area.moved(-WINDOW.x, -WINDOW.y).slices
        assert (now[inside] == there[inside]).all()
        now[inside] = 0
        assert not now.any()
    else:
        assert (now == there).all()
    for plane in (document.selection, document.channels[0].image):
        assert plane.bounds().intersected(document.rect) == plane.bounds()
    undone_and_redone(document, before)


def test_cropping_along_tiles_shares_them(document):
    tiles = document.layers[0].image.tiles
    corner = tiles[0, 1]
    canvas.crop(document, Rect(256, 0, 44, 280))
    assert document.layers[0].image.tiles[0, 0] is corner


@pytest.mark.parametrize(
    ("anchor", "offset"),
    [((0, 0), (0, 0)), ((1, 1), (20, -30)), ((0.5, 0.5), (10, -15)), ((1, 0.5), (20, -15))],
)
def test_the_canvas_grows_and_shrinks_around_its_anchor(document, anchor, offset):
    before, dx, dy = everything(document), *offset
    layer = document.layers[0].image.read(WINDOW)
    canvas.canvas_size(document, WIDTH + 20, HEIGHT - 30, anchor)
    assert (document.width, document.height) == (WIDTH + 20, HEIGHT - 30)
    assert (document.layers[0].image.read(WINDOW.moved(dx, dy)) == layer).all()
    undone_and_redone(document, before)


def test_what_changes_nothing_makes_no_entry(document):
    canvas.crop(document, document.rect)
    canvas.canvas_size(document, WIDTH, HEIGHT)
    canvas.image_size(document, WIDTH, HEIGHT, dpi=(72.0, 144.0))
    canvas.rotate(document, 0)
    assert document.history.entries == []


@pytest.mark.parametrize("method", ["auto", "nearest", "area"])
@pytest.mark.parametrize("size", [(100, 93), (451, 1400), (300, 281)])
def test_image_size_resamples_every_plane(document, size, method):
    before = everything(document)
    layer, channel = document.layers[0], document.channels[0]
    expected = [
        resample.resize(plane.read(document.rect), *size, method) for plane in (layer.image, channel.image)
    ]
    canvas.image_size(document, *size, method, dpi=(300.0, 300.0))
    assert (document.width, document.height) == size
    for plane, whole in zip((layer.image, document.channels[0].image), expected, strict=True):
        difference = np.abs(plane.read(document.rect).astype(int) - whole)
        assert difference.max() <= (1 if method != "nearest" else 0)
    assert document.metadata.dpi == (300.0, 300.0)
    assert layer.recipe is not None
    # What lies beyond the canvas is as far beyond it, in proportion.
    bounds = document.layers[1].children[0].image.bounds()
    assert bounds.x == pytest.approx(-70 * size[0] / WIDTH, abs=1)
    assert bounds.bottom == pytest.approx(310 * size[1] / HEIGHT, abs=1)
    mask = document.layers[1].children[0].mask.image
    assert mask.default == 255
    assert mask.read(Rect(-500, -500, 1, 1)) == 255
    undone_and_redone(document, before)
    document.undo()
    assert document.metadata.dpi == (72.0, 144.0)


def test_an_opaque_picture_stays_opaque_to_its_borders(make_document):
    document = make_document(530, 1500, bits=16)
    canvas.image_size(document, 411, 1163)
    assert document.composite(document.rect)[..., 3].min() == 65535
    canvas.image_size(document, 1777, 1400)
    assert document.composite(document.rect)[..., 3].min() == 65535
    assert document.layers[0].image.bounds() == document.rect


def test_the_resolution_alone_changes_no_pixel(document):
    before, images = everything(document), list(document.planes())
    canvas.image_size(document, WIDTH, HEIGHT, dpi=(300.0, 300.0))
    assert everything(document) == before
    assert all(now is then for now, then in zip(document.planes(), images, strict=True))
    assert document.metadata.dpi == (300.0, 300.0)
    document.undo()
    assert document.metadata.dpi == (72.0, 144.0)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda d: canvas.image_size(d, 0, 10), "0 × 10"),
        (lambda d: canvas.image_size(d, 300_001, 10), "300,000"),
        (lambda d: canvas.image_size(d, 20_000, 15_001), "300 megapixels"),
        (lambda d: canvas.image_size(d, 10, 10, "sharpest"), "sharpest"),
        (lambda d: canvas.image_size(d, 10, 10, dpi=(0, 1)), "dots per inch"),
        (lambda d: canvas.canvas_size(d, 10, -1), "10 × -1"),
        (lambda d: canvas.canvas_size(d, 10, 300_001), "300,000"),
        (lambda d: canvas.crop(d, Rect(5, 5, 0, 9)), "0 × 9"),
        (lambda d: canvas.crop(d, Rect(0, 0, 17_400, 17_400)), "300 megapixels"),
        (lambda d: canvas.rotate(d, float("nan")), "finite"),
        (lambda d: canvas.rotate(d, 3, "bend"), "bend"),
    ],
)
def test_what_no_picture_may_be_is_refused_in_one_line(document, edit, words):
    before = everything(document)
    with pytest.raises(ValueError, match=words) as error:
        edit(document)
    assert "\n" not in str(error.value)
    assert document.history.entries == []
    assert everything(document) == before
    assert (document.width, document.height) == (WIDTH, HEIGHT)


def test_a_picture_of_the_largest_sides_may_be():
    planes.check_size(300_000, 1000)
    planes.check_size(20_000, 15_000)
    planes.check_size(1, 1)


@pytest.mark.parametrize("degrees", [10, -33, 100, 255])
@pytest.mark.parametrize("how", canvas.CANVASES)
def test_turning_by_any_angle(degrees, how):
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    dots = [(150, 60), (210, 150), (90, 200)]
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    for channel, dot in enumerate(dots):
        pixels[..., channel] = np.hypot(x + 0.5 - dot[0], y + 0.5 - dot[1]) < 12
        pixels[..., channel] *= 255
    document = Document.from_pixels(pixels)
    document.layers[0].mask = LayerMask.revealing()
    document.selection = TiledImage.from_array(pixels[..., :1].copy())
    canvas.rotate(document, degrees, how)
    width, height = document.width, document.height
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    corners = [(u * cos - v * sin, u * sin + v * cos) for u in (-150, 150) for v in (-140, 140)]
    if how == "grow":
        assert width == pytest.approx(np.ptp([u for u, _ in corners]), abs=1)
        assert height == pytest.approx(np.ptp([v for _, v in corners]), abs=1)
    elif how == "keep":
        assert (width, height) == (WIDTH, HEIGHT)
    else:
        picture = document.composite(document.rect)
        assert picture[2:-2, 2:-2, 3].min() == 255
        assert picture[..., 3].min() > 120
        assert width * height > 0.4 * WIDTH * HEIGHT
        # No larger one would fit: both sides, turned back, reach the sides of the old canvas.
        reach = [abs(u * cos + v * sin) for u in (width / 2,) for v in (height / 2, -height / 2)]
        down = [abs(-u * sin + v * cos) for u in (width / 2,) for v in (height / 2, -height / 2)]
        assert max(reach) > 150 - 2 or max(down) > 140 - 2
    shown = document.composite(document.rect)
    for channel, (dot_x, dot_y) in enumerate(dots):
        u, v = dot_x - 150, dot_y - 140
        expected = u * cos - v * sin + width / 2, u * sin + v * cos + height / 2
        rows, columns = np.mgrid[:height, :width] + 0.5
        weights = shown[..., channel] * (shown[..., 3] / 255)
        away = np.hypot(columns - expected[0], rows - expected[1]) > 16
        weights[away] = 0
        if Rect(0, 0, width, height).grown(-20).intersected(Rect(*map(int, expected), 1, 1)):
            assert weights.sum() / 255 == pytest.approx(np.pi * 144, rel=0.05)
            assert np.average(columns, weights=weights) == pytest.approx(expected[0], abs=0.1)
            assert np.average(rows, weights=weights) == pytest.approx(expected[1], abs=0.1)
    selected = document.selection.read(document.rect)[..., 0]
    inside = shown[..., 3] == 255
    # Where a selection's edge touches its bounds it is cut off there, and so a little sharper.
    differing = np.abs(selected.astype(int) - shown[..., 0])[inside] > 3
    assert (shown[..., 0] > 0).sum() > 400
    assert differing.sum() <= 24
    assert not document.layers[0].mask.image.tiles


def test_observers_hear_of_the_canvas_and_its_old_and_new_area(make_document):
    document = make_document()
    changes = []
    document.observers.append(changes.append)
    canvas.crop(document, Rect(10, 10, 20, 90))
    document.undo()
    assert all(change.parts & Part.CANVAS for change in changes)
    assert [change.area for change in changes] == [Rect(0, 0, 40, 90)] * 2


def test_a_locked_or_hidden_layer_goes_along(document):
    inside = document.layers[1].children[0]
    assert inside.lock == Lock.ALL
    inside.visible = False
    there = inside.image.read(WINDOW)
    canvas.crop(document, Rect(10, 20, 30, 40))
    assert (inside.image.read(WINDOW.moved(-10, -20)) == there).all()


@pytest.mark.parametrize("default", [0, 90, 255])
def test_what_lies_beyond_a_mask_meets_it_without_a_seam(default):
    values = np.full((100, 120, 1), 200, np.uint8)
    plane = TiledImage.from_array(values, 30, 40, default=default)
    matrix = np.array([[0.8, 0.3, 5], [-0.3, 0.8, 70], [0, 0, 1]])
    out = planes.resampled(plane, matrix)
    assert out.default == default
    read = out.read(Rect(-100, -100, 500, 500))[..., 0].astype(int)
    assert read.min() >= min(default, 200) - 1
    assert read.max() <= max(default, 200) + 1
    assert (read == 200).sum() == pytest.approx(100 * 120 * 0.73, rel=0.06)


def test_a_mask_that_is_off_stays_off(document):
    canvas.rotate(document, 90)
    assert not document.layers[1].mask.enabled


# -- guides --

INKED = Guide(INK, ((80, 120), (150, 60.5), (190, 200)), 8, (1, 0.5, 0.8))
LINED = Guide(LINE, ((40, 70), (240, 230)))
OUTSIDE = Guide(INK, ((-60, 20), (-90, -40)), 4)


def drawn(pixels):
    """A document of one layer of (H, W, 4) 0..1."""
    return Document.from_pixels(np.ascontiguousarray(np.rint(pixels * 255).astype(np.uint8)))


CANVAS_EDITS = {
    "crop": lambda d: canvas.crop(d, Rect(37, 41, 200, 170)),
    "crop outwards": lambda d: canvas.crop(d, Rect(-20, -256, 400, 700), delete_outside=True),
    "canvas size": lambda d: canvas.canvas_size(d, 401, 301, (0.5, 1)),
    "larger": lambda d: canvas.image_size(d, 600, 420),
    "smaller": lambda d: canvas.image_size(d, 200, 210),
    "flip across": lambda d: canvas.flip(d, horizontal=True),
    "flip down": lambda d: canvas.flip(d, horizontal=False),
    "right": lambda d: canvas.rotate(d, 90),
    "left": lambda d: canvas.rotate(d, -90),
    "round": lambda d: canvas.rotate(d, 180),
    "straighten": lambda d: canvas.rotate(d, -3.7, "crop"),
    "turn": lambda d: canvas.rotate(d, 51, "grow"),
    "turn within": lambda d: canvas.rotate(d, 200, "keep"),
}


@pytest.mark.parametrize("edit", CANVAS_EDITS.values(), ids=CANVAS_EDITS)
def test_guides_stay_on_what_they_were_drawn_over(edit):
    """A picture of the guides, and the guides: after the edit they still lie on each other."""
    area = Rect(0, 0, WIDTH, HEIGHT)
    pixels = np.ones((HEIGHT, WIDTH, 4))
    pixels[..., 0] = rasterise([INKED], area)
    pixels[..., 1] = rasterise([LINED], area, 4)
    document = drawn(pixels)
    guides.add(document, INKED, LINED)
    edit(document)
    ink, line = document.guides
    assert (ink.kind, ink.pressures, line.kind, line.width) == (INK, INKED.pressures, LINE, 1)
    shown = document.composite(document.rect) / 255
    scale = ink.width / INKED.width
    for channel, guide in ((0, ink), (1, line)):
        expected = rasterise([guide], document.rect, 4 * scale)
        differing = np.abs(shown[..., channel] - expected)[shown[..., 3] == 1]
        # An ellipse that was a circle is drawn as one of the same size, and resampling softens edges.
        assert differing.mean() < 0.012
        overlap = np.minimum(shown[..., channel], expected).sum() / max(expected.sum(), 1)
        assert overlap > 0.85
    assert document.history.entries[-1].edit.parts & Part.GUIDES
    document.undo()
    assert document.guides == (INKED, LINED)
    document.redo()
    assert document.guides == (ink, line)
    assert len(document.history.entries) == 2


@pytest.mark.parametrize(
    ("edit", "there"),
    [
        (lambda d: canvas.crop(d, Rect(30, -40, 100, 100)), lambda x, y: (x - 30, y + 40)),
        (lambda d: canvas.canvas_size(d, 401, 270, (0.5, 1)), lambda x, y: (x + 50, y - 10)),
        (lambda d: canvas.image_size(d, 750, 140), lambda x, y: (x * 2.5, y / 2)),
        (lambda d: canvas.flip(d, horizontal=True), lambda x, y: (300 - x, y)),
        (lambda d: canvas.flip(d, horizontal=False), lambda x, y: (x, 280 - y)),
        (lambda d: canvas.rotate(d, 90), lambda x, y: (280 - y, x)),
        (lambda d: canvas.rotate(d, -90), lambda x, y: (y, 300 - x)),
        (lambda d: canvas.rotate(d, 180), lambda x, y: (300 - x, 280 - y)),
    ],
)
def test_where_points_go(document, edit, there):
    guides.add(document, INKED, LINED, OUTSIDE)
    edit(document)
    for before, after in zip((INKED, LINED, OUTSIDE), document.guides, strict=True):
        assert after.points == tuple(there(*point) for point in before.points)


def test_points_turned_by_an_angle(document):
    guides.add(document, INKED)
    canvas.rotate(document, 30, "keep")
    cos, sin = np.cos(np.pi / 6), np.sin(np.pi / 6)
    for (x, y), (u, v) in zip(INKED.points, document.guides[0].points, strict=True):
        x, y = x - WIDTH / 2, y - HEIGHT / 2
        assert (u, v) == pytest.approx((x * cos - y * sin + WIDTH / 2, x * sin + y * cos + HEIGHT / 2))
    assert document.guides[0].width == pytest.approx(8)


def test_four_quarter_turns_and_two_mirror_images_are_exact(document):
    guides.add(document, INKED, LINED, OUTSIDE)
    for _ in range(4):
        canvas.rotate(document, 90)
    for horizontal in (True, False, True, False):
        canvas.flip(document, horizontal=horizontal)
    assert document.guides == (INKED, LINED, OUTSIDE)


def test_ink_gets_thicker_with_the_picture_and_no_thicker_than_ink_is(document):
    guides.add(document, INKED)
    canvas.image_size(document, 600, 560)
    assert document.guides[0].width == 16
    canvas.image_size(document, 600, 140)
    assert document.guides[0].width == 8
    wide = Guide(INK, ((1, 1), (9, 9)), 900)
    guides.add(document, wide)
    canvas.image_size(document, 900, 210)
    assert document.guides[1].width == 1000


def test_guides_wholly_outside_go_only_with_what_lies_there(document):
    guides.add(document, INKED, LINED, OUTSIDE)
    canvas.crop(document, Rect(0, 0, 100, 250))
    assert len(document.guides) == 3
    canvas.crop(document, document.rect, delete_outside=True)
    assert document.guides == (INKED, LINED)
    canvas.crop(document, Rect(0, 180, 60, 60), delete_outside=True)
    assert document.guides == ()
    document.undo()
    assert document.guides == (INKED, LINED)


def test_a_guide_that_would_lie_nowhere_is_refused(document):
    far = Guide(LINE, ((0, 0), (9_000_000, 5)))
    guides.add(document, far)
    before = everything(document)
    with pytest.raises(ValueError, match="delete it first"):
        canvas.image_size(document, 600, 560)
    assert everything(document) == before
    assert document.guides == (far,)
    assert len(document.history.entries) == 1


def test_a_change_of_the_resolution_leaves_them_alone(document):
    guides.add(document, INKED)
    canvas.image_size(document, WIDTH, HEIGHT, dpi=(300, 300))
    assert document.guides == (INKED,)


def test_guides_through_a_perspective_and_behind_the_horizon():
    matrix = resample.quad_to_quad(
        ((0, 0), (100, 0), (100, 100), (0, 100)), ((10, 0), (90, 10), (120, 100), (0, 90))
    )
    line = Guide(LINE, ((0, 0), (100, 100))).transformed(matrix)
    assert line.points[0] == pytest.approx((10, 0))
    assert line.points[1] == pytest.approx((120, 100))
    dot = Guide(INK, ((50, 50),), 4)
    x, y = dot.transformed(matrix).points[0]
    # A small square about it has the area that the square of the width has.
    corners = [
        Guide(INK, ((50 + dx, 50 + dy),)).transformed(matrix).points[0]
        for dx in (0, 0.01)
        for dy in (0, 0.01)
    ]
    (ax, ay), (bx, by), (cx, cy), _ = corners
    assert (x, y) == (ax, ay)
    area = abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 1e-4
    assert (dot.transformed(matrix).width / 4) ** 2 == pytest.approx(area, rel=1e-3)
    beyond = np.array([[1, 0, 0], [0, 1, 0], [0.02, 0, -1]])
    with pytest.raises(ValueError, match="horizon"):
        Guide(LINE, ((0, 0), (100, 0))).transformed(beyond)
