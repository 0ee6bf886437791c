"""The palette itself: a field and a list over the picture."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.settings import MAX_PALETTE
from editor.ui import theme
from editor.ui.palette.entries import Entry, Found, collect, find
from editor.ui.words import tr

if TYPE_CHECKING:
    from editor.ui.window import Window

_WIDTH = 600
_ROW = 34
_ROWS = 11
_FIELD = 36
_PAD = 8
_SIDE = 32  # least room to the left and right of it
_FOUND = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_OWN_KEYS = (*_MOVES, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class CommandPalette:
    """Made with the first Ctrl+K; what it offers is collected anew each time."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self.overlay = _Overlay(window)

    def show(self) -> None:
        """Open it, or close it if it is open."""
        if self.overlay.isVisible():
            self.overlay.close()
        else:
            self.overlay.open()


class _Overlay(QWidget):
    def __init__(self, window: "Window") -> None:
        super().__init__(window.tabs.pages)
        self._window = window
        self._entries: list[Entry] = []
        self._before: QWidget | None = None  # had the keyboard
        self.hide()
        self.setObjectName("commandPalette")
        self.setAccessibleName(tr("Command palette"))
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search for a command, a tool or a picture"))
        self.field.setAccessibleName(tr("Search for a command, a tool or a picture"))
        self.field.addAction(theme.icon("search", quiet=True), QLineEdit.ActionPosition.LeadingPosition)
        self.field.setFixedHeight(_FIELD)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(_Model(self))
        self.list.setItemDelegate(_Delegate(self))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(tr("Commands"))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._run)
        self._nothing = QLabel(tr("Nothing is called that."))
        self._nothing.setProperty("quiet", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(_ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(_PAD)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self._nothing)

    def open(self) -> None:
        """Come up empty, over the middle of the window."""
        self._before = QApplication.focusWidget()
        self._entries = collect(self._window)
        self.field.clear()
        self._search()
        self.parentWidget().installEventFilter(self)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close(self) -> bool:
        """Go, and give the keyboard back."""
        self.parentWidget().removeEventFilter(self)
        had_focus = self.field.hasFocus()
        self.hide()
        if had_focus and self._before is not None:
            self._before.setFocus()
        self._before = None
        return True

    def _search(self) -> None:
        found = find(self._entries, self.field.text(), self._window.settings.palette)
        self.list.model().show(found)
        self.list.setCurrentIndex(self.list.model().index(0))
        self.list.scrollToTop()
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._place(len(found))

    def _place(self, count: int) -> None:
        room = self.parentWidget().size()
        rows = max(min(count, _ROWS, (room.height() - _FIELD - 6 * _PAD) // _ROW), 1)
        self.list.setFixedHeight(rows * _ROW)
        width = min(_WIDTH, room.width() - 2 * _SIDE)
        height = rows * _ROW + _FIELD + 3 * _PAD
        # Its top stays where it is while the list grows and shrinks.
        whole = _ROWS * _ROW + _FIELD + 3 * _PAD
        top = max((room.height() - whole) // 3, 2 * _PAD)
        self.setGeometry((room.width() - width) // 2, top, width, height)

    def _run(self, index: QModelIndex) -> None:
        found = index.data(_FOUND)
        if found is None:
            return
        entry = found.entry
        if not entry.enabled:
            return  # its line says why
        settings = self._window.settings
        settings.palette = [entry.id, *(each for each in settings.palette if each != entry.id)][:MAX_PALETTE]
        self.close()
        entry.run()

    def _move(self, key: Qt.Key) -> None:
        count = self.list.model().rowCount()
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -_ROWS,
            Qt.Key.Key_PageDown: _ROWS,
        }[key]
        row = self.list.currentIndex().row() + step
        row = row % count if abs(step) == 1 and count else min(max(row, 0), count - 1)
        self.list.setCurrentIndex(self.list.model().index(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN_KEYS:
                event.accept()  # the window's own Enter and Escape are not meant
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in _OWN_KEYS:
                self._on_key(event.key())
                return True
            if event.type() == QEvent.Type.FocusOut and self.isVisible():
                self.close()
        elif event.type() == QEvent.Type.Resize:
            self._place(self.list.model().rowCount())
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.close()
        elif key in _MOVES:
            self._move(Qt.Key(key))
        else:
            self._run(self.list.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.now.line), 1))
        painter.setBrush(QColor(theme.now.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def mousePressEvent(self, event: QEvent) -> None:
        event.accept()  # or the tool on the canvas below would draw


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self._found)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = self._found[index.row()]
        if role == _FOUND:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.entry.title
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return ", ".join(
                each for each in (found.entry.place, found.entry.keys, found.entry.reason) if each
            )
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        # Those that cannot be done now can be chosen all the same, to read why.
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Icon, menu, title with the letters that were meant, and at the end the shortcut or why not."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        found: Found = index.data(_FOUND)
        entry, now = found.entry, theme.now
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.lit))
            painter.drawRoundedRect(rect, 4, 4)
        right_to_left = option.direction == Qt.LayoutDirection.RightToLeft
        room = rect.adjusted(8, 0, -12, 0)
        mode = QIcon.Mode.Normal if entry.enabled else QIcon.Mode.Disabled
        icon = QRect(
            QPoint(room.left(), rect.center().y() - theme.ICON // 2 + 1), QSize(theme.ICON, theme.ICON)
        )
        entry.icon.paint(painter, _mirrored(icon, rect, right_to_left), mode=mode)
        room.setLeft(room.left() + theme.ICON + 8)
        quiet = theme.quiet_font(option.font)
        end = entry.reason or entry.keys
        if end:
            width = QFontMetrics(quiet).horizontalAdvance(end) + 1
            where = QRect(room.right() - width, room.top(), width, room.height())
            _write(painter, _mirrored(where, rect, right_to_left), end, quiet, now.dim)
            room.setRight(where.left() - 16)
        # "Select › Edge › Grow": the last word alone would not say what it is that grows.
        left = room.width() - QFontMetrics(option.font).horizontalAdvance(entry.title)
        if left > 40:
            metrics = QFontMetrics(quiet)
            words = metrics.elidedText(f"{entry.place} › ", Qt.TextElideMode.ElideMiddle, left)
            _write(painter, _mirrored(room, rect, right_to_left), words, quiet, now.dim)
            room.setLeft(room.left() + metrics.horizontalAdvance(words))
        colour = now.text if entry.enabled else now.disabled
        _write_title(painter, room, rect, found, option.font, colour, right_to_left)
        painter.restore()


def _mirrored(rect: QRect, within: QRect, mirror: bool) -> QRect:
    if not mirror:
        return rect
    return QRect(within.left() + within.right() - rect.right(), rect.top(), rect.width(), rect.height())


def _write(painter: QPainter, rect: QRect, words: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, words)


def _write_title(
    painter: QPainter, room: QRect, row: QRect, found: Found, font: QFont, colour: str, mirror: bool
) -> None:
    """The title, what was meant of it underlined."""
    metrics = QFontMetrics(font)
    title = metrics.elidedText(found.entry.title, Qt.TextElideMode.ElideRight, room.width())
    _write(painter, _mirrored(room, row, mirror), title, font, colour)
    if not mirror and title == found.entry.title:
        painter.setPen(QPen(QColor(theme.now.accent), 1.5))
        y = row.center().y() + metrics.ascent() // 2 + 3
        for place in found.places:
            left = room.left() + metrics.horizontalAdvance(title[:place])
            painter.drawLine(left, y, left + metrics.horizontalAdvance(title[place]) - 1, y)
