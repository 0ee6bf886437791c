"""An engine that will be asked for is loaded beforehand: when it is chosen, or while words are written."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from windows import WAIT, FakeEngine, open_pictures

from editor.document import masks
from editor.ui.engine_menu import EngineMenu
from engines import registry, store


class Loads(FakeEngine):
    """Keeps the ids of what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def __call__(self, engine_id: str) -> FakeEngine:
        self.loaded.append(engine_id)
        return self


@pytest.fixture
def engine() -> Loads:
    return Loads()


def write_words(qtbot, window, picture, box_mask) -> None:
    canvas = open_pictures(qtbot, window, picture)
    document = canvas.document
    mask = box_mask(document.width, document.height, (30, 30, 40, 40))
    document.edit("Select", masks.replace(document.selection, mask))
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(canvas, Qt.Key.Key_F, modifiers)


def test_a_remover_that_the_user_chooses_is_loaded_at_once(qtbot, window, engine, picture):
    open_pictures(qtbot, window, picture)
    window.options.set_engine("patches")  # as the settings do
    menu = window.options.findChild(EngineMenu)
    menu.choose("migan")
    assert engine.loaded == []
    QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.currentData() != "migan"
    qtbot.waitUntil(lambda: engine.loaded == [menu.currentData()], timeout=WAIT)
    assert engine.runs == 0 and window.removing.manager.jobs == ()


def test_what_fills_is_loaded_while_the_words_are_written(qtbot, window, engine, picture, box_mask, saved):
    folder = store.packs_folder()
    folder.mkdir(parents=True)
    (folder / "tiny").symlink_to(saved["sd"])
    write_words(qtbot, window, picture, box_mask)
    qtbot.waitUntil(lambda: engine.loaded == [registry.FILLER], timeout=WAIT)


def test_without_a_model_nothing_is_loaded(qtbot, window, engine, picture, box_mask):
    write_words(qtbot, window, picture, box_mask)
    qtbot.wait(50)
    assert engine.loaded == [] and "manager" not in vars(window.removing)
