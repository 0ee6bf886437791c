"""The layers of a picture: seen, hidden, named, blended, grouped, adjusted, moved and deleted."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from editor.document import stack
from editor.document.history import Part
from editor.document.layers import AdjustmentLayer, Group, Layer, Lock, PixelLayer, walk
from editor.document.model import Change, Document
from editor.ui.layer_commands import toggle_clipping, toggle_mask
from editor.ui.option_controls import icon_button
from editor.ui.panels.layer_header import LayerHeader
from editor.ui.panels.layer_list import LayersList
from editor.ui.panels.layer_menu import make_menu
from editor.ui.panels.layer_model import LayersModel, recipe_of
from editor.ui.panels.layer_row import LayerDelegate
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parts import EmptyState
from editor.ui.panels.visibility import Solo
from editor.ui.words import tr

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

    ``followed`` comes whenever it shows another layer, or its layer was changed; ``finishing`` before it
    edits the document, for what is under way elsewhere; ``chosen_changed`` when others are chosen, or a mask
    in place of the pixels. ``refused`` says in one line why something was not done. ``picked`` carries a
    layer to be selected by its pixels (False) or its mask (True), and how; ``mask_viewed`` one whose mask is
    to be seen alone; ``recipe_opened`` one whose picture was double clicked, and so does
    ``adjustment_opened`` come. ``actions``, the window's, and its menu of adjustments get buttons.
    """

    followed = Signal()
    finishing = Signal()
    chosen_changed = Signal()
    refused = Signal(str)
    picked = Signal(object, bool, str)
    mask_viewed = Signal(object)
    adjustment_opened = Signal()
    recipe_opened = Signal(object)

    def __init__(
        self,
        actions: dict[str, QAction] | None = None,
        adjustments: QMenu | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._actions = actions or {}
        self._solo = Solo()
        self._told_on_mask = False
        self._followed: tuple[Layer | None, bool] = (None, False)  # the layer, and whether it had a mask
        self._model = LayersModel(self)
        self._model.refused.connect(self.refused)
        self._list = LayersList(self)
        self._list.setModel(self._model)
        self._list.delete_pressed.connect(self.delete_current)
        self._list.dropped.connect(self._move)
        self._list.opening.connect(self._set_closed)
        self._list.targeted.connect(self._set_target)
        self._list.soloed.connect(self._show_alone)
        self._list.clipped.connect(lambda layer: self._do(lambda: toggle_clipping(self._document, layer)))
        self._list.menu_asked.connect(self._show_menu)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        delegate = LayerDelegate(self._list)
        delegate.opened_or_closed.connect(self._open_or_close)
        delegate.mask_toggled.connect(lambda layer: self._do(lambda: toggle_mask(self._document, layer)))
        delegate.mask_viewed.connect(self.mask_viewed)
        delegate.picked.connect(self.picked)
        delegate.opened.connect(self._open)
        self._list.setItemDelegate(delegate)
        self._header = LayerHeader()
        self._delete = icon_button("trash", tr("Delete layer"))
        self._delete.clicked.connect(self.delete_current)
        self._stale = QTimer(self, singleShot=True, interval=_STALE_MS)
        self._stale.timeout.connect(self._model.refresh_thumbnails)
        self._lay_out(adjustments)
        self._refresh()

    def _lay_out(self, adjustments: QMenu | None) -> None:
        self._full = QWidget()
        full = QVBoxLayout(self._full)
        full.setContentsMargins(0, 0, 0, 0)
        full.setSpacing(0)
        full.addWidget(self._header)
        full.addWidget(self._list, 1)
        full.addWidget(self._button_row(adjustments))
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("Open a picture to see its layers.")))
        self._body.addWidget(self._full)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._body)

    def _button_row(self, adjustments: QMenu | None) -> QWidget:
        bar = QWidget()
        bar.setObjectName("layerButtons")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(bar)
        line.setContentsMargins(8, 4, 4, 4)
        line.setSpacing(4)
        for slot in _BUTTONS:
            if slot in self._actions:
                button = icon_button("new-layer", "")
                button.setDefaultAction(self._actions[slot])
                line.addWidget(button)
            elif slot is None and adjustments is not None:
                button = icon_button("adjustment", tr("New adjustment layer"))
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
    def document(self) -> Document | None:
        return self._document

    @property
    def current_layer(self) -> Layer | None:
        return self._model.layer_at(self._list.currentIndex())

    @property
    def is_free(self) -> bool:
        """Whether the current layer may be changed."""
        layer = self.current_layer
        return layer is not None and not is_locked(self._document, layer)

    @property
    def chosen(self) -> list[Layer]:
        """All layers that are chosen, the uppermost first."""
        return self._list.chosen()

    @property
    def on_mask(self) -> bool:
        """Whether the mask of the current layer is meant, rather than its pixels."""
        layer = self.current_layer
        return self._list.on_mask and layer is not None and layer.mask is not None

    def set_on_mask(self, on_mask: bool) -> None:
        """Mean the mask of the current layer from now on, or its pixels."""
        self._list.on_mask = on_mask
        self._list.viewport().update()
        self._tell_target()

    def _tell_target(self) -> None:
        if self.on_mask != self._told_on_mask:
            self._told_on_mask = self.on_mask
            self.chosen_changed.emit()

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

    def select(self, layer: Layer) -> None:
        """Make ``layer`` the chosen one; the groups around it are opened."""
        self.finish()
        for group in self._document.groups_around(layer):
            self._model.set_closed(group, False)
        self._refresh()
        self._list.choose([layer], layer)
        self._list.scrollTo(self._list.currentIndex())

    def step(self, up: bool) -> None:
        """Choose the layer in the next row."""
        row = self._list.currentIndex().row() + (-1 if up else 1)
        if 0 <= row < len(self._model.rows):
            self.select(self._model.rows[row].layer)

    def rename(self) -> None:
        """Let the current layer's name be typed."""
        self._list.setFocus()
        self._list.edit(self._list.currentIndex())

    def type_opacity(self, percent: float) -> None:
        """Give the current layer an opacity; what comes within a moment is one entry with it."""
        if self.is_free:
            self._header.opacity.nudge(percent)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.finish()
        layer = self.current_layer
        # What has no pixels of its own is painted on by its mask.
        self._list.on_mask = (
            layer is not None and layer.mask is not None and not isinstance(layer, PixelLayer)
        )
        self._follow()

    @Slot(bool)
    def _set_target(self, on_mask: bool) -> None:
        self.set_on_mask(on_mask)

    # -- keeping up with the document -----------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        if change.parts & Part.PIXELS:
            self._stale.start()
        if LiveValue.showing:
            return
        self._list.leave_eyes()
        self._header.interrupted()
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
            layers, on_mask = self._model.layers, self._list.on_mask
            added = [layer for layer in layers if layer not in before] if before else []
            outermost = [layer for layer in added if not any(layer in _inside(each) for each in added)]
            self._list.verticalScrollBar().setValue(scrolled)
            if len(outermost) == 1:  # a layer that has just come is the one to go on with
                self._list.choose(outermost, outermost[0])
                self._list.scrollTo(self._list.currentIndex())
            elif current in layers:
                self._list.choose([layer for layer in chosen if layer in layers], current)
                self._list.on_mask = on_mask
            elif layers:
                layer = layers[min(max(row, 0), len(layers) - 1)]
                self._list.choose([layer], layer)
        self._body.setCurrentIndex(0 if self._document is None else 1)
        self._follow()

    def _follow(self) -> None:
        layer, document = self.current_layer, self._document
        self._delete.setVisible(document is not None)
        self._delete.setEnabled(document is not None and _may_delete(document, self.chosen or [layer]))
        has_mask = layer is not None and layer.mask is not None
        if has_mask and self._followed == (layer, False):
            self._list.on_mask = True  # it was just added
        self._list.on_mask &= has_mask
        self._followed = layer, has_mask
        self._tell_target()
        self._header.show_layer(document, layer, free=self.is_free)
        self.followed.emit()

    # -- what the user does ---------------------------------------------------------------------------

    @Slot()
    def finish(self) -> None:
        """Record what is only shown so far; for before an undo, a save or an engine's run."""
        self._header.finish()
        self.finishing.emit()

    @Slot()
    def delete_current(self) -> None:
        """Delete the chosen layers, unless nothing would be left."""
        layers = self.chosen
        if self._document is not None and layers and _may_delete(self._document, layers):
            inside = [layer for layer in layers if not any(layer in _inside(each) for each in layers)]
            name = "Delete layer" if len(inside) == 1 else "Delete layers"
            self._do(lambda: stack.delete(self._document, inside, name))

    @Slot(object, object, int)
    def _move(self, layer: Layer, container: object, index: int) -> None:
        if self._do(lambda: stack.move(self._document, layer, container, index)):
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
    def _show_alone(self, layer: Layer) -> None:
        self._do(lambda: self._solo.toggle(self._document, layer))

    @Slot(object)
    def _open(self, layer: Layer) -> None:
        if isinstance(layer, AdjustmentLayer):
            self.adjustment_opened.emit()
        elif recipe_of(layer) is not None:
            self.recipe_opened.emit(layer)

    @Slot(QPoint, bool)
    def _show_menu(self, point: QPoint, on_mask: bool) -> None:
        self.set_on_mask(on_mask)
        make_menu(self._actions, on_mask, self).popup(point)

    def _do(self, edit: Callable[[], object]) -> bool:
        """Whether the document allowed an edit; if not it is told why."""
        self.finish()
        try:
            edit()
        except ValueError as refusal:
            self.refused.emit(str(refusal))
            return False
        return True


def is_locked(document: Document, layer: Layer) -> bool:
    """Whether the layer, or a group around it, may not be changed at all."""
    return any(each.lock & Lock.ALL for each in (*document.groups_around(layer), layer))


def _may_delete(document: Document, layers: list[Layer]) -> bool:
    return any(layer not in layers for layer in document.layers)


def _inside(layer: Layer) -> tuple[Layer, ...]:
    """All that lies in a group."""
    return tuple(walk(layer.children)) if isinstance(layer, Group) else ()
