"""One model in the list: what it is, whether it suits this machine, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui import theme
from editor.ui.models import phrases
from editor.ui.models.gauge import Gauge
from editor.ui.models.listing import Item
from editor.ui.models.work import Download, Work
from editor.ui.option_controls import icon_button
from editor.ui.words import tr

SIZE, LICENCE, FIT, STATE = 68, 148, 116, 224  # widths of the columns behind the name
GAP = 16
SIDES = 24  # to the edges of the list
BAR = 12  # of which the scroll bar takes this at the end
_GRAIN = 1000  # steps of a progress bar


def ends(height: int) -> tuple[int, int, int, int]:
    """The margins of a line of the list, so that it ends where the lines under the list do."""
    left, right = (SIDES, SIDES - BAR) if QApplication.isLeftToRight() else (SIDES - BAR, SIDES)
    return left, height, right, height


class ModelRow(QFrame):
    """``asked`` carries what the user wants done: "install", "pause", "cancel", "check", "remove", "add" or
    "reveal"."""

    asked = Signal(str, object)

    def __init__(self, item: Item, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()  # until it has its place
        self.item = item
        self._title, self._note = _Name(), _quiet(wraps=True)
        self._size = QLabel()
        self._size.setFont(theme.tabular(self._size.font()))
        self._size.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._licence, self._use = QLabel(), _quiet(wraps=True)
        self._gauge, self._verdict = Gauge(), QLabel()
        self._state = _quiet()
        self._sound = theme.Sign("check", "dim")
        self._do = QPushButton()
        self._do.setAutoDefault(False)
        self._more = icon_button("more", tr("More"))
        policy = self._more.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # what is before it stands in line
        self._more.setSizePolicy(policy)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._more.setMenu(self._menu)
        self._trouble = QWidget()
        self._trouble_words = _quiet(wraps=True)
        self._under = _Under()
        self._under.pause.clicked.connect(lambda: self.asked.emit("pause", self.item))
        self._under.cancel.clicked.connect(lambda: self.asked.emit("cancel", self.item))
        self._verb = ""
        self._do.clicked.connect(lambda: self.asked.emit(self._verb, self.item))
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(*ends(10))
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addLayout(_column(self._title, self._note), 0, 0)
        for place, (widget, width) in enumerate(
            (
                (_boxed(_column(self._size)), SIZE),
                (_boxed(_column(self._licence, self._use)), LICENCE),
                (_boxed(_line(self._gauge, self._verdict)), FIT),
                (
                    _boxed(_line(self._sound, self._state, self._do, self._more, to_the_end=True)),
                    STATE,
                ),
            ),
            start=1,
        ):
            widget.setFixedWidth(width)
            grid.addWidget(widget, 0, place, top)
        trouble = QHBoxLayout(self._trouble)
        trouble.setContentsMargins(0, 6, 0, 0)
        trouble.setSpacing(6)
        trouble.addWidget(theme.Sign("warning", "amber"), 0, top)
        trouble.addWidget(self._trouble_words, 1)
        grid.addWidget(self._trouble, 1, 0, 1, 5)
        grid.addWidget(self._under, 2, 0, 1, 5)

    # -- showing it -----------------------------------------------------------------------------------

    def show_item(self, item: Item, work: Work) -> None:
        """How it is now, and what is being done with it."""
        self.item = item
        title = tr(item.title)
        self._title.setText(title)
        self._title.setToolTip(title if item.own is not None or item.form_of else "")
        self._note.setText(phrases.note(item))
        self._size.setText(phrases.size(item.size) if item.files or item.own is not None else "–")
        self._licence.setText(phrases.licence(item))
        self._use.setText(phrases.use(item))
        self._gauge.set_verdict(item.fit.verdict)
        is_judged = item.state != "broken" and item.beside is None  # the model is, of what goes with it
        self._gauge.setVisible(is_judged)
        self._verdict.setText(tr(phrases.VERDICTS[item.fit.verdict]) if is_judged else "–")
        reason = phrases.here(item.fit.reason)
        for widget in (self._gauge, self._verdict):
            widget.setToolTip(reason)
        self._verdict.setAccessibleDescription(reason)
        self._fill_menu(item)
        self.follow(work)
        self.setAccessibleName(
            f"{title}, {self._size.text()}, {self._licence.text()}, {self._verdict.text()}, "
            f"{tr(phrases.STATES[item.state])}"
        )

    def follow(self, work: Work) -> None:
        """How far it has come, and what went wrong."""
        item = self.item
        download, doing = work.downloads.get(item.id), work.busy.get(item.id, "")
        words = work.troubles.get(item.id) or phrases.trouble(item)
        self._trouble_words.setText(words)
        self._trouble.setVisible(bool(words) and download is None)
        self._under.setVisible(download is not None)
        if download is not None:
            self._under.follow(download, tr(item.title))
        rests = download is None and not doing
        self._verb, label, is_primary = self._deed() if rests else ("", "", False)
        self._do.setVisible(bool(self._verb))
        self._do.setText(label)
        self._do.setAccessibleName(f"{label}: {tr(item.title)}" if label else "")
        if self._do.property("primary") != is_primary:
            self._do.setProperty("primary", is_primary)
            self._do.style().polish(self._do)
        self._more.setVisible(rests and not self._menu.isEmpty())
        state = doing or (tr("Downloading") if download is not None else self._state_words())
        # The button says enough of what is not here.
        self._state.setText("" if rests and item.state in ("missing", "own") else state)
        self._sound.setVisible(rests and item.state in ("embedded", "installed", "plugged"))

    def _state_words(self) -> str:
        item = self.item
        if item.state == "begun" and item.download:
            share = 100 * item.came // max(item.download, item.came)
            return tr("Paused at {share} %").format(share=share)
        return tr(phrases.STATES[item.state])

    def _deed(self) -> tuple[str, str, bool]:
        """What the button does, how it is called, and whether it is what is done most."""
        item = self.item
        if item.state == "missing":
            return "install", tr("Install"), False
        if item.state == "begun":
            return "install", tr("Resume"), False
        if item.state == "own":
            return "add", tr("Bring your own…"), False
        if item.state == "damaged" and item.origins:
            return "install", tr("Repair"), False
        if item.state == "damaged" and not item.embedded and item.own is None:
            return "add", tr("Add it again…"), False
        return "", "", False

    def _fill_menu(self, item: Item) -> None:
        entries = []
        if item.is_here and (item.files or item.own is not None):
            entries.append(("check", tr("Check that it is whole")))
            entries.append(("reveal", tr("Show in its folder")))
        if item.is_here and not item.embedded and not item.source:
            entries.append(("remove", tr("Remove…")))
        if item.state == "begun":
            entries.append(("remove", tr("Discard what has come…")))
        if [action.data() for action in self._menu.actions()] == [verb for verb, _ in entries]:
            return
        self._menu.clear()
        for verb, words in entries:
            action = QAction(words, self._menu)
            action.setData(verb)
            action.triggered.connect(lambda _=False, verb=verb: self.asked.emit(verb, self.item))
            self._menu.addAction(action)
        self._more.setAccessibleName(tr("More for {name}").format(name=tr(item.title)))

    @property
    def controls(self) -> list[QWidget]:
        """What can get the keyboard, in its order."""
        return [self._do, self._more, self._under.pause, self._under.cancel]


class _Name(QLabel):
    """A name in what room there is, which long names of files may not have."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.now.text))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        side = Qt.AlignmentFlag.AlignLeft if self.isLeftToRight() else Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignVCenter, shown)


