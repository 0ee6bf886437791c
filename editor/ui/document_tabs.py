"""The open pictures: a tab and a page for each."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from editor.document.model import Document
from editor.ui import dialogs
from editor.ui.canvas import Canvas
from editor.ui.words import tr


class DocumentTabs(QTabBar):
    """The bar; ``pages`` shows the canvas of the tab in front, or another page where there is no tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = QStackedWidget()
        self.setDocumentMode(True)
        self.setDrawBase(False)
        self.setTabsClosable(True)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Open pictures"))

    @property
    def canvas(self) -> Canvas | None:
        """The picture in front, None on another page."""
        widget = self.pages.currentWidget()
        return widget if isinstance(widget, Canvas) else None

    def canvas_at(self, index: int) -> Canvas | None:
        """None while the tab is being added."""
        return self.tabData(index)

    def document_at(self, index: int) -> Document:
        return self.tabData(index).document

    def documents(self) -> Iterator[Document]:
        for index in range(self.count()):
            yield self.document_at(index)

    def canvases(self) -> Iterator[Canvas]:
        """All that are there, but for one that is being added."""
        for index in range(self.count()):
            if self.canvas_at(index) is not None:
                yield self.canvas_at(index)

    def index_of(self, path: Path) -> int | None:
        """The tab of the picture in this file."""
        return next((place for place, each in enumerate(self.documents()) if each.path == path), None)

    def add(self, canvas: Canvas) -> int:
        """A tab for ``canvas``, in front; its index."""
        self.pages.addWidget(canvas)
        index = self.addTab("")
        self.setTabData(index, canvas)
        self.setCurrentIndex(index)
        return index

    def remove(self, index: int) -> None:
        canvas = self.canvas_at(index)
        canvas.release_document()
        self.pages.removeWidget(canvas)
        self.removeTab(index)
        canvas.deleteLater()

    def refresh_titles(self) -> None:
        """Show each picture's name, and a mark where something is not saved."""
        for index in range(self.count()):
            if self.canvas_at(index) is not None:
                document = self.document_at(index)
                mark = " •" if document.history.modified else ""
                title = (dialogs.title(document) + mark).replace("&", "&&")
                place = str(document.path or "")
                if self.tabText(index) != title:  # each setting lays all tabs out anew; a stroke tells often
                    self.setTabText(index, title)
                if self.tabToolTip(index) != place:
                    self.setTabToolTip(index, place)
