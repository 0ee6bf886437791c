"""The queue of jobs: one ending each, in order, in the thread of the window; nothing is left running."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread

from engines.base import Cancelled, EngineError, OutOfMemory, Progress, WeightsWrong
from engines.machine import machine
from engines.manager import EngineManager, spare, weight

WAIT = 5000  # ms


class FakeEngine:
    """Runs the request, a function of the progress."""

    def run(self, request, progress):
        return request(progress)


@dataclass
class Loads:
    """In the registry's place: remembers what was loaded, and in which thread."""

    names: list = field(default_factory=list)
    threads: set = field(default_factory=set)
    error: Exception | None = None

    def __call__(self, engine_id):
        self.names.append(engine_id)
        self.threads.add(threading.get_ident())
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return FakeEngine()


@pytest.fixture
def loads():
    return Loads()


@pytest.fixture
def manager(qapp, loads):
    made = EngineManager(load=loads)
    yield made
    made.shut_down()


class Endings:
    """Every signal that a job gives, in order."""

    def __init__(self, job):
        self.job, self.all, self.progress, self.threads = job, [], [], set()
        job.progressed.connect(self.on_progress)
        job.finished.connect(lambda value: self.end("finished", value))
        job.failed.connect(lambda line: self.end("failed", line))
        job.cancelled.connect(lambda: self.end("cancelled", None))

    def on_progress(self, fraction):
        assert not self.all, "progress after the end"
        self.progress.append(fraction)

    def end(self, kind, value):
        self.threads.add(threading.get_ident())
        self.all.append((kind, value))


def watched(manager, work, engine="a"):
    return Endings(manager.submit(engine, work))


def ended(qtbot, *endings):
    qtbot.waitUntil(lambda: all(each.all for each in endings), timeout=WAIT)
    qtbot.wait(20)  # a second signal would come now


def until_cancelled(started=None):
    """Work that goes on until it is called off."""

    def work(progress):
        if started is not None:
            started.set()
        stop = threading.Event()
        progress.interrupt = stop.set
        deadline = time.monotonic() + 2 * WAIT / 1000  # a test that forgets to call it off fails, not hangs
        while not stop.wait(0.002):
            progress(0.5)
            assert time.monotonic() < deadline
        raise Cancelled

    return work


def fails_with(error):
    def work(progress):
        raise error

    return work


def test_a_job_that_finishes(qtbot, manager, loads):
    value = object()

    def work(progress):
        loads.threads.add(threading.get_ident())
        progress(0.25)
        progress(1.0)
        return value

    job = watched(manager, work)
    assert manager.jobs == (job.job,)
    ended(qtbot, job)
    assert job.all == [("finished", value)]
    assert job.progress == [0.0, 0.25, 1.0]
    assert manager.jobs == ()
    assert job.threads == {threading.get_ident()}
    assert threading.get_ident() not in loads.threads
    assert len(loads.threads) == 1


def test_jobs_run_one_at_a_time_in_their_order(qtbot, manager):
    order, running = [], threading.Lock()

    def work_of(number):
        def work(progress):
            assert running.acquire(blocking=False)
            order.append(number)
            progress(0.5)
            running.release()
            return number

        return work

    jobs = [watched(manager, work_of(number)) for number in range(8)]
    assert len(manager.jobs) == 8
    ended(qtbot, *jobs)
    assert order == list(range(8))
    assert [job.all for job in jobs] == [[("finished", number)] for number in range(8)]


def test_engines_are_kept_as_far_as_the_memory_goes(qtbot, qapp, loads):
    """Those used longest ago go first; one that is larger than all there is runs all the same."""
    sizes = {"a": 30, "b": 60, "c": 40, "d": 500}
    manager = EngineManager(load=loads, weigh=sizes.__getitem__, budget=lambda: 100)
    try:
        jobs = [watched(manager, lambda progress: 1, engine) for engine in "abab" + "ca" + "bd" + "a"]
        ended(qtbot, *jobs)
        # c takes the place of a, a that of b, b that of c, d that of all
        assert "".join(loads.names) == "abcabda"
        assert all(job.all == [("finished", 1)] for job in jobs)
    finally:
        manager.shut_down()


def test_engines_are_let_go_when_nothing_is_to_be_done(qtbot, qapp, loads):
    manager = EngineManager(load=loads, idle=0.05)
    try:
        ended(qtbot, watched(manager, lambda progress: 1))
        qtbot.waitUntil(lambda: not manager._worker._engines)
        ended(qtbot, watched(manager, lambda progress: 1))
        assert loads.names == ["a", "a"]
    finally:
        manager.shut_down()


