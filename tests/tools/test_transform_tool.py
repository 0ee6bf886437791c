"""Free transform: what each grip and key makes of the layer, numbers, and one entry in the end."""

import math

import numpy as np
import pytest
from gestures import drag, make_bench, names, press

from editor.document import paint, select, stack
from editor.document.layers import Lock, PixelLayer
from editor.document.model import Locked
from editor.document.tiles import TiledImage
from editor.tools import handling
from editor.tools.base import Pointer
from editor.tools.overlay import Handle, Line, Look, Note
from editor.tools.transform import Transform


@pytest.fixture
def document(make_document):
    """A background of 600 x 400 and a patch of 200 x 100 at (200, 150), middle (300, 200)."""
    made = make_document(600, 400)
    pixels = np.full((100, 200, 4), 255, np.uint8)
    stack.add(made, PixelLayer("Patch", TiledImage.from_array(pixels, 200, 150)))
    return made


@pytest.fixture
def upper(document):
    return document.layers[1]


@pytest.fixture
def tool(document, upper):
    transform = Transform(make_bench())
    transform.bench.layer = upper
    transform.begin(document)
    return transform


def corners(tool, document) -> list:
    """Where the corners of the frame are, clockwise from what was the top left."""
    return next(
        shape.points for shape in tool.shapes(document) if isinstance(shape, Line) and shape.look is Look.LINE
    )


def box(tool, document) -> tuple:
    xs, ys = zip(*corners(tool, document), strict=True)
    return pytest.approx((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)), abs=1e-6)


# -- grips ---------------------------------------------------------------------------------------------


def test_inside_it_moves(document, upper, whole, tool):
    before = whole(document)
    drag(tool, document, (250, 180), (290, 200))
    assert box(tool, document) == (240, 170, 200, 100)
    assert whole(document) == before and tool.preview(document) is not None
    assert tool.finish(document)
    assert upper.image.bounds() == (240, 170, 200, 100) and names(document)[1:] == ["Free transform"]
    document.undo()
    assert whole(document) == before


def test_a_corner_scales_and_keeps_the_ratio(document, upper, tool):
    drag(tool, document, (400, 250), (500, 260))
    width, height = np.ptp(corners(tool, document), axis=0)
    assert width / height == pytest.approx(2) and 280 < width < 300
    assert corners(tool, document)[0] == pytest.approx((200, 150))


@pytest.mark.parametrize("by_key", [True, False])
def test_or_not(document, tool, by_key):
    tool.keep_ratio = by_key
    drag(tool, document, (400, 250), (500, 260), constrain=by_key)
    assert box(tool, document) == (200, 150, 300, 110)


def test_a_side_scales_one_way(document, tool):
    drag(tool, document, (400, 200), (450, 230))
    assert box(tool, document) == (200, 150, 250, 100)
    drag(tool, document, (325, 150), (325, 100))
    assert box(tool, document) == (200, 100, 250, 150)


def test_alt_scales_about_the_middle(document, tool):
    drag(tool, document, (400, 200), (450, 200), invert=True)
    assert box(tool, document) == (150, 150, 300, 100)


def test_across_it_mirrors_and_never_vanishes(document, tool):
    drag(tool, document, (400, 200), (100, 200))
    assert corners(tool, document)[1] == pytest.approx((100, 150))
    assert tool.scale_x == pytest.approx(-0.5) and tool.angle == pytest.approx(0)
    tool.take_back(document)
    drag(tool, document, (400, 200), (200, 200))
    assert np.ptp(corners(tool, document), axis=0)[0] == pytest.approx(handling.LEAST)


def test_a_turned_frame_scales_along_its_own_sides(document, tool):
    tool.angle = 90.0
    assert box(tool, document) == (250, 100, 100, 200)
    drag(tool, document, (300, 300), (330, 340))  # what was the right side is below
    assert box(tool, document) == (250, 100, 100, 240)


def test_outside_it_turns(document, tool):
    drag(tool, document, (300, 80), (420, 200))
    assert tool.angle == pytest.approx(90) and (tool.x, tool.y) == pytest.approx((300, 200))
    tool.angle = 0.0
    press(tool, document, (500, 200), (500, 250), constrain=True)
    assert tool.angle == pytest.approx(15)
    note = next(shape for shape in tool.shapes(document) if isinstance(shape, Note))
    assert note.text == "15.0°"


def test_it_turns_about_the_reference_point(document, tool):
    drag(tool, document, (300, 200), (200, 150))
    assert corners(tool, document)[2] == pytest.approx((400, 250))
    drag(tool, document, (440, 150), (200, 400))
    assert tool.angle == pytest.approx(90) and corners(tool, document)[0] == pytest.approx((200, 150))


