"""Another budget holds at once: for what is in memory, and for what may lie on disk."""

import numpy as np
import pytest

from editor.document import paint, select
from editor.document.model import Document

MIB = 1 << 20


@pytest.fixture
def document() -> Document:
    """Twelve steps of 1 MiB each."""
    pixels = np.random.default_rng(0).integers(0, 255, (512, 512, 4), np.uint8)
    document = Document.from_pixels(pixels)
    layer = document.layers[0]
    select.everything(document)
    for value in range(12):
        paint.fill(document, layer, (value / 12, 0.5, 0.5))
    return document


def test_a_smaller_one_moves_the_older_steps_to_disk(document):
    history = document.history
    count = len(history.entries)
    history.set_budgets(4 * MIB, 8192 * MIB)
    assert history.size <= 4 * MIB
    assert history.disk_size > 0
    assert len(history.entries) == count
    history.close()


def test_without_a_disk_the_oldest_steps_go(document):
    history = document.history
    history.set_budgets(4 * MIB, 0)
    assert history.disk_size == 0
    assert history.size <= 4 * MIB
    assert 0 < len(history.entries) < 12
    last = document.composite(document.rect)
    while history.can_undo:
        document.undo()
    while history.can_redo:
        document.redo()
    assert np.array_equal(document.composite(document.rect), last)


def test_a_larger_one_changes_nothing(document):
    entries = list(document.history.entries)
    document.history.set_budgets(65536 * MIB, 65536 * MIB)
    assert document.history.entries == entries
    assert document.history.disk_size == 0
