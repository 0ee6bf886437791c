"""What was done to a picture, step by step; a click goes back or forward to any of it."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.document.geometry import NOWHERE
from editor.document.history import Entry, Part
from editor.document.model import Change, Document
from editor.ui import theme
from editor.ui.panels.history_icons import icon_for
from editor.ui.panels.parts import EmptyState, elided, paint_row
from editor.ui.words import tr, tr_composed

_ROW = 28
_OPENED = "Opened"  # English, as the names of entries are

_Index = QModelIndex | QPersistentModelIndex


class HistoryPanel(QWidget):
    """Lists the history of one document, oldest first, below the picture as it was opened.

    ``wanted``: undo or redo until so many entries are done; whether and when is up to who listens.
    ``about_to_clear`` comes before the history is forgotten, for what is under way elsewhere.
    """

    wanted = Signal(int)
    about_to_clear = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._own = False  # the current row moves, or the history does, because of this panel
        self._model = _HistoryModel(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_EntryDelegate(self._list))
        self._list.setAccessibleName(tr("History"))
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("What you do to a picture is listed here, and can be undone.")))
        self._body.addWidget(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._body, 1)

    def sizeHint(self) -> QSize:
        return QSize(264, 200)

    def set_document(self, document: Document | None) -> None:
        """Show the history of ``document``, or nothing."""
        if document is self._document:
            return
        if self._document is not None:
            self._document.observers.remove(self._on_change)
        self._document = document
        if document is not None:
            document.observers.append(self._on_change)
        self._refresh()

    def _on_change(self, change: Change) -> None:
        if not self._own:
            self._refresh()

    def _refresh(self) -> None:
        document = self._document
        self._body.setCurrentIndex(0 if document is None else 1)
        entries = None if document is None else list(document.history.entries)
        position = 0 if document is None else document.history.position
        self._own = True
        try:
            self._model.show(entries, position)
            if document is not None:
                index = self._model.index(position)
                self._list.setCurrentIndex(index)
                self._list.scrollTo(index)
        finally:
            self._own = False

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self._own or self._document is None or not current.isValid():
            return
        self.wanted.emit(current.row())
        self._refresh()  # where the picture is, be it there yet or not

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clear = menu.addAction(tr("Clear history"))
        clear.setToolTip(tr("Forget all steps and give back their memory. The picture stays as it is."))
        clear.setEnabled(self._document is not None and bool(self._document.history.entries))
        clear.triggered.connect(self.clear)
        menu.popup(self._list.viewport().mapToGlobal(point))

    def clear(self) -> None:
        """Forget all steps; the picture stays as it is."""
        if self._document is not None and self._document.busy is None:
            self.about_to_clear.emit()
            self._document.history.clear()
            self._document.notify(NOWHERE, Part(0))


class _HistoryModel(QAbstractListModel):
    """Row 0 is the picture as it was opened, row n the n-th entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: list[Entry] | None = None
        self.position = 0

    def show(self, entries: list[Entry] | None, position: int) -> None:
        if entries != self._entries:
            self.beginResetModel()
            self._entries, self.position = entries, position
            self.endResetModel()
        elif position != self.position:
            self.position = position
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._entries is None else len(self._entries) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        name = tr_composed(self.name(index.row()))
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tr("{step}, undone").format(step=name) if index.row() > self.position else name
        return None

    def name(self, row: int) -> str:
        """What was done, in English."""
        return _OPENED if row == 0 else self._entries[row - 1].name


class _EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model: _HistoryModel = index.model()
        painter.save()
        paint_row(painter, option)
        colour = theme.now.dim if index.row() > model.position else theme.now.text
        icon = "open" if index.row() == 0 else icon_for(model.name(index.row()))
        rect: QRect = option.rect.adjusted(12, 0, -8, 0)
        quiet = theme.now.disabled if index.row() > model.position else theme.now.dim
        theme.paint_icon(painter, icon, QRect(rect.left(), rect.top(), theme.ICON, rect.height()), quiet)
        rect.setLeft(rect.left() + theme.ICON + 8)
        painter.setPen(QColor(colour))
        painter.setFont(option.font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, elided(option, index.data(), rect.width()))
        painter.restore()