def test_ctrl_and_a_corner_distort(document, upper, tool):
    drag(tool, document, (400, 250), (450, 300), control=True)
    assert np.allclose(corners(tool, document), [(200, 150), (400, 150), (450, 300), (200, 250)])
    tool.finish(document)
    assert upper.image.bounds() == (200, 150, 250, 150)
    assert upper.image.read(document.rect)[260, 210, 3] == 0


def test_ctrl_and_a_side_skew(document, tool):
    drag(tool, document, (300, 150), (340, 130), control=True, constrain=True)
    assert np.allclose(corners(tool, document), [(240, 150), (440, 150), (400, 250), (200, 250)])


def test_ctrl_alt_shift_and_a_corner_make_a_perspective(document, tool):
    drag(tool, document, (200, 150), (230, 152), control=True, invert=True, constrain=True)
    assert np.allclose(corners(tool, document), [(230, 150), (370, 150), (400, 250), (200, 250)])


def test_ctrl_alt_and_a_corner_distort_about_the_middle(document, tool):
    drag(tool, document, (200, 150), (190, 130), control=True, invert=True)
    assert np.allclose(corners(tool, document), [(190, 130), (400, 150), (410, 270), (200, 250)])


def test_what_is_no_picture_is_left_out(document, tool):
    press(tool, document, (200, 150), (500, 350), control=True)  # past the opposite corner
    assert corners(tool, document)[0] == pytest.approx((200, 150))
    tool.move(document, Pointer(220, 160, control=True))
    assert corners(tool, document)[0] == pytest.approx((220, 160))


def test_it_snaps_to_the_canvas(document, tool):
    press(tool, document, (250, 180), (56, 183))
    assert box(tool, document) == (0, 150, 200, 100)  # the left edge and, as it was, the middle
    lines = [shape for shape in tool.shapes(document) if getattr(shape, "look", None) is Look.GUIDE]
    assert [line.points for line in lines] == [((0, 0), (0, 400)), ((0, 200), (600, 200))]
    tool.move(document, Pointer(56, 183, control=True))
    assert box(tool, document) == (6, 153, 200, 100)


def test_the_cursor_and_the_handles_say_what_a_drag_does(document, tool):
    seen = {}
    for place in ((200, 150), (300, 150), (400, 150), (400, 200), (250, 220), (300, 200), (20, 20)):
        tool.hover(document, Pointer(*place))
        seen[place] = tool.cursor
    assert list(seen.values()) == ["size-nwse", "size-ns", "size-nesw", "size-ew", "move", "point", "rotate"]
    tool.hover(document, Pointer(400, 150))
    hot = [shape.at for shape in tool.shapes(document) if isinstance(shape, Handle) and shape.hot]
    assert hot == [(400, 150)]


def test_small_frames_have_handles_at_their_corners_only(document, tool):
    tool.hover(document, Pointer(300, 190, scale=0.1))
    assert len([shape for shape in tool.shapes(document) if isinstance(shape, Handle)]) == 5


# -- numbers -------------------------------------------------------------------------------------------


def test_numbers_follow_and_lead(document, tool):
    assert (tool.x, tool.y, tool.scale_x, tool.scale_y, tool.angle) == (300, 200, 1, 1, 0)
    tool.keep_ratio = False
    tool.x, tool.y, tool.scale_x, tool.scale_y, tool.angle = 320.0, 190.0, 0.5, 2.0, 30.0
    found = (tool.x, tool.y, tool.scale_x, tool.scale_y, tool.angle)
    assert found == pytest.approx((320, 190, 0.5, 2, 30))
    first, second = corners(tool, document)[:2]
    assert math.dist(first, second) == pytest.approx(100)


def test_with_the_link_one_number_sets_both(document, tool):
    tool.scale_x = 0.5
    assert tool.scale_y == pytest.approx(0.5)
    tool.scale_y = 2.0
    assert tool.scale_x == pytest.approx(2)


def test_options_are_told_of_drags(document, tool):
    told = []
    tool.bench.tool_changed = lambda: told.append(tool.x)
    drag(tool, document, (250, 180), (270, 180))
    assert told[-1] == 320


def test_with_nothing_open_numbers_rest(document):
    tool = Transform(make_bench())
    tool.x, tool.scale_x, tool.angle = 5.0, 3.0, 20.0
    assert (tool.x, tool.scale_x, tool.angle) == (0, 1, 0)
    assert not any(getattr(option, "lasting", False) for option in tool.options[:3])


# -- until it is done ----------------------------------------------------------------------------------


