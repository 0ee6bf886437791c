"""Work in threads makes room for the hand, and comes to its end all the same."""

import threading
import time

import pytest

from editor.document import parallel


@pytest.fixture
def drawing(monkeypatch):
    """The hand draws, and goes on for half a second."""
    monkeypatch.setattr(parallel, "_GRACE", 0.5)
    parallel.make_way()
    yield
    monkeypatch.setattr(parallel, "_busy_until", 0.0)


def in_thread(call) -> float:
    """Seconds that ``call`` takes in a thread of its own."""
    seconds = []

    def run() -> None:
        start = time.monotonic()
        call()
        seconds.append(time.monotonic() - start)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return seconds[0]


def test_another_thread_steps_aside_while_the_make_way_but_not_for_long(drawing, monkeypatch):
    monkeypatch.setattr(parallel, "_ASIDE", 0.1)
    assert in_thread(parallel.step_aside) == pytest.approx(0.1, abs=0.09)


def test_nobody_waits_once_the_hand_rests(monkeypatch):
    monkeypatch.setattr(parallel, "_GRACE", 0.05)
    monkeypatch.setattr(parallel, "_ASIDE", 60.0)
    parallel.make_way()
    assert in_thread(parallel.step_aside) < 10
    assert in_thread(parallel.step_aside) < 0.04


def test_what_the_drawing_waits_for_itself_is_made_at_once(drawing, monkeypatch):
    monkeypatch.setattr(parallel, "_ASIDE", 60.0)
    start = time.monotonic()
    parallel.step_aside()
    done = []
    parallel.in_threads(done.append, range(20))
    assert sorted(done) == list(range(20))
    assert time.monotonic() - start < 10
