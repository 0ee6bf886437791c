"""The list in the layers panel: its keys, its eyes, and rows dragged to another place."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QLine, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from editor.document.layers import Group, Layer, walk
from editor.document.model import Document
from editor.ui import theme
from editor.ui.panels.layer_model import Index, LayersModel
from editor.ui.panels.layer_row import HEIGHT, INDENT, places
from editor.ui.panels.visibility import EyeDrag
from editor.ui.words import tr

_DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_OWN_KEYS = (*_DELETE_KEYS, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Left, Qt.Key.Key_Right)
_LINE_LEFT = 34  # where the line that shows the new place begins, without groups around it
_SCROLL_MS = 30
_SCROLL_STEP = 4  # pixels
_SCROLL_EDGE = 20  # pixels from the top and the bottom where a drag scrolls
_BORDER = 5  # pixels from the line between two rows within which Alt+click clips one to the other

Place = tuple[Document | Group, int]  # where ``stack.move`` is to put a layer
_Keys = Qt.KeyboardModifier


class LayersList(QListView):
    """Delete, Space, F2 and the arrows are the list's own while it has the focus.

    ``dropped`` carries the dragged layer, the document or group it is to lie in, and its index there, counted
    from below without it. ``opening`` carries a group and whether to close it. ``targeted`` says whether the
    mask of the chosen layer was clicked on, or its picture. ``soloed`` and ``clipped`` carry a layer that is
    to be seen alone, or to be clipped to the one below. ``menu_asked`` carries where, and whether on a mask.
    """

    delete_pressed = Signal()
    dropped = Signal(object, object, int)
    opening = Signal(object, bool)
    targeted = Signal(bool)
    soloed = Signal(object)
    clipped = Signal(object)
    menu_asked = Signal(QPoint, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.on_mask = False  # the frame is around the chosen layer's mask, not its picture
        self._press: QPoint | None = None  # of a press that may become a drag
        self._pressed: Layer | None = None
        self._dragged: Layer | None = None
        self._held_at = QPoint()  # where the pointer is with it
        self._eyes: EyeDrag | None = None
        self._target: Place | None = None
        self._mark: QLine | QRect | None = None  # what shows the target
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)
        self.setAccessibleName(tr("Layers"))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(HEIGHT + HEIGHT // 2)

    def chosen(self) -> list[Layer]:
        """The chosen layers, the uppermost first."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model().rows[row].layer for row in rows]

    def choose(self, layers: list[Layer], current: Layer | None) -> None:
        """Make ``layers`` the chosen ones and ``current`` the one that the panel shows."""
        model, selection = self._model(), self.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        if (row := None if current is None else model.row_of(current)) is not None:
            selection.setCurrentIndex(model.index(row), flag.ClearAndSelect)
        for layer in layers:
            if (row := model.row_of(layer)) is not None:
                selection.select(model.index(row), flag.Select)

    def _model(self) -> LayersModel:
        return self.model()

    def _part_at(self, index: Index, point: QPoint) -> str:
        row = self._model().rows[index.row()]
        return places(self.visualRect(index), row).part_at(point)

    def leave_eyes(self) -> None:
        """The document changed in the middle of a drag over eyes: it has not been."""
        eyes, self._eyes = self._eyes, None
        if eyes is not None:
            eyes.take_back()

    # -- keys -----------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == _Keys.NoModifier
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~_Keys.KeypadModifier == _Keys.NoModifier
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._end_drag()
        elif event.key() in _DELETE_KEYS and plain:
            self.delete_pressed.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and plain:
            self._open_or_close(event.key() == Qt.Key.Key_Left)
        else:
            super().keyPressEvent(event)

    def _open_or_close(self, close: bool) -> None:
        """As in a tree: the arrow to the left closes a group, or goes up to the one around the layer."""
        model, index = self._model(), self.currentIndex()
        layer = model.layer_at(index)
        if layer is None:
            return
        if isinstance(layer, Group) and model.is_closed(layer) != close:
            self.opening.emit(layer, close)
        elif close and self.document is not None and (around := self.document.groups_around(layer)):
            self.choose([around[-1]], around[-1])

    # -- presses --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = self._pressed = None
        point, keys = event.position().toPoint(), event.modifiers()
        index = self.indexAt(point)
        layer = self._model().layer_at(index)
        if event.button() != Qt.MouseButton.LeftButton or layer is None:
            super().mousePressEvent(event)
            return
        part, plain = self._part_at(index, point), keys == _Keys.NoModifier
        if part == "eye":
            self._press_eye(layer, bool(keys & _Keys.AltModifier))
            return
        if keys == _Keys.AltModifier and part != "mask" and self._clip_at(index, point):
            return
        if plain and part != "chevron":
            self._press, self._pressed = point, layer
        super().mousePressEvent(event)
        if plain and part in ("picture", "mask"):
            self.targeted.emit(part == "mask")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._part_at(index, event.position().toPoint()) == "eye":
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _press_eye(self, layer: Layer, alone: bool) -> None:
        if alone:
            self.soloed.emit(layer)
        elif self.document is not None:
            self._eyes = EyeDrag(self.document, not layer.visible)
            self._add_eye(layer)

    def _add_eye(self, layer: Layer) -> None:
        self._eyes.add(layer)
        self._model().reload()  # the rows inside a group look hidden, too

    def _clip_at(self, index: Index, point: QPoint) -> bool:
        """Whether the point lies on the line between two rows, of which the upper one is then clipped."""
        rect = self.visualRect(index)
        if rect.bottom() - point.y() < _BORDER:
            upper = index.row()
        elif point.y() - rect.top() < _BORDER:
            upper = index.row() - 1
        else:
            return False
        if not 0 <= upper < len(self._model().rows) - 1:
            return False
        self.clipped.emit(self._model().rows[upper].layer)
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            self.menu_asked.emit(self.viewport().mapToGlobal(rect.center()), self.on_mask)
        elif index.isValid():
            on_mask = self._part_at(index, event.pos()) == "mask"
            self.menu_asked.emit(event.globalPos(), on_mask)

    # -- dragging -------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        # Not for the base class, which would choose every row that is dragged over.
        point = event.position().toPoint()
        if self._eyes is not None:
            index = self.indexAt(QPoint(_LINE_LEFT // 2, point.y()))
            if index.isValid():
                self._add_eye(self._model().rows[index.row()].layer)
            return
        if self._dragged is None and self._press is not None and self._is_far(point):
            self._dragged = self._pressed
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged is not None:
            self._aim(point)
            self._scroll.start()

    def _is_far(self, point: QPoint) -> bool:
        return (point - self._press).manhattanLength() >= QApplication.startDragDistance()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        eyes, self._eyes = self._eyes, None
        if eyes is not None:
            eyes.commit()
            return
        layer, target = self._dragged, self._target
        self._end_drag()
        super().mouseReleaseEvent(event)
        if layer is not None and target is not None:
            self.dropped.emit(layer, *target)

    def _end_drag(self) -> None:
        self._scroll.stop()
        self._press = self._pressed = self._dragged = self._target = self._mark = None
        self.unsetCursor()
        self.viewport().update()

    @Slot()
    def _scroll_on(self) -> None:
        """While something is held near the top or the bottom the list moves on."""
        y, low = self._held_at.y(), self.viewport().height() - _SCROLL_EDGE
        step = -_SCROLL_STEP if y < _SCROLL_EDGE else _SCROLL_STEP if y > low else 0
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._dragged is not None:
            self._aim(self._held_at)  # another row is under the pointer now

    def _aim(self, point: QPoint) -> None:
        """Find where a layer let go at ``point`` would go."""
        self._held_at = point
        rows = self._model().rows
        index = self.indexAt(QPoint(4, point.y()))
        below_all = not index.isValid()
        place = len(rows) - 1 if below_all else index.row()
        self._target = self._mark = None
        if below_all:
            self._target = self.document, 0
            self._mark = self._line(self.visualRect(self._model().index(place)).bottom() + 1, 0)
        else:
            self._aim_at(place, point.y())
        if self._target is not None and not self._may_drop(*self._target):
            self._target = self._mark = None
        self.viewport().update()

    def _aim_at(self, place: int, y: int) -> None:
        row, rect = self._model().rows[place], self.visualRect(self._model().index(place))
        layer, share = row.layer, (y - rect.top()) / HEIGHT
        if isinstance(layer, Group) and 0.25 < share < 0.75:
            self._target, self._mark = (layer, self._count(layer.children)), rect
        elif isinstance(layer, Group) and share >= 0.5 and not self._model().is_closed(layer):
            self._target = layer, self._count(layer.children)
            self._mark = self._line(rect.bottom() + 1, row.depth + 1)
        else:
            container = self.document.container(layer)
            layers = container.layers if container is self.document else container.children
            above = share < 0.5
            self._target = container, self._count(layers[: layers.index(layer) + above])
            self._mark = self._line(rect.top() if above else rect.bottom() + 1, row.depth)

    def _count(self, layers: tuple[Layer, ...]) -> int:
        """How many of ``layers`` are not the dragged one."""
        return sum(layer is not self._dragged for layer in layers)

    def _may_drop(self, container: Document | Group, index: int) -> bool:
        """Not into itself, and not where it is."""
        dragged = self._dragged
        if isinstance(dragged, Group) and (container is dragged or container in walk(dragged.children)):
            return False
        layers = container.layers if container is self.document else container.children
        return dragged not in layers or layers.index(dragged) != index

    def _line(self, y: int, depth: int) -> QLine:
        y = max(min(y, self.viewport().height() - 2), 1)
        return QLine(_LINE_LEFT + depth * INDENT, y, self.viewport().width() - 6, y)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._mark is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme.now.accent), 2))
        if isinstance(self._mark, QLine):
            painter.drawLine(self._mark)
        else:
            painter.drawRect(self._mark.adjusted(1, 1, -1, -1))
        painter.end()
