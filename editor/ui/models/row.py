"""One model in the list: what it is, whether it suits this machine, and what can be done with it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
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

SIZE, LICENCE, FIT, STATE = 68, 148, 108, 196  # widths of the columns behind the name
GAP = 16
SIDES = 24  # to the edges of the list
_GRAIN = 1000  # steps of a progress bar


class ModelRow(QFrame):
    """``asked`` carries what the user wants done: "install", "pause", "cancel", "check", "remove", "add" or
    "reveal"."""

    asked = Signal(str, object)

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.setObjectName("modelRow")
        self.item = item
        self._title, self._note = QLabel(), _quiet(wraps=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._size = QLabel()
        self._size.setFont(theme.tabular(self._size.font()))
        self._size.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._licence, self._use = QLabel(), _quiet(wraps=True)
        self._gauge, self._verdict = Gauge(), QLabel()
        self._state = QLabel()
        self._sign = theme.Sign("check", "dim")
        self._do = QPushButton()
        self._do.setAutoDefault(False)
        self._more = icon_button("more", tr("More"))
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
        grid.setContentsMargins(SIDES, 10, SIDES, 10)
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
                (_boxed(_line(self._sign, self._state, self._do, self._more, to_the_end=True)), STATE),
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
        self._note.setText(phrases.note(item))
        self._size.setText(phrases.size(item.size) if item.files or item.checkpoint else "–")
        self._licence.setText(phrases.licence(item))
        self._use.setText(phrases.use(item))
        self._gauge.set_verdict(item.fit.verdict)
        self._verdict.setText(tr(phrases.VERDICTS[item.fit.verdict]))
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
        words = work.troubles.get(item.id, "") or phrases.here(item.lacking)
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
        is_sound = rests and item.state in ("embedded", "installed")
        self._state.setText("" if self._verb in ("install", "add") and item.state != "damaged" else state)
        self._state.setProperty("quiet", True)
        self._sign.setVisible(is_sound)

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
        if item.state == "damaged" and not item.embedded and item.checkpoint is None:
            return "add", tr("Add it again…"), False
        return "", "", False

    def _fill_menu(self, item: Item) -> None:
        entries = []
        if item.is_here and (item.files or item.checkpoint is not None):
            entries.append(("check", tr("Check that it is whole")))
            entries.append(("reveal", tr("Show in its folder")))
        if item.is_here and not item.embedded:
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
    def deed(self) -> QPushButton:
        """The button, for who wants it pressed."""
        return self._do

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)


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
        line.setContentsMargins(0, 8, 0, 0)
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
