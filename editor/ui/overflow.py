"""What a bar has no room for, behind a button of its own."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QToolButton, QVBoxLayout, QWidget

from editor.ui.option_controls import SIDE, Control
from editor.ui.words import tr


class _Away(NamedTuple):
    """Where a widget belongs."""

    home: QBoxLayout
    index: int
    width: int  # the least that it takes there
    control: Control | None


class Overflow(QToolButton):
    """Shows in a list below it the widgets that it was given last; those that it gives back go home again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("…")
        self.setToolTip(tr("More options"))
        self.setAccessibleName(tr("More options"))
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list: QFrame | None = None
        self._away: dict[QWidget, _Away] = {}
        self.clicked.connect(self._open)
        self.hide()

    def width_of(self, widget: QWidget) -> int:
        """The least width that a widget takes at home."""
        if widget in self._away:
            return self._away[widget].width
        least = max(widget.minimumSizeHint().width(), widget.minimumWidth())
        return min(least, widget.maximumWidth())

    def take(self, given: list[tuple[QWidget, Control | None]]) -> None:
        """Have these widgets and no others; each with the control that it belongs to, if it is one's."""
        if [widget for widget, _ in given] == list(self._away):
            return
        self.give_back()
        for widget, control in given:
            home = _home(widget)
            self._away[widget] = _Away(home, home.indexOf(widget), self.width_of(widget), control)
        for widget, control in reversed(given):  # in the order of the bar
            self._column().addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
            if control is not None:
                control.spell_out(True)
            widget.show()
        self.setVisible(bool(given))

    def give_back(self) -> None:
        """Put everything back into the bar."""
        if self.list is not None:
            self.list.close()
        for widget, away in sorted(self._away.items(), key=lambda item: item[1].index):
            if away.control is not None:
                away.control.spell_out(False)
            away.home.insertWidget(away.index, widget)
            widget.show()
        self._away.clear()
        self.hide()

    def _column(self) -> QVBoxLayout:
        if self.list is None:
            self.list = QFrame(self, Qt.WindowType.Popup)
            self.list.setObjectName("overflow")
            column = QVBoxLayout(self.list)
            column.setContentsMargins(12, 8, 12, 8)
            column.setSpacing(4)
        return self.list.layout()

    def _open(self) -> None:
        self.list.adjustSize()
        right = self.mapToGlobal(QPoint(self.width(), self.height() + 4))
        left = max(right.x() - self.list.width(), self.screen().availableGeometry().left())
        self.list.move(left, right.y())
        self.list.show()


def _home(widget: QWidget) -> QBoxLayout:
    """The layout of its parent that holds a widget itself."""
    return widget.parentWidget().layout()
