"""Panels that lie over a picture, in the middle of the canvas's upper or lower edge."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QEnterEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from editor.ui.canvas import Canvas

MARGIN = 16  # pixels to the canvas's edges
GAP = 8  # between two panels


class Floating(QWidget):
    """As large as what is in it, and never wider than the canvas; behind others at the same edge that were
    there before it. The pointer over it means the panel and not the tool below."""

    def __init__(self, canvas: Canvas, *, at_top: bool | None) -> None:
        """``at_top`` None: at neither edge, where ``place`` says."""
        super().__init__(canvas)
        self._canvas, self.at_top = canvas, at_top
        self.setObjectName("floating")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        canvas.installEventFilter(self)

    @property
    def room(self) -> int:
        """Pixels that the panel may be wide."""
        return max(self._canvas.width() - 2 * MARGIN, 0)

    def arrange(self) -> None:
        """Take the place that the canvas has for the panel now."""
        hint = self.sizeHint()
        width = min(hint.width(), self.room)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else hint.height()
        if self.at_top is None:
            self.setGeometry(self.place(width, height))
            return
        distance = MARGIN + sum(each.height() + GAP for each in self._before())
        top = distance if self.at_top else self._canvas.height() - distance - height
        self.setGeometry((self._canvas.width() - width) // 2, top, width, height)
        self._raise_messages()

    def place(self, width: int, height: int) -> QRect:
        """Where a panel of this size lies that is at no edge; for those to say that are at none."""
        raise NotImplementedError

    def _raise_messages(self) -> None:
        """What is told at the lower edge meanwhile is not told over the panel."""
        around = self._canvas.parentWidget()
        if around is not None and self.at_top is False:
            taken = self._canvas.height() - self.y() + GAP - MARGIN if self.isVisible() else 0
            around.setProperty("messagesAbove", taken)

    def _before(self) -> Iterator["Floating"]:
        """Those between this one and the edge."""
        for each in self._canvas.findChildren(Floating, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if each is self:
                return
            if each.isVisible() and each.at_top == self.at_top:
                yield each

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.arrange()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return done

    def showEvent(self, event: QShowEvent) -> None:
        self.arrange()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._raise_messages()
        super().hideEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        # For the canvas the pointer is still within: its round cursor would stay behind.
        QCoreApplication.sendEvent(self._canvas, QEvent(QEvent.Type.Leave))
        super().enterEvent(event)
