"""Where the models are kept, how much of the disk they take, and the choosing of another place."""

import os
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from editor import settings
from editor.ui import theme
from editor.ui.models import phrases
from editor.ui.models.listing import Listing
from editor.ui.models.row import SIDES
from editor.ui.models.work import Work
from editor.ui.words import tr
from engines import store


class StorageBar(QWidget):
    """A line under the list. Models that are in one folder stay there when another is chosen."""

    def __init__(self, chosen: settings.Settings, work: Work) -> None:
        super().__init__()
        self.setObjectName("modelsStorage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._settings, self._work = chosen, work
        self._path, self._sizes = _Path(), QLabel()
        theme.make_quiet(self._sizes)
        self._sizes.setFont(theme.tabular(self._sizes.font()))
        self.open = QPushButton(tr("Open folder"))
        self.another = QPushButton(tr("Choose another…"))
        self.usual = QPushButton(tr("Usual place"))
        self.open.clicked.connect(self._open)
        self.another.clicked.connect(self._choose)
        self.usual.clicked.connect(lambda: self._keep_in(""))
        self.usual.setToolTip(tr("Keep models where Lacuna keeps them by itself"))
        self._fixed = bool(os.environ.get("LACUNA_DATA_DIR"))  # then nothing that is chosen counts
        line = QHBoxLayout(self)
        line.setContentsMargins(SIDES, 10, SIDES, 10)
        line.setSpacing(8)
        line.addWidget(theme.Sign("folder", "dim"))
        line.addWidget(self._path, 1)
        line.addWidget(self._sizes)
        line.addSpacing(8)
        for button in (self.open, self.another, self.usual):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.follow()

    def show_listing(self, found: Listing) -> None:
        self._path.set_path(str(found.folder))
        words = tr("{used} used, {free} free")
        used = phrases.size(found.used) if found.used else "0 MB"
        self._sizes.setText(words.format(used=used, free=phrases.size(found.free)))

    def follow(self) -> None:
        """What can be done now: not while something is being written into the folder."""
        free = not (self._fixed or self._work.is_busy)
        words = tr("A folder on another disk, or one that you carry to another machine")
        if self._fixed:
            words = tr("LACUNA_DATA_DIR says where models are kept")
        elif not free:
            words = tr("Not while models come or go")
        self.another.setEnabled(free)
        self.another.setToolTip(words)
        self.usual.setEnabled(free)
        self.usual.setVisible(bool(self._settings.models_folder) and not self._fixed)

    def _open(self) -> None:
        folder = store.packs_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._work.told.emit("error", phrases.of_error(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _choose(self) -> None:
        from editor.ui import file_dialogs

        folder = file_dialogs.ask_for_folder(
            self, tr("Choose a folder for models"), str(store.packs_folder().parent)
        )
        if folder is not None:
            self._keep_in(str(folder))

    def _keep_in(self, folder: str) -> None:
        if folder and not os.access(folder, os.W_OK):
            words = tr("Nothing can be written into {name}. Choose another folder.")
            self._work.told.emit("error", words.format(name=Path(folder).name))
            return
        self._settings.models_folder = folder
        store.keep_in(folder)
        if not settings.save(self._settings):
            self._work.told.emit("warning", tr("This could not be kept for the next start."))
        self._work.told.emit("info", tr("Models are kept there from now on. Those in the old folder stay."))
        self._work.brought.emit()
        self.follow()
        self._work.look()


class _Path(QWidget):
    """A path in what room there is, its middle left out if that is too little."""

    def __init__(self) -> None:
        super().__init__()
        theme.make_quiet(self)
        self._path = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_path(self, path: str) -> None:
        self._path = path
        self.setToolTip(path)
        self.setAccessibleName(path)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # in every language
        painter.setPen(QColor(theme.now.dim))
        shown = self.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, self.width())
        side = Qt.AlignmentFlag.AlignLeft if self.isLeftToRight() else Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignVCenter, shown)
