"""Shows the reports of what went wrong: to read, to copy, to find the file, to forget them all."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor import reports
from editor.ui import theme
from editor.ui.recovery_bar import when
from editor.ui.words import tr

_SIZE = QSize(760, 520)


class ReportWindow(QDialog):
    """Small local files, read when they are picked."""

    def __init__(self, path: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Reports of problems"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        self._words = QLabel()
        self._words.setWordWrap(True)
        theme.make_quiet(self._words)
        self.which = QComboBox()
        self.which.setAccessibleName(tr("Report"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Report"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = self._button(tr("Copy"), self._copy)
        self.folder = self._button(tr("Show the folder"), self._open_folder)
        self.forget = self._button(tr("Delete all"), self._forget)
        close = self._button(tr("Close"), self.accept)
        close.setDefault(True)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        for button in (self.copy, self.folder, self.forget):
            bottom.addWidget(button)
        bottom.addStretch()
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self.which)
        column.addWidget(self.text, 1)
        column.addLayout(bottom)
        self.which.currentIndexChanged.connect(self._show)
        self._list(path)

    def _button(self, words: str, take) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: take())
        return button

    def _list(self, path: Path | None) -> None:
        found = reports.kept()
        self.which.clear()
        for each in found:
            self.which.addItem(_title(each), each)
        if path in found:
            self.which.setCurrentIndex(found.index(path))
        for widget in (self.which, self.text, self.copy, self.folder, self.forget):
            widget.setEnabled(bool(found))
        self._words.setText(
            tr("It lies on this machine only; nothing was sent. It holds no picture. Pass it on if you like.")
            if found
            else tr("Nothing went wrong so far.")
        )

    def _show(self) -> None:
        path = self.which.currentData()
        try:
            words = "" if path is None else reports.read(path)
        except OSError as error:
            words = str(error)
        self.text.setPlainText(words)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        path = self.which.currentData()
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _forget(self) -> None:
        reports.remove_all()
        self._list(None)
        self._show()


def _title(path: Path) -> str:
    try:
        return when(path.stat().st_mtime)
    except OSError:
        return path.name
