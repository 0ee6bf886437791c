"""The strip of results over the picture's lower edge, of which one is to be kept."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from editor.ui.candidate_tile import SIDE, CandidateTile
from editor.ui.canvas import Canvas
from editor.ui.floating import Floating
from editor.ui.option_controls import icon_button
from editor.ui.words import tr

_GAP = 8
_DIGITS = {Qt.Key(Qt.Key.Key_1 + place): place for place in range(9)}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CandidateStrip(Floating):
    """A tile for each result, and what can be done with them.

    While it is shown the canvas leaves it the digits and the arrows to the left and the right. ``picked`` and
    ``pinned`` carry the place of a tile: to be shown, and to be compared with. ``stepped`` and, with Shift,
    ``pin_stepped`` are -1 or 1. ``more`` carries the id of an engine, or nothing for the one that made the
    last of them.
    """

    picked = Signal(int)
    pinned = Signal(int)
    stepped = Signal(int)
    pin_stepped = Signal(int)
    split = Signal()
    more = Signal(str)
    kept = Signal()
    discarded = Signal()

    def __init__(self, canvas: Canvas, engines: list[tuple[str, str]], count: int) -> None:
        """``engines``: id and title of those that can make more, ``count`` at a time."""
        super().__init__(canvas, at_top=False)
        self.setAccessibleName(tr("Results"))
        self.tiles: list[CandidateTile] = []
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._scroll = _Row(self._row)
        self.split_button = icon_button("split-view", tr("Split view: drag a line between before and after"))
        self.split_button.setCheckable(True)
        self.split_button.clicked.connect(self.split)
        self.more_button = self._make_more(engines, count)
        discard = QPushButton(tr("Discard"))
        discard.setToolTip(tr("Discard all results (Esc)"))
        discard.clicked.connect(self.discarded)
        self.keep_button = QPushButton(tr("Keep"))
        self.keep_button.setProperty("primary", True)
        self.keep_button.setToolTip(tr("Keep the result that is shown (Enter)"))
        self.keep_button.clicked.connect(self.kept)
        self.keep_button.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(_GAP)
        buttons.addStretch()
        for button in (self.split_button, self.more_button, discard, self.keep_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        self._buttons = buttons
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        self._layout.setSpacing(_GAP)
        self._layout.addWidget(self._scroll)
        self._layout.addLayout(buttons)

    def _make_more(self, engines: list[tuple[str, str]], count: int) -> QWidget:
        if len(engines) == 1:
            button = QPushButton(tr("More"))
            button.clicked.connect(lambda: self.more.emit(""))
        else:
            button = QToolButton()
            button.setText(tr("More"))
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
            button.clicked.connect(lambda: self.more.emit(""))
            menu = QMenu(button)
            for engine_id, title in engines:
                action = menu.addAction(title)
                action.triggered.connect(lambda _=False, which=engine_id: self.more.emit(which))
            button.setMenu(menu)
        button.setToolTip(tr("Make {count} more results").format(count=count))
        return button

    def add_tile(self) -> CandidateTile:
        """One more, at the end."""
        place = len(self.tiles)
        tile = CandidateTile(place + 1)
        tile.clicked.connect(lambda: self.picked.emit(place))
        tile.pinned.connect(lambda: self.pinned.emit(place))
        self.tiles.append(tile)
        self._row.layout().addWidget(tile)
        tile.show()  # or it would have no size yet
        self._scroll.updateGeometry()
        self.arrange()
        return tile

    def remove_last(self) -> None:
        """Take the last tile away."""
        tile = self.tiles.pop()
        self._row.layout().removeWidget(tile)
        tile.hide()
        tile.deleteLater()
        self._scroll.updateGeometry()
        self.arrange()

    def avoid(self, zone: QRect) -> None:
        """Choose the edge where the strip hides less of ``zone``, in pixels of the canvas."""
        self.arrange()
        hidden = self.geometry().intersected(zone)
        self.at_top = True
        self.arrange()
        other = self.geometry().intersected(zone)
        if other.width() * other.height() >= hidden.width() * hidden.height():
            self.at_top = False
            self.arrange()

    def mark(self, shown: int | None, before: int | None) -> None:
        """Which tile's result the picture shows, and which it is compared with."""
        for place, tile in enumerate(self.tiles):
            tile.setChecked(place == shown)
            tile.set_before(place == before)
        self.keep_button.setEnabled(shown is not None)
        if shown is not None:
            self._scroll.ensureWidgetVisible(self.tiles[shown], SIDE, 0)

    def arrange(self) -> None:
        """Tiles and buttons side by side, or where there is no room for that one above the other."""
        beside = self._scroll.sizeHint().width() + self._buttons.sizeHint().width() + 3 * _GAP
        narrow = beside > self.room and self._buttons.sizeHint().width() + 3 * SIDE > self.room
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._layout.direction() != direction:
            self._layout.setDirection(direction)
        super().arrange()

    # -- keys of the canvas ---------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self.isVisible() and self._is_own(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().eventFilter(watched, event)

    def _is_own(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _STEPS:
            return held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        return event.key() in _DIGITS and held == Qt.KeyboardModifier.NoModifier

    def _press(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            with_shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.pin_stepped if with_shift else self.stepped).emit(_STEPS[key])
        elif _DIGITS[key] < len(self.tiles):
            self.picked.emit(_DIGITS[key])


class _Row(QScrollArea):
    """The tiles, scrolled by the wheel where they do not fit."""

    def __init__(self, row: QWidget) -> None:
        super().__init__()
        self.setWidget(row)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(SIDE)

    def sizeHint(self) -> QSize:
        return QSize(self.widget().sizeHint().width(), SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turn.x() or turn.y()) * SIDE // 120)
        event.accept()
