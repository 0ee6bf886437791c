"""The crop tool: frames by drags, ratios and numbers; straightening; one entry that can be undone."""

import math

import numpy as np
import pytest
from gestures import drag, make_bench, names, press

from editor.tools.base import Pointer
from editor.tools.crop import Crop
from editor.tools.crop_frame import CropFrame
from editor.tools.overlay import Line, Look, Note, Shade


@pytest.fixture
def document(make_document):
    return make_document(600, 400)


@pytest.fixture
def tool(document):
    crop = Crop(make_bench())
    crop.arrive(document)
    return crop


def box(tool, document) -> tuple:
    """Left, top, width, height of an upright frame."""
    frame = tool.frame_of(document)
    assert frame.angle == 0
    return (*frame.corners[0], frame.width, frame.height)


def size(document) -> tuple[int, int]:
    return document.width, document.height


# -- the frame -----------------------------------------------------------------------------------------


def test_at_first_it_is_the_canvas(document, tool):
    assert box(tool, document) == (0, 0, 600, 400)
    assert not any(isinstance(shape, Shade) for shape in tool.shapes(document))
    assert not tool.finish(document) and not tool.cancel(document) and names(document) == []


def test_a_drag_within_begins_a_frame(document, tool):
    press(tool, document, (400, 300), (100.4, 49.6))
    assert box(tool, document) == (100, 50, 300, 250)
    shapes = tool.shapes(document)
    assert [shape.text for shape in shapes if isinstance(shape, Note)] == ["300 × 250 px"]
    assert [shape.inside[0] for shape in shapes if isinstance(shape, Shade)] == [(100, 50)]
    assert len([shape for shape in shapes if isinstance(shape, Line) and shape.look is Look.GRID]) == 4
    tool.thirds = False
    assert not any(isinstance(shape, Line) and shape.look is Look.GRID for shape in tool.shapes(document))


def test_shift_and_alt_while_it_is_begun(document, tool):
    press(tool, document, (300, 200), (400, 230), constrain=True)
    assert box(tool, document) == (300, 200, 100, 100)
    tool.move(document, Pointer(400, 230, invert=True))
    assert box(tool, document) == (200, 170, 200, 60)


def test_a_click_is_no_frame(document, tool):
    drag(tool, document, (300, 200), (301, 201))
    assert box(tool, document) == (0, 0, 600, 400)


def test_inside_it_moves_and_snaps_to_the_edges(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (200, 200), (220, 210))
    assert box(tool, document) == (120, 110, 200, 150)
    drag(tool, document, (200, 200), (85, 90))
    assert box(tool, document) == (0, 0, 200, 150)
    drag(tool, document, (100, 100), (130, 110), constrain=True)
    assert box(tool, document) == (30, 0, 200, 150)


def test_handles_resize_and_snap(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (300, 175), (350, 300))
    assert box(tool, document) == (100, 100, 250, 150)
    drag(tool, document, (100, 100), (5, 130))
    assert box(tool, document) == (0, 130, 350, 120)
    drag(tool, document, (350, 250), (375, 260), invert=True)
    assert box(tool, document) == (-25, 120, 400, 140)
    drag(tool, document, (375, 260), (475, 260), constrain=True)
    left, top, width, height = box(tool, document)
    assert (left, top) == (-25, 120) and width / height == pytest.approx(400 / 140, rel=0.01)


def test_a_handle_may_cross_over(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (300, 250), (60, 70))
    assert box(tool, document) == (60, 70, 40, 30)


def test_it_is_never_smaller_than_a_pixel(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (300, 250), (100, 100))
    assert box(tool, document)[2:] == (1, 1)


def test_undo_and_escape(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (200, 200), (220, 210))
    tool.nudge(document, 10, 0)
    assert box(tool, document) == (130, 110, 200, 150)
    for expected in ((120, 110, 200, 150), (100, 100, 200, 150), (0, 0, 600, 400)):
        assert tool.take_back(document) and box(tool, document) == expected
    assert not tool.take_back(document)
    drag(tool, document, (100, 100), (300, 250))
    assert tool.cancel(document) and box(tool, document) == (0, 0, 600, 400)


def test_another_document_has_a_frame_of_its_own(document, make_document, tool):
    drag(tool, document, (100, 100), (300, 250))
    other = make_document(50, 40)
    tool.arrive(other)
    assert box(tool, other) == (0, 0, 50, 40) and (tool.width, tool.height) == (50, 40)


# -- ratios and numbers --------------------------------------------------------------------------------


def test_a_ratio_holds_from_the_first(document, tool):
    tool.ratio = "1:1"
    assert box(tool, document) == (100, 0, 400, 400)
    tool.ratio = "original"
    assert box(tool, document) == (0, 0, 600, 400)
    tool.ratio = "16:9"
    drag(tool, document, (100, 100), (260, 120))
    assert box(tool, document) == (100, 100, 160, 90)
    drag(tool, document, (260, 190), (420, 200))
    assert box(tool, document) == (100, 100, 320, 180)
    drag(tool, document, (260, 280), (260, 325))  # a side keeps it too, both ways from its middle
    assert box(tool, document) == (60, 100, 400, 225)


def test_a_ratio_fits_into_the_frame_that_is_there_and_swaps(document, tool):
    drag(tool, document, (100, 100), (400, 200))
    tool.ratio = "3:2"
    assert box(tool, document) == (175, 100, 150, 100)
    tool.swap(document)
    assert box(tool, document) == (200, 75, 100, 150)
    drag(tool, document, (300, 225), (340, 226))
    left, top, width, height = box(tool, document)
    assert (left, top, width) == (200, 75, 140) and height == 210


