"""The Select menu."""

from collections.abc import Callable

from editor.document.model import Document
from editor.ui.editing import Editing
from editor.ui.words import tr

_LARGEST = 500  # pixels


class SelectCommands:
    """What the entries of the Select menu do; each is one entry of the history.

    What they are made of is imported with the first of them.
    """

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        # What was asked for the last time.
        self._last = {"grow": 4.0, "shrink": 4.0, "feather": 8.0, "border": 8.0, "smooth": 4.0}

    def everything(self) -> None:
        from editor.document import select

        self._editing.run(select.everything)

    def nothing(self) -> None:
        from editor.document import select

        self._editing.run(select.nothing)

    def again(self) -> None:
        """What was deselected last."""
        from editor.document import select

        self._editing.run(select.again)

    def invert(self) -> None:
        from editor.document import select

        self._editing.run(select.invert)

    # -- by colour ------------------------------------------------------------------------------------

    def colour_range(self) -> None:
        """Ask for colours or tones."""
        document, window = self._editing.document, self._editing.window
        if document is None:
            return
        from editor.ui.forms.colour_range import ColourRangeForm

        window.settle(document)
        first = tuple(round(value * document.maximum) for value in window.bench.foreground)
        form = ColourRangeForm(document, first, window)
        form.chosen.connect(self._by_range)
        form.open()

    def _by_range(self, colours: list[tuple[int, int, int]], fuzziness: float, tone: str, how: str) -> None:
        from editor.document import select

        if tone:
            self._editing.run(lambda document: select.tonal_range(document, tone, how))
        else:
            self._editing.run(lambda document: select.colour_range(document, colours, fuzziness, how))

    def grow_by_colour(self) -> None:
        """Take in what lies next to the selection and is coloured like it, as the wand has it."""
        self._similar(contiguous=True)

    def similar(self) -> None:
        """Take in what is coloured like the selection, wherever it is."""
        self._similar(contiguous=False)

    def _similar(self, *, contiguous: bool) -> None:
        from editor.document import select

        if not self._has_selection():
            return
        window = self._editing.window
        wand = window.tools.tool("wand")
        layer = None if wand.sample_all else window.bench.layer_of(self._editing.document)
        how = {"layer": layer, "contiguous": contiguous, "antialias": wand.antialias}
        self._editing.run(lambda document: select.similar(document, wand.tolerance, **how))

    # -- the edge -------------------------------------------------------------------------------------

    def grow(self) -> None:
        from editor.document import select

        self._by("grow", tr("Grow selection"), tr("Grow by"), select.grow)

    def shrink(self) -> None:
        from editor.document import select

        self._by("shrink", tr("Shrink selection"), tr("Shrink by"), select.shrink)

    def border(self) -> None:
        from editor.document import select

        self._by("border", tr("Border of selection"), tr("Width"), select.border)

    def smooth(self) -> None:
        from editor.document import select, selections

        def smooth(document: Document, radius: float) -> None:
            select.smooth(document, round(radius))

        self._by("smooth", tr("Smooth selection"), tr("Radius"), smooth, high=selections.MAX_SMOOTH)

    def feather(self) -> None:
        from editor.document import select

        self._by("feather", tr("Feather selection"), tr("Radius"), select.feather, step=0.1)

    def _by(
        self,
        what: str,
        title: str,
        label: str,
        change: Callable[[Document, float], None],
        step: float = 1,
        high: float = _LARGEST,
    ) -> None:
        from editor.ui import value_dialog

        if not self._has_selection():
            return
        value = value_dialog.ask(
            self._editing.window,
            title,
            label,
            value=self._last[what],
            low=step,
            high=high,
            step=step,
        )
        if value is not None:
            self._last[what] = value
            self._editing.run(lambda document: change(document, value))

    # -- kept under a name ----------------------------------------------------------------------------

    def save(self) -> None:
        """Ask for a name to keep the selection under."""
        if not self._has_selection():
            return
        from editor.document import channels
        from editor.ui.forms.channels import SaveSelectionForm

        form = SaveSelectionForm(self._editing.document, self._editing.window)
        form.chosen.connect(
            lambda name: self._editing.run(lambda document: channels.save_channel(document, name))
        )
        form.open()

    def load(self) -> None:
        """Ask which of the selections that were saved is to be had again."""
        document, window = self._editing.document, self._editing.window
        if document is None:
            return
        if not document.channels:
            window.tell(tr("No selection was saved in this picture yet."), "warning")
            return
        from editor.document import channels
        from editor.ui.forms.channels import LoadSelectionForm

        form = LoadSelectionForm(document, window)
        form.chosen.connect(
            lambda channel, how: self._editing.run(
                lambda document: channels.load_channel(document, channel, how)
            )
        )
        form.deleted.connect(
            lambda channel: self._editing.run(lambda document: channels.delete_channel(document, channel))
        )
        form.open()

    def _has_selection(self) -> bool:
        """Whether anything is selected; if not it is told."""
        document = self._editing.document
        if document is None:
            return False
        if not document.selection.tiles:
            self._editing.window.tell(tr("Nothing is selected yet."), "warning")
        return bool(document.selection.tiles)