def test_what_may_be_kept_is_a_part_of_the_memory():
    assert 1 << 30 <= spare() <= max(machine(Path("/")).memory // 4, 1 << 30)
    assert weight("migan") > 100 << 20 and weight("no such") == 0


def test_jobs_that_wait_can_be_put_in_another_order(qtbot, manager):
    order, started, go_on, changes = [], threading.Event(), threading.Event(), []

    def first(progress):
        started.set()
        assert go_on.wait(WAIT / 1000)

    running = watched(manager, first)
    a, b, c = (watched(manager, lambda progress, name=name: order.append(name)) for name in "abc")
    assert started.wait(WAIT / 1000)
    qtbot.waitUntil(lambda: running.job.is_running)
    manager.changed.connect(lambda: changes.append(manager.jobs))
    manager.move(c.job, 0)
    assert manager.jobs == (running.job, c.job, a.job, b.job) and len(changes) == 1
    manager.move(a.job, 99)
    assert manager.jobs == (running.job, c.job, b.job, a.job)
    manager.move(b.job, 1)  # where it is
    manager.move(running.job, 2)  # runs and goes on
    assert manager.jobs == (running.job, c.job, b.job, a.job) and len(changes) == 2
    assert [each.job.is_running for each in (running, a, b, c)] == [True, False, False, False]
    go_on.set()
    ended(qtbot, running, a, b, c)
    assert order == ["c", "b", "a"]


def test_a_job_says_that_it_begins(qtbot, manager):
    told = []
    job = watched(manager, lambda progress: 1)
    job.job.started.connect(lambda: told.append(list(job.all)))
    ended(qtbot, job)
    assert told == [[]]


def test_warming_up_loads_an_engine_when_nothing_else_is_to_be_done(qtbot, manager, loads):
    loads.error = WeightsWrong("damaged")  # told to nobody
    manager.warm_up("b")
    qtbot.waitUntil(lambda: loads.names == ["b"])
    manager.warm_up("a")
    qtbot.waitUntil(lambda: "a" in manager._worker._engines)
    ended(qtbot, watched(manager, lambda progress: 1))
    assert loads.names == ["b", "a"] and manager.jobs == ()


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (EngineError("The model is tired. Let it rest."), "The model is tired. Let it rest."),
        (OutOfMemory("No memory. Close something."), "No memory. Close something."),
        (MemoryError(), "There is not enough memory for this. Close other programs or mask a smaller part."),
        (ValueError("bad\nshape"), "The engine stopped: bad. Nothing was changed."),
        (KeyError(), "The engine stopped: KeyError. Nothing was changed."),
    ],
)
def test_every_error_becomes_one_line(qtbot, manager, error, line):
    failing = watched(manager, fails_with(error))
    after = watched(manager, lambda progress: "fine")
    ended(qtbot, failing, after)
    assert failing.all == [("failed", line)]
    assert after.all == [("finished", "fine")]


def test_an_engine_that_cannot_be_loaded_is_tried_again(qtbot, manager, loads):
    loads.error = WeightsWrong("The model file is damaged.")
    first, second = watched(manager, lambda progress: 1), watched(manager, lambda progress: 2)
    ended(qtbot, first, second)
    assert first.all == [("failed", "The model file is damaged.")]
    assert second.all == [("finished", 2)]
    assert loads.names == ["a", "a"]


@pytest.mark.parametrize(
    ("error", "times"), [(MemoryError(), 2), (OutOfMemory("x"), 2), (ValueError("x"), 1)]
)
def test_lack_of_memory_lets_the_engine_go(qtbot, manager, loads, error, times):
    jobs = [watched(manager, work) for work in (fails_with(error), lambda progress: 1)]
    ended(qtbot, *jobs)
    assert loads.names == ["a"] * times


def test_cancelling_the_running_job(qtbot, manager):
    started = threading.Event()
    running, after = watched(manager, until_cancelled(started)), watched(manager, lambda progress: "next")
    assert started.wait(WAIT / 1000)
    running.job.cancel()
    ended(qtbot, running, after)
    assert running.all == [("cancelled", None)]
    assert after.all == [("finished", "next")]


def test_cancelling_a_waiting_job_leaves_the_running_one(qtbot, manager):
    started, go_on = threading.Event(), threading.Event()

    def work(progress):
        started.set()
        assert go_on.wait(WAIT / 1000)
        return "done"

    ran = []
    running, waiting = watched(manager, work), watched(manager, lambda progress: ran.append(1))
    assert started.wait(WAIT / 1000)
    waiting.job.cancel()
    go_on.set()
    ended(qtbot, running, waiting)
    assert running.all == [("finished", "done")]
    assert waiting.all == [("cancelled", None)]
    assert not ran


