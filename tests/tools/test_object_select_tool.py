"""Object select: clicks and boxes become questions, answers become outlines, Enter makes the selection."""

from types import SimpleNamespace

import numpy as np
import pytest
from gestures import bounds, drag, make_bench, mask, names

from editor.document import select as document_select
from editor.jobs import select
from editor.tools.base import Pointer
from editor.tools.click_select import ObjectSelect
from editor.tools.overlay import Handle, Line
from engines.select.requests import Found


@pytest.fixture
def document(make_document):
    return make_document(400, 200)


def found_disc(x, y, radius, side=400):
    """A disc in the network's own grid over a picture with that longer side."""
    rows, columns = np.mgrid[:256, :256]
    centre = (x, y)
    apart = np.hypot((columns + 0.5) * side / 256 - centre[0], (rows + 0.5) * side / 256 - centre[1])
    return Found((radius - apart).astype(np.float32), 0.9, "0" * 64)


@pytest.fixture
def asked():
    """Questions that were asked, with what answers them."""
    return []


@pytest.fixture
def tool(asked):
    bench = make_bench()
    bench.find = lambda document, where, answer: asked.append(SimpleNamespace(where=where, answer=answer))
    bench.told = []
    bench.tell = lambda words, level: bench.told.append(words)
    return ObjectSelect(bench)


def disc(x=100, y=100, radius=40, margin=0.0):
    return select.selected(found_disc(x, y, radius), 400, 200, margin)


def test_the_picture_is_looked_at_as_soon_as_the_tool_is_in_hand(document, tool):
    seen = []
    tool.bench.look = seen.append
    tool.arrive(document)
    assert seen == [document]


def test_a_click_asks_and_enter_selects(document, whole, tool, asked):
    before = whole(document)
    drag(tool, document, (100, 90))
    assert asked[0].where.wanted == ((100, 90),) and not asked[0].where.unwanted
    assert tool.is_open and not any(isinstance(each, Line) for each in tool.shapes(document))
    asked[0].answer(disc())
    lines = [each for each in tool.shapes(document) if isinstance(each, Line)]
    points = np.array(lines[0].points)
    assert len(lines) == 1 and lines[0].closed
    assert np.abs(np.hypot(*(points - (100, 100)).T) - 40).max() < 3
    assert whole(document) == before  # nothing yet
    assert tool.finish(document)
    assert names(document) == ["Object selection"]
    area = (mask(document) >= 128).sum()
    assert abs(area / (np.pi * 40**2) - 1) < 0.05
    assert not tool.is_open and not tool.shapes(document)
    document.undo()
    assert whole(document) == before


def test_more_clicks_say_more_and_know_what_came_before(document, tool, asked):
    drag(tool, document, (100, 90))
    first = disc()
    asked[0].answer(first)
    drag(tool, document, (130, 90))
    drag(tool, document, (60, 60), invert=True)
    assert asked[2].where.wanted == ((100, 90), (130, 90)) and asked[2].where.unwanted == ((60, 60),)
    assert asked[1].where.before is first
    assert [each.hot for each in tool.shapes(document) if isinstance(each, Handle)] == [True, True, False]


def test_only_the_last_answer_counts(document, tool, asked):
    drag(tool, document, (100, 90))
    drag(tool, document, (130, 90))
    late = disc(300)
    asked[1].answer(disc())
    asked[0].answer(late)
    tool.finish(document)
    assert bounds(document)[0] < 100


def test_a_drag_is_a_box_within_the_picture(document, tool, asked):
    drag(tool, document, (180, 150), (60, 40), (50, -30))
    assert asked[0].where.box == (50, 0, 180, 150)
    drag(tool, document, (100, 90), (101, 91))  # no farther than a click
    assert asked[1].where.box == (50, 0, 180, 150) and asked[1].where.wanted == ((100, 90),)


def test_a_click_beside_the_picture_and_taking_away_from_nothing_ask_nothing(document, tool, asked):
    drag(tool, document, (-5, 90))
    drag(tool, document, (500, 300), (600, 400))
    drag(tool, document, (100, 90), invert=True)
    assert not asked and not tool.is_open
    assert "Click on the object first" in tool.bench.told[0]


def test_enter_before_the_answer_waits(document, tool, asked):
    assert not tool.finish(document)  # so that Enter goes on to remove what is selected
    drag(tool, document, (100, 90))
    assert tool.finish(document)
    assert tool.is_open and not names(document) and "not been found yet" in tool.bench.told[0]


def test_escape_and_a_late_answer(document, tool, asked):
    drag(tool, document, (100, 90))
    assert tool.cancel(document)
    asked[0].answer(disc())
    assert not tool.is_open and not tool.shapes(document) and not tool.finish(document)
    assert not tool.cancel(document)


def test_undo_takes_back_the_last_click(document, tool, asked):
    drag(tool, document, (100, 90))
    drag(tool, document, (130, 90))
    assert tool.take_back(document)
    assert asked[-1].where.wanted == ((100, 90),)
    assert tool.take_back(document) and not tool.is_open
    assert not tool.take_back(document)


@pytest.mark.parametrize("how", ["add", "subtract", "intersect", "replace"])
def test_the_four_ways(document, tool, asked, how):
    document_select.rectangle(document, (0, 0, 100, 200), antialias=False)
    inside = mask(document) > 0
    tool.how = how
    drag(tool, document, (100, 90))
    asked[0].answer(disc())
    tool.finish(document)
    alone = select.coverage(disc().logits, disc().region, 400, 200, 0.0)
    round_ = np.zeros((200, 400), bool)
    round_[alone[0].slices] = alone[1] > 0
    wanted = {
        "add": inside | round_,
        "subtract": inside & ~round_,
        "intersect": inside & round_,
        "replace": round_,
    }
    assert np.array_equal(mask(document) > 0, wanted[how])


def test_another_margin_asks_again(document, tool, asked):
    tool.margin = 50.0
    assert not asked
    drag(tool, document, (100, 90))
    tool.margin = 200.0
    assert [each.where.margin for each in asked] == [50.0, 200.0]


def test_another_document_begins_anew(document, make_document, tool, asked):
    drag(tool, document, (100, 90))
    asked[0].answer(disc())
    other = make_document(400, 200, seed=1)
    assert not tool.shapes(other)
    tool.arrive(other)
    assert not tool.is_open and not tool.finish(document)


def test_a_picture_of_another_shape_meanwhile(document, tool, asked):
    from editor.document import canvas
    from editor.document.geometry import Rect

    drag(tool, document, (100, 90))
    asked[0].answer(disc())
    canvas.crop(document, Rect(0, 0, 200, 200))
    assert tool.finish(document)
    assert not document.selection.tiles and "changed its shape" in tool.bench.told[0]


def test_two_quick_clicks_are_two_places(document, tool, asked):
    drag(tool, document, (100, 90))
    assert not tool.double_click(document, Pointer(100, 90))
    assert tool.is_open
