"""The selection's edge moved, and shapes with a softened edge."""

import numpy as np
import pytest

from editor.document import select, selections
from editor.document.history import Part


@pytest.fixture
def document(make_document):
    made = make_document(700, 500)
    select.ellipse(made, (100, 120, 300, 200))
    return made


def mask(document) -> np.ndarray:
    return document.selection.read(document.rect)[..., 0]


@pytest.mark.parametrize("dx, dy", [(256, 0), (13, -40), (-90, 7)])
def test_it_moves_exactly_and_back(document, whole, dx, dy):
    before, values, changes = whole(document), mask(document), []
    document.observers.append(changes.append)
    plane = document.selection
    select.move(document, dx, dy)
    assert document.selection is plane
    assert np.array_equal(mask(document)[140 + dy : 300 + dy, 110 + dx : 390 + dx], values[140:300, 110:390])
    assert (mask(document) > 0).sum() == (values > 0).sum()
    assert [entry.name for entry in document.history.entries[1:]] == ["Move selection"]
    assert all(change.parts == Part.SELECTION for change in changes)
    document.undo()
    assert whole(document) == before


def test_it_is_told_where_it_looks_different(document):
    changes = []
    document.observers.append(changes.append)
    select.move(document, 200, 100)
    area = changes[-1].area
    assert area.x <= 100 and area.right >= 600 and area.bottom >= 420


def test_what_left_the_canvas_stays_out(document):
    select.move(document, -250, 0)
    assert document.selection.bounds() == (0, 120, 150, 200)
    select.move(document, 250, 0)
    assert document.selection.bounds() == (250, 120, 150, 200)


def test_nowhere_and_nothing_are_no_entry(document, make_document):
    select.move(document, 0, 0)
    assert len(document.history.entries) == 1
    empty = make_document(50, 50)
    select.move(empty, 5, 5)
    assert not empty.history.entries


# -- feathered shapes ----------------------------------------------------------------------------------


def test_a_feathered_shape_is_the_shape_feathered(make_document):
    hard, soft = make_document(300, 200), make_document(300, 200)
    select.rectangle(hard, (60, 50, 100, 80))
    select.feather(hard, 7)
    select.rectangle(soft, (60, 50, 100, 80), feather=7)
    assert np.array_equal(mask(hard), mask(soft))
    assert [entry.name for entry in soft.history.entries] == ["Rectangular selection"]


@pytest.mark.parametrize("shape", ["ellipse", "polygon"])
def test_all_shapes_can_be_feathered(make_document, shape):
    document = make_document(300, 200)
    if shape == "ellipse":
        select.ellipse(document, (60, 50, 100, 80), feather=5)
        whole = selections.ellipse(200, 300, (60, 50, 100, 80))
    else:
        corners = [(60, 50), (160, 60), (100, 150)]
        select.polygon(document, corners, feather=5)
        whole = selections.polygon(200, 300, corners)
    assert np.array_equal(mask(document), selections.feather(whole, 5))


def test_what_was_selected_keeps_its_edge(make_document):
    document = make_document(300, 200)
    select.rectangle(document, (10, 10, 40, 40))
    select.rectangle(document, (150, 50, 100, 100), "add", feather=6)
    assert set(np.unique(mask(document)[:60, :60])) == {0, 255}
    assert len(np.unique(mask(document)[:, 120:])) > 10


def test_a_feather_that_is_no_number_is_refused(make_document):
    document = make_document(300, 200)
    with pytest.raises(ValueError, match="cannot be changed by"):
        select.rectangle(document, (10, 10, 40, 40), feather=float("nan"))
    assert not document.history.entries
