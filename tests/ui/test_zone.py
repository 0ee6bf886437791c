"""The dashed line runs along the edge of what is masked."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from editor.document import masks
from editor.document.tiles import TiledImage
from editor.ui import zone


def _mask(values: np.ndarray) -> TiledImage:
    mask = TiledImage(1, np.uint8)
    masks.replace(mask, values).swap()
    return mask


def _bounds(path) -> tuple[float, float, float, float]:
    rect = path.boundingRect()
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def test_no_mask_no_line():
    assert zone.outline(TiledImage(1, np.uint8)).isEmpty()


@pytest.mark.parametrize(
    "box", [(10, 20, 30, 40), (0, 0, 500, 400), (250, 250, 12, 12), (499, 399, 1, 1), (3, 300, 490, 1)]
)
def test_the_line_is_within_a_pixel_of_the_edge(box_mask, box):
    x, y, width, height = box
    path = zone.outline(_mask(box_mask(500, 400, box)))
    assert _bounds(path) == pytest.approx((x, y, x + width, y + height), abs=0.8)


def test_a_faint_mask_counts(box_mask):
    path = zone.outline(_mask(box_mask(100, 100, (40, 40, 20, 20), value=1)))
    assert _bounds(path) == pytest.approx((40, 40, 60, 60), abs=0.5)


def test_parts_have_a_line_each(box_mask):
    path = zone.outline(_mask(box_mask(600, 600, (10, 10, 50, 50), (400, 420, 80, 60))))
    polygons = [polygon.boundingRect() for polygon in path.toSubpathPolygons()]
    assert len(polygons) == 2
    lefts = sorted(rect.left() for rect in polygons)
    assert lefts == pytest.approx([10, 400], abs=0.5)


def test_a_hole_has_a_line(box_mask):
    values = box_mask(300, 300, (50, 50, 200, 200))
    values[120:180, 100:160] = 0
    path = zone.outline(_mask(values))
    polygons = sorted(
        (polygon.boundingRect() for polygon in path.toSubpathPolygons()), key=lambda rect: rect.width()
    )
    assert len(polygons) == 2
    hole = polygons[0]
    edges = (hole.left(), hole.top(), hole.right(), hole.bottom())
    assert edges == pytest.approx((100, 120, 160, 180), abs=0.5)
    assert path.contains(QPointF(60, 60))
    assert not path.contains(QPointF(130, 150))


def test_a_round_mask_keeps_its_shape():
    rows, columns = np.mgrid[0:400, 0:400]
    inside = np.hypot(rows + 0.5 - 200, columns + 0.5 - 200) <= 150
    path = zone.outline(_mask(inside.astype(np.uint8) * 255))
    assert _bounds(path) == pytest.approx((50, 50, 350, 350), abs=1)
    for polygon in path.toSubpathPolygons():
        for point in polygon:
            assert abs(np.hypot(point.x() - 200, point.y() - 200) - 150) < 1.5


@pytest.mark.parametrize("side", [3000, 7000])
def test_large_masks_are_thinned_out_but_keep_their_place(side):
    values = np.zeros((side, side), np.uint8)
    low, high = side // 10, side - side // 10
    values[low:high, low:high] = 255
    path = zone.outline(_mask(values))
    step = 1
    while side / step > zone.FINEST:
        step *= 2
    assert _bounds(path) == pytest.approx((low, low, high, high), abs=step)
    assert path.elementCount() < 1000


def test_a_mask_over_tile_edges_is_one_piece(box_mask):
    path = zone.outline(_mask(box_mask(900, 900, (200, 200, 400, 400))))
    assert len(path.toSubpathPolygons()) == 1
