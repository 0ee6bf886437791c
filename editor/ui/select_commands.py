"""The Select menu."""

from collections.abc import Callable

from editor.document.model import Document
from editor.ui.editing import Editing

_LARGEST = 500  # pixels


class SelectCommands:
    """What the entries of the Select menu do; each is one entry of the history.

    What they are made of is imported with the first of them.
    """

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        self._last = {"Grow": 4.0, "Shrink": 4.0, "Feather": 8.0}  # what was asked for the last time

    def everything(self) -> None:
        from editor.document import select

        self._editing.run(select.everything)

    def nothing(self) -> None:
        from editor.document import select

        self._editing.run(select.nothing)

    def invert(self) -> None:
        from editor.document import select

        self._editing.run(select.invert)

    def grow(self) -> None:
        from editor.document import select

        self._by("Grow", "Grow by", select.grow)

    def shrink(self) -> None:
        from editor.document import select

        self._by("Shrink", "Shrink by", select.shrink)

    def feather(self) -> None:
        from editor.document import select

        self._by("Feather", "Radius", select.feather, step=0.1)

    def _by(self, title: str, label: str, change: Callable[[Document, float], None], step: float = 1) -> None:
        from editor.ui import value_dialog

        document = self._editing.document
        if document is None:
            return
        if not document.selection.tiles:
            self._editing.window.tell("Nothing is selected yet.", "warning")
            return
        value = value_dialog.ask(
            self._editing.window,
            f"{title} selection",
            label,
            value=self._last[title],
            low=step,
            high=_LARGEST,
            step=step,
        )
        if value is not None:
            self._last[title] = value
            self._editing.run(lambda document: change(document, value))
