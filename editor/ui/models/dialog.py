"""The Models window: every model there is, by what it is for, and where they are kept."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from editor.ui import theme
from editor.ui.models import questions
from editor.ui.models.groups import ModelList
from editor.ui.models.listing import Item, Listing
from editor.ui.models.row import SIDES
from editor.ui.models.storage_bar import StorageBar
from editor.ui.models.work import Work
from editor.ui.words import tr
from engines import store

if TYPE_CHECKING:
    from editor.ui.window import Window

_SIZE, _LEAST = QSize(1000, 720), QSize(860, 420)


class ModelsDialog(QDialog):
    """It stops nothing else, and what was begun goes on when it is closed."""

    def __init__(self, work: Work, window: "Window") -> None:
        super().__init__(window)
        self._work, self._window = work, window
        self._group = ""  # to turn to once the list is there
        self.setWindowTitle(tr("Models"))
        self.resize(_SIZE)
        self.setMinimumSize(_LEAST)
        self.setAcceptDrops(True)
        self.list = ModelList(work)
        self.list.asked.connect(self._on_asked)
        self.list.shown.connect(self._on_shown)
        self.storage = StorageBar(window.settings, work)
        self._adding = _AddingBar(work)
        self._hint = _DropHint(self)
        self.add_file, self.add_folder = QPushButton(tr("Add a file…")), QPushButton(tr("Add a folder…"))
        self.add_file.setToolTip(tr("A model that you have; it is recognised by what is in it"))
        self.add_folder.setToolTip(tr("A model that you have as a diffusers folder"))
        for button in (self.add_file, self.add_folder):
            button.setAutoDefault(False)
        self.add_file.clicked.connect(self._choose_files)
        self.add_folder.clicked.connect(self._choose_folder)
        self._lay_out()
        self.list.setFocus()
        work.listed.connect(self._on_listed)
        work.moved.connect(self._follow)
        self._follow()

    def _lay_out(self) -> None:
        words = QLabel(tr("or drop it here"))
        theme.make_quiet(words)
        add = QHBoxLayout()
        add.setContentsMargins(SIDES, 12, SIDES, 12)
        add.setSpacing(8)
        add.addWidget(self.add_file)
        add.addWidget(self.add_folder)
        add.addWidget(words)
        add.addSpacing(8)
        add.addWidget(self._adding, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(add)
        column.addWidget(self.storage)

    def turn_to(self, group: str) -> None:
        """Show the models of a group, once they are listed."""
        self._group = group
        self._work.look()

    def tell(self, level: str, words: str) -> None:
        """Say how something went."""
        from editor.ui.toast import show_message

        show_message(self.list, words, level)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._work.look()

    # -- showing it -----------------------------------------------------------------------------------

    def _on_listed(self, found: Listing) -> None:
        self.list.show_listing(found)
        self.storage.show_listing(found)

    def _on_shown(self) -> None:
        if self._group:
            group, self._group = self._group, ""
            QTimer.singleShot(0, self, lambda: self.list.turn_to(group))

    def _follow(self) -> None:
        self.list.follow()
        self._adding.follow()
        self.storage.follow()

    # -- doing it -------------------------------------------------------------------------------------

    def _on_asked(self, verb: str, item: Item) -> None:
        if verb == "install":
            if not item.asks or questions.accepts_licence(self, item):
                self._work.install(item)
        elif verb == "pause":
            self._work.pause(item)
        elif verb == "cancel":
            self._work.cancel(item)
        elif verb == "check":
            self._work.check(item)
        elif verb == "remove":
            if questions.may_remove(self, item):
                self._work.remove(item)
        elif verb == "add":
            if questions.wants_to_bring(self, item):
                self._choose_files()
        elif verb == "reveal":
            path = item.own if item.own is not None else store.path_of(item.files[0])
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _choose_files(self) -> None:
        from editor.ui import file_dialogs

        kinds = "*.safetensors *.gguf *.onnx *.pt *.pth *.ckpt spiece.model tokenizer.json"
        files = file_dialogs.ask_for_files(
            self,
            tr("Add models"),
            str(Path.home()),
            f"{tr('Models')} ({kinds});;{tr('All files')} (*)",
            many=True,
        )
        self._work.add(files)

    def _choose_folder(self) -> None:
        from editor.ui import file_dialogs

        folder = file_dialogs.ask_for_folder(self, tr("Add a diffusers folder"), str(Path.home()))
        if folder is not None:
            self._work.add([folder])

    # -- what is dropped ------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local(event.mimeData()):
            event.acceptProposedAction()
            self._hint.come()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hint.hide()
        event.acceptProposedAction()
        self._work.add(_local(event.mimeData()))


class _AddingBar(QWidget):
    """What is being added, how far it is, and a button that calls it off."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self._words, self._bar, self._stop = QLabel(), QProgressBar(), QPushButton(tr("Stop"))
        theme.make_quiet(self._words)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Adding"))
        self._stop.setAutoDefault(False)
        self._stop.clicked.connect(work.stop_adding)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addStretch()
        line.addWidget(self._words)
        line.addWidget(self._bar)
        line.addWidget(self._stop)
        self._bar.setFixedWidth(160)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def follow(self) -> None:
        self.setVisible(bool(self._work.adding))
        if self._work.adding:
            adding = self._work.adding[0]
            name = self.fontMetrics().elidedText(adding.path.name, Qt.TextElideMode.ElideMiddle, 220)
            self._words.setText(tr("Adding {name}").format(name=name))
            self._bar.setRange(0, 1000 if adding.fraction else 0)  # how far is known of copies alone
            self._bar.setValue(round(1000 * adding.fraction))
            self._stop.setEnabled(not adding.progress.cancelled)


class _DropHint(QWidget):
    """Lies over everything while files are held over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def come(self) -> None:
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.now.surround)
        veil.setAlpha(224)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.now.accent), 2))
        painter.drawRoundedRect(self.rect().adjusted(12, 12, -12, -12), 8, 8)
        painter.setPen(QColor(theme.now.text))
        words = tr("Drop a model here: it is recognised by what is in it")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)


def _local(data: QMimeData) -> list[Path]:
    """The files and folders of this machine in what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
