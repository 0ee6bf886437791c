"""A dock around one panel, with a quiet caption that is gone where a tab says the same."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QToolButton,
    QWidget,
)

from editor.ui import theme
from editor.ui.words import tr

WIDTH = 280
CAPTION_HEIGHT = 32


class PanelDock(QDockWidget):
    """Takes its room at once, ``height`` pixels high; :meth:`put` gives it its content.

    ``is_seen`` counts a panel that lies behind another's tab as not seen; ``seen_changed`` tells.
    """

    seen_changed = Signal()

    def __init__(self, panel_id: str, title: str, height: int, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(panel_id)
        feature = QDockWidget.DockWidgetFeature
        self.setFeatures(feature.DockWidgetMovable | feature.DockWidgetFloatable | feature.DockWidgetClosable)
        self._window = window
        self._caption = _Caption(title)
        self._caption.close_clicked.connect(self.close)
        self.setTitleBarWidget(self._caption)
        self.setWidget(_Blank(height))
        self.is_seen = False
        self.is_filled = False
        self.visibilityChanged.connect(self._on_visibility)

    def put(self, panel: QWidget) -> None:
        """Fill the dock."""
        blank = self.widget()
        self.setWidget(panel)
        blank.deleteLater()
        self.is_filled = True

    def refresh_caption(self) -> None:
        """Show the caption, or not where the panel has a tab. A group that floats is moved by it."""
        has_tab = self.parent() is self._window and bool(self._window.tabifiedDockWidgets(self))
        self._caption.collapse(has_tab)

    def begin_drag(self, start: QPointF, now: QPointF) -> None:
        """Be dragged, as by its caption: from ``start`` to ``now`` on the screen, and on by the pointer."""
        self._caption.collapse(False)
        self.layout().activate()
        grip = QPointF(min(self.width() / 2, WIDTH / 2), CAPTION_HEIGHT / 2)
        left = Qt.MouseButton.LeftButton
        for kind, place, at in (
            (QEvent.Type.MouseButtonPress, grip, start),
            (QEvent.Type.MouseMove, grip + now - start, now),
        ):
            event = QMouseEvent(kind, place, at, left, left, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(self, event)

    def come_forward(self) -> None:
        """Show the panel, before those that share its place."""
        self.show()
        self.raise_()
        if self.isFloating():
            self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isFloating():  # a line sets it off from what it floats over
            painter = QPainter(self)
            painter.setPen(QColor(theme.now.scroll))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _on_visibility(self, seen: bool) -> None:
        self.is_seen = seen
        self.seen_changed.emit()


class _Blank(QWidget):
    """What is in a dock before its panel is made."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._size = QSize(WIDTH, height)

    def sizeHint(self) -> QSize:
        return self._size


class _Caption(QWidget):
    """The panel's name, by which it is dragged; the button that closes it is there when the pointer is."""

    close_clicked = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._size, self._least = QSize(WIDTH, CAPTION_HEIGHT), QSize(0, CAPTION_HEIGHT)
        self._button: QToolButton | None = None  # six of them would be made before the first paint

    def collapse(self, collapsed: bool) -> None:
        height = 0 if collapsed else CAPTION_HEIGHT
        if height != self._size.height():
            self._size, self._least = QSize(WIDTH, height), QSize(0, height)
            self.setVisible(not collapsed)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self._size  # the dock asks hidden ones, too

    def minimumSizeHint(self) -> QSize:
        return self._least

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.quiet_font(self.font()))
        painter.setPen(QColor(theme.now.text))
        painter.drawText(self.rect().adjusted(12, 0, -32, 0), Qt.AlignmentFlag.AlignVCenter, self._title)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._button is None:
            self._button = self._make_button()
        self._place_button()
        self._button.show()

    def leaveEvent(self, event: QEvent) -> None:
        if self._button is not None:
            self._button.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._button is not None:
            self._place_button()

    def _place_button(self) -> None:
        self._button.move(self.width() - 28, (self.height() - 24) // 2)

    def _make_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon("close", quiet=True))
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(24, 24)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the Window menu has it for the keyboard
        button.setToolTip(tr("Close this panel. The Window menu brings it back."))
        button.setAccessibleName(tr("Close {panel}").format(panel=self._title))
        button.clicked.connect(self.close_clicked)
        return button
