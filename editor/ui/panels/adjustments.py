"""The histogram, what can be adjusted, and how the chosen adjustment is set."""

from concurrent.futures import Executor

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.document.adjustments import ADJUSTMENTS
from editor.document.history import Part
from editor.document.layers import AdjustmentLayer, Layer
from editor.document.model import Change, Document
from editor.document.stack import set_visible
from editor.ui import theme
from editor.ui.layer_commands import toggle_clipping
from editor.ui.option_controls import icon_button
from editor.ui.panels.histogram import Counts, Histogram, count, twin_of
from editor.ui.panels.latest import Latest
from editor.ui.panels.live import LiveValue
from editor.ui.panels.parts import EmptyState, adjustment_icon, is_seen, scrolled
from editor.ui.panels.properties import AdjustmentProperties
from editor.ui.words import tr

_LIVE_MS = 60  # between two counts while a control is dragged
_REST_MS = 300  # without a change, after which the picture is counted: a stroke is not to wait for it
_COLUMNS = 2
_ROOM_FOR_TWO = 440  # height from which on there is room for a second histogram
_SHORT = {"brightness-contrast": "Brightness"}  # on the buttons


class AdjustmentsPanel(QWidget):
    """For one document and its current layer: a button for each kind of adjustment, or, if the layer is one,
    its properties. ``picked`` carries the kind that was asked for. Histograms are counted in ``executor``."""

    picked = Signal(str)
    refused = Signal(str)

    def __init__(self, executor: Executor, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._layer: Layer | None = None
        self._latest = Latest(executor, self)
        self._latest.done.connect(self._show_counts)
        self._soon = QTimer(self, singleShot=True)
        self.histogram = Histogram()
        self._soon.timeout.connect(self._expire)
        self.histogram.wanted.connect(self._count)
        self.properties = AdjustmentProperties()
        self.properties.refused.connect(self.refused)
        self._lay_out(menu)
        self.set_layer(None, None, enabled=False)

    def _lay_out(self, menu: QMenu) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(scrolled(self._make_grid()))
        self._pages.addWidget(self._make_page(menu))
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 4, 12, 4)
        inset.addWidget(self.histogram)
        column.addLayout(inset)
        column.addWidget(self._pages, 1)
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("Open a picture to adjust its light and colours.")))
        self._body.addWidget(self._full)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

    def _make_grid(self) -> QWidget:
        grid = QWidget()
        table = QGridLayout(grid)
        table.setContentsMargins(8, 0, 8, 8)
        table.setSpacing(0)
        kinds = list(ADJUSTMENTS.items())
        rows = -(-len(kinds) // _COLUMNS)
        for place, (kind, adjustment) in enumerate(kinds):
            button = _word_button(adjustment_icon(kind), tr(_SHORT.get(kind, adjustment.title)))
            button.setToolTip(tr("Add {adjustment} as a layer").format(adjustment=tr(adjustment.title)))
            button.clicked.connect(lambda _=False, kind=kind: self.picked.emit(kind))
            table.addWidget(button, place % rows, place // rows)
        for column in range(_COLUMNS):
            table.setColumnStretch(column, 1)
        table.setRowStretch(rows, 1)
        return grid

    def _make_page(self, menu: QMenu) -> QWidget:
        self._sign = _KindSign()
        self._title = QLabel()
        self._shown = icon_button("eye", tr("Hide or show what it does"))
        self._shown.clicked.connect(self._toggle_visible)
        self._clip = icon_button("clip", tr("Adjust the layer below only"))
        self._clip.setCheckable(True)
        self._clip.clicked.connect(self._toggle_clipping)
        self._reset = icon_button("undo", tr("Reset"))
        self._reset.clicked.connect(self.properties.reset)
        self._new = icon_button("plus", tr("New adjustment layer"))
        self._new.setMenu(menu)
        self._new.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.setSpacing(0)
        head.addWidget(self._sign)
        head.addSpacing(8)
        head.addWidget(self._title, 1)
        for button in (self._clip, self._shown, self._reset, self._new):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scrolled(self.properties), 1)
        return page

    def sizeHint(self) -> QSize:
        return QSize(264, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_histogram()

    def _fit_histogram(self) -> None:
        """Where there is little room, the one that is a part of the properties does."""
        self.histogram.setVisible(not self.properties.wants_counts or self.height() >= _ROOM_FOR_TWO)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    # -- what is shown --------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Count and adjust another document, or none."""
        if document is self._document:
            return
        self.finish()
        self._latest.forget()
        if self._document is not None:
            self._document.observers.remove(self._on_change)
        self._document = document
        if document is not None:
            document.observers.append(self._on_change)
        self.histogram.show_counts(None)
        self.histogram.expire()
        self.set_layer(document, None, enabled=False)

    def set_layer(self, document: Document | None, layer: Layer | None, *, enabled: bool) -> None:
        """The current layer is another one, or has changed; ``enabled``: it is not locked."""
        another = layer is not self._layer
        self._layer = layer
        adjustment = layer if isinstance(layer, AdjustmentLayer) else None
        self.properties.set_layer(document, adjustment, enabled=enabled)
        self._body.setCurrentIndex(0 if document is None else 1)
        self._pages.setCurrentIndex(0 if adjustment is None else 1)
        if adjustment is not None:
            self._sign.show_kind(adjustment.adjustment.kind)
            self._title.setText(tr(adjustment.adjustment.title))
            self._shown.setIcon(theme.icon("eye" if adjustment.visible else "eye-off"))
            self._clip.setChecked(adjustment.clipping)
            self._clip.setEnabled(enabled)
            self._reset.setEnabled(enabled)
            if another and self.properties.wants_counts:
                self._count()
        self._fit_histogram()

    def finish(self) -> None:
        """Record what is only shown so far."""
        self.properties.finish()

    # -- keeping up -----------------------------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        if change.parts & (Part.PIXELS | Part.CANVAS):
            if LiveValue.showing:  # what the adjustment is given has stayed
                if not self._soon.isActive() and self.histogram.isVisible():
                    self._soon.start(_LIVE_MS)
            else:
                self._soon.start(_REST_MS)
        if not LiveValue.showing:
            self.properties.live.interrupted()
            if change.parts & Part.LAYERS:
                self.properties.follow()

    def _expire(self) -> None:
        self.histogram.expire()
        if not self.histogram.isVisible() and self.properties.wants_counts and is_seen(self):
            self._count()

    def _count(self) -> None:
        """Have the picture counted, and what the adjustment is given if that is shown."""
        if self._document is None:
            return
        first = self._document.snapshot()
        below = None
        if self.properties.wants_counts and isinstance(self._layer, AdjustmentLayer):
            second = self._document.snapshot()
            below = second, twin_of(self._document, second, self._layer)

        def work() -> tuple[Counts, Counts | None]:
            return count(first), None if below is None else count(*below)

        self._latest.ask(work)

    def _show_counts(self, counts: tuple[Counts, Counts | None]) -> None:
        self.histogram.show_counts(counts[0])
        self.properties.set_counts(counts[1])

    # -- the page's buttons ---------------------------------------------------------------------------

    def _toggle_visible(self) -> None:
        self.finish()
        if self._document is not None and self._layer is not None:
            set_visible(self._document, {self._layer: not self._layer.visible})

    def _toggle_clipping(self) -> None:
        self.finish()
        if self._document is not None and self._layer is not None:
            toggle_clipping(self._document, self._layer)


class _KindSign(theme.Sign):
    """The icon of the kind of adjustment."""

    def __init__(self) -> None:
        super().__init__("adjustment", "text")

    def show_kind(self, kind: str) -> None:
        self._name = adjustment_icon(kind)
        self.update()


def _word_button(icon: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(theme.icon(icon))
    button.setIconSize(QSize(theme.ICON, theme.ICON))
    button.setText(words.replace("&", "&&"))
    button.setFont(theme.quiet_font(button.font()))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFixedHeight(28)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard to the picture
    button.setSizePolicy(button.sizePolicy().Policy.Ignored, button.sizePolicy().Policy.Fixed)
    return button
