"""The layers of a document as the rows of a list, from the top down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from editor.document.layers import AdjustmentLayer, Group, Layer, Lock, PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.ui.panels.thumbnails import Thumbnails
from editor.ui.words import tr
from engines import registry
from engines.base import EngineError

THUMBNAIL = 36

_DONE = {"remove": "Removed", "fill": "Filled", "portrait": "Portrait"}  # English

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """One layer in the list; ``depth`` counts the groups around it, ``shown`` heeds their eyes too."""

    layer: Layer
    depth: int
    shown: bool


class LayersModel(QAbstractListModel):
    """What is in a closed group has no row; what is set goes through the document.

    ``refused`` tells of a change that the document did not allow, in one line.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self.rows: tuple[Row, ...] = ()
        self._closed: set[Group] = set()
        self._thumbnails = Thumbnails(THUMBNAIL, self)
        self._thumbnails.made.connect(self._on_thumbnail)

    @property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(row.layer for row in self.rows)

    def row_of(self, layer: Layer) -> int | None:
        return next((place for place, row in enumerate(self.rows) if row.layer is layer), None)

    def layer_at(self, index: Index) -> Layer | None:
        return self.rows[index.row()].layer if index.isValid() else None

    def set_document(self, document: Document | None) -> None:
        self.beginResetModel()
        self._document, self.rows = document, ()
        self._closed.clear()
        self._thumbnails.clear()
        if document is not None:
            self._thumbnails.canvas = document.rect
        self.endResetModel()

    def reload(self) -> bool:
        """Follow the document; whether there are other rows than before."""
        rows = () if self._document is None else tuple(self._rows(self._document.layers, 0, True))
        if [(row.layer, row.depth) for row in rows] != [(row.layer, row.depth) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        self.rows = rows
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        return False

    def _rows(self, layers: Iterable[Layer], depth: int, shown: bool) -> Iterator[Row]:
        for layer in reversed(tuple(layers)):
            visible = shown and layer.visible
            yield Row(layer, depth, visible)
            if isinstance(layer, Group) and layer not in self._closed:
                yield from self._rows(layer.children, depth + 1, visible)

    def is_closed(self, group: Group) -> bool:
        return group in self._closed

    def set_closed(self, group: Group, closed: bool) -> None:
        """Hide or show the rows of what is in a group; the caller reloads."""
        (self._closed.add if closed else self._closed.discard)(group)

    def thumbnail(self, layer: Layer, part: str, ratio: float) -> QPixmap:
        """``part`` is "image" or "mask"."""
        return self._thumbnails.pixmap(layer, ratio, part)

    def canvas_changed(self) -> None:
        """The document has another size: every thumbnail is out of date."""
        self._thumbnails.clear()
        if self._document is not None:
            self._thumbnails.canvas = self._document.rect

    @Slot()
    def refresh_thumbnails(self) -> None:
        for layer in self._thumbnails.refresh(self.layers):
            self._on_thumbnail(layer)

    @Slot(object)
    def _on_thumbnail(self, layer: Layer) -> None:
        row = self.row_of(layer)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.layer.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row.layer.visible else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._spoken(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.layer.name
        return None

    def _spoken(self, row: Row) -> Iterator[str]:
        layer = row.layer
        yield layer.name
        if isinstance(layer, Group):
            yield tr("closed group") if self.is_closed(layer) else tr("open group")
        if words := second_line(layer):
            yield words
        if row.depth:
            yield tr("level {number}").format(number=row.depth + 1)
        if layer.clipping:
            yield tr("clipped to the layer below")
        if layer.mask is not None:
            yield tr("mask") if layer.mask.enabled else tr("mask, disabled")
        if layer.lock & Lock.ALL:
            yield tr("locked")
        elif layer.lock != Lock.NONE:
            yield tr("partly locked")
        if not layer.visible:
            yield tr("hidden")

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if self._document is None:
            return False
        layer = self.rows[index.row()].layer
        try:
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
        except ValueError as refusal:
            self.refused.emit(str(refusal))
        return False


def second_line(layer: Layer) -> str:
    """What a layer is or what made it, in a few words; empty if its name says enough."""
    if isinstance(layer, AdjustmentLayer):
        title = layer.adjustment.title
        return "" if layer.name in (title, tr(title)) else tr(title)
    recipe = recipe_of(layer)
    if recipe is not None and layer.name.startswith(_done(recipe)):
        return _engine(recipe)  # what it did is the name
    return how_made(recipe)


def recipe_of(layer: Layer) -> Recipe | None:
    """How an engine made the layer, if one did."""
    return layer.recipe if isinstance(layer, PixelLayer) else None


def how_made(recipe: Recipe | None) -> str:
    """What made a layer, in a few words; empty if it was not an engine."""
    return "" if recipe is None else f"{_done(recipe)} · {_engine(recipe)}"


def _done(recipe: Recipe) -> str:
    return tr(_DONE.get(recipe.task, recipe.task.capitalize()))


def _engine(recipe: Recipe) -> str:
    try:
        return registry.spec(recipe.engine).title
    except EngineError:
        return recipe.engine  # a picture from another version of Lacuna
