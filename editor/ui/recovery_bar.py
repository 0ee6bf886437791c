"""What Lacuna left behind when it last stopped, above the picture."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.words import tr, tr_composed

if TYPE_CHECKING:
    from editor.document.recovery import Recoverable

_MOST_ROWS = 4  # that are shown without scrolling
_ROW = 36
_NAME = 280  # pixels of a name at most


class RecoveryBar(QWidget):
    """A line for each picture, with what can be done with it; it hides when none is left.

    ``recover`` and ``discard`` carry the Recoverable. "Later" leaves all for the next start.
    """

    recover = Signal(object)
    discard = Signal(object)

    def __init__(self, found: "list[Recoverable]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows: dict[Recoverable, list[QWidget]] = {}
        words = QLabel(
            tr("Lacuna was closed before this picture was saved.")
            if len(found) == 1
            else tr("Lacuna was closed before these pictures were saved.")
        )
        self._later = QPushButton(tr("Later"))
        self._later.setFlat(True)
        self._later.setToolTip(tr("Ask again at the next start"))
        self._later.clicked.connect(self.hide)
        self._all = QPushButton(tr("Recover all"))
        self._all.setProperty("primary", True)
        self._all.setVisible(len(found) > 1)
        self._all.clicked.connect(self._start_all)
        self._head = head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(theme.Sign("history", "amber"))
        head.addWidget(words)
        head.addStretch()
        head.addWidget(self._later)
        head.addWidget(self._all)
        self._grid_widget = QWidget()
        self._grid = QGridLayout(self._grid_widget)
        self._grid.setContentsMargins(theme.ICON + 8, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(2, 1)
        for place, recoverable in enumerate(found):
            self._add(place, recoverable)
        area = QScrollArea()
        area.setWidget(self._grid_widget)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows its buttons
        area.setFixedHeight(min(len(found), _MOST_ROWS) * _ROW)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area = area
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(area)

    def _add(self, place: int, recoverable: "Recoverable") -> None:
        called = tr(recoverable.name)  # one that was never saved has only the program's name for it
        name = QLabel()
        name.setText(name.fontMetrics().elidedText(called, Qt.TextElideMode.ElideMiddle, _NAME))
        name.setAccessibleName(called)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setToolTip(str(recoverable.path or ""))
        facts = QLabel(described(recoverable))
        facts.setTextFormat(Qt.TextFormat.PlainText)
        theme.make_quiet(facts)
        discard = QPushButton(tr("Discard"))
        discard.setAccessibleName(tr("Discard {name}").format(name=called))
        discard.clicked.connect(lambda: self.discard.emit(recoverable))
        widgets: list[QWidget] = [name, facts, discard]
        self._grid.addWidget(name, place, 0)
        self._grid.addWidget(facts, place, 1)
        self._grid.addWidget(discard, place, 3)
        if recoverable.problem is None:
            recover = QPushButton(tr("Recover"))
            recover.setProperty("primary", not self._all.isVisibleTo(self))
            recover.setAccessibleName(tr("Recover {name}").format(name=called))
            recover.clicked.connect(lambda: self._start(recoverable))
            self._grid.addWidget(recover, place, 4)
            widgets.append(recover)
        self._grid.setRowMinimumHeight(place, _ROW)
        self._rows[recoverable] = widgets

    def add_button(self, words: str, take: Callable[[], object]) -> None:
        """One more thing that can be done, beside "Later"."""
        button = QPushButton(words)
        button.setFlat(True)
        button.clicked.connect(lambda: take())
        self._head.insertWidget(self._head.indexOf(self._later), button)

    def _start_all(self) -> None:
        self._all.setEnabled(False)
        for recoverable in list(self._rows):
            if recoverable.problem is None:
                self._start(recoverable)

    def _start(self, recoverable: "Recoverable") -> None:
        self.set_busy(recoverable, True)
        self.recover.emit(recoverable)

    def set_busy(self, recoverable: "Recoverable", busy: bool) -> None:
        """A second click while it is being read would do it twice."""
        for widget in self._rows.get(recoverable, ()):
            widget.setEnabled(not busy)
        self._all.setEnabled(self._all.isEnabled() or not busy)

    def remove(self, recoverable: "Recoverable") -> None:
        """It has been dealt with."""
        for widget in self._rows.pop(recoverable, ()):
            self._grid.setRowMinimumHeight(self._grid.getItemPosition(self._grid.indexOf(widget))[0], 0)
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._area.setFixedHeight(min(len(self._rows), _MOST_ROWS) * _ROW)
        self.setVisible(bool(self._rows))


def described(recoverable: "Recoverable") -> str:
    """When it was last changed, and how much of it there is."""
    if recoverable.problem is not None:
        reason = tr_composed(recoverable.problem).rstrip(".。")
        lost = tr("cannot be recovered: {reason}").format(reason=reason)
        return f"{when(recoverable.changed)} · {lost}"
    count = recoverable.entries
    steps = tr("1 step") if count == 1 else tr("{count} steps").format(count=count)
    kept = steps if recoverable.modified else tr("saved, {steps} can be undone").format(steps=steps)
    return f"{when(recoverable.changed)} · {kept}"


def when(seconds: float, now: datetime | None = None) -> str:
    """ "today 14:02", "yesterday 9:30" or the date, for seconds since the epoch."""
    then, now = datetime.fromtimestamp(seconds), now or datetime.now()
    days = (now.date() - then.date()).days
    clock = f"{then.hour}:{then.minute:02}"
    if days == 0:
        return tr("today {clock}").format(clock=clock)
    if days == 1:
        return tr("yesterday {clock}").format(clock=clock)
    date = QDate(then.year, then.month, then.day)
    return QLocale().toString(date, tr("d MMMM yyyy")) + f", {clock}"
