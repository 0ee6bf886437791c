"""Tells that something went wrong, and shows the report of it when the user wants to see it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from editor import black_box
from editor.ui.background import Call
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_NOTED = {
    QtMsgType.QtWarningMsg: "qt-warning",
    QtMsgType.QtCriticalMsg: "qt-critical",
    QtMsgType.QtFatalMsg: "qt-fatal",
}


class ReportOffer(QObject):
    """``found`` carries the report of a crash of an earlier run."""

    _happened = Signal(object)  # path; from any thread

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._happened.connect(self._on_happened)
        black_box.box.listener = self._happened.emit

    def begin(self) -> None:
        """Log what is done from now on, and look for what an earlier run left; after the first paint."""
        for name, action in self._window.actions_by_id.items():
            action.triggered.connect(lambda _=False, name=name: black_box.note(f"command {name}"))
        call = Call(self._window._files.submit(black_box.left_behind), self)
        call.done.connect(self._on_left_behind)

    def _on_happened(self, path: Path) -> None:
        if not self._window._closing:
            words = tr("Something went wrong, and the last step may be unfinished. Your work is still here.")
            self._window.offer(words, tr("Show report"), lambda: self._window.help.reports(path))

    def _on_left_behind(self, made: list[Path]) -> None:
        if not made or self._window._closing:
            return
        button, bar = tr("Show report"), self._window.recovery_bar
        if bar is not None and bar.isVisible():
            bar.add_button(button, lambda: self._window.help.reports(made[0]))
        else:
            words = tr("Lacuna stopped unexpectedly the last time.")
            self._window.offer(words, button, lambda: self._window.help.reports(made[0]))


def hear_qt() -> None:
    """Log what Qt warns of, and print it as ever, until ``qInstallMessageHandler(None)``."""

    def hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        if kind in _NOTED:
            black_box.note(f"{_NOTED[kind]}: {words}")
        print(words, file=sys.stderr, flush=True)

    qInstallMessageHandler(hear)
