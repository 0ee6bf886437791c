"""What is no longer there, or was never a file here, is told in one line."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from windows import open_pictures

from editor.ui.toast import Toast


def toasts(window):
    return [toast for toast in window.findChildren(Toast) if not toast.leaving]


def drop(window, *urls):
    data = QMimeData()
    data.setUrls([QUrl(url) if "://" in url else QUrl.fromLocalFile(url) for url in urls])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    window.dragEnterEvent(entering)
    assert entering.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def one_line(window, qtbot, *words):
    qtbot.waitUntil(lambda: bool(toasts(window)))
    (toast,) = toasts(window)
    assert all(word in toast.text for word in words) and "\n" not in toast.text, toast.text
    assert "Errno" not in toast.text


def test_a_recent_picture_that_is_gone(window, qtbot, picture):
    open_pictures(qtbot, window, picture)
    window.close_tab(0)
    picture.unlink()
    menu = window.recent_menu
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    one_line(window, qtbot, "one.png")
    assert window.tabs.count() == 0


def test_one_of_two_that_are_dropped_is_gone(window, qtbot, picture, tmp_path):
    drop(window, str(tmp_path / "gone.png"), str(picture))
    qtbot.waitUntil(lambda: window.tabs.count() == 1)
    one_line(window, qtbot, "gone.png")


def test_a_folder_is_dropped(window, qtbot, tmp_path):
    (tmp_path / "holidays").mkdir()
    drop(window, str(tmp_path / "holidays"))
    one_line(window, qtbot, "holidays")


def test_a_picture_of_a_web_page_is_dropped(window, qtbot):
    drop(window, "https://example.invalid/a.png")
    one_line(window, qtbot, "Only files on this machine")


def test_a_drop_without_a_file_tells_nothing(window, picture, qtbot):
    drop(window, str(picture))
    qtbot.waitUntil(lambda: window.tabs.count() == 1)
    assert toasts(window) == []
