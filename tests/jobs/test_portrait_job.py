"""A face and its sketch: what that is in the document, what the engine is asked, where the face goes."""

import numpy as np
import pytest

from editor.document import canvas, stack
from editor.document.files import ora
from editor.document.geometry import Rect
from editor.document.layers import Lock
from editor.document.model import Document
from editor.document.tiles import TileWriter
from editor.jobs import portrait
from editor.jobs.portrait import NothingDrawn, Portrait, PortraitLayer
from engines.base import EngineError, Patch
from engines.portrait import alignment, sketch
from engines.portrait.requests import Inversion, PortraitResult
from tests.engines.portrait.drawn_face import drawn_face

SIDE = 400  # of the picture
CORNERS = np.array([[60.0, 70.0], [330.0, 50.0], [350.0, 320.0], [80.0, 340.0]])  # a little turned
SQUARE = tuple(map(tuple, CORNERS.tolist()))


def document_of(dtype=np.uint8) -> Document:
    most = np.iinfo(dtype).max
    pixels = np.full((SIDE, SIDE, 4), most, dtype)
    pixels[..., :3] = np.rint(drawn_face(SIDE) * most)
    return Document.from_pixels(pixels)


def draw(document, lines, box, value):
    """Put ink, 0..1, on a box of the lines."""
    area = Rect(*box)
    pixels = np.zeros((area.height, area.width, 4), document.dtype)
    pixels[..., 3] = round(value * document.maximum)
    TileWriter(lines.image).write(area, pixels)


def answer(request, value=0.75) -> PortraitResult:
    """A result that makes the zone a grey."""
    rgb = np.full(request.image.shape, value, np.float32)
    own = sketch.drawn(alignment.cut(request.image, request.square, 64))
    latent = np.zeros((23, 512), np.float32)
    patch = Patch(request.box, rgb, request.zone)
    return PortraitResult(patch, Inversion(latent), latent, rgb, own, 0.9, "portrait", "0" * 64, "cpu")


def make(document, **more):
    what = Portrait(SQUARE, **more)
    request = what.request(document.snapshot())
    made = what.fill(request, answer(request), document.dtype, grey=document.grey)
    return PortraitLayer(SQUARE).put(document, made)


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request):
    return document_of(request.param)


def test_the_sketch_is_paper_and_lines_over_the_square_alone(document):
    before = document.composite(document.rect)
    lines = portrait.begin(document, CORNERS)
    (group,) = document.layers[1:]
    assert [each.name for each in group.children] == ["Paper", "Lines"] and group.children[1] is lines
    assert portrait.is_lines(lines) and portrait.lines_of(document, SQUARE) is lines
    after = document.composite(document.rect)
    inside = alignment.to_aligned(np.argwhere(after != before)[:, 1::-1] + 0.5, CORNERS, 1)
    assert len(inside) and (inside > -0.02).all() and (inside < 1.02).all()
    ink = lines.image.read(document.rect)[..., 3] / document.maximum
    own = 1 - sketch.drawn(alignment.cut(before[..., :3] / np.float32(document.maximum), CORNERS, 512))
    back = alignment.cut(np.stack([ink] * 3, axis=-1).astype(np.float32), CORNERS, 512)[..., 0]
    middle = slice(64, 448)
    assert own[middle, middle].max() > 0.9
    assert np.abs(back - own)[middle, middle].mean() < 0.03  # but for what is lost between pixels
    document.undo()
    assert np.array_equal(document.composite(document.rect), before) and len(document.layers) == 1


def test_a_sketch_that_is_as_it_was_changes_nothing(document):
    portrait.begin(document, CORNERS)
    with pytest.raises(NothingDrawn, match="as it was"):
        Portrait(SQUARE).request(document.snapshot())


@pytest.mark.parametrize("erases", [False, True])
def test_what_is_drawn_or_erased_is_what_is_touched(document, erases):
    lines = portrait.begin(document, CORNERS)
    own = Portrait(SQUARE, (("smile", 0.5),)).request(document.snapshot()).sketch
    box = (170, 215, 70, 30) if erases else (250, 250, 30, 4)  # across the mouth; on the cheek
    draw(document, lines, box, 0.0 if erases else 1.0)
    request = Portrait(SQUARE).request(document.snapshot())
    assert np.array_equal(request.square, CORNERS - (request.box.x, request.box.y))
    touched = alignment.to_photograph(np.argwhere(request.touched)[:, ::-1] + 0.5, CORNERS, 512)
    x, y, width, height = box
    assert len(touched) > 20
    assert (touched >= (x - 2, y - 2)).all() and (touched <= (x + width + 2, y + height + 2)).all()
    darker = (own - request.sketch)[request.touched]
    assert (darker.mean() < -0.4) if erases else (darker > 0.2).all()  # lines are softer once they are laid
    assert np.array_equal(request.sketch[~request.touched], own[~request.touched])
    middle = y + height // 2 - request.box.y, x + width // 2 - request.box.x
    assert request.zone[middle] > 0.7 and request.zone[0, 0] == 0
    assert 0 < (request.zone > 0).mean() < 0.6


