"""One quiet line of the start page: what can be done at once, and the way to what else there is."""

from concurrent.futures import Executor

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from editor.ui import theme
from editor.ui.background import Call
from editor.ui.words import tr
from engines import registry

_HEIGHT = 28
_GAP = 4
_TASKS = ("remove", "lines", "select", "fill")  # in the order in which they are named


class ReadyLine(QWidget):
    """Its place is kept while the disk is looked at, so that nothing jumps."""

    models_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT)
        self.words = QLabel()
        theme.make_quiet(self.words)
        self.words.setMinimumWidth(1)  # what there is no room for is left out
        self._whole = ""
        self.button = QToolButton()
        self.button.setText(tr("Models"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip(tr("Which models there are, and what more can be had"))
        self.button.clicked.connect(self.models_clicked)
        self.button.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        line.addStretch()
        line.addWidget(self.words, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch()

    def look(self, files: Executor) -> None:
        """Find out in ``files`` what is ready, and say so."""
        call = Call(files.submit(ready_tasks), self)
        call.done.connect(self._show)

    def _show(self, ready: list[str]) -> None:
        words = {
            "remove": tr("removing"),
            "lines": tr("finding lines"),
            "select": tr("selecting objects"),
            "fill": tr("filling with words"),
        }
        names = ", ".join(words[each] for each in ready)
        self._whole = (
            tr("Ready, without a network: {tasks}.").format(tasks=names)
            if ready
            else tr("No engine is ready.")
        )
        self.words.setToolTip(self._whole)
        self.button.show()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.button.sizeHint().width() - _GAP
        shown = self.words.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.words.setText(shown)


def ready_tasks() -> list[str]:
    """The tasks for which an engine is here. It looks at the disk, so it belongs off the GUI thread."""
    ready = {entry.task for entry in registry.engines() if _is_ready(entry)}
    return [each for each in _TASKS if each in ready]


def _is_ready(entry: registry.EngineSpec) -> bool:
    if registry.lacks(entry):
        return False
    if entry.id != registry.FILLER:
        return True
    from engines.diffusion import checkpoints

    return bool(checkpoints.installed())  # it runs models of the user's, or nothing
