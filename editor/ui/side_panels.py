"""The docks on the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from editor.document.model import Document

WIDTH = 248


class SidePanels:
    """Layers and history of the document in front.

    The docks take their room at once; what is in them is made by :meth:`fill`, after the first picture is
    painted, which is what someone who opens a photograph waits for.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._document: Document | None = None
        self._layers = self._history = None
        self._docks = {}
        for title in ("Layers", "History"):
            dock = QDockWidget(title)
            dock.setObjectName(title.lower())
            dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
            dock.setTitleBarWidget(QWidget())  # the panels carry their own caption
            dock.setWidget(QWidget())
            dock.setMinimumWidth(WIDTH)
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self._docks[title] = dock

    def fill(self) -> None:
        """Make the panels; does nothing the second time."""
        if self._layers is not None:
            return
        from editor.ui.panels.history import HistoryPanel
        from editor.ui.panels.layers import LayersPanel

        self._layers, self._history = LayersPanel(), HistoryPanel()
        self._history.about_to_jump.connect(self._layers.finish)
        for title, panel in (("Layers", self._layers), ("History", self._history)):
            blank = self._docks[title].widget()
            self._docks[title].setWidget(panel)
            blank.deleteLater()
        self.set_document(self._document)

    def set_document(self, document: Document | None) -> None:
        """Show another document, or none."""
        self._document = document
        if self._layers is not None:
            self._layers.set_document(document)
            self._history.set_document(document)

    def finish(self) -> None:
        """Record what is being adjusted in a panel, before anything else is done to the document."""
        if self._layers is not None:
            self._layers.finish()
