"""What is under the pointer, and what there is to know of the picture in numbers."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from editor.document.geometry import Rect
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Change, Document
from editor.ui import theme
from editor.ui.canvas import Canvas
from editor.ui.panels.parts import EmptyState, is_seen, scrolled
from editor.ui.words import number, tr

_LOOK_MS = 30  # between two looks at a pixel
_REST_MS = 400  # without a change, after which the facts are gathered again

_POINTER = (
    ("place", "Position"),
    ("shown", "Colour"),
    ("hex", "Hex"),
    ("own", "In the layer"),
)
_FACTS = (
    ("selected", "Selection"),
    ("size", "Picture"),
    ("profile", "Profile"),
    ("memory", "In memory"),
)


class InfoPanel(QWidget):
    """Follows one canvas. ``layer`` gives the layer whose own value is told."""

    def __init__(self, layer: Callable[[], Layer | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self._layer = layer
        self._point: tuple[float, float] | None = None
        self._values: dict[str, QLabel] = {}
        self._look = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._look.timeout.connect(self._tell_pixel)
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self._tell_facts)
        self._lay_out()
        self.set_canvas(None)

    def _lay_out(self) -> None:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(12, 4, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        rows = (*_POINTER, None, *_FACTS)
        for row, each in enumerate(rows):
            if each is None:
                grid.setRowMinimumHeight(row, 4)
                continue
            name, words = each
            caption, value = QLabel(tr(words)), QLabel()
            theme.make_quiet(caption)
            value.setFont(theme.tabular(theme.quiet_font(value.font())))
            value.setAccessibleName(tr(words))
            caption.setBuddy(value)
            self._values[name] = value
            grid.addWidget(caption, row, 0)
            grid.addWidget(value, row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows), 1)
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("Open a picture to see its size and its colours in numbers.")))
        self._body.addWidget(scrolled(table))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def sizeHint(self) -> QSize:
        return QSize(264, 160)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 84)

    def set_canvas(self, canvas: Canvas | None) -> None:
        """Follow another canvas, or none."""
        if canvas is self._canvas and canvas is not None:
            return
        if self._canvas is not None:
            self._canvas.hovered.disconnect(self._on_hovered)
            self._canvas.document.observers.remove(self._on_change)
        self._canvas = canvas
        self._point = None
        if canvas is not None:
            canvas.hovered.connect(self._on_hovered)
            canvas.document.observers.append(self._on_change)
            self._tell_pixel()
            self._tell_facts()
        self._body.setCurrentIndex(0 if canvas is None else 1)

    def _on_hovered(self, point: tuple[float, float] | None) -> None:
        self._point = point
        if not self._look.isActive():
            self._look.start()

    def _on_change(self, change: Change) -> None:
        self._soon.start()

    def _is_seen(self) -> bool:
        return self._canvas is not None and is_seen(self)

    # -- what is told ---------------------------------------------------------------------------------

    def _tell_pixel(self) -> None:
        """What is under the pointer."""
        if not self._is_seen():
            return
        document = self._canvas.document
        x, y = (-1, -1) if self._point is None else (int(part // 1) for part in self._point)
        inside = 0 <= x < document.width and 0 <= y < document.height
        if not inside:
            for name, _ in _POINTER:
                self._values[name].setText("–")
            return
        area = Rect(x, y, 1, 1)
        pixel = document.composite(area)[0, 0]
        layer = self._layer()
        self._values["place"].setText(f"{x}, {y}")
        self._values["shown"].setText(_numbers(pixel, document))
        self._values["hex"].setText(_hex(pixel, document))
        own = "–"
        if isinstance(layer, PixelLayer):
            own = _numbers(layer.image.read(area)[0, 0], document)
        elif layer is not None and layer.mask is not None:
            own = tr("Mask {value}").format(value=int(layer.mask.image.read(area)[0, 0, 0]))
        self._values["own"].setText(own)

    def _tell_facts(self) -> None:
        """What there is to know of the picture."""
        if not self._is_seen():
            return
        document = self._canvas.document
        selected = document.selection.bounds()
        self._values["selected"].setText(
            f"{selected.width} × {selected.height}" if selected else tr("Nothing is selected")
        )
        colours = tr("Grey") if document.grey else "RGB"
        self._values["size"].setText(
            f"{document.width} × {document.height}, {colours}, " + tr("{bits} bit").format(bits=document.bits)
        )
        self._values["profile"].setText(_profile(document))
        self._values["memory"].setText(_bytes(_memory(document)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start(0)


def _numbers(pixel: np.ndarray, document: Document) -> str:
    """Red, green and blue, and alpha where it is not full."""
    *colour, alpha = (int(part) for part in pixel)
    words = "  ".join(str(part) for part in (colour[:1] if document.grey else colour))
    if alpha != document.maximum:
        words += f"  ·  {round(100 * alpha / document.maximum)} %"
    return words


def _hex(pixel: np.ndarray, document: Document) -> str:
    parts = (round(int(part) * 255 / document.maximum) for part in pixel[:3])
    return QColor(*parts).name()


def _profile(document: Document) -> str:
    if document.metadata.icc is None:
        return "sRGB"
    from editor.document import icc

    return icc.description(document.metadata.icc)


def _memory(document: Document) -> int:
    """Bytes of all tiles, those that stand in several places counted once, and of the history's."""
    tiles = {id(tile): tile.nbytes for plane in document.planes() for tile in plane.tiles.values()}
    return sum(tiles.values()) + document.history.size


def _bytes(count: int) -> str:
    return number(count / 1e6, 1) + " MB" if count < 1e9 else number(count / 1e9, 2) + " GB"