class _Under(QWidget):
    """How far a download is, under its line, and buttons for it."""

    def __init__(self) -> None:
        super().__init__()
        self._bar, self._words = QProgressBar(), _quiet()
        self._bar.setRange(0, _GRAIN)
        self._bar.setTextVisible(False)
        self._words.setFont(theme.tabular(self._words.font()))
        self.pause, self.cancel = QPushButton(tr("Pause")), QPushButton(tr("Cancel"))
        text = QVBoxLayout()
        text.setSpacing(6)
        text.addWidget(self._bar)
        text.addWidget(self._words)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 12, 0, 0)
        line.setSpacing(8)
        line.addLayout(text, 1)
        for button in (self.pause, self.cancel):
            button.setAutoDefault(False)
            line.addWidget(button)

    def follow(self, download: Download, title: str) -> None:
        pace = download.pace
        self._bar.setValue(round(_GRAIN * pace.done / pace.total) if pace.total else 0)
        self._bar.setAccessibleName(tr("Installing {name}").format(name=title))
        self._words.setText(progress_words(download))
        self.pause.setEnabled(not download.is_ending)
        self.cancel.setEnabled(not download.is_ending)
        self.pause.setAccessibleName(f"{tr('Pause')}: {title}")
        self.cancel.setAccessibleName(f"{tr('Cancel')}: {title}")


def progress_words(download: Download) -> str:
    """ "12 of 206 MB · 3.1 MB/s · 1 min left", as far as it is known."""
    pace = download.pace
    if download.is_ending:
        return tr("Stopping")
    if download.is_checked:
        return tr("Checking what has come")
    if not pace.done:
        return tr("Connecting")
    parts = [tr("{done} of {total}").format(done=phrases.size(pace.done), total=phrases.size(pace.total))]
    if pace.rate:
        parts.append(tr("{size}/s").format(size=phrases.size(round(pace.rate))))
    if pace.remaining is not None:
        parts.append(tr("{time} left").format(time=phrases.time(pace.remaining)))
    return " · ".join(parts)


def _quiet(*, wraps: bool = False) -> QLabel:
    label = QLabel()
    theme.make_quiet(label)
    label.setWordWrap(wraps)
    return label


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 5, 0, 0)  # in line with the words of a button
    column.setSpacing(2)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return column


def _line(*widgets: QWidget, to_the_end: bool = False) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    if to_the_end:
        line.addStretch()
    for widget in widgets:
        line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    if not to_the_end:
        line.addStretch()
    return line


def _boxed(layout: QVBoxLayout | QHBoxLayout) -> QWidget:
    box = QWidget()
    box.setLayout(layout)
    box.setMinimumHeight(28)
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return box
