"""Showing and hiding several layers, black masks and inverted ones: one entry each, undone to the byte."""

from dataclasses import replace

import numpy as np
import pytest

from editor.document import select, stack
from editor.document.layers import Lock, PixelLayer
from editor.document.model import Document, Locked


@pytest.fixture
def document(make_document) -> Document:
    document = make_document(300, 280)
    stack.add_pixels(document, "Upper")
    document.history.clear()
    return document


def _names(document: Document) -> list[str]:
    return [entry.name for entry in document.history.entries]


def _mask(document: Document) -> np.ndarray:
    return document.layers[0].mask.image.read(document.rect)[..., 0]


def test_several_layers_are_hidden_as_one_entry(document):
    first, second = document.layers
    stack.set_visible(document, {first: False, second: False})
    assert not first.visible and not second.visible
    stack.set_visible(document, {first: True, second: False})
    assert _names(document) == ["Hide layers", "Show layer"]
    document.undo()
    document.undo()
    assert first.visible and second.visible
    document.redo()
    assert not first.visible and not second.visible


def test_what_is_as_it_is_to_be_makes_no_entry(document):
    stack.set_visible(document, dict.fromkeys(document.layers, True))
    assert _names(document) == []


def test_one_shown_and_one_hidden_is_named_by_what_goes(document):
    first, second = document.layers
    stack.set_visible(document, {first: False})
    stack.set_visible(document, {first: True, second: False})
    stack.set_visible(document, {second: True}, "All again")
    assert _names(document) == ["Hide layer", "Hide layers", "All again"]


def test_a_locked_layer_may_be_hidden(document):
    layer = document.layers[0]
    document.set_layer(layer, "lock", Lock.ALL, "Lock layer")
    stack.set_visible(document, {layer: False})
    assert not layer.visible


def test_a_black_mask_hides_all_or_what_is_selected(document):
    layer: PixelLayer = document.layers[0]
    stack.add_mask(document, layer, hiding=True)
    assert not _mask(document).any() and layer.mask.image.default == 0
    document.undo()
    select.rectangle(document, (10, 20, 100, 50))
    stack.add_mask(document, layer, hiding=True)
    expected = np.full((280, 300), 255)
    expected[20:70, 10:110] = 0
    assert np.array_equal(_mask(document), expected)
    assert _names(document)[-1] == "Add layer mask"


def test_a_mask_is_inverted_beyond_its_tiles_too(document, whole):
    layer = document.layers[0]
    select.rectangle(document, (10, 20, 100, 50))
    stack.add_mask(document, layer)
    before, mask = whole(document), _mask(document)
    stack.invert_mask(document, layer)
    assert np.array_equal(_mask(document), 255 - mask)
    assert layer.mask.image.default == 255
    stack.invert_mask(document, layer)
    assert np.array_equal(_mask(document), mask) and whole(document) == before
    document.undo()
    document.undo()
    assert whole(document) == before and _names(document)[-1] == "Invert layer mask"


def test_inverting_keeps_a_mask_disabled_and_heeds_locks(document):
    layer = document.layers[0]
    stack.invert_mask(document, layer)  # there is none: nothing happens
    stack.add_mask(document, layer)
    stack.set_mask(document, layer, replace(layer.mask, enabled=False), "Disable layer mask")
    stack.invert_mask(document, layer)
    assert not layer.mask.enabled
    document.set_layer(layer, "lock", Lock.ALL, "Lock layer")
    with pytest.raises(Locked):
        stack.invert_mask(document, layer)


def test_a_cleared_history_keeps_the_picture_and_whether_it_is_saved(document, whole):
    assert document.history.modified
    document.history.mark_saved(document.history.state)
    document.history.clear()
    assert not document.history.modified
    stack.add_pixels(document, "Third")
    before = whole(document)
    document.history.clear()
    assert whole(document) == before and document.history.modified and not document.history.can_undo
