"""The queue of engine jobs and the one worker thread that runs them."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engines import ladder, registry, store
from engines.base import Cancelled, Engine, EngineError, OutOfMemory, Patch, Progress
from engines.machine import machine

IDLE = 300.0  # seconds without a job, after which engines are let go
_SHARE = 4  # of the memory, one part in so many is for engines that are kept
_LEAST = 1 << 30  # bytes, of it at least

Load = Callable[..., Engine]  # of an engine's id; with a second argument, on that device


class Job(QObject):
    """One request on its way; its signals are emitted in the thread that owns the manager.

    Exactly one of ``finished``, ``failed`` and ``cancelled`` comes, last. ``noted`` carries a line for the
    user about something that had to be done otherwise than asked, ``shown`` what ``preview`` makes of a
    picture that is not finished.
    """

    started = Signal()
    progressed = Signal(float)
    noted = Signal(str)
    shown = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        engine_id: str,
        request: Any,
        prepare: Callable[[Progress], Any] | None,
        conclude: Callable[[Any, Any], Any] | None,
        preview: Callable[[Patch], Any] | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.engine_id = engine_id
        self.request, self.prepare, self.conclude, self.preview = request, prepare, conclude, preview
        self.progress = Progress()
        self.is_running = False  # or it waits
        self.answer: Any = None  # the engine's, once it has finished
        self.seconds = 0.0  # that the engine took, once it has finished; loading it apart

    def cancel(self) -> None:
        """Call the job off; ``cancelled`` follows, soon but not at once."""
        self.progress.cancel()


class _Worker(QThread):
    """Runs jobs one after the other and keeps the engines used last loaded, as far as the memory goes."""

    started_on = Signal(object)  # job
    progressed = Signal(object, float)
    noted = Signal(object, str)
    shown = Signal(object, object)
    ended = Signal(object, str, object)  # job, "finished" | "failed" | "cancelled", result or message

    def __init__(
        self, load: Load, weigh: Callable[[str], int], budget: Callable[[], int], idle: float
    ) -> None:
        super().__init__()
        self.setObjectName("engines")
        self._load, self._weigh, self._budget, self._idle = load, weigh, budget, idle
        self._jobs: deque[Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._engines: dict[str, Engine] = {}  # the one used last at the end
        self._outdated = False
        self._wanted: str = ""  # an engine to be loaded once there is nothing else to do

    def add(self, job: Job) -> None:
        with self._wake:
            self._jobs.append(job)
            self._wake.notify()

    def move(self, job: Job, place: int) -> list[Job]:
        """The jobs that wait, in their new order; a job that waits no longer stays what it is."""
        with self._wake:
            if job in self._jobs:
                self._jobs.remove(job)
                self._jobs.insert(max(place, 0), job)
            return list(self._jobs)

    def warm(self, engine_id: str) -> None:
        with self._wake:
            self._wanted = engine_id
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
            job, wanted = self._next()
            if job is not None:
                self.started_on.emit(job)
                self.ended.emit(job, *self._outcome(job))
            elif wanted:
                self._warm_up(wanted)
            else:
                break
            del job  # what it came to need not be kept until the next
        self._let_go()

    def _next(self) -> tuple[Job | None, str]:
        """A job, or else an engine to be loaded; neither at the end. Engines that nobody uses are let go."""
        with self._wake:
            while not (self._jobs or self._stopping or self._wanted):
                if not self._wake.wait(self._idle if self._engines else None):
                    self._let_go()
            if self._outdated:
                self._outdated = False
                self._let_go()
            if self._jobs:
                return self._jobs.popleft(), ""
            wanted, self._wanted = "" if self._stopping else self._wanted, ""
            return None, wanted

    def _let_go(self) -> None:
        if self._engines:
            self._engines.clear()
            ladder.release()

    def _warm_up(self, engine_id: str) -> None:
        """Load an engine before it is asked for; what is wrong with it is told when it is."""
        try:
            self._loaded(engine_id)
        except Exception:
            self._let_go()

    def _loaded(self, engine_id: str, on_processor: bool = False) -> Engine:
        """An engine, loaded if it is not; for it others go, those first that were used longest ago."""
        engine = self._engines.pop(engine_id, None)
        if on_processor:  # the one that is loaded was not enough, and nor is it kept
            del engine
            self._let_go()
            return self._load(engine_id, "cpu")
        if engine is None:
            room = self._budget() - self._weigh(engine_id)
            while self._engines and sum(map(self._weigh, self._engines)) > room:
                del self._engines[next(iter(self._engines))]
                ladder.release()
            engine = self._load(engine_id)
        self._engines[engine_id] = engine
        return engine

    def _outcome(self, job: Job) -> tuple[str, Any]:
        """What the job comes to; every exception becomes a message."""
        job.progress.report = lambda fraction: self.progressed.emit(job, fraction)
        if job.preview is not None:
            job.progress.show = lambda patch: self.shown.emit(job, job.preview(patch))
        try:
            job.progress(0.0)
            self._loaded(job.engine_id)
            if job.prepare is not None:
                job.request = job.prepare(job.progress)
                job.progress(0.0)
            begun = time.monotonic()
            job.answer = ladder.run(
                lambda on_processor: self._loaded(job.engine_id, on_processor),
                job.request,
                job.progress,
                lambda line: self.noted.emit(job, line),
            )
            job.seconds = time.monotonic() - begun
            return "finished", job.answer if job.conclude is None else job.conclude(job.request, job.answer)
        except Cancelled:
            return "cancelled", None
        except EngineError as error:
            if isinstance(error, OutOfMemory):
                self._let_go()
            return "failed", str(error)
        except MemoryError:
            self._let_go()
            return (
                "failed",
                "There is not enough memory for this. Close other programs or mask a smaller part.",
            )
        except (Exception, SystemExit) as error:  # a plug-in may ask for what it likes
            reason = str(error).strip().splitlines()
            detail = reason[0] if reason else type(error).__name__
            return "failed", f"The engine stopped: {detail}. Nothing was changed."


def spare() -> int:
    """Bytes that engines may take while they only wait: a part of the memory, and no more than half of what
    is free."""
    here = machine(store.packs_folder())
    return max(min(here.memory // _SHARE, here.free_memory // 2), _LEAST)


def weight(engine_id: str) -> int:
    """Bytes that an engine takes, as it was measured; 0 for one that is not known."""
    return next((entry.memory << 20 for entry in registry.engines() if entry.id == engine_id), 0)


class EngineManager(QObject):
    """Queues jobs for the one worker thread. ``load`` makes an engine of its id, in that thread.

    Engines are kept loaded as long as what they take (``weigh``, bytes by their id) is within ``budget``, and
    let go after ``idle`` seconds without a job. ``changed``: there are other ``jobs``, or in another order,
    or one that waited runs. ``finished`` carries any job that came to a result, and the engine's answer.
    """

    changed = Signal()
    finished = Signal(object, object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        load: Load = registry.load,
        weigh: Callable[[str], int] = weight,
        budget: Callable[[], int] = spare,
        idle: float = IDLE,
    ) -> None:
        super().__init__(parent)
        self._waiting: list[Job] = []
        self._worker = _Worker(load, weigh, budget, idle)
        self._worker.started_on.connect(self._on_started)
        self._worker.progressed.connect(self._on_progressed)
        self._worker.noted.connect(self._on_noted)
        self._worker.shown.connect(self._on_shown)
        self._worker.ended.connect(self._on_ended)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs that have not ended yet, the running one first, then as they will come."""
        return tuple(self._waiting)

    def move(self, job: Job, place: int) -> None:
        """Let a job that waits come at a place among those, 0 being the next. One that runs goes on."""
        queue = self._worker.move(job, place)
        order = [each for each in self._waiting if each not in queue] + queue
        if order != self._waiting:
            self._waiting = order
            self.changed.emit()

    def warm_up(self, engine_id: str) -> None:
        """Load an engine before its first job, once there is nothing else to do."""
        self._worker.warm(engine_id)
        self._run()

    def submit(
        self,
        engine_id: str,
        request: Any = None,
        *,
        prepare: Callable[[Progress], Any] | None = None,
        conclude: Callable[[Any, Any], Any] | None = None,
        preview: Callable[[Patch], Any] | None = None,
    ) -> Job:
        """Queue a request. The thread starts with the first one.

        ``prepare``, called in that thread, makes the request there, and ``conclude`` makes of the request
        and the engine's answer what the job finishes with: for what would take the window too long. They may
        raise what an engine may. So is ``preview``, with each unfinished picture of an engine that has some.
        """
        job = Job(engine_id, request, prepare, conclude, preview, self)
        self._waiting.append(job)
        self._worker.add(job)
        self._run()
        self.changed.emit()
        return job

    def _run(self) -> None:
        if not self._worker.isRunning():
            self._worker.start()

    def unload(self) -> None:
        """Load the engine anew for the next job: on another device, say."""
        self._worker.unload()

    def shut_down(self) -> None:
        """Call everything off and wait for the thread; safe to call twice."""
        for job in self._waiting:
            job.cancel()
        self._worker.stop()
        self._worker.wait()

    @Slot(object)
    def _on_started(self, job: Job) -> None:
        job.is_running = True
        job.started.emit()
        self.changed.emit()

    @Slot(object, str)
    def _on_noted(self, job: Job, line: str) -> None:
        job.noted.emit(line)

    @Slot(object, object)
    def _on_shown(self, job: Job, picture: Any) -> None:
        job.shown.emit(picture)

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
