"""What this is: version, and the licences of all its parts."""

from concurrent.futures import Executor

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui import theme
from editor.ui.about_parts import Part, collect
from editor.ui.app import installed_version
from editor.ui.background import Call
from editor.ui.words import tr

_SIZE = QSize(860, 600)
_LIST = 300
_MARK = 48
_ROW = 26


class AboutDialog(QDialog):
    """The parts are looked for off the GUI thread, in ``files``."""

    def __init__(self, files: Executor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Lacuna"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        name = QLabel(f"Lacuna {installed_version()}")
        font = name.font()
        font.setPixelSize(18)
        name.setFont(font)
        words = QLabel(tr("Retouches photos on your own machine. Nothing leaves it."))
        theme.make_quiet(words)
        titles = QVBoxLayout()
        titles.setSpacing(4)
        titles.addStretch()
        titles.addWidget(name)
        titles.addWidget(words)
        titles.addStretch()
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(_Mark())
        head.addLayout(titles, 1)
        caption = QLabel(tr("Made of these parts, under these licences"))
        theme.make_quiet(caption)
        self.parts = QListWidget()
        self.parts.setAccessibleName(tr("Parts"))
        self.parts.setFixedWidth(_LIST)
        self.parts.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.parts.currentItemChanged.connect(lambda item, _: self._show(item))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Licence"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.accept)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.parts)
        middle.addWidget(self.text, 1)
        bottom = QHBoxLayout()
        bottom.addStretch()
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addSpacing(8)
        column.addWidget(caption)
        column.addLayout(middle, 1)
        column.addLayout(bottom)
        call = Call(files.submit(collect), parent)
        call.done.connect(self._fill)

    def _fill(self, parts: list[Part]) -> None:
        for part in parts:
            words = f"{part.name} {part.version}".strip()
            item = QListWidgetItem(f"{words}   {part.licence}", self.parts)
            item.setToolTip(part.licence)
            item.setData(Qt.ItemDataRole.UserRole, part)
            item.setSizeHint(QSize(0, _ROW))
        self.parts.setCurrentRow(0)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        part: Part = item.data(Qt.ItemDataRole.UserRole)
        head = f"{part.name} {part.version}".strip()
        texts = part.texts or (tr("This part brings no text of its licence."),)
        self.text.setPlainText("\n\n\n".join((f"{head}\n{part.licence}", *texts)))


class _Mark(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_MARK, _MARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.app_icon().paint(painter, self.rect())