def test_cancelling_twice_is_cancelling_once(qtbot, manager):
    job = watched(manager, until_cancelled())
    job.job.cancel()
    job.job.cancel()
    ended(qtbot, job)
    assert job.all == [("cancelled", None)]


def test_cancelled_after_the_last_step_is_still_cancelled(qtbot, manager):
    """The result is on its way to the window when the user calls the job off."""
    done = threading.Event()

    def work(progress):
        done.set()
        return "too late"

    job = watched(manager, work)
    assert done.wait(WAIT / 1000)
    job.job.cancel()  # nothing was delivered yet: this thread runs no event loop meanwhile
    ended(qtbot, job)
    assert job.all == [("cancelled", None)]


def test_a_failure_after_cancelling_is_a_cancellation(qtbot, manager):
    started = threading.Event()

    def work(progress):
        started.set()
        while not progress.cancelled:
            pass
        raise RuntimeError("the network was interrupted")

    job = watched(manager, work)
    assert started.wait(WAIT / 1000)
    job.job.cancel()
    ended(qtbot, job)
    assert job.all == [("cancelled", None)]


def test_shutting_down_during_a_run_leaves_no_thread(qtbot, manager):
    started = threading.Event()
    running = watched(manager, until_cancelled(started))
    waiting = watched(manager, fails_with(AssertionError("must not run")))
    assert started.wait(WAIT / 1000)
    manager.shut_down()
    assert not manager._worker.isRunning()
    manager.shut_down()
    ended(qtbot, running, waiting)
    assert running.all == waiting.all == [("cancelled", None)]
    assert manager.jobs == ()


def test_shutting_down_lets_the_engine_go(qtbot, manager):
    job = watched(manager, lambda progress: 1)
    ended(qtbot, job)
    assert manager._worker._engines
    manager.shut_down()
    assert not manager._worker._engines


def test_shutting_down_with_nothing_done(qapp, loads):
    manager = EngineManager(load=loads)
    manager.shut_down()
    assert not loads.names
    assert not manager._worker.isRunning()


def test_no_thread_runs_before_the_first_job(manager):
    assert not manager._worker.isRunning()


def test_jobs_are_objects_of_the_managers_thread(qtbot, manager):
    job = watched(manager, lambda progress: 1)
    assert job.job.thread() is manager.thread() is QThread.currentThread()
    assert isinstance(job.job, QObject)
    assert isinstance(job.job.progress, Progress)
    ended(qtbot, job)


def test_a_job_may_ask_for_the_next_when_it_ends(qtbot, manager):
    second = []
    first = watched(manager, lambda progress: 1)
    first.job.finished.connect(lambda _: second.append(watched(manager, lambda progress: 2)))
    ended(qtbot, first)
    ended(qtbot, *second)
    assert second[0].all == [("finished", 2)]


def test_a_request_is_made_and_an_answer_worked_up_in_the_workers_thread(qtbot, manager, loads):
    threads = []

    def prepare(progress):
        threads.append(threading.get_ident())
        progress(0.0)
        return lambda progress: "answer"

    def conclude(request, result):
        threads.append(threading.get_ident())
        assert callable(request)
        return [result]

    job = Endings(manager.submit("a", prepare=prepare, conclude=conclude))
    ended(qtbot, job)
    assert job.all == [("finished", ["answer"])]
    assert set(threads) == loads.threads and len(threads) == 2


@pytest.mark.parametrize("where", ["prepare", "conclude"])
@pytest.mark.parametrize(
    ("error", "line"),
    [
        (EngineError("Do this."), "Do this."),
        (ValueError("odd"), "The engine stopped: odd. Nothing was changed."),
        (MemoryError(), "There is not enough memory"),
    ],
)
def test_what_goes_wrong_before_and_after_the_run_is_told_like_an_error_of_the_engine(
    qtbot, manager, where, error, line
):
    def fail(*_):
        raise error

    job = Endings(manager.submit("a", lambda progress: 1, **{where: fail}))
    ended(qtbot, job)
    ((kind, words),) = job.all
    assert kind == "failed" and words.startswith(line)


def test_called_off_while_the_request_is_made(qtbot, manager, loads):
    started = threading.Event()
    job = Endings(manager.submit("a", prepare=until_cancelled(started)))
    assert started.wait(WAIT / 1000)
    job.job.cancel()
    ended(qtbot, job)
    assert job.all == [("cancelled", None)]
