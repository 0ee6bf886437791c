"""The guide's window: topics with a search on one side, the page on the other."""

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from editor.ui import theme
from editor.ui.help.guide import Page
from editor.ui.words import tr

_SIZE = QSize(900, 640)
_TOPICS = 240
_LINE = 135.0  # per cent of a line's height
_MARGIN = 32
_HEADINGS = {1: 20, 2: 15}  # pixels
_COLUMNS = (55, 45)  # per cent, of a table's width
_ROW = 32


class HelpWindow(QDialog):
    """Stays open beside the picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("User guide"))
        self.resize(_SIZE)
        self._pages: dict[str, Page] = {}
        self._shown = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the guide"))
        self.search.setAccessibleName(tr("Search the guide"))
        self.search.textChanged.connect(self._search)
        self.topics = QListWidget()
        self.topics.setObjectName("helpTopics")
        self.topics.setAccessibleName(tr("Topics"))
        self.topics.setWordWrap(True)
        self.topics.currentItemChanged.connect(self._on_topic)
        self.nothing = QLabel(tr("The guide says nothing of that."))
        self.nothing.setProperty("quiet", True)
        self.nothing.setWordWrap(True)
        self.nothing.setMargin(12)
        self.nothing.hide()
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Page"))
        self.text.setOpenLinks(False)
        self.text.setObjectName("helpPage")
        self.text.setFrameShape(QTextEdit.Shape.NoFrame)
        self.text.anchorClicked.connect(self._follow)
        side = QWidget()
        side.setObjectName("helpTopics")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(_TOPICS)
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 8, 0, 0)
        column.setSpacing(0)
        field = QHBoxLayout()
        field.setContentsMargins(0, 0, 8, 0)
        field.addWidget(self.search)
        column.addLayout(field)
        column.addWidget(self.nothing)
        column.addWidget(self.topics, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(self.text, 1)

    def show_pages(self, pages: list[Page], page: str) -> None:
        """Take over the pages as they are now, and show one; "" is the one last read, or the first."""
        self._pages = {each.id: each for each in pages}
        wanted = page or (self._shown if self._shown in self._pages else pages[0].id)
        self._shown = ""  # its words may be others now
        self.topics.blockSignals(True)
        self.topics.clear()
        for each in pages:
            item = QListWidgetItem(each.title, self.topics)
            item.setData(Qt.ItemDataRole.UserRole, each.id)
            item.setSizeHint(QSize(0, _ROW))
        self.topics.blockSignals(False)
        self._choose(wanted)
        self._search()

    @property
    def page(self) -> str:
        """The page that is shown."""
        return self._shown

    def _choose(self, page: str) -> None:
        for row in range(self.topics.count()):
            if self.topics.item(row).data(Qt.ItemDataRole.UserRole) == page:
                self.topics.setCurrentRow(row)
                self._show(page)
                return

    def _on_topic(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(item.data(Qt.ItemDataRole.UserRole))

    def _follow(self, url: QUrl) -> None:
        """Links go from page to page: ``other.md``."""
        self.search.clear()
        self._choose(url.path().removesuffix(".md"))

    def _show(self, page: str) -> None:
        if page == self._shown:
            return
        self._shown = page
        self.text.setDocument(_document(self._pages[page], self))
        self._mark()

    # -- searching ------------------------------------------------------------------------------------

    def _search(self) -> None:
        """Only pages that have all the words are listed; where they stand is marked."""
        words = self._words
        first = None
        for row in range(self.topics.count()):
            item = self.topics.item(row)
            text = self._pages[item.data(Qt.ItemDataRole.UserRole)].text.lower()
            fits = all(word in text for word in words)
            item.setHidden(not fits)
            first = item if fits and first is None else first
        self.nothing.setVisible(first is None)
        current = self.topics.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.topics.setCurrentItem(first)
        self._mark()

    @property
    def _words(self) -> list[str]:
        return self.search.text().lower().split()

    def _mark(self) -> None:
        look = QTextCharFormat()
        look.setBackground(QColor(theme.now.accent))
        look.setForeground(QColor(theme.now.on_accent))
        marks = []
        for word in self._words:
            cursor = self.text.document().find(word)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look
                marks.append(mark)
                cursor = self.text.document().find(word, cursor)
        self.text.setExtraSelections(marks)
        if marks:
            first = min(marks, key=lambda mark: mark.cursor.selectionStart())
            self.text.setTextCursor(QTextCursor(self.text.document()))
            here = QTextCursor(first.cursor)
            here.clearSelection()
            self.text.setTextCursor(here)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            page, self._shown = self._shown, ""  # colours are in the text
            self._show(page)


def _document(page: Page, parent: QWidget) -> QTextDocument:
    """Its Markdown laid out to be read: air between the lines, keys like keys."""
    document = QTextDocument(parent)
    document.setDocumentMargin(_MARGIN)
    document.setDefaultFont(parent.font())
    document.setBaseUrl(QUrl.fromLocalFile(f"{page.folder}/"))
    document.setMarkdown(page.text)
    keys = QTextCharFormat()
    keys.setBackground(QColor(theme.now.lit))
    keys.setForeground(QColor(theme.now.text))
    keys.setFont(parent.font(), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
    block = document.begin()
    while block.isValid():
        _lay_out(document, block, keys)
        block = block.next()
    _lay_out_tables(document)
    return document


def _heading(document: QTextDocument, level: int) -> QTextCharFormat:
    font = document.defaultFont()
    font.setPixelSize(_HEADINGS[level])
    font.setWeight(QFont.Weight.Medium)
    look = QTextCharFormat()
    look.setFont(font)
    return look


def _lay_out_tables(document: QTextDocument) -> None:
    """Lines of words and no boxes; the columns of all tables begin at the same places."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            shape = frame.format()
            shape.setBorder(0)
            shape.setTopMargin(6)
            shape.setBottomMargin(10)
            shape.setCellPadding(2)
            shape.setCellSpacing(0)
            shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            shape.setColumnWidthConstraints(
                [QTextLength(QTextLength.Type.PercentageLength, share) for share in _COLUMNS]
            )
            frame.setFormat(shape)


def _lay_out(document: QTextDocument, block: QTextBlock, keys: QTextCharFormat) -> None:
    cursor = QTextCursor(block)
    level = block.blockFormat().headingLevel()
    shape = QTextBlockFormat()
    shape.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        shape.setTopMargin(0 if block.blockNumber() == 0 else 18)
        shape.setBottomMargin(8)
    elif cursor.currentTable() is None:
        shape.setBottomMargin(4 if block.textList() is not None else 10)
    cursor.mergeBlockFormat(shape)
    pieces = block.begin()
    while not pieces.atEnd():
        fragment = pieces.fragment()
        look = fragment.charFormat()
        if look.isImageFormat():
            shape.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
            shape.setBottomMargin(14)
            cursor.mergeBlockFormat(shape)
        cursor.setPosition(fragment.position())
        cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
        if look.fontFixedPitch():
            cursor.setCharFormat(keys)
        elif level in _HEADINGS:
            cursor.setCharFormat(_heading(document, level))
        pieces += 1
