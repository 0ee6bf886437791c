"""Portraits, as the window offers them: finds faces, shows the sketch of one, has the face follow it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.document import stack
from editor.document.history import Part
from editor.document.layers import Layer, PixelLayer
from editor.document.model import Change, Document
from editor.ui.weights_offer import has_weights
from editor.ui.words import tr
from engines import registry

if TYPE_CHECKING:  # imported when a face is first asked for
    from editor.ui.portrait.bar import PortraitBar
    from editor.ui.window import Window
    from engines.manager import Job
    from engines.portrait.requests import Face

Answer = Callable[[tuple["Face", ...]], None]
Square = tuple[tuple[float, float], ...]

_PEN = 110  # parts of the square's side that the pencil is wide


class PortraitCommands(QObject):
    """One for the window: faces are found once and again only after the picture has changed; the sketch that
    is worked on is the one that was opened last."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._known: dict[Document, tuple[object, tuple[Face, ...]]] = {}  # with the state they are of
        self._looking: dict[Document, Job] = {}
        self._open: dict[Document, _Opened] = {}

    # -- finding faces --------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the faces of the picture in front, to choose one."""
        self._window.tools.use("portrait")

    def faces(self, document: Document, answer: Answer) -> None:
        """Answer with the faces of a picture, once they are found; if there are none that is told."""
        state, known = document.history.state, self._known.get(document)
        if known is not None and known[0] is state:
            answer(known[1])
            return
        if document in self._looking:
            self._looking.pop(document).cancel()
        from editor.jobs import faces

        snapshot, size = document.snapshot(), (document.width, document.height)
        job = self._window.removing.manager.submit(
            registry.FACE_FINDER,
            prepare=lambda progress: faces.look(snapshot),
            conclude=lambda _, result: faces.found(snapshot, result),
        )
        self._looking[document] = job
        self._show(document, 0.0)

        def finish(found: "tuple[Face, ...]") -> None:
            if self._looking.get(document) is not job:
                return
            self._end(document)
            if size != (document.width, document.height):
                return
            self._known[document] = state, found
            answer(found)
            if not found:
                self._window.tell(tr(faces.NO_FACE), "warning")

        def fail(words: str) -> None:
            if self._looking.get(document) is job:
                self._end(document)
                self._window.tell(words, "warning")

        job.finished.connect(finish)
        job.failed.connect(fail)

    def _end(self, document: Document) -> None:
        del self._looking[document]
        self._show(document, None)

    def _show(self, document: Document, fraction: float | None) -> None:
        if document is self._window.document and not self._window.installer.is_busy:
            self._window.status.set_progress(fraction, tr("Looking for faces"))

    # -- the sketch -----------------------------------------------------------------------------------

    def sketch(self, document: Document, face: "Face") -> None:
        """Show the sketch of a face, made if there is none yet, with the pencil in hand."""
        from editor.jobs import portrait

        square = tuple(map(tuple, face.square.tolist()))
        if portrait.lines_of(document, square) is not None:
            self.open(document, square)
            return
        self._window.editing.run(
            lambda document: portrait.begin(document, face.square),
            document=document,
            what=tr("Sketching the face"),
            then=lambda _: self.open(document, square),
        )

    def open(self, document: Document, square: Square) -> None:
        """Work on the sketch of the face in a square: its lines are in hand, and the bar is shown."""
        if document is not self._window.document:
            return
        self._close(document)
        from editor.ui.portrait.bar import PortraitBar

        opened = self._open[document] = _Opened(PortraitBar(self._window.canvas), square)
        opened.bar.run.connect(self.run)
        opened.bar.done.connect(self.escape)
        opened.bar.wanted.connect(lambda tool_id: self._take(document, tool_id))
        document.observers.append(opened.observer(lambda change: self._on_document(document, change)))
        opened.bar.show()
        self._take(document, "pencil")
        self.refresh()

    def open_layer(self, layer: Layer) -> bool:
        """Work on the sketch that a layer is, or that it was made by. Whether it is such a layer."""
        from editor.jobs import portrait

        document = self._window.document
        if not (portrait.is_lines(layer) or portrait.is_portrait(layer)):
            return False
        square = layer.recipe.guides[0]
        if portrait.lines_of(document, square) is None:
            self._window.tell(
                tr("The sketch of this face is no longer in the picture. Sketch it anew."), "warning"
            )
        else:
            self.open(document, square)
        return True

    def _take(self, document: Document, tool_id: str) -> None:
        """Take a tool for the lines in hand, once these are shown."""
        lines = self._lines(document)
        if lines is None:
            return
        hidden = _hidden(document, lines)
        if not hidden:
            self._hold(document, lines, tool_id)
            return
        self._window.editing.run(
            lambda document: stack.set_visible(document, dict.fromkeys(hidden, True)),
            document=document,
            then=lambda _: self._hold(document, lines, tool_id),
        )

    def _hold(self, document: Document, lines: PixelLayer, tool_id: str) -> None:
        window, opened = self._window, self._open.get(document)
        if opened is None or document is not window.document:
            return
        window.panels.choose(lines)
        tool = window.tools.use(tool_id)
        tool.size = max(opened.side / _PEN * (1 if tool_id == "pencil" else 3), 1.0)
        window.bench.foreground = (0.0, 0.0, 0.0)
        window.options.refresh()
        opened.bar.show_tool(tool_id)
        window.canvas.setFocus()

    def _lines(self, document: Document) -> PixelLayer | None:
        from editor.jobs import portrait

        return portrait.lines_of(document, self._open[document].square)

    # -- changing the face ----------------------------------------------------------------------------

    def run(self) -> None:
        """Have the face in hand follow its sketch."""
        document = self._window.document
        opened = self._open.get(document)
        if opened is None:
            self._window.tell(tr("Choose a face first: click on it with the Portrait tool."), "info")
            return
        if not has_weights(self._window, registry.PORTRAIT, self.run):
            return
        from editor.jobs.portrait import Portrait, PortraitLayer

        self._window.removing.make(Portrait(opened.square), PortraitLayer(opened.square))

    def enter(self) -> bool:
        """Enter: change the face, if its bar is open. Whether it is."""
        is_open = self._window.document in self._open
        if is_open:
            self.run()
        return is_open

    def escape(self) -> bool:
        """Escape: be done with the sketch, which is hidden. Whether one was open."""
        document = self._window.document
        if document not in self._open:
            return False
        lines = self._lines(document)
        self._close(document)
        top = (document.groups_around(lines) or [lines])[0] if lines is not None else None
        if top is not None and top.visible:
            self._window.editing.run(lambda document: stack.set_visible(document, {top: False}))
        return True

    # -- keeping up -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Other things can be done now. The pencil is put down when the lines have just been hidden, as they
        are once the face has changed: it would draw on the photograph. Taken again it stays."""
        window, document = self._window, self._window.document
        opened = self._open.get(document)
        if opened is None:
            return
        lines = self._lines(document)
        was_shown, opened.is_shown = opened.is_shown, lines is not None and not _hidden(document, lines)
        opened.bar.set_busy(window.removing.is_busy(document))
        if was_shown and not opened.is_shown and window.tools.current.id in opened.bar.tools:
            window.tools.use("hand")
        opened.bar.show_tool(window.tools.current.id if opened.is_shown else "")

    def forget(self, document: Document) -> None:
        """The document goes, and what runs for it."""
        self._known.pop(document, None)
        if document in self._looking:
            self._looking.pop(document).cancel()
        self._close(document)

    def _close(self, document: Document) -> None:
        opened = self._open.pop(document, None)
        if opened is not None:
            document.observers.remove(opened.watch)
            opened.bar.release()

    def _on_document(self, document: Document, change: Change) -> None:
        if change.parts & (Part.LAYERS | Part.CANVAS) and self._lines(document) is None:
            self._close(document)  # they are gone, or elsewhere, as after a crop


def _hidden(document: Document, layer: Layer) -> list[Layer]:
    """What has to be shown for a layer to be seen."""
    return [each for each in (*document.groups_around(layer), layer) if not each.visible]


class _Opened:
    """The sketch that is worked on in one document."""

    def __init__(self, bar: "PortraitBar", square: Square) -> None:
        self.bar, self.square = bar, square
        self.is_shown = False  # the lines, when that was last looked at
        self.watch: Callable[[Change], None] = lambda change: None

    @property
    def side(self) -> float:
        """Pixels of the picture that the square's side is long."""
        (x, y), (right, down) = self.square[:2]
        return ((right - x) ** 2 + (down - y) ** 2) ** 0.5

    def observer(self, watch: Callable[[Change], None]) -> Callable[[Change], None]:
        self.watch = watch
        return watch
