"""The Image menu."""

from collections.abc import Callable

from PySide6.QtGui import QAction

from editor.document.model import Document
from editor.ui.editing import Editing
from editor.ui.words import tr


class ImageCommands:
    """What the entries of the Image menu do to the whole document; each is one entry of the history.

    What they are made of is imported with the first of them.
    """

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        self._trims = "transparent"  # what was trimmed the last time

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

    def assign_profile(self) -> None:
        """Ask what profile the colours are to be taken in."""
        self._ask_for_profile(convert=False)

    def convert_profile(self) -> None:
        """Ask what profile the colours are to be converted to."""
        self._ask_for_profile(convert=True)

    def _ask_for_profile(self, *, convert: bool) -> None:
        document = self._editing.document
        if document is None:
            return
        from editor.document import colour
        from editor.ui.forms.profile import ProfileForm

        def take(profile: bytes | None, intent: str, black_point: bool) -> None:
            if convert:
                self._run(
                    lambda document: colour.convert_profile(
                        document, profile, intent, black_point=black_point
                    )
                )
            else:
                self._run(lambda document: colour.assign_profile(document, profile))

        form = ProfileForm(document, self._editing.window, convert=convert)
        form.chosen.connect(take)
        form.open()

    # -- size -----------------------------------------------------------------------------------------

    def image_size(self) -> None:
        """Ask how large the picture is to be."""
        document, window = self._editing.document, self._editing.window
        if document is None:
            return
        from editor.document import canvas
        from editor.ui.forms.image_size import ImageSizeForm

        form = ImageSizeForm(document, window.settings.units, window)
        form.chosen.connect(
            lambda width, height, method, dpi: self._run(
                lambda document: canvas.image_size(document, width, height, method, dpi=dpi)
            )
        )
        form.open()

    def enlarge(self) -> None:
        """Ask how much larger the picture is to be, and by which network."""
        document, window = self._editing.document, self._editing.window
        if document is None:
            return
        from editor.ui.enlarging import enlarge
        from editor.ui.forms.enlarge import EnlargeForm

        form = EnlargeForm(document, window)
        form.chosen.connect(lambda wanted: self._is_free() and enlarge(window, wanted))
        form.open()

    def canvas_size(self) -> None:
        """Ask how large the canvas is to be."""
        document, window = self._editing.document, self._editing.window
        if document is None:
            return
        from editor.document import canvas
        from editor.ui.forms.canvas_size import CanvasSizeForm

        form = CanvasSizeForm(document, window.settings.units, window)
        form.chosen.connect(
            lambda width, height, anchor: self._run(
                lambda document: canvas.canvas_size(document, width, height, anchor)
            )
        )
        form.open()

    def crop(self) -> None:
        """Crop to the selection."""
        from editor.document import canvas

        document = self._editing.document
        if document is None:
            return
        if document.selection.tiles:
            self._run(lambda document: canvas.crop(document, document.selection.bounds()))
        else:
            self._editing.window.tell(tr("Nothing is selected yet."), "warning")

    def trim(self) -> None:
        """Ask what edges are to be cut off."""
        if self._editing.document is None:
            return
        from editor.document import trimming
        from editor.ui.forms.trim import TrimForm

        def trim(kind: str) -> None:
            self._trims = kind
            self._run(lambda document: trimming.trim(document, kind))

        form = TrimForm(self._trims, self._editing.window)
        form.chosen.connect(trim)
        form.open()

    def reveal(self) -> None:
        """Make the canvas large enough for all that the layers have."""
        from editor.document import trimming

        self._run(trimming.reveal)

    # -- turning --------------------------------------------------------------------------------------

    def rotate_by(self) -> None:
        """Ask for an angle."""
        if self._editing.document is None:
            return
        from editor.document import canvas
        from editor.ui.forms.rotate import RotateForm

        form = RotateForm(self._editing.window)
        form.chosen.connect(
            lambda degrees, kind: self._run(lambda document: canvas.rotate(document, degrees, kind))
        )
        form.open()

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
        if self._is_free():
            self._editing.run(edit)

    def _is_free(self) -> bool:
        """Whether nothing is being removed from the picture in front; else that is told."""
        window = self._editing.window
        if window.removing.is_running(self._editing.document):
            window.tell(tr("Wait until the removal has ended, or stop it with Esc."), "warning")
            return False
        return True
