"""A tabbed panel is dragged out by its tab.

Qt would do that with ``QMainWindow.GroupedDragging``, but that also lets floating panels be docked into each
other, which ends in a crash as soon as a third is dropped there (Qt 6.11, with its own title bars, too).
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QTabBar

from editor.ui.panels.dock import PanelDock


class TabDrag(QObject):
    """Watches tab bars; ``dock_of`` gives the panel of a tab's text."""

    def __init__(self, parent: QObject, dock_of: Callable[[str], PanelDock | None]) -> None:
        super().__init__(parent)
        self._dock_of = dock_of
        self._watched: set[QTabBar] = set()
        self._press: QPointF | None = None  # on the screen

    def watch(self, bar: QTabBar) -> None:
        """Let the tabs of a bar be dragged."""
        if bar not in self._watched:
            self._watched.add(bar)
            bar.destroyed.connect(lambda: self._watched.discard(bar))
            bar.installEventFilter(self)

    def eventFilter(self, bar: QTabBar, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._press = event.globalPosition()
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._press = None
            elif event.type() == QEvent.Type.MouseMove and self._press is not None:
                moved = (event.globalPosition() - self._press).manhattanLength()
                if moved >= 2 * QApplication.startDragDistance():
                    at, self._press = self._press, None
                    dock = self._dock_of(bar.tabText(bar.currentIndex()))
                    if dock is not None:
                        dock.begin_drag(at, event.globalPosition())
                    return True
        return super().eventFilter(bar, event)
