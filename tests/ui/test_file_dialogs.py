"""The dialogs for files where the system has none of its own, and where they begin."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QTreeView,
    QWidget,
)
from windows import make_picture

from editor.ui import dialogs, file_dialogs


@pytest.fixture
def parent(qtbot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def meanwhile(look: Callable[[QWidget], None]) -> list[Exception]:
    """Look at the dialog that comes up next, and have it closed; what ``look`` raised."""
    raised: list[Exception] = []

    def go() -> None:
        shown = QApplication.activeModalWidget()
        try:
            look(shown)
        except Exception as error:  # it would be lost in the event loop
            raised.append(error)
            shown.close()

    QTimer.singleShot(300, go)
    return raised


def test_a_picture_is_chosen_with_short_names_of_filters(parent, tmp_path):
    path = make_picture(tmp_path / "one.png")
    seen = {}

    def look(dialog: QFileDialog) -> None:
        box = dialog.findChild(QComboBox, "fileTypeCombo")
        seen["filters"] = [box.itemText(place) for place in range(box.count())]
        header = dialog.findChild(QTreeView, "treeView").header()
        seen["cut"] = [
            column for column in range(1, 4) if header.sectionSize(column) < header.sectionSizeHint(column)
        ]
        buttons = dialog.findChild(QDialogButtonBox, "buttonBox").buttons()
        seen["icons"] = [button.text() for button in buttons if not button.icon().isNull()]
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))
        dialog.accept()

    raised = meanwhile(look)
    assert dialogs.ask_what_to_open(parent, str(tmp_path)) == [path]
    assert not raised
    assert seen == {
        "filters": ["Pictures", "With layers", "Camera RAW", "All files"],
        "cut": [],
        "icons": [],
    }


def test_the_filter_chosen_comes_back_whole(parent, tmp_path):
    def look(dialog: QFileDialog) -> None:
        dialog.findChild(QLineEdit, "fileNameEdit").setText("b")
        dialog.accept()

    filters = "PNG (*.png);;AVIF (*.avif)"
    raised = meanwhile(look)
    answer = file_dialogs.ask_for_name(parent, "Save", tmp_path / "a.avif", filters, "AVIF (*.avif)")
    assert answer == (tmp_path / "b", "AVIF (*.avif)")
    raised += meanwhile(look)
    answer = file_dialogs.ask_for_name(parent, "Save", tmp_path / "a.avif", filters, suffix=".avif")
    assert answer[0] == tmp_path / "b.avif"
    raised += meanwhile(lambda dialog: dialog.reject())
    assert file_dialogs.ask_for_name(parent, "Save", tmp_path / "a.avif", filters)[0] is None
    assert not raised


def test_where_they_begin(make_document, tmp_path, monkeypatch):
    last, own = tmp_path / "last", tmp_path / "own"
    last.mkdir()
    own.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    document = make_document()
    assert dialogs.first_folder(None, "") == str(tmp_path)
    assert dialogs.first_folder(document, str(last)) == str(last)
    document.path = own / "a.png"
    assert dialogs.first_folder(document, str(last)) == str(own)
    document.path = dialogs.SAMPLE
    assert dialogs.first_folder(document, str(last)) == str(last)
    document.path = tmp_path / "gone" / "a.png"
    assert dialogs.first_folder(document, str(tmp_path / "gone, too")) == str(tmp_path)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: "")
    assert dialogs.first_folder(None, "") == str(Path.home())


def test_the_question_about_changes_has_a_sign_and_room(parent, make_document):
    seen = {}

    def look(box: QMessageBox) -> None:
        margins = box.layout().contentsMargins()
        seen["room"] = min(margins.left(), margins.top(), margins.right(), margins.bottom())
        seen["sign"] = not box.iconPixmap().isNull()
        box.button(QMessageBox.StandardButton.Discard).click()

    raised = meanwhile(look)
    assert dialogs.ask_to_save(parent, make_document()) == QMessageBox.StandardButton.Discard
    assert not raised
    assert seen["sign"] and seen["room"] >= 16