def test_swapped_it_stays_on_the_canvas(document, tool):
    drag(tool, document, (20, 150), (580, 250))
    tool.swap(document)
    frame = tool.frame_of(document)
    assert frame.is_within(600, 400) and frame.height == 400 and frame.width == 71


def test_numbers(document, tool):
    told = []
    tool.bench.tool_changed = lambda: told.append((tool.width, tool.height, tool.angle))
    drag(tool, document, (100, 100), (300, 250))
    assert told[-1] == (200, 150, 0)
    tool.width = 300.0
    assert box(tool, document) == (50, 100, 300, 150)
    tool.ratio = "3:2"
    tool.height = 100.0
    assert box(tool, document)[2:] == (150, 100)


def test_typed_angles_do_not_wear_the_frame_out(document, tool):
    for angle in (10.0, 20.0, 45.0):
        tool.angle = angle
        assert tool.frame_of(document).is_within(600, 400)
    tool.angle = 0.0
    assert box(tool, document) == (0, 0, 600, 400)


# -- turning -------------------------------------------------------------------------------------------


def test_outside_it_turns_and_stays_on_the_canvas(document, tool):
    drag(tool, document, (200, 100), (400, 300))
    drag(tool, document, (300, 20), (480, 200), constrain=True)
    frame = tool.frame_of(document)
    assert frame.angle == pytest.approx(90) and (frame.width, frame.height) == (200, 200)
    drag(tool, document, (480, 200), (450, 350))
    assert tool.angle == pytest.approx(135) and tool.frame_of(document).is_within(600, 400)


def test_what_reaches_beyond_may_stay_there(document, tool):
    drag(tool, document, (100, 100), (300, 250))
    drag(tool, document, (100, 100), (-40, -60))
    drag(tool, document, (500, 300), (500, 340))
    assert not tool.frame_of(document).is_within(600, 400)


@pytest.mark.parametrize("line, angle", [(((100, 100), (300, 120)), math.degrees(math.atan2(20, 200)))])
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_ctrl_and_a_line_straighten(document, tool, line, angle, turns):
    start, (x, y) = line[0], np.subtract(line[1], line[0])
    for _ in range(turns):
        x, y = -y, x
    press(tool, document, start, (start[0] + x, start[1] + y), control=True)
    assert any(isinstance(shape, Line) and shape.look is Look.STRUCTURE for shape in tool.shapes(document))
    tool.release(document, Pointer(start[0] + x, start[1] + y, control=True))
    frame = tool.frame_of(document)
    assert frame.angle == pytest.approx(angle)
    assert frame.is_within(600, 400) and frame.width / frame.height == pytest.approx(1.5, rel=0.01)
    x, y = frame.width / 2, frame.height / 2
    largest = CropFrame(frame.centre, frame.width + 4, frame.height + 4, frame.angle)
    assert not largest.is_within(600, 400)


def test_the_button_straightens_once(document, tool):
    tool.straightens = True
    tool.hover(document, Pointer(10, 10))
    assert tool.cursor == "cross"
    drag(tool, document, (100, 100), (300, 120))
    assert tool.angle == pytest.approx(5.7106, abs=1e-3) and not tool.straightens


# -- applying ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deletes", [False, True])
def test_enter_crops_to_whole_pixels(document, whole, tool, deletes):
    before, pixels = whole(document), document.composite(document.rect)
    tool.deletes = deletes
    drag(tool, document, (100, 50), (400, 250))
    assert tool.finish(document)
    assert size(document) == (300, 200) and names(document) == ["Crop"]
    assert np.array_equal(document.composite(document.rect), pixels[50:250, 100:400])
    outside = document.layers[0].image.bounds()
    assert outside == ((0, 0, 300, 200) if deletes else (-100, -50, 600, 400))
    assert box(tool, document) == (0, 0, 300, 200)
    document.undo()
    assert whole(document) == before and size(document) == (600, 400)


def test_beyond_the_canvas_it_becomes_larger(document, tool):
    drag(tool, document, (0, 0), (-50, -20))
    assert tool.finish(document)
    assert size(document) == (650, 420)
    corner = document.composite(document.rect)[:20, :50]
    assert not corner.any()


def test_a_turned_crop_is_one_entry(document, whole, tool):
    before = whole(document)
    drag(tool, document, (200, 100), (400, 300))
    tool.angle = 90.0
    pixels = document.composite(document.rect)[100:300, 200:400]
    assert tool.finish(document)
    assert size(document) == (200, 200) and names(document) == ["Crop"]
    assert np.array_equal(document.composite(document.rect), np.rot90(pixels))
    document.undo()
    assert whole(document) == before


def test_straightened_what_was_slanted_is_level(make_document, tool):
    """A dark line across the picture, 40 pixels down on 600 across."""
    rows, columns = np.mgrid[0:400, 0:600] + 0.5
    dark = (3.5 - np.abs(rows - 180 - columns * 40 / 600)).clip(0, 1)
    pixels = np.rint(220 - 200 * dark).astype(np.uint8)[..., None].repeat(4, axis=2)
    pixels[..., 3] = 255
    document = make_document(pixels=pixels)
    tool.arrive(document)
    drag(tool, document, (0, 180), (600, 220), control=True)
    tool.finish(document)
    shown = document.composite(document.rect)
    darkness = 220.0 - shown[..., 0]
    places = (darkness * np.arange(document.height)[:, None]).sum(axis=0) / darkness.sum(axis=0)
    assert np.ptp(places) < 0.2 and shown[..., 3].min() == 255


def test_a_double_click_inside_crops(document, tool):
    drag(tool, document, (100, 50), (400, 250))
    assert not tool.double_click(document, Pointer(20, 20))
    assert tool.double_click(document, Pointer(200, 200)) and size(document) == (300, 200)
