"""The Image menu."""

from collections.abc import Callable

from PySide6.QtGui import QAction

from editor.document.model import Document
from editor.ui.editing import Editing


class ImageCommands:
    """What the entries of the Image menu do to the whole document; each is one entry of the history.

    What they are made of is imported with the first of them.
    """

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    def refresh(self, actions: dict[str, QAction]) -> None:
        """Mark the depth that the document has."""
        document = self._editing.document
        for bits in (8, 16):
            actions[f"image.to_{bits}_bits"].setChecked(document is not None and document.bits == bits)

    def to_8_bits(self) -> None:
        self._to_depth(8)

    def to_16_bits(self) -> None:
        self._to_depth(16)

    def _to_depth(self, bits: int) -> None:
        from editor.document import colour

        self._run(lambda document: colour.convert_depth(document, bits, dither=True))
        self._editing.window.refresh_actions()  # the click has moved the mark even if nothing was converted

    def rotate_left(self) -> None:
        self._rotate(-90)

    def rotate_right(self) -> None:
        self._rotate(90)

    def rotate_half(self) -> None:
        self._rotate(180)

    def _rotate(self, degrees: int) -> None:
        from editor.document import canvas

        self._run(lambda document: canvas.rotate(document, degrees))

    def flip_horizontally(self) -> None:
        from editor.document import canvas

        self._run(lambda document: canvas.flip(document, horizontal=True))

    def flip_vertically(self) -> None:
        from editor.document import canvas

        self._run(lambda document: canvas.flip(document, horizontal=False))

    def _run(self, edit: Callable[[Document], None]) -> None:
        window = self._editing.window
        if window.is_removing(self._editing.document):
            window.tell("Wait until the removal has ended, or stop it with Esc.", "warning")
        else:
            self._editing.run(edit)