def test_many_drags_resample_once(document, upper, tool):
    for _ in range(6):
        tool.angle += 30.0
        tool.angle -= 30.0
        tool.x += 0.25
        tool.x -= 0.25
    drag(tool, document, (250, 180), (290, 180))
    tool.finish(document)
    assert upper.image.bounds() == (240, 150, 200, 100)
    assert (upper.image.read(upper.image.bounds()) == 255).all()


def test_nothing_done_is_no_entry(document, tool):
    assert tool.finish(document) and len(names(document)) == 1
    assert not tool.finish(document)


def test_escape_leaves_everything_as_it_was(document, whole, tool):
    before, down = whole(document), []
    tool.bench.put_down = down.append
    drag(tool, document, (400, 250), (500, 260))
    assert tool.cancel(document) and down == [tool]
    assert whole(document) == before and tool.shapes(document) == () and tool.preview(document) is None
    assert not tool.cancel(document) and len(down) == 1


def test_done_it_is_put_down(document, tool):
    down = []
    tool.bench.put_down = down.append
    drag(tool, document, (250, 180), (290, 180))
    tool.finish(document)
    assert down == [tool]


def test_undo_takes_back_drag_after_drag(document, tool):
    drag(tool, document, (250, 180), (290, 180))
    tool.nudge(document, 0, 7)
    drag(tool, document, (290, 180), (290, 180))  # a click is no step
    assert tool.take_back(document) and box(tool, document) == (240, 150, 200, 100)
    assert tool.take_back(document) and box(tool, document) == (200, 150, 200, 100)
    assert tool.take_back(document) and tool.shapes(document) == ()
    assert not tool.take_back(document)


def test_something_else_applies_it_first(document, upper, tool):
    drag(tool, document, (250, 180), (290, 180))
    tool.settle(document)
    assert upper.image.bounds()[0] == 240 and names(document)[-1] == "Free transform"
    assert tool.shapes(document) == ()


def test_what_cannot_be_applied_stays_open(document, tool):
    tool.scale_x = 100_000.0
    told = []
    tool.bench.tell = lambda *words: told.append(words)
    tool.bench.put_down = lambda tool: told.append("down")
    with pytest.raises(ValueError, match="A picture ends at"):
        tool.finish(document)
    assert tool.preview(document) is not None and not told
    tool.settle(document)
    assert "A picture ends at" in told[0][0] and len(names(document)) == 1
    assert tool.shapes(document) == ()


def test_a_press_without_a_transform_begins_one(document, upper):
    tool = Transform(make_bench())
    tool.bench.layer = upper
    drag(tool, document, (250, 180), (290, 180))
    assert box(tool, document) == (240, 150, 200, 100)


def test_only_what_is_selected_is_transformed(document, upper, tool):
    select.rectangle(document, (200, 150, 100, 100))
    tool.begin(document)
    assert box(tool, document) == (200, 150, 100, 100)
    drag(tool, document, (220, 180), (220, 280))
    tool.finish(document)
    assert upper.image.bounds() == (200, 150, 200, 200)
    assert document.selection.bounds() == (200, 250, 100, 100)


def test_a_locked_layer_is_refused(document, upper):
    document.set_layer(upper, "lock", Lock.PIXELS, "Lock")
    tool = Transform(make_bench())
    tool.bench.layer = upper
    with pytest.raises(Locked):
        tool.begin(document)
    assert tool.shapes(document) == ()


def test_of_a_layer_that_has_changed_it_is_given_up(document, upper, tool):
    told = []
    tool.bench.tell = lambda words, level: told.append((words, level))
    drag(tool, document, (250, 180), (290, 180))
    document.set_layer(upper, "opacity", 0.5, "Opacity")
    assert tool.preview(document) is not None  # that does not touch what is transformed
    paint.clear(document, upper)
    assert tool.preview(document) is None and tool.shapes(document) == () and not told
    assert not tool.finish(document)
    assert told == [("The layer has changed, so its transform was given up.", "warning")]
    assert names(document)[-1] == "Clear"


def test_of_a_layer_that_has_gone_too(document, upper, tool):
    drag(tool, document, (250, 180), (290, 180))
    stack.delete(document, [upper])
    assert tool.shapes(document) == () and not tool.finish(document) and not tool.is_open


def test_another_document_sees_nothing_of_it(document, make_document, tool):
    other = make_document(50, 50)
    assert tool.shapes(other) == () and not tool.finish(other)
    assert tool.is_open


def test_a_double_click_applies_it_only_inside(document, tool):
    drag(tool, document, (250, 180), (290, 180))
    assert not tool.double_click(document, Pointer(20, 20))
    assert tool.double_click(document, Pointer(300, 180)) and names(document)[-1] == "Free transform"
