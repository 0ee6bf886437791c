"""Where the picture lies on the screen: fit, zoom at the pointer, halved levels, at every pixel ratio."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize

from editor.document.geometry import Rect
from editor.ui.view import LARGEST, SMALLEST, View, physical

RATIOS = (1.0, 1.5, 2.0)


def _view(width: int, height: int, ratio: float = 1.0) -> View:
    view = View(width, height)
    view.ratio = ratio
    return view


@pytest.mark.parametrize("ratio", RATIOS)
def test_fit_shows_all_of_a_large_picture_in_the_middle(ratio):
    view, size = _view(6000, 4000, ratio), QSize(800, 600)
    view.fit(size)
    corner, opposite = view.to_widget(0, 0), view.to_widget(6000, 4000)
    assert view.zoom < 1
    assert corner.x() >= 23 and corner.y() >= 23
    assert opposite.x() <= 777 and opposite.y() <= 577
    assert opposite.x() - corner.x() == pytest.approx(800 - 48, abs=2)
    assert corner.x() + opposite.x() == pytest.approx(800, abs=2)
    assert corner.y() + opposite.y() == pytest.approx(600, abs=2)


@pytest.mark.parametrize("ratio", RATIOS)
def test_fit_never_enlarges(ratio):
    view = _view(20, 10, ratio)
    view.fit(QSize(800, 600))
    assert view.zoom == 1.0
    assert view.to_widget(10, 5).x() == pytest.approx(400, abs=1)


def test_fit_in_no_room_at_all_stays_within_the_limits():
    view = _view(40000, 20000)
    view.fit(QSize(1, 1))
    assert view.zoom == SMALLEST


@pytest.mark.parametrize("ratio", RATIOS)
def test_there_and_back(ratio):
    view = _view(640, 480, ratio)
    view.zoom, view.x, view.y = 0.37, -11, 29
    for point in ((0.0, 0.0), (12.5, 300.25), (639.0, 479.0)):
        assert view.to_image(view.to_widget(*point)) == pytest.approx(point)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("zoom", [1 / 64, 0.3, 1.0, 7.0, 64.0])
def test_zoom_keeps_what_is_under_the_pointer(ratio, zoom):
    view = _view(3000, 2000, ratio)
    view.fit(QSize(900, 700))
    point = QPointF(333, 222)
    before = view.to_image(point)
    view.zoom_at(point, zoom)
    after = view.to_widget(*before)
    assert view.zoom == zoom
    # The offset is whole physical pixels: half of one is the most it can be out.
    assert abs(after.x() - point.x()) * ratio <= 0.5 + 1e-6
    assert abs(after.y() - point.y()) * ratio <= 0.5 + 1e-6
    assert (view.x, view.y) == (int(view.x), int(view.y))


def test_zoom_stops_at_its_limits():
    view = _view(100, 100)
    view.zoom_at(QPointF(), 1000)
    assert view.zoom == LARGEST
    view.zoom_at(QPointF(), 0)
    assert view.zoom == SMALLEST


@pytest.mark.parametrize("ratio", RATIOS)
def test_one_pixel_of_the_picture_is_one_of_the_screen_at_100_percent(ratio):
    view = _view(100, 100, ratio)
    assert view.to_widget(30, 0).x() - view.to_widget(0, 0).x() == pytest.approx(30 / ratio)


@pytest.mark.parametrize(
    ("zoom", "level"),
    [(64, 0), (1, 0), (0.99, 0), (0.51, 0), (0.5, 1), (0.26, 1), (0.25, 2), (0.2, 2), (1 / 64, 6)],
)
def test_levels_leave_a_scale_from_half_to_one(zoom, level):
    view = _view(100, 100)
    view.zoom = zoom
    assert view.level == level
    if zoom < 1:
        assert 0.5 < view.zoom * 2**level <= 1


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("zoom", [1 / 64, 1.0, 64.0])
def test_a_strip_stays_in_sight(ratio, zoom):
    size = QSize(400, 300)
    for dx, dy in ((10**6, 0), (-(10**6), 0), (0, 10**6), (0, -(10**6)), (-(10**6), 10**6)):
        view = _view(500, 400, ratio)
        view.zoom_at(QPointF(), zoom)
        view.pan(dx, dy)
        view.keep_in_sight(size)
        shown = view.widget_rect(Rect(0, 0, 500, 400), 48)
        assert shown.intersects(QRect(QPoint(0, 0), size))
        assert (view.x, view.y) == (int(view.x), int(view.y))


def test_what_is_in_sight_is_left_alone():
    view = _view(500, 400)
    view.pan(-20, 35)
    view.keep_in_sight(QSize(400, 300))
    assert (view.x, view.y) == (-20, 35)


@pytest.mark.parametrize("ratio", RATIOS)
def test_widget_rect_covers_the_area_whole(ratio):
    view = _view(500, 400, ratio)
    view.zoom, view.x, view.y = 0.61, 7, -3
    area = Rect(33, 44, 55, 66)
    rect = view.widget_rect(area, 0)
    for x, y in ((33, 44), (88, 110)):
        point = view.to_widget(x, y)
        assert rect.left() <= point.x() <= rect.right() + 1
        assert rect.top() <= point.y() <= rect.bottom() + 1


def test_physical_pixels_are_whole():
    assert physical(QPointF(10, 20), 1.5) == (15, 30)
    assert physical(QPoint(3, 5), 2.0) == (6, 10)
