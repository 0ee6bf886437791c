"""How the menus' commands change the document in front."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from editor.document.history import HistoryLost
from editor.document.layers import Layer, walk
from editor.document.model import Document

if TYPE_CHECKING:
    from editor.ui.window import Window


class Editing:
    """Runs edits one at a time; what is half done is recorded first, and what is refused is told."""

    def __init__(self, window: "Window") -> None:
        self.window = window

    @property
    def document(self) -> Document | None:
        return self.window.document

    @property
    def chosen(self) -> list[Layer]:
        """The layers that are chosen, the uppermost first; empty without a document."""
        document = self.document
        if document is None:
            return []
        present = set(walk(document.layers))  # the panel may not have followed yet
        return [layer for layer in self.window.chosen_layers if layer in present]

    def run(self, edit: Callable[[Document], object]) -> None:
        """Call ``edit`` with the document in front. Its ValueError is a line for the user."""
        document = self.document
        if document is None:
            return
        self.window.settle(document)
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            edit(document)
        except (ValueError, HistoryLost) as refusal:
            self.window.tell(str(refusal), "warning")
        except MemoryError:
            self.window.tell("There is not enough memory for this. Nothing was changed.", "error")
        finally:
            QApplication.restoreOverrideCursor()
