"""The docks on the right."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from editor.document.layers import Layer
from editor.document.model import Document

WIDTH = 272


class SidePanels(QObject):
    """Layers and history of the document in front.

    The docks take their room at once; what is in them is made by :meth:`fill`, after the first picture is
    painted, which is what someone who opens a photograph waits for. ``chosen_changed``: other layers are
    chosen. ``refused``: why something was not done, in one line.
    """

    chosen_changed = Signal()
    refused = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
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

    @property
    def are_filled(self) -> bool:
        return self._layers is not None

    def fill(self, actions: dict[str, QAction], adjustments: QMenu) -> None:
        """Make the panels, with buttons for some of ``actions``; does nothing the second time."""
        if self._layers is not None:
            return
        from editor.ui.panels.history import HistoryPanel
        from editor.ui.panels.layers import LayersPanel

        self._layers, self._history = LayersPanel(actions, adjustments), HistoryPanel()
        self._layers.chosen_changed.connect(self.chosen_changed)
        self._layers.refused.connect(self.refused)
        self._history.refused.connect(self.refused)
        self._history.about_to_jump.connect(self._layers.finish)
        for title, panel in (("Layers", self._layers), ("History", self._history)):
            blank = self._docks[title].widget()
            self._docks[title].setWidget(panel)
            blank.deleteLater()
        # Layers get most of the height.
        docks = [self._docks["Layers"], self._docks["History"]]
        self._window.resizeDocks(docks, [3, 1], Qt.Orientation.Vertical)
        self.set_document(self._document)

    def set_document(self, document: Document | None) -> None:
        """Show another document, or none."""
        self._document = document
        if self._layers is not None:
            self._layers.set_document(document)
            self._history.set_document(document)

    @property
    def chosen(self) -> list[Layer]:
        """The chosen layers, the uppermost first."""
        if self._layers is not None:
            return self._layers.chosen
        return [] if self._document is None else [self._document.layers[-1]]

    def delete_layers(self) -> None:
        """Delete the chosen layers."""
        if self._layers is not None:
            self._layers.delete_current()

    def finish(self) -> None:
        """Record what is being adjusted in a panel, before anything else is done to the document."""
        if self._layers is not None:
            self._layers.finish()
