"""After an error the window lives on, the step is kept, and the report can be looked at."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from windows import open_pictures

from editor import black_box, reports
from editor.document import recovery, select
from editor.ui.recovery_bar import RecoveryBar
from editor.ui.report_offer import ReportOffer
from editor.ui.report_window import ReportWindow
from editor.ui.toast import Toast


@pytest.fixture
def box(monkeypatch):
    """The hooks as ``app.main`` sets them."""
    made = black_box.BlackBox()
    monkeypatch.setattr(black_box, "box", made)
    made.open()
    yield made
    made.close()


@pytest.fixture
def offer(window, box, qtbot):
    made = ReportOffer(window)
    made.begin()
    qtbot.waitUntil(lambda: window._files.submit(lambda: True).result())
    return made


def toasts(window):
    return [toast for toast in window.findChildren(Toast) if not toast.leaving]


def take(toast):
    toast.findChild(QPushButton).click()
    (shown,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, ReportWindow)]
    return shown


def test_an_error_in_a_slot(window, offer, qtbot, picture, capsys):
    open_pictures(qtbot, window, picture)
    qtbot.waitUntil(lambda: bool(window.recovery._journals))
    document = window.document
    hook, window._refresh_steps = window._refresh_steps, lambda: 1 / 0
    QTimer.singleShot(0, lambda: select.ellipse(document, (10, 10, 50, 50)))
    qtbot.waitUntil(lambda: bool(toasts(window)))
    window._refresh_steps = hook
    assert "ZeroDivisionError" in capsys.readouterr().err
    (toast,) = toasts(window)
    assert "Something went wrong" in toast.text
    shown = take(toast)
    assert "ZeroDivisionError" in shown.text.toPlainText()
    assert "opened 640 x 480, 1 layers" in shown.text.toPlainText()
    shown.copy.click()
    assert QApplication.clipboard().text() == shown.text.toPlainText()
    shown.close()
    # It goes on, and the step during which it happened can be recovered.
    journal = window.recovery._journals[document]
    assert journal.wait(10)
    assert window.isVisible() and len(document.history.entries) == 1
    folder = journal._writer._session.folder
    window.undo()
    assert document.history.position == 0
    assert folder.exists() and recovery.pending() == []


def test_a_crash_before_is_offered(window, box, qtbot):
    reports.folder().joinpath("running-7-ab").write_text(
        "10:00:00 command x\nFatal Python error: Segmentation fault\n\nCurrent thread\n"
    )
    made = ReportOffer(window)
    made.begin()
    qtbot.waitUntil(lambda: bool(toasts(window)))
    (toast,) = toasts(window)
    assert "stopped unexpectedly" in toast.text
    shown = take(toast)
    assert "Segmentation fault" in shown.text.toPlainText() and "command x" in shown.text.toPlainText()
    shown.forget.click()
    assert reports.kept() == [] and shown.text.toPlainText() == "" and not shown.copy.isEnabled()
    shown.close()


def test_it_is_offered_with_what_can_be_recovered(window, box, qtbot):
    bar = RecoveryBar([])
    window._offer.bar = bar
    window.show_bar(bar)
    bar.show()
    made = ReportOffer(window)
    made._on_left_behind([reports.write("a crash", "x", [])])
    assert toasts(window) == []
    button = next(each for each in bar.findChildren(QPushButton) if each.text() == "Show report")
    button.click()
    assert window.findChild(ReportWindow) is not None
    window.findChild(ReportWindow).close()


def test_nothing_went_wrong(window):
    window.help.reports()
    shown = window.findChild(ReportWindow)
    assert "Nothing went wrong" in shown._words.text()
    assert not shown.copy.isEnabled() and not shown.forget.isEnabled()
    shown.close()
