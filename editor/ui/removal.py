"""Fills, as the window runs them: one job for a document at a time, its result to one undo entry."""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from editor.document.model import Busy, Document, Locked
from editor.document.parallel import make_way
from editor.document.progress import Cancelled as CalledOff
from editor.document.progress import Progress as Looking
from editor.jobs import remove
from editor.jobs.fill import Filling
from editor.jobs.portrait import Portrait, PortraitLayer
from editor.jobs.refill import FillLayer
from editor.jobs.remove import Fill, NewLayer, Removal
from editor.ui.draft import drawn
from editor.ui.words import tr
from engines import registry
from engines.base import Cancelled, Progress
from engines.manager import EngineManager, Job

_SHOWN = 0.15  # seconds for the window to show a fill, before all that follows upon it
AGAIN = 50  # ms from one try to the next to bring a fill to a document that is busy

Target = NewLayer | FillLayer | PortraitLayer
Wanted = Removal | Filling | Portrait


class Run(QObject):
    """One fill on its way, from what is masked to the pixels that go into the document. What is slow about
    that is done by the engine's thread, which has a snapshot of the document.

    Exactly one of ``filled`` and ``ended`` comes, last: the Fill, for a document that can still take it; or
    "info", "warning" or "error" and the line that says why there is none.
    """

    progressed = Signal(float)
    noted = Signal(str)  # a line about something that had to be done otherwise
    drafted = Signal(object)  # a Draft of it, after each step of what can be seen while it is made
    filled = Signal(object)
    ended = Signal(str, str)

    def __init__(
        self,
        manager: EngineManager,
        document: Document,
        what: Wanted,
        parent: QObject,
        *,
        target: Target | None = None,
        source: Document | None = None,
    ) -> None:
        """``source`` is what the fill is made of, if that is not what ``target`` has now."""
        super().__init__(parent)
        self._manager, self._document, self._source = manager, document, source
        self.what = what
        self.target: Target = target or NewLayer(tr("Removed"))
        self._job: Job | None = None

    def start(self) -> None:
        """Take what is masked as it is now, and go."""
        document = self._document
        try:
            if document.busy is not None:
                raise Busy
            source = self._source or self.target.source(document)
            if self.what.needs_mask and not remove.is_masked(source):
                raise remove.NothingMasked
        except ValueError as refusal:
            self._end("warning", str(refusal))
            return
        snapshot, dtype, grey = source.snapshot(), document.dtype, document.grey
        what = self.what
        self._job = job = self._manager.submit(
            what.engine,
            prepare=lambda progress: _request(snapshot, what, progress),
            conclude=lambda request, result: what.fill(request, result, dtype, grey=grey),
            preview=(lambda patch: drawn(patch, grey=grey)) if what.is_seen else None,
        )
        canvas = canvas_of(document)
        self._job.progressed.connect(self.progressed)
        self._job.noted.connect(self.noted)
        self._job.shown.connect(lambda draft: job.progress.cancelled or self.drafted.emit(draft))
        self._job.finished.connect(lambda made: self._finish(job, made, canvas))
        self._job.failed.connect(lambda message: self._end("error", message))
        self._job.cancelled.connect(lambda: self._end("info", tr("Cancelled. Nothing was changed.")))

    def cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _finish(self, job: Job, made: Fill, canvas: tuple) -> None:
        document = self._document
        if job.progress.cancelled:
            self._end("info", tr("Cancelled. Nothing was changed."))
        elif document.busy is not None:
            QTimer.singleShot(AGAIN, self, lambda: self._finish(job, made, canvas))
        elif canvas != canvas_of(document):  # an undo may turn or resize it while the engine runs
            self._end("warning", tr("The picture changed its shape meanwhile. Nothing was filled."))
        elif not self.target.is_there(document):
            self._end("warning", tr("The fill was deleted meanwhile. Nothing was changed."))
        else:
            self._job = None
            self.filled.emit(made)
            self.deleteLater()

    def _end(self, level: str, message: str) -> None:
        self._job = None
        self.ended.emit(level, message)
        self.deleteLater()


class Removals(QObject):
    """Starts removals and brings their results home."""

    started = Signal(object)  # document
    progressed = Signal(object, float)
    noted = Signal(object, str)
    drafted = Signal(object, object)  # document, Draft
    arrived = Signal(object)  # the result is about to be put into the document
    ended = Signal(object, str, str)  # document, "info" | "warning" | "error", message

    def __init__(self, manager: EngineManager, parent: QObject) -> None:
        super().__init__(parent)
        self._manager = manager
        self._running: dict[Document, Run] = {}

    def is_running(self, document: Document) -> bool:
        return document in self._running

    def doing(self, document: Document) -> str:
        """What is being made for it, in a few words; English."""
        return self._running[document].what.doing

    def start(
        self,
        document: Document,
        what: Wanted,
        *,
        target: Target | None = None,
    ) -> None:
        """Remove what is masked; ``ended`` tells how it went, also if nothing could be started."""
        if document in self._running:
            return
        run = Run(self._manager, document, what, self, target=target)
        self._running[document] = run
        run.progressed.connect(lambda fraction: self.progressed.emit(document, fraction))
        run.noted.connect(lambda line: self.noted.emit(document, line))
        run.drafted.connect(lambda draft: self.drafted.emit(document, draft))
        run.filled.connect(lambda made: self._finish(document, run.target, made))
        run.ended.connect(lambda level, message: self._end(document, level, message))
        run.start()
        if document in self._running:
            self.started.emit(document)

    def cancel(self, document: Document) -> None:
        """Call off what runs for a document, if anything does."""
        run = self._running.get(document)
        if run is not None:
            run.cancel()

    def forget(self, document: Document) -> None:
        """The document goes: its job is called off and its result, should one still come, dropped."""
        self.cancel(document)
        self._running.pop(document, None)

    def _finish(self, document: Document, target: Target, made: Fill) -> None:
        if document in self._running:
            self.arrived.emit(document)
            self._end(document, *put(document, target, made))

    def _end(self, document: Document, level: str, message: str) -> None:
        if self._running.pop(document, None) is not None:
            self.ended.emit(document, level, message)


def put(document: Document, target: Target, made: Fill) -> tuple[str, str]:
    """Put a fill into its document. How that went: "info", "warning" or "error", and a line."""
    make_way(_SHOWN)
    try:
        target.put(document, made)
    except Locked as error:
        return "warning", str(error)
    except MemoryError:
        return "error", tr("There is not enough memory for the result. Nothing was changed.")
    if isinstance(target, FillLayer):
        return "info", tr("Filled anew. Ctrl+Z brings the old fill back.")
    if isinstance(target, PortraitLayer):
        return "info", tr("The face is changed. Ctrl+Z brings it back.")
    if registry.spec(made.recipe.engine).task == "fill":
        return "info", tr("Filled. Ctrl+Z brings it back.")
    title = tr(registry.spec(made.recipe.engine).title)
    return "info", tr("Removed with {engine}. Ctrl+Z brings it back.").format(engine=title)


def _request(snapshot: Document, what: Wanted, running: Progress) -> Any:
    """What the engine is to do, made in its thread. Raises Cancelled."""
    looking = Looking()
    running.interrupt = looking.cancel
    try:
        with looking.active():
            running(0.0)  # it may have been called off before there was anything to interrupt
            return what.request(snapshot)
    except CalledOff:
        raise Cancelled from None
    finally:
        running.interrupt = None


def canvas_of(document: Document) -> tuple:
    """What stays the same as long as a place in the picture does: each change of the canvas swaps them."""
    return document.width, document.height, document.dtype, document.selection
