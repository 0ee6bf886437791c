"""The layers of a picture: seen, hidden, named, blended, made transparent and deleted."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.document.blend import MODES
from editor.document.history import Part
from editor.document.layers import Layer
from editor.document.model import Change, Document
from editor.document.recipe import Recipe
from editor.ui import theme
from editor.ui.panels.parts import EmptyState, caption, elided, paint_row
from editor.ui.panels.thumbnails import Thumbnails
from editor.ui.slider import NumberSlider
from engines import registry
from engines.base import EngineError

THUMBNAIL = 40
_ROW = 48
_EYE = 36  # width of the part of a row that hides and shows
_GAP = 12
_STALE_MS = 150  # strokes come faster; thumbnails follow when there is a pause

_DONE = {"remove": "Removed", "fill": "Filled", "portrait": "Portrait"}

_GROUPS = ("darken", "lighten", "overlay", "difference", "hue")  # blend modes with a line above them
_MODE_TITLES = {"linear-dodge": "Linear dodge (add)"}

_Index = QModelIndex | QPersistentModelIndex


class LayersPanel(QWidget):
    """Shows and changes the layers of one document; every change is one entry of its history.

    ``current_changed`` says which layer is chosen now: a ``Layer``, or None without a document.
    """

    current_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._opacity_before: tuple[Layer, float] | None = None  # while a gesture shows another
        self._showing = False
        self._model = _LayersModel(self)
        self._list = _LayersList(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_LayerDelegate(self._list))
        self._list.delete_pressed.connect(self.delete_current)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._mode = _mode_box()
        self._mode.activated.connect(self._record_mode)
        self._opacity = NumberSlider("Opacity", 0, 100, value=100, suffix="%")
        self._opacity.setAccessibleName("Layer opacity")
        self._opacity.changed.connect(self._show_opacity)
        self._opacity.committed.connect(self._record_opacity)
        self._delete = QToolButton()
        self._delete.setIcon(theme.icon("trash", quiet=True))
        self._delete.setIconSize(QSize(theme.ICON, theme.ICON))
        self._delete.setFixedSize(28, 28)
        self._delete.setToolTip("Delete layer")
        self._delete.setAccessibleName("Delete layer")
        self._delete.clicked.connect(self.delete_current)
        self._stale = QTimer(self, singleShot=True, interval=_STALE_MS)
        self._stale.timeout.connect(self._model.refresh_thumbnails)
        self._lay_out()
        self._refresh()

    def _lay_out(self) -> None:
        blending = QVBoxLayout()
        blending.setContentsMargins(8, 0, 8, 4)
        blending.setSpacing(4)
        blending.addWidget(self._mode)
        blending.addWidget(self._opacity)
        self._full = QWidget()
        full = QVBoxLayout(self._full)
        full.setContentsMargins(0, 0, 0, 0)
        full.setSpacing(0)
        full.addLayout(blending)
        full.addWidget(self._list, 1)
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState("Open a picture to see its layers."))
        self._body.addWidget(self._full)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(caption("Layers", self._delete))
        column.addWidget(self._body, 1)

    def sizeHint(self) -> QSize:
        return QSize(264, 280)

    @property
    def current_layer(self) -> Layer | None:
        row = self._list.currentIndex().row()
        return self._model.layers[row] if row >= 0 else None

    def set_document(self, document: Document | None) -> None:
        """Show the layers of ``document``, or nothing."""
        if document is self._document:
            return
        self._opacity.finish()
        if self._document is not None:
            self._document.observers.remove(self._on_change)
        self._document = document
        if document is not None:
            document.observers.append(self._on_change)
        self._model.set_document(document)
        self._refresh()
        if document is None:
            self.current_changed.emit(None)

    def select(self, layer: Layer) -> None:
        """Make ``layer`` the chosen one."""
        self._list.setCurrentIndex(self._model.index(self._model.layers.index(layer)))

    @Slot()
    def finish(self) -> None:
        """Record what is only shown so far; for before an undo, a save or an engine's run."""
        self._opacity.finish()

    @Slot()
    def delete_current(self) -> None:
        """Delete the chosen layer, unless it is the last."""
        self._opacity.finish()
        layer, document = self.current_layer, self._document
        if document is None or layer is None or len(document.layers) < 2:
            return
        document.set_layers(tuple(other for other in document.layers if other is not layer), "Delete layer")

    def _on_change(self, change: Change) -> None:
        if self._showing:
            return
        if self._opacity_before is not None:
            self._end_opacity_gesture()
        if change.parts & Part.PIXELS:
            self._stale.start()
        if change.parts & Part.LAYERS:
            self._refresh()

    def _refresh(self) -> None:
        """Follow the document's stack and the attributes of its layers."""
        chosen, row = self.current_layer, self._list.currentIndex().row()
        before = self._model.layers
        self._model.reload()
        layers = self._model.layers
        if layers is not before:
            added = [layer for layer in layers if layer not in before]
            if before and len(added) == 1:
                row = layers.index(added[0])  # a layer that has just come is the one to go on with
            elif chosen in layers:
                row = layers.index(chosen)
            row = min(max(row, 0), len(layers) - 1)
            self._list.setCurrentIndex(self._model.index(row))
        self._body.setCurrentIndex(0 if self._document is None else 1)
        self._delete.setVisible(self._document is not None)
        self._delete.setEnabled(len(layers) > 1)
        self._follow_mode()
        self._follow_opacity()

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._opacity.finish()
        self._follow_mode()
        self._follow_opacity()
        self.current_changed.emit(self.current_layer)

    def _follow_mode(self) -> None:
        layer = self.current_layer
        self._mode.setEnabled(layer is not None)
        self._mode.setCurrentIndex(self._mode.findData("normal" if layer is None else layer.blend_mode))

    @Slot(int)
    def _record_mode(self, index: int) -> None:
        self._opacity.finish()
        layer, mode = self.current_layer, self._mode.itemData(index)
        if self._document is not None and layer is not None and mode != layer.blend_mode:
            self._document.set_layer(layer, "blend_mode", mode, "Blend mode")

    # --- opacity: shown at once, recorded when the gesture is over ---

    def _follow_opacity(self) -> None:
        layer = self.current_layer
        self._opacity.setEnabled(layer is not None)
        self._opacity.set_value(100 if layer is None else layer.opacity * 100)

    @Slot(float)
    def _show_opacity(self, percent: float) -> None:
        layer = self.current_layer
        if layer is None:
            return
        if self._opacity_before is None:
            self._opacity_before = layer, layer.opacity
        self._put_opacity(layer, percent / 100)

    def _put_opacity(self, layer: Layer, opacity: float) -> None:
        layer.opacity = opacity
        if self._document is not None:
            self._showing = True
            try:
                self._document.notify(self._document.extent(layer), Part.LAYERS | Part.PIXELS)
            finally:
                self._showing = False

    @Slot(float)
    def _record_opacity(self, percent: float) -> None:
        if self._opacity_before is None or self._document is None:
            return
        (layer, before), self._opacity_before = self._opacity_before, None
        if percent == round(before * 100):
            self._put_opacity(layer, before)
            return
        layer.opacity = before
        self._document.set_layer(layer, "opacity", percent / 100, "Layer opacity")

    def _end_opacity_gesture(self) -> None:
        """Something else changed in the middle of a gesture, and the history must stay in order."""
        document, (layer, before) = self._document, self._opacity_before
        if document.history.can_redo or layer not in document.layers:
            # It was an undo: to record the gesture now would throw away what can be redone.
            self._opacity_before = None
            if layer.opacity == self._opacity.value / 100:
                self._put_opacity(layer, before)
            self._follow_opacity()
        else:
            self._opacity.finish()


