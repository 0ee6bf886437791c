"""Remove, as the window runs it: one job for a document at a time, its result to one undo entry."""

from PySide6.QtCore import QObject, Signal

from editor.document.model import Document
from editor.jobs import remove
from engines import registry
from engines.base import RemoveRequest, RemoveResult
from engines.manager import EngineManager, Job


class Removals(QObject):
    """Starts removals and brings their results home."""

    started = Signal(object)  # document
    progressed = Signal(object, float)
    arrived = Signal(object)  # the result is about to be put into the document
    ended = Signal(object, str, str)  # document, "info" | "warning" | "error", message

    def __init__(self, manager: EngineManager, parent: QObject) -> None:
        super().__init__(parent)
        self._manager = manager
        self._running: dict[Document, Job] = {}

    def is_running(self, document: Document) -> bool:
        return document in self._running

    def start(self, document: Document, engine_id: str) -> None:
        """Remove what is masked; ``ended`` tells how it went, also if nothing could be started."""
        if document in self._running:
            return
        try:
            request = remove.request(document, engine=engine_id)
        except remove.NothingMasked as error:
            self.ended.emit(document, "warning", str(error))
            return
        except MemoryError:
            self.ended.emit(document, "error", "There is not enough memory to remove a part this large.")
            return
        job = self._manager.submit(engine_id, request)
        self._running[document] = job
        job.progressed.connect(lambda fraction: self.progressed.emit(document, fraction))
        canvas = _canvas(document)
        job.finished.connect(lambda result: self._finish(document, request, result, canvas))
        job.failed.connect(lambda message: self._end(document, "error", message))
        job.cancelled.connect(lambda: self._end(document, "info", "Cancelled. Nothing was changed."))
        self.started.emit(document)

    def cancel(self, document: Document) -> None:
        """Call off what runs for a document, if anything does."""
        job = self._running.get(document)
        if job is not None:
            job.cancel()

    def forget(self, document: Document) -> None:
        """The document goes: its job is called off and its result, should one still come, dropped."""
        self.cancel(document)
        self._running.pop(document, None)

    def _finish(
        self, document: Document, request: RemoveRequest, result: RemoveResult, canvas: tuple
    ) -> None:
        if document not in self._running:
            return
        if canvas != _canvas(document):  # an undo may turn or resize it while the engine runs
            self._end(document, "warning", "The picture changed its shape meanwhile. Nothing was filled.")
            return
        self.arrived.emit(document)
        try:
            remove.apply(document, request, result)
        except MemoryError:
            self._end(document, "error", "There is not enough memory for the result. Nothing was changed.")
            return
        title = registry.spec(result.engine).title
        self._end(document, "info", f"Removed with {title}. Ctrl+Z brings it back.")

    def _end(self, document: Document, level: str, message: str) -> None:
        if self._running.pop(document, None) is not None:
            self.ended.emit(document, level, message)


def _canvas(document: Document) -> tuple:
    """What stays the same as long as a place in the picture does: each change of the canvas swaps them."""
    return document.width, document.height, document.dtype, document.selection