def test_painting_white_erases_too(document):
    lines = portrait.begin(document, CORNERS)
    area = Rect(170, 215, 70, 30)
    TileWriter(lines.image).write(area, np.full((30, 70, 4), document.maximum, document.dtype))
    white = Portrait(SQUARE).request(document.snapshot())
    draw(document, lines, area, 0.0)
    clear = Portrait(SQUARE).request(document.snapshot())
    assert np.array_equal(white.sketch, clear.sketch)


def test_the_face_is_seen_as_it_is_below_its_sketch_and_without_what_was_made_of_it(document):
    seen = document.composite(document.rect)[..., :3] / np.float32(document.maximum)
    lines = portrait.begin(document, CORNERS)
    draw(document, lines, (250, 250, 30, 4), 1.0)
    for _ in range(2):
        request = Portrait(SQUARE).request(document.snapshot())
        assert np.allclose(request.image, seen[request.box.slices], atol=1e-6)
        make(document)


def test_the_face_goes_below_the_sketch_which_is_hidden_and_is_replaced_the_next_time(document):
    lines = portrait.begin(document, CORNERS)
    draw(document, lines, (250, 250, 30, 4), 1.0)
    before = document.composite(document.rect)
    layers = document.layers
    first = make(document)
    assert document.layers == (layers[0], first, layers[1]) and not layers[1].visible
    assert portrait.is_portrait(first) and first.recipe.guides == (SQUARE,)
    assert dict(first.recipe.settings)["identity"] == 0.9
    request = Portrait(SQUARE).request(document.snapshot())
    same = first.image.read(document.rect)[..., 3] == 0
    zone = np.zeros((SIDE, SIDE), np.float32)
    zone[request.box.slices] = request.zone
    assert same[zone == 0].all() and not same[zone > 0.5].any()
    second = make(document, steps=9)
    assert document.layers == (layers[0], second, layers[1])
    assert Portrait.of(second.recipe).steps == 9
    document.undo()
    document.undo()
    assert document.layers == layers and layers[1].visible
    assert np.array_equal(document.composite(document.rect), before)


def test_a_locked_face_is_not_replaced(document):
    draw(document, portrait.begin(document, CORNERS), (250, 250, 30, 4), 1.0)
    document.set_layer(make(document), "lock", Lock.ALL, "Lock")
    entries = len(document.history.entries)
    with pytest.raises(ValueError, match="locked"):
        make(document)
    assert len(document.history.entries) == entries


def test_it_is_saved_and_goes_along_with_the_canvas(document, tmp_path):
    lines = portrait.begin(document, CORNERS)
    draw(document, lines, (250, 250, 30, 4), 1.0)
    make(document)
    ora.write(document, tmp_path / "face.ora")
    again = ora.read(tmp_path / "face.ora")
    assert portrait.lines_of(again, SQUARE) is not None
    request = Portrait(SQUARE).request(again.snapshot())
    canvas.crop(again, Rect(20, 30, 360, 360))
    moved = tuple((x - 20, y - 30) for x, y in SQUARE)
    found = portrait.lines_of(again, moved)
    assert found is not None and PortraitLayer(moved).made(again) is not None
    cropped = Portrait(moved).request(again.snapshot())
    assert np.allclose(cropped.sketch, request.sketch, atol=0.02)
    assert np.allclose(cropped.square + np.array([cropped.box.x + 20, cropped.box.y + 30]), CORNERS)


def test_attributes_may_change_all_of_the_face(document):
    portrait.begin(document, CORNERS)
    request = Portrait(SQUARE, (("smile", 0.5),)).request(document.snapshot())
    assert (request.zone == 1).all() and not request.touched.any()
    recipe = make(document, attributes=(("smile", 0.5),)).recipe
    assert Portrait.of(recipe) == Portrait(SQUARE, (("smile", 0.5),))


def test_without_the_sketch_it_says_what_to_do(document):
    portrait.begin(document, CORNERS)
    stack.delete(document, [document.layers[1]])
    with pytest.raises(EngineError, match="Sketch it anew"):
        Portrait(SQUARE).request(document.snapshot())
    assert not PortraitLayer(SQUARE).is_there(document)
    with pytest.raises(EngineError, match="outside the picture"):
        portrait.begin(document, CORNERS + 1000)
