"""Enlarge with detail, as the window runs it: an edit that waits for an engine.

The picture is busy meanwhile, as with any long edit: it shows how far it is, can be called off, and nothing
else can change it, so that what took minutes cannot come too late.
"""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from editor.document import progress
from editor.document.model import Document
from editor.jobs import upscale
from editor.jobs.upscale import Enlarging
from editor.ui.words import tr, tr_composed
from engines.manager import EngineManager, Job
from engines.upscale.requests import UpscaleRequest, UpscaleResult

if TYPE_CHECKING:
    from editor.ui.window import Window

_LOOK = 0.05  # seconds from one look at the job to the next
_ENGINE = 0.95  # of the way
_STEPS = 200  # of that, by which it is told


def enlarge(window: "Window", wanted: Enlarging) -> None:
    """Enlarge the picture in front."""
    manager = window.removing.manager

    def edit(document: Document) -> UpscaleResult:
        request = upscale.request(document, wanted)
        with progress.portion(_ENGINE):
            result = _Waiting(manager, wanted.engine, request, lambda line: _note(window, line)).result()
        upscale.apply(document, request, result)
        return result

    window.editing.run(edit, what=tr("Enlarging"), then=lambda result: _tell(window, result), waits=True)


def _note(window: "Window", line: str) -> None:
    window.tell(tr_composed(line), "info")


def _tell(window: "Window", result: UpscaleResult) -> None:
    for note in result.notes:
        _note(window, note)
    if not result.notes:
        window.tell(tr("Enlarged with detail. Ctrl+Z brings it back."), "info")


class _Waiting:
    """A job of the engines' manager, waited for in the thread of an edit."""

    def __init__(
        self, manager: EngineManager, engine_id: str, request: UpscaleRequest, note: Callable[[str], object]
    ) -> None:
        self._ended = threading.Event()
        self._fraction = 0.0
        self._result: Any = None
        self._failure: Exception | None = None
        self._job: Job = progress.in_owner(lambda: self._submit(manager, engine_id, request, note))

    def result(self) -> UpscaleResult:
        """What it came to. Raises Cancelled, and ValueError with the engine's line if it failed."""
        try:
            for _ in progress.each(self._steps(), total=_STEPS):
                pass
        except progress.Cancelled:
            self._job.progress.cancel()
            self._ended.wait()
            raise
        if self._failure is not None:
            raise self._failure
        return self._result

    def _submit(
        self, manager: EngineManager, engine_id: str, request: UpscaleRequest, note: Callable[[str], object]
    ) -> Job:
        job = manager.submit(engine_id, request)
        job.progressed.connect(self._go_on)
        job.noted.connect(note)
        job.finished.connect(lambda result: self._end(result, None))
        job.failed.connect(lambda words: self._end(None, ValueError(words)))
        job.cancelled.connect(lambda: self._end(None, progress.Cancelled()))
        return job

    def _go_on(self, fraction: float) -> None:
        self._fraction = fraction

    def _end(self, result: Any, failure: Exception | None) -> None:
        self._result, self._failure = result, failure
        self._ended.set()

    def _steps(self) -> Iterator[None]:
        """One item for each step that it has come. Raises Cancelled."""
        done = 0
        while not self._ended.wait(_LOOK):
            progress.check()
            while done < min(int(self._fraction * _STEPS), _STEPS - 1):
                done += 1
                yield
