"""Keeps the hand from a document while another thread edits it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from editor.ui.canvas import Canvas

if TYPE_CHECKING:
    from editor.ui.editing import Editing

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress)


class Hold(QObject):
    """Swallows what would begin to draw on the canvas or change anything in a panel, and hints why.

    Zooming and panning go on. It listens where the window gets its input from the system, before any widget.
    """

    def __init__(self, editing: "Editing") -> None:
        super().__init__(editing)
        self._editing = editing
        editing.window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _PRESSES and kind != QEvent.Type.Wheel:
            return False
        document = self._editing.document
        if document is None or document.busy is None:
            return False
        widget = self._editing.window.childAt(event.position().toPoint())
        if not _would_edit(widget, event):
            return False
        if kind != QEvent.Type.Wheel:
            self._editing.hint()
        event.accept()
        return True


def _would_edit(widget: QWidget | None, event: QEvent) -> bool:
    while widget is not None:
        if isinstance(widget, QDockWidget):
            return True
        if isinstance(widget, Canvas):
            pans = widget.cursor().shape() == Qt.CursorShape.OpenHandCursor  # the space bar is held
            is_other = isinstance(event, QMouseEvent) and event.button() != Qt.MouseButton.LeftButton
            return event.type() != QEvent.Type.Wheel and not pans and not is_other
        widget = widget.parentWidget()
    return False
