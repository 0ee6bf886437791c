"""The move tool: layers, groups and what is selected, by drags and arrow keys, one entry each."""

import numpy as np
import pytest
from gestures import drag, make_bench, names, press

from editor.document import select, stack
from editor.document.adjustments import ADJUSTMENTS
from editor.document.layers import AdjustmentLayer, Lock, PixelLayer
from editor.document.model import Locked
from editor.document.tiles import TiledImage
from editor.tools.base import Pointer
from editor.tools.move import Move
from editor.tools.overlay import Handle, Line, Look, Note


def patch(width: int, height: int, x: int, y: int, value: int = 200, name: str = "Patch") -> PixelLayer:
    pixels = np.full((height, width, 4), value, np.uint8)
    pixels[..., 3] = 255
    return PixelLayer(name, TiledImage.from_array(pixels, x, y))


@pytest.fixture
def document(make_document):
    """A background of 600 x 400 and a patch of 100 x 60 at (200, 150)."""
    made = make_document(600, 400)
    stack.add(made, patch(100, 60, 200, 150))
    return made


@pytest.fixture
def upper(document):
    return document.layers[1]


@pytest.fixture
def tool(document, upper):
    move = Move(make_bench())
    move.bench.layer = upper
    return move


def test_a_drag_moves_the_layer_as_one_entry(document, upper, whole, tool):
    before = whole(document)
    drag(tool, document, (250, 180), (260, 190), (287.4, 160.6))
    assert upper.image.bounds() == (237, 131, 100, 60)
    assert names(document)[1:] == ["Move"]
    document.undo()
    assert whole(document) == before


def test_while_it_is_dragged_the_document_stays_as_it_was(document, whole, tool):
    before, changes = whole(document), []
    document.observers.append(changes.append)
    press(tool, document, (250, 180), (287, 160))
    assert whole(document) == before and not changes
    assert tool.preview(document).matrix[:2, 2].tolist() == [37, -20]
    assert [shape.text for shape in tool.shapes(document)] == ["+37, \N{MINUS SIGN}20 px"]
    assert tool.cancel(document) and tool.preview(document) is None
    tool.release(document, Pointer(287, 160))
    assert whole(document) == before and len(names(document)) == 1


def test_another_document_shows_nothing_of_it(document, make_document, tool):
    press(tool, document, (250, 180), (287, 160))
    assert tool.preview(make_document(50, 50)) is None


def test_a_click_moves_nothing(document, tool):
    drag(tool, document, (250, 180), (251, 181))
    assert len(names(document)) == 1


def test_shift_keeps_straight(document, upper, tool):
    drag(tool, document, (250, 180), (320, 190), constrain=True)
    assert upper.image.bounds() == (270, 150, 100, 60)


def test_what_is_half_done_is_recorded_when_something_else_comes(document, upper, tool):
    press(tool, document, (250, 180), (287, 160))
    tool.settle(document)
    assert upper.image.bounds()[:2] == (237, 130) and names(document)[-1] == "Move"
    tool.move(document, Pointer(400, 170))
    tool.release(document, Pointer(400, 170))
    assert upper.image.bounds()[:2] == (237, 130)


def test_only_what_is_selected_moves(document, upper, tool):
    select.rectangle(document, (200, 150, 50, 60))
    drag(tool, document, (220, 180), (220, 280))
    assert upper.image.bounds() == (200, 150, 100, 160)
    assert not upper.image.read(document.rect)[150:210, 200:250].any()
    assert document.selection.bounds() == (200, 250, 50, 60)
    assert names(document)[-1] == "Move"


def test_a_group_moves_as_a_whole(document, upper, tool):
    group = stack.group(document, [upper])
    tool.bench.layer = group
    drag(tool, document, (250, 180), (240, 180))
    assert upper.image.bounds()[:2] == (190, 150)


def test_a_locked_layer_is_refused(document, upper, whole, tool):
    document.set_layer(upper, "lock", Lock.ALL, "Lock")
    before = whole(document)
    tool.press(document, Pointer(250, 180))
    with pytest.raises(Locked, match="Patch"):
        tool.move(document, Pointer(280, 180))
    tool.move(document, Pointer(290, 180))
    tool.release(document, Pointer(290, 180))
    assert whole(document) == before and tool.preview(document) is None


# -- copies --------------------------------------------------------------------------------------------


def test_alt_moves_a_copy_of_the_layer(document, upper, whole, tool):
    before = whole(document)
    drag(tool, document, (250, 180), (300, 280), invert=True)
    assert [layer.name for layer in document.layers] == ["Background", "Patch", "Patch copy"]
    assert upper.image.bounds()[:2] == (200, 150)
    assert document.layers[2].image.bounds() == (250, 250, 100, 60)
    assert names(document)[1:] == ["Duplicate layer"]
    document.undo()
    assert whole(document) == before and len(document.layers) == 2


def test_alt_leaves_what_is_selected_where_it_was(document, upper, tool):
    select.rectangle(document, (200, 150, 50, 60))
    drag(tool, document, (220, 180), (220, 280), invert=True)
    image = upper.image.read(document.rect)
    assert (image[150:210, 200:300, 3] == 255).all() and (image[250:310, 200:250, 3] == 255).all()
    assert len(document.layers) == 2


def test_a_copy_may_be_made_of_a_locked_layer(document, upper, tool):
    document.set_layer(upper, "lock", Lock.ALL, "Lock")
    drag(tool, document, (250, 180), (300, 280), invert=True)
    assert document.layers[2].image.bounds()[:2] == (250, 250) and document.layers[2].lock == Lock.NONE


# -- which layer ---------------------------------------------------------------------------------------


