"""Channels: selections kept under a name, loaded again, renamed and deleted; one entry each."""

import numpy as np
import pytest

from editor.document import channels, select
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage


@pytest.fixture
def document():
    """A soft ellipse over four tiles is selected."""
    document = Document(400, 350, np.uint8, [PixelLayer("Layer", TiledImage(4, np.uint8))])
    select.ellipse(document, (150.3, 120.7, 200, 190))
    return document


def selected(document):
    return document.selection.read(document.rect)[..., 0]


def test_channels_come_and_go(document):
    ellipse = selected(document)
    with pytest.raises(ValueError, match="name"):
        channels.save_channel(document, " ")
    first = channels.save_channel(document, "a")
    select.rectangle(document, (0, 0, 20, 20))
    second = channels.save_channel(document, "b")
    assert document.channels == (first, second)

    channels.load_channel(document, first, "add")
    expected = ellipse.copy()
    expected[:20, :20] = 255
    np.testing.assert_array_equal(selected(document), expected)
    channels.load_channel(document, second, "intersect")
    assert document.selection.bounds() == Rect(0, 0, 20, 20)

    with pytest.raises(ValueError, match="already"):
        channels.rename_channel(document, second, "a")
    renamed = channels.rename_channel(document, second, "c")
    assert [each.name for each in document.channels] == ["a", "c"]
    with pytest.raises(ValueError, match="not in this picture"):
        channels.delete_channel(document, second)
    channels.delete_channel(document, first)
    assert document.channels == (renamed,)
    channels.save_channel(document, "c")
    assert len(document.channels) == 1

    assert [entry.name for entry in document.history.entries] == [
        *("Elliptical selection", "Save selection", "Rectangular selection", "Save selection"),
        *("Load selection", "Load selection", "Rename channel", "Delete channel", "Save selection"),
    ]
    document.go_to(1)
    assert document.channels == ()
    np.testing.assert_array_equal(selected(document), ellipse)
    document.go_to(4)
    assert document.channels == (first, second)


def test_nothing_selected_is_not_saved(document):
    select.nothing(document)
    with pytest.raises(ValueError, match="Nothing is selected"):
        channels.save_channel(document, "a")
    assert document.channels == ()


def test_a_saved_channel_stays_when_the_selection_changes(document):
    ellipse = selected(document)
    channel = channels.save_channel(document, "a")
    select.nothing(document)
    np.testing.assert_array_equal(channel.image.read(document.rect)[..., 0], ellipse)
