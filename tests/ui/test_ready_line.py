"""The start page says what is ready, and the models are one click away."""

from pathlib import Path

import pytest

from editor.ui import ready_line
from editor.ui.start_page import StartPage, read_thumbnail
from engines import store


def test_what_comes_with_the_program_is_ready():
    assert ready_line.ready_tasks() == ["remove", "lines"]


def test_what_is_installed_is_ready_too():
    store.packs_folder().mkdir(parents=True)
    for name in ("mobile-sam", "u2netp"):
        entry = store.entry_of(name)
        with (store.packs_folder() / entry.file).open("wb") as file:
            file.truncate(entry.bytes)
    assert ready_line.ready_tasks() == ["remove", "lines", "select"]


def test_nothing_is_ready(monkeypatch, tmp_path):
    monkeypatch.setenv("LACUNA_MODELS", str(tmp_path))
    monkeypatch.setattr(ready_line.registry, "engines", lambda: ready_line.registry.ENGINES[:1])
    assert ready_line.ready_tasks() == []


def test_the_line_and_the_way_to_the_models(window, qtbot):
    line = window.findChild(StartPage).ready
    qtbot.waitUntil(line.button.isVisible)
    assert line.words.text() == "Ready, without a network: removing, finding lines."
    line.button.click()
    assert window.models.dialog.isVisible()
    window.models.dialog.close()


def test_in_a_narrow_window_the_way_stays(window, qtbot):
    page = window.findChild(StartPage)
    qtbot.waitUntil(page.ready.button.isVisible)
    page.ready.resize(200, page.ready.height())
    assert page.ready.words.text().endswith("…")
    assert page.ready.words.toolTip() == "Ready, without a network: removing, finding lines."
    assert page.ready.rect().contains(page.ready.button.geometry())


def test_nothing_jumps_once_it_is_known(window, qtbot):
    page = window.findChild(StartPage)
    height = page.ready.height()
    qtbot.waitUntil(page.ready.button.isVisible)
    assert page.ready.height() == height


@pytest.mark.parametrize("name", ["a.svg", "a.png"])
def test_no_thumbnail_is_drawn_of_an_svg(tmp_path: Path, name):
    """Which could name other files, and be large without end."""
    (tmp_path / name).write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>')
    assert read_thumbnail(str(tmp_path / name)).isNull()
