"""The queue of engine jobs and the one worker thread that runs them."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engines import registry
from engines.base import Cancelled, Engine, EngineError, OutOfMemory, Progress

_KEPT = 2  # engines: what finds lines or objects and what removes take turns


class Job(QObject):
    """One request on its way; its signals are emitted in the thread that owns the manager.

    Exactly one of ``finished``, ``failed`` and ``cancelled`` comes, last.
    """

    progressed = Signal(float)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        engine_id: str,
        request: Any,
        prepare: Callable[[Progress], Any] | None,
        conclude: Callable[[Any, Any], Any] | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.engine_id = engine_id
        self.request, self.prepare, self.conclude = request, prepare, conclude
        self.progress = Progress()
        self.answer: Any = None  # the engine's, once it has finished
        self.seconds = 0.0  # that the engine took, once it has finished; loading it apart

    def cancel(self) -> None:
        """Call the job off; ``cancelled`` follows, soon but not at once."""
        self.progress.cancel()


class _Worker(QThread):
    """Runs jobs one after the other and keeps the engines used last loaded."""

    progressed = Signal(object, float)
    ended = Signal(object, str, object)  # job, "finished" | "failed" | "cancelled", result or message

    def __init__(self, load: Callable[[str], Engine]) -> None:
        super().__init__()
        self.setObjectName("engines")
        self._load = load
        self._jobs: deque[Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._engines: dict[str, Engine] = {}  # the one used last at the end
        self._outdated = False

    def add(self, job: Job) -> None:
        with self._wake:
            self._jobs.append(job)
            self._wake.notify()

    def unload(self) -> None:
        with self._wake:
            self._outdated = True

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()

    def run(self) -> None:
        while True:
            with self._wake:
                while not self._jobs and not self._stopping:
                    self._wake.wait()
                if not self._jobs:
                    break
                job = self._jobs.popleft()
                if self._outdated:
                    self._outdated = False
                    self._engines.clear()
            self.ended.emit(job, *self._outcome(job))
        self._engines.clear()

    def _loaded(self, engine_id: str) -> Engine:
        """An engine, loaded if it is not."""
        engine = self._engines.pop(engine_id, None)
        if engine is None:
            for oldest in list(self._engines)[: len(self._engines) - _KEPT + 1]:
                del self._engines[oldest]
            engine = self._load(engine_id)
        self._engines[engine_id] = engine
        return engine

    def _outcome(self, job: Job) -> tuple[str, Any]:
        """What the job comes to; every exception becomes a message."""
        job.progress.report = lambda fraction: self.progressed.emit(job, fraction)
        try:
            job.progress(0.0)
            engine = self._loaded(job.engine_id)
            if job.prepare is not None:
                job.request = job.prepare(job.progress)
                job.progress(0.0)
            begun = time.monotonic()
            job.answer = engine.run(job.request, job.progress)
            job.seconds = time.monotonic() - begun
            return "finished", job.answer if job.conclude is None else job.conclude(job.request, job.answer)
        except Cancelled:
            return "cancelled", None
        except EngineError as error:
            if isinstance(error, OutOfMemory):
                self._engines.clear()
            return "failed", str(error)
        except MemoryError:
            self._engines.clear()
            return (
                "failed",
                "There is not enough memory for this. Close other programs or mask a smaller part.",
            )
        except Exception as error:
            reason = str(error).strip().splitlines()
            detail = reason[0] if reason else type(error).__name__
            return "failed", f"The engine stopped: {detail}. Nothing was changed."


class EngineManager(QObject):
    """Queues jobs for the one worker thread. ``load`` makes an engine of its id, in that thread.

    ``changed``: there are other ``jobs``. ``finished`` carries any job that came to a result, and the
    engine's answer.
    """

    changed = Signal()
    finished = Signal(object, object)

    def __init__(
        self, parent: QObject | None = None, *, load: Callable[[str], Engine] = registry.load
    ) -> None:
        super().__init__(parent)
        self._waiting: list[Job] = []
        self._worker = _Worker(load)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.ended.connect(self._on_ended)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs that have not ended yet, the running one first."""
        return tuple(self._waiting)

    def submit(
        self,
        engine_id: str,
        request: Any = None,
        *,
        prepare: Callable[[Progress], Any] | None = None,
        conclude: Callable[[Any, Any], Any] | None = None,
    ) -> Job:
        """Queue a request. The thread starts with the first one.

        ``prepare``, called in that thread, makes the request there, and ``conclude`` makes of the request
        and the engine's answer what the job finishes with: for what would take the window too long. They may
        raise what an engine may.
        """
        job = Job(engine_id, request, prepare, conclude, self)
        self._waiting.append(job)
        self._worker.add(job)
        if not self._worker.isRunning():
            self._worker.start()
        self.changed.emit()
        return job

    def unload(self) -> None:
        """Load the engine anew for the next job: on another device, say."""
        self._worker.unload()

    def shut_down(self) -> None:
        """Call everything off and wait for the thread; safe to call twice."""
        for job in self._waiting:
            job.cancel()
        self._worker.stop()
        self._worker.wait()

    @Slot(object, float)
    def _on_progressed(self, job: Job, fraction: float) -> None:
        job.progressed.emit(fraction)

    @Slot(object, str, object)
    def _on_ended(self, job: Job, outcome: str, value: Any) -> None:
        self._waiting.remove(job)
        if job.progress.cancelled:  # called off after its last step: the user was promised nothing changes
            job.cancelled.emit()
        elif outcome == "finished":
            self.finished.emit(job, job.answer)
            job.finished.emit(value)
        elif outcome == "failed":
            job.failed.emit(value)
        else:
            job.cancelled.emit()
        self.changed.emit()
        job.deleteLater()
