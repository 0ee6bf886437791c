"""The layers of a picture: seen, hidden, named, blended, grouped, adjusted, moved and deleted."""

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from editor.document import stack
from editor.document.history import Part
from editor.document.layers import Group, Layer, Lock, walk
from editor.document.model import Change, Document
from editor.ui import theme
from editor.ui.layer_commands import toggle_mask
from editor.ui.panels.blend_box import BlendBox
from editor.ui.panels.layer_list import LayersList
from editor.ui.panels.layer_model import LayersModel
from editor.ui.panels.layer_row import LayerDelegate
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parts import EmptyState, caption
from editor.ui.panels.properties import AdjustmentProperties
from editor.ui.slider import NumberSlider

_STALE_MS = 150  # strokes come faster; thumbnails follow when there is a pause

# Actions of the window that have a button below the list, in their order; None is the adjustments' menu.
_BUTTONS = (
    "layers.add_mask",
    None,
    "layers.new_group",
    "layers.new_layer",
    "layers.duplicate",
    "layers.merge_down",
)


class LayersPanel(QWidget):
    """Shows and changes the layers of one document; every change is one entry of its history.

    ``current_changed`` says which layer it shows now: a ``Layer``, or None without a document;
    ``chosen_changed`` that others are chosen. ``refused`` says in one line why something was not done.
    ``actions``, the window's, and its menu of adjustments get buttons below the list.
    """

    current_changed = Signal(object)
    chosen_changed = Signal()
    refused = Signal(str)

    def __init__(
        self,
        actions: dict[str, QAction] | None = None,
        adjustments: QMenu | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._live = LiveValue("opacity", self._finish_opacity, self._follow_opacity)
        self._model = LayersModel(self)
        self._model.refused.connect(self.refused)
        self._list = LayersList(self)
        self._list.setModel(self._model)
        delegate = LayerDelegate(self._list)
        delegate.opened_or_closed.connect(self._open_or_close)
        delegate.mask_toggled.connect(self._toggle_mask)
        self._list.setItemDelegate(delegate)
        self._list.delete_pressed.connect(self.delete_current)
        self._list.dropped.connect(self._move)
        self._list.opening.connect(self._set_closed)
        self._list.let_go.connect(self._follow)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        self._mode = BlendBox()
        self._mode.activated.connect(self._record_mode)
        self._lock = _button("lock", "Lock layer")
        self._lock.setCheckable(True)
        self._lock.clicked.connect(self._record_lock)
        self._opacity = NumberSlider("Opacity", 0, 100, value=100, suffix="%")
        self._opacity.setAccessibleName("Layer opacity")
        self._opacity.changed.connect(self._show_opacity)
        self._opacity.committed.connect(self._record_opacity)
        self._delete = _button("trash", "Delete layer")
        self._delete.clicked.connect(self.delete_current)
        self._properties = AdjustmentProperties()
        self._properties.refused.connect(self.refused)
        self._stale = QTimer(self, singleShot=True, interval=_STALE_MS)
        self._stale.timeout.connect(self._model.refresh_thumbnails)
        self._lay_out(actions or {}, adjustments)
        self._refresh()

    def _lay_out(self, actions: dict[str, QAction], adjustments: QMenu | None) -> None:
        blending = QHBoxLayout()
        blending.setContentsMargins(8, 0, 4, 0)
        blending.setSpacing(4)
        blending.addWidget(self._mode, 1)
        blending.addWidget(self._lock)
        opacity = QHBoxLayout()
        opacity.setContentsMargins(8, 4, 8, 4)
        opacity.addWidget(self._opacity)
        self._full = QWidget()
        full = QVBoxLayout(self._full)
        full.setContentsMargins(0, 0, 0, 0)
        full.setSpacing(0)
        full.addLayout(blending)
        full.addLayout(opacity)
        full.addWidget(self._list, 1)
        full.addWidget(self._properties)
        full.addWidget(self._button_row(actions, adjustments))
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState("Open a picture to see its layers."))
        self._body.addWidget(self._full)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(caption("Layers"))
        column.addWidget(self._body, 1)

    def _button_row(self, actions: dict[str, QAction], adjustments: QMenu | None) -> QWidget:
        bar = QWidget()
        bar.setObjectName("layerButtons")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(bar)
        line.setContentsMargins(8, 4, 4, 4)
        line.setSpacing(4)
        for slot in _BUTTONS:
            if slot in actions:
                button = _button(None, "")
                button.setDefaultAction(actions[slot])
                line.addWidget(button)
            elif slot is None and adjustments is not None:
                button = _button("adjustment", "New adjustment layer")
                button.setMenu(adjustments)
                button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
                line.addWidget(button)
        line.addStretch()
        line.addWidget(self._delete)
        return bar

    def sizeHint(self) -> QSize:
        return QSize(264, 420)

    # -- what is chosen -------------------------------------------------------------------------------

    @property
    def current_layer(self) -> Layer | None:
        return self._model.layer_at(self._list.currentIndex())

    @property
    def chosen(self) -> list[Layer]:
        """All layers that are chosen, the uppermost first."""
        return self._list.chosen()

    def set_document(self, document: Document | None) -> None:
        """Show the layers of ``document``, or nothing."""
        if document is self._document:
            return
        self.finish()
        if self._document is not None:
            self._document.observers.remove(self._on_change)
        self._document = self._list.document = document
        if document is not None:
            document.observers.append(self._on_change)
        self._model.set_document(document)
        self._refresh()
        if document is None:
            self.current_changed.emit(None)

    def select(self, layer: Layer) -> None:
        """Make ``layer`` the chosen one; the groups around it are opened."""
        self.finish()
        for group in self._document.groups_around(layer):
            self._model.set_closed(group, False)
        self._refresh()
        self._list.choose([layer], layer)
        self._list.scrollTo(self._list.currentIndex())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.finish()
        self._follow()
        self.current_changed.emit(self.current_layer)

    # -- keeping up with the document -----------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        if change.parts & Part.PIXELS:
            self._stale.start()
        if self._live.showing or self._properties.live.showing:
            return
        self._live.interrupted()
        self._properties.live.interrupted()
        if change.parts & Part.CANVAS:
            self._model.canvas_changed()
        if change.parts & (Part.LAYERS | Part.CANVAS):
            self._refresh()

    def _refresh(self) -> None:
        """Follow the document's stack and the attributes of its layers."""
        chosen, current = self.chosen, self.current_layer
        row = self._list.currentIndex().row()
        before, scrolled = self._model.layers, self._list.verticalScrollBar().value()
        if self._model.reload():
            layers = self._model.layers
            added = [layer for layer in layers if layer not in before] if before else []
            outermost = [layer for layer in added if not any(layer in _inside(each) for each in added)]
            self._list.verticalScrollBar().setValue(scrolled)
            if len(outermost) == 1:  # a layer that has just come is the one to go on with
                self._list.choose(outermost, outermost[0])
                self._list.scrollTo(self._list.currentIndex())
            elif current in layers:
                self._list.choose([layer for layer in chosen if layer in layers], current)
            elif layers:
                layer = layers[min(max(row, 0), len(layers) - 1)]
                self._list.choose([layer], layer)
        self._body.setCurrentIndex(0 if self._document is None else 1)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        layer, document = self.current_layer, self._document
        free = layer is not None and not is_locked(document, layer)
        self._delete.setVisible(document is not None)
        self._delete.setEnabled(document is not None and _may_delete(document, self.chosen or [layer]))
        self._lock.setEnabled(layer is not None)
        self._lock.setChecked(layer is not None and layer.lock != Lock.NONE)
        self._lock.setToolTip("Unlock layer" if self._lock.isChecked() else "Lock layer")
        self._mode.setEnabled(free)
        self._mode.show_mode_of(layer)
        self._opacity.setEnabled(free)
        self._follow_opacity()
        if not self._list.is_held:  # else the rows would move under the pointer
            self._properties.set_layer(document, layer, enabled=free)

    # -- what the user does ---------------------------------------------------------------------------

    @Slot()
    def finish(self) -> None:
        """Record what is only shown so far; for before an undo, a save or an engine's run."""
        self._opacity.finish()
        self._properties.finish()

    @Slot()
    def delete_current(self) -> None:
        """Delete the chosen layers, unless nothing would be left."""
        self.finish()
        layers = self.chosen
        if self._document is not None and layers and _may_delete(self._document, layers):
            inside = [layer for layer in layers if not any(layer in _inside(each) for each in layers)]
            name = "Delete layer" if len(inside) == 1 else "Delete layers"
            self._try(lambda: stack.delete(self._document, inside, name))

    @Slot(object, object, int)
    def _move(self, layer: Layer, container: object, index: int) -> None:
        self.finish()
        if self._try(lambda: stack.move(self._document, layer, container, index)):
            self.select(layer)

    @Slot(object)
    def _open_or_close(self, group: Group) -> None:
        self._set_closed(group, not self._model.is_closed(group))

    @Slot(object, bool)
    def _set_closed(self, group: Group, closed: bool) -> None:
        self.finish()
        current = self.current_layer
        self._model.set_closed(group, closed)
        self._refresh()
        if closed and current in _inside(group):
            self._list.choose([group], group)

    @Slot(object)
    def _toggle_mask(self, layer: Layer) -> None:
        self.finish()
        self._try(lambda: toggle_mask(self._document, layer))

    def _try(self, edit) -> bool:
        """Whether the document allowed an edit; if not it is told why."""
        try:
            edit()
        except ValueError as refusal:
            self.refused.emit(str(refusal))
            return False
        return True

    @Slot(bool)
    def _record_lock(self, locked: bool) -> None:
        self.finish()
        layer = self.current_layer
        if self._document is not None and layer is not None:
            name = "Lock layer" if locked else "Unlock layer"
            self._document.set_layer(layer, "lock", Lock.ALL if locked else Lock.NONE, name)

    # -- blend mode and opacity -----------------------------------------------------------------------

    @Slot(int)
    def _record_mode(self, index: int) -> None:
        self.finish()
        layer, mode = self.current_layer, self._mode.itemData(index)
        if self._document is not None and layer is not None and mode != layer.blend_mode:
            self._document.set_layer(layer, "blend_mode", mode, "Blend mode")

    def _follow_opacity(self) -> None:
        layer = self.current_layer
        self._opacity.set_value(100 if layer is None else layer.opacity * 100)

    def _finish_opacity(self) -> None:
        self._opacity.finish()

    @Slot(float)
    def _show_opacity(self, percent: float) -> None:
        layer, before = self.current_layer, self._live.before
        if self._document is None or layer is None:
            return
        # Back where it was, it is exactly what it was.
        exact = before is not None and percent == round(before * 100)
        self._live.show(self._document, layer, before if exact else percent / 100)

    @Slot(float)
    def _record_opacity(self, percent: float) -> None:
        self._live.record("Layer opacity")


def is_locked(document: Document, layer: Layer) -> bool:
    """Whether the layer, or a group around it, may not be changed at all."""
    return any(each.lock & Lock.ALL for each in (*document.groups_around(layer), layer))


def _may_delete(document: Document, layers: list[Layer]) -> bool:
    return any(layer not in layers for layer in document.layers)


def _inside(layer: Layer) -> tuple[Layer, ...]:
    """All that lies in a group."""
    return tuple(walk(layer.children)) if isinstance(layer, Group) else ()


def _button(icon: str | None, tip: str) -> QToolButton:
    button = QToolButton()
    if icon is not None:
        button.setIcon(theme.icon(icon))
    button.setIconSize(QSize(theme.ICON, theme.ICON))
    button.setFixedSize(28, 28)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