def test_ctrl_takes_the_layer_under_the_pointer(document, upper, tool):
    picked = []
    tool.bench.picked = picked.append
    drag(tool, document, (30, 30), control=True)
    assert picked == [document.layers[0]] and tool.bench.layer is document.layers[0]
    drag(tool, document, (250, 180), control=True)
    assert picked[1:] == [upper]
    drag(tool, document, (250, 180), (260, 190), control=True)
    assert len(picked) == 2 and upper.image.bounds()[:2] == (210, 160)


def test_auto_select_takes_it_without_the_key(document, upper, tool):
    tool.auto_select, tool.bench.layer = True, document.layers[0]
    drag(tool, document, (250, 180), (260, 190))
    assert upper.image.bounds()[:2] == (210, 160)
    tool.bench.layer = document.layers[0]
    drag(tool, document, (250, 180), (260, 180), control=True)
    assert upper.image.bounds()[:2] == (210, 160) and document.layers[0].image.bounds()[0] == 10


def test_where_nothing_is_nothing_moves(document, tool):
    document.set_layer(document.layers[0], "visible", False, "Hide")
    tool.auto_select = True
    drag(tool, document, (30, 30), (90, 90))
    assert names(document)[-1] == "Hide"


def test_auto_select_can_mean_groups(document, upper, tool):
    group = stack.group(document, [upper])
    tool.auto_select, tool.takes = True, "group"
    tool.press(document, Pointer(250, 180))
    assert tool.bench.layer is group
    assert "takes" in Move(make_bench()).unused and not tool.unused


# -- snapping ------------------------------------------------------------------------------------------


def guide_lines(tool, document) -> list:
    return [
        shape.points
        for shape in tool.shapes(document)
        if isinstance(shape, Line) and shape.look is Look.GUIDE
    ]


def test_edges_and_middle_snap_to_the_canvas(document, upper, tool):
    press(tool, document, (250, 180), (55, 180))  # the left edge 5 pixels from the canvas's
    assert guide_lines(tool, document) == [((0, 0), (0, 400))]
    tool.move(document, Pointer(303, 206))  # the middle near the middle
    assert guide_lines(tool, document) == [((300, 0), (300, 400)), ((0, 200), (600, 200))]
    tool.release(document, Pointer(303, 206))
    assert upper.image.bounds() == (250, 170, 100, 60)


@pytest.mark.parametrize("how", ["ctrl", "option", "zoomed in"])
def test_without_snapping(document, upper, tool, how):
    tool.snaps = how != "option"
    pointer = {"ctrl": {"control": True}, "option": {}, "zoomed in": {"scale": 8.0}}[how]
    drag(tool, document, (250, 180), (55, 180), **pointer)
    assert upper.image.bounds()[:2] == (5, 150)


def test_a_straight_move_snaps_only_along_its_way(document, upper, tool):
    drag(tool, document, (250, 180), (55, 185), constrain=True)
    assert upper.image.bounds()[:2] == (0, 150)
    drag(tool, document, (50, 180), (400, 180), constrain=True)  # its middle is 20 below the canvas's
    assert upper.image.bounds()[1] == 150


# -- arrow keys ----------------------------------------------------------------------------------------


def test_arrow_keys_move_the_layer_as_one_entry(document, upper, whole, tool):
    before = whole(document)
    for step in ((1, 0), (10, 0), (0, -1)):
        assert tool.nudge(document, *step)
    assert upper.image.bounds()[:2] == (211, 149) and names(document)[1:] == ["Move"]
    document.undo()
    assert whole(document) == before


def test_arrow_keys_on_another_layer_are_another_entry(document, upper, tool):
    tool.nudge(document, 1, 0)
    tool.bench.layer = document.layers[0]
    tool.nudge(document, 1, 0)
    assert names(document)[1:] == ["Move", "Move"]


def test_arrow_keys_move_what_is_selected(document, upper, tool):
    select.rectangle(document, (200, 150, 50, 60))
    for _ in range(3):
        tool.nudge(document, 0, 10)
    assert document.selection.bounds() == (200, 180, 50, 60)
    assert upper.image.bounds() == (200, 150, 100, 90)
    assert names(document)[-2:] == ["Rectangular selection", "Move"]


def test_what_has_nothing_to_move_is_told(document, tool):
    tool.bench.layer = AdjustmentLayer("Negative", ADJUSTMENTS["invert"]())
    stack.add(document, tool.bench.layer)
    with pytest.raises(ValueError, match="nothing to transform in “Negative”"):
        tool.nudge(document, 1, 0)


# -- transform controls --------------------------------------------------------------------------------


def test_transform_controls_hand_over_to_the_transform_tool(document, tool):
    taken = []

    class Other:
        def press(self, document, pointer):
            taken.append((pointer.x, pointer.y))

    def take(tool_id):
        taken.append(tool_id)
        return Other()

    tool.bench.take = take
    tool.controls = True
    tool.hover(document, Pointer(300, 210))
    handles = [shape for shape in tool.shapes(document) if isinstance(shape, Handle)]
    assert len(handles) == 8 and [handle.at for handle in handles if handle.hot] == [(300, 210)]
    assert tool.cursor == "size-nwse"
    drag(tool, document, (301, 209), (340, 230))
    assert taken == ["transform", (301, 209)] and len(names(document)) == 1


def test_within_the_controls_it_still_moves(document, upper, tool):
    tool.controls = True
    drag(tool, document, (250, 180), (260, 190))
    assert upper.image.bounds()[:2] == (210, 160)
    frame = [shape for shape in tool.shapes(document) if isinstance(shape, Line)]
    assert frame[0].points[0] == (210, 160)
    assert not any(isinstance(shape, Note) for shape in tool.shapes(document))
