"""Finding lines around what is selected: they become handles on the picture before anything is filled."""

import numpy as np
import pytest
from PIL import Image
from windows import open_pictures, toasts, wait_for_toast

from editor.document import select
from engines import registry


@pytest.fixture
def window(make_window, engine):
    """A real search, beside a removal that is none."""
    return make_window(lambda engine_id: registry.load(engine_id) if engine_id == "lines" else engine)


@pytest.fixture
def document(window, qtbot, tmp_path):
    """A dark band across a light picture, and a selection over its middle."""
    pixels = np.full((480, 640, 3), 210, np.uint8)
    pixels[230:250] = 60
    Image.fromarray(pixels).save(tmp_path / "band.png")
    open_pictures(qtbot, window, tmp_path / "band.png")
    qtbot.waitUntil(lambda: window._are_menus_filled)
    select.ellipse(window.document, (260, 180, 120, 120))
    return window.document


def found(qtbot, window, document) -> None:
    window.removing.find_lines()
    qtbot.waitUntil(lambda: not window.removing._is_finding(document), timeout=20_000)


def test_both_edges_of_a_band_are_found_and_can_be_corrected_at_once(window, document, qtbot):
    before = len(document.history.entries)
    found(qtbot, window, document)
    assert document.history.entries[-1].name == "Find lines"
    assert len(document.history.entries) == before + 1
    on = [guide for guide in document.guides if guide.enabled]
    for height in (230, 250):
        assert any(np.abs(guide.array[:, 1] - height).max() < 1.5 for guide in on)
    assert window.tools.current.id == "line"
    assert not window.options.remove_button.isHidden()
    wait_for_toast(qtbot, window, "info", "lines are on")
    document.undo()
    assert document.guides == ()


def test_a_second_search_adds_nothing(window, document, qtbot):
    found(qtbot, window, document)
    before = document.guides
    found(qtbot, window, document)
    assert document.guides == before
    wait_for_toast(qtbot, window, "info", "No other line")


def test_without_a_selection_it_says_what_to_do(window, document, qtbot):
    select.nothing(document)
    window.removing.find_lines()
    assert not window.removing._is_finding(document)
    assert "Brush over what should go" in toasts(window)[0][1]


def test_the_command_is_off_while_a_search_runs_and_escape_calls_it_off(window, document, qtbot):
    before = document.guides
    window.removing.find_lines()
    assert not window.actions_by_id["removing.find_lines"].isEnabled()
    window.removing.escape()
    qtbot.waitUntil(lambda: not window.removing._is_finding(document), timeout=20_000)
    assert document.guides == before
    assert window.actions_by_id["removing.find_lines"].isEnabled()


def test_closing_the_picture_in_the_middle_of_it(window, document, qtbot, questions):
    questions.answer = None
    document.history.mark_saved(document.history.state)
    window.removing.find_lines()
    window.close_tab(0)
    qtbot.waitUntil(lambda: not window.removing.manager.jobs, timeout=20_000)
    assert window.tabs.count() == 0
