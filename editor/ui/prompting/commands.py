"""Fill with words, as the window offers it: opens the bar, runs what it says, and brings it back."""

from typing import TYPE_CHECKING

from editor.document.model import Document
from editor.ui.words import tr
from engines.registry import FILLER

if TYPE_CHECKING:  # imported when it is first asked for
    from editor.ui.prompting.bar import PromptBar
    from editor.ui.window import Window


class PromptCommands:
    """One bar for each picture at most; that of a fill that is being changed belongs to the change."""

    def __init__(self, window: "Window") -> None:
        self._window = window
        self._bars: dict[Document, PromptBar] = {}

    def start(self) -> None:
        """Ask what is to fill the selection of the picture in front."""
        self._open()

    def expand(self) -> None:
        """Ask how the picture in front is to be made larger, and what is to be there."""
        self._open("expand")

    def bar(self) -> "PromptBar":
        """A bar over the picture in front, for whoever keeps it. What will make the fill is made ready."""
        from editor.ui.prompting.bar import PromptBar

        window = self._window
        bar = PromptBar(window.canvas, window.settings, window._files, window.installer)
        bar.looked.connect(lambda: self._warm_up(bar))
        return bar

    def _warm_up(self, bar: "PromptBar") -> None:
        if bar.models.model is not None:
            self._window.removing.warm_up(FILLER)

    def enter(self) -> bool:
        """Enter: fill, if the bar is open. Whether it is."""
        bar = self._open_bar()
        if bar is not None:
            bar.enter()
        return bar is not None

    def escape(self) -> bool:
        """Escape: close the bar. Whether it was open."""
        bar = self._open_bar()
        if bar is not None:
            self._close(self._window.document)
        return bar is not None

    def refresh_models(self) -> None:
        """Other models are here than before."""
        for bar in self._bars.values():
            bar.refresh_models()
            bar.fold.look()

    def forget(self, document: Document) -> None:
        """The document goes."""
        self._close(document)

    def _open_bar(self) -> "PromptBar | None":
        bar = self._bars.get(self._window.document)
        return bar if bar is not None and bar.isVisible() else None

    def _open(self, task: str = "") -> None:
        window, document = self._window, self._window.document
        if document is None:
            return
        window.settle(document)
        if window.removing.is_busy(document):
            window.tell(tr("Wait until the results are there, and keep or discard them first."), "warning")
            return
        if task != "expand" and not document.selection.bounds():
            window.tell(
                tr("Nothing is selected yet. Brush over what is to be filled, then say with what."), "warning"
            )
            return
        window.dismiss("warning")
        window.removing.leave(document)
        bar = self._bars.get(document)
        if bar is None:
            bar = self._bars[document] = self.bar()
            bar.run.connect(lambda: self._run(document))
            bar.done.connect(lambda: self._close(document))
        if task:
            bar.set_task(task)
        bar.show()
        bar.write()

    def _close(self, document: Document | None) -> None:
        bar = self._bars.pop(document, None)
        if bar is not None:
            had = bar.isAncestorOf(self._window.focusWidget() or self._window)
            bar.release()
            if had and self._window.canvas is not None:
                self._window.canvas.setFocus()

    # -- running --------------------------------------------------------------------------------------

    def _run(self, document: Document) -> None:
        bar = self._bars[document]
        if bar.what.task != "expand":
            self._choose(document, None)
            return
        from editor.jobs import fill

        sides, before = bar.sides.pixels, document.history.position
        if not any(sides):
            self._window.tell(tr("Say at which side the picture is to grow, and by how much."), "warning")
            return
        self._window.editing.run(
            lambda document: fill.expand(document, *sides),
            document=document,
            what=tr("Expanding"),
            then=lambda _: self._choose(document, before),
        )

    def _choose(self, document: Document, before: int | None) -> None:
        """Make results to choose from; if none is kept the history goes back to ``before``."""
        window, bar = self._window, self._bars.get(document)
        if bar is None or document is not window.document:
            return
        what = bar.what
        strip = window.removing.choose(what, what.new_layer, bar.count)
        if strip is None or not window.removing.is_busy(document):
            return
        bar.hide()
        strip.kept.connect(lambda: self._close(document))
        strip.ended.connect(lambda level, words: self._on_ended(document, before))

    def _on_ended(self, document: Document, before: int | None) -> None:
        """The strip is gone; the bar too, if a result was kept."""
        bar = self._bars.get(document)
        if bar is None:
            return
        window = self._window
        if before is not None and document.history.position == before + _GROWTH:
            window.editing.run(lambda document: document.go_to(before), document=document)
        bar.next_seed()
        bar.show()


_GROWTH = 2  # entries of `fill.expand`