def _mode_box() -> QComboBox:
    box = QComboBox()
    for mode in MODES:
        if mode in _GROUPS:
            box.insertSeparator(box.count())
        box.addItem(_MODE_TITLES.get(mode, mode.replace("-", " ").capitalize()), mode)
    box.setMaxVisibleItems(box.count())
    box.setAccessibleName("Blend mode")
    box.setToolTip("Blend mode")
    return box


class _LayersModel(QAbstractListModel):
    """The layers of a document from the top down; what is set in it goes through the document."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self.layers: tuple[Layer, ...] = ()
        self._thumbnails = Thumbnails(THUMBNAIL)

    def set_document(self, document: Document | None) -> None:
        self.beginResetModel()
        self._document, self.layers = document, ()
        self._thumbnails.clear()
        if document is not None:
            self._thumbnails.canvas = document.rect
        self.endResetModel()

    def reload(self) -> None:
        layers = () if self._document is None else self._document.layers[::-1]
        if layers != self.layers:
            self.beginResetModel()
            self.layers = layers
            self.endResetModel()
        elif layers:
            self.dataChanged.emit(self.index(0), self.index(len(layers) - 1))

    def thumbnail(self, index: _Index, ratio: float) -> QPixmap:
        return self._thumbnails.pixmap(self.layers[index.row()], ratio)

    @Slot()
    def refresh_thumbnails(self) -> None:
        for layer in self._thumbnails.refresh(self.layers):
            index = self.index(self.layers.index(layer))
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.layers)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        layer = self.layers[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return layer.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if layer.visible else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (layer.name, how_made(layer.recipe), "" if layer.visible else "hidden")
            return ", ".join(part for part in parts if part)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if self._document is None:
            return False
        layer = self.layers[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            name = str(value).strip()
            if name and name != layer.name:
                self._document.set_layer(layer, "name", name, "Rename layer")
            return True
        if role == Qt.ItemDataRole.CheckStateRole:
            visible = Qt.CheckState(value) == Qt.CheckState.Checked
            if visible != layer.visible:
                name = "Show layer" if visible else "Hide layer"
                self._document.set_layer(layer, "visible", visible, name)
            return True
        return False


class _LayersList(QListView):
    """Delete, Space and F2 are the list's own while it has the focus, whatever the window uses them for."""

    delete_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Layers")
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() in (*_DELETE_KEYS, Qt.Key.Key_Space, Qt.Key.Key_F2)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _DELETE_KEYS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


_DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class _LayerDelegate(QStyledItemDelegate):
    """A row: eye, picture, name and how it was made."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model: _LayersModel = index.model()
        layer = model.layers[index.row()]
        painter.save()
        paint_row(painter, option)
        theme.paint_icon(
            painter,
            "eye" if layer.visible else "eye-off",
            _eye_rect(option.rect),
            theme.DIM if layer.visible else theme.DISABLED,
        )
        thumbnail = model.thumbnail(index, painter.device().devicePixelRatioF())
        size = thumbnail.deviceIndependentSize().toSize()
        place = QRect(option.rect.left() + _EYE + 4, option.rect.top() + 4, THUMBNAIL, THUMBNAIL)
        painter.setOpacity(1.0 if layer.visible else 0.35)
        corner = place.center() - QRect(0, 0, size.width(), size.height()).center()
        painter.drawPixmap(corner, thumbnail)
        painter.setOpacity(1.0)
        if not option.state & QStyle.StateFlag.State_Editing:
            self._paint_words(painter, option, layer)
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, layer: Layer) -> None:
        rect = _words_rect(option.rect)
        made = how_made(layer.recipe)
        upper = QRect(rect.left(), rect.top() + 6, rect.width(), 18) if made else rect
        painter.setPen(QColor(theme.TEXT if layer.visible else theme.DIM))
        painter.setFont(option.font)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, centre, elided(option, layer.name, rect.width()))
        if made:
            painter.setPen(QColor(theme.DIM))
            painter.setFont(theme.quiet_font(option.font))
            painter.drawText(upper.translated(0, 18), centre, elided(option, made, rect.width()))

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            if not _eye_rect(option.rect).contains(event.position().toPoint()):
                return False
            if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
                _toggle(model, index)
            return True  # nor does a double click on the eye start to rename
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            _toggle(model, index)
            return True
        return False

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName("Layer name")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        # Its text begins where the name stood.
        words = _words_rect(option.rect).adjusted(-8, 0, 0, 0)
        editor.setGeometry(words.left(), words.center().y() - 13, words.width(), 28)


def how_made(recipe: Recipe | None) -> str:
    """What made a layer, in a few words; empty if it was not an engine."""
    if recipe is None:
        return ""
    try:
        engine = registry.spec(recipe.engine).title
    except EngineError:
        engine = recipe.engine  # a picture from another version of Lacuna
    return f"{_DONE.get(recipe.task, recipe.task.capitalize())} · {engine}"


def _toggle(model: QAbstractItemModel, index: _Index) -> None:
    state = Qt.CheckState
    shown = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == state.Checked
    model.setData(index, state.Unchecked if shown else state.Checked, Qt.ItemDataRole.CheckStateRole)


def _eye_rect(row: QRect) -> QRect:
    return QRect(row.left() + 2, row.top(), _EYE, row.height())


def _words_rect(row: QRect) -> QRect:
    left = row.left() + _EYE + 4 + THUMBNAIL + _GAP
    return QRect(left, row.top(), row.right() - 8 - left, row.height())
