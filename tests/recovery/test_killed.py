"""Kill -9 at random moments of a scripted editing run, and what is there afterwards.

``LACUNA_KILLS`` sets how many kills there are, 50 for the full run.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from queue import Empty, Queue
from random import Random
from threading import Thread

import numpy as np
import pytest
from scripted import Script, content, opened, whole

from editor.document import recovery, storage
from editor.document.journal.session import newest_journal
from editor.document.model import Change, Document

KILLS = int(os.environ.get("LACUNA_KILLS", "12"))
ROUNDS = 3  # kills of one document, which goes on after each
STEPS = 60


class Reference:
    """The run without a journal: what the document is after each step, and after each of its entries."""

    def __init__(self, seed: int, bits: int, folder: Path) -> None:
        document, _ = opened(folder, bits)
        self.wholes = [whole(document)]
        self.saved: list[np.ndarray] = []
        self.unmodified: set[int] = set()  # steps after or on the way of which its file holds all of it
        contents = {document.history.state: content(document)}
        oldest = document.history.state
        self.histories = [[contents[oldest]]]
        self.contents = [contents[oldest]]
        # A step that undoes several entries can be killed between them: contents and wholes on the way.
        self.between: list[list[str]] = [[]]

        def passing(change: Change) -> None:
            if not document.history.modified:
                self.unmodified.add(len(self.between) - 1)
            if document.history.state in contents:
                known = contents[document.history.state]
                self.between[-1] += [known, whole(document, known)]

        document.observers.append(passing)

        def save() -> None:
            document.history.mark_saved(document.history.state)
            self.saved.append(document.composite(document.rect))

        script = Script(document, seed, save)
        for number in range(1, STEPS + 1):
            self.between.append([])
            script.step(number)
            state = document.history.state
            if not document.history.modified:
                self.unmodified.add(number)
            contents.setdefault(state, content(document))
            assert contents[state] == content(document)
            self.contents.append(contents[state])
            self.wholes.append(whole(document, contents[state]))
            states = [oldest, *(entry.state for entry in document.history.entries)]
            self.histories.append([contents[each] for each in states])
        self.between.append([])


class Child:
    """A run of scripted.py, whose lines are read as they come."""

    def __init__(self, *arguments: object, state: Path) -> None:
        script = Path(__file__).with_name("scripted.py")
        self.process = subprocess.Popen(
            [sys.executable, script, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"LACUNA_STATE_DIR": str(state)},
        )
        self.lines: list[list[str]] = []
        self._queue: Queue[str | None] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            if line.endswith("\n"):  # else it was killed in the middle of the line
                self._queue.put(line)
        self._queue.put(None)

    def run_to(self, count: int) -> None:
        """Wait for so many lines, or the end."""
        while len(self.lines) < count:
            line = self._queue.get(timeout=60)
            if line is None or line.startswith("end"):
                return
            self.lines.append(line.split())

    def kill(self, after: float = 0.0) -> list[list[str]]:
        """Kill it, ``after`` so many seconds, and return its lines."""
        try:
            line = self._queue.get(timeout=max(after, 1e-6))
            if line is not None and not line.startswith("end"):
                self.lines.append(line.split())
        except Empty:
            pass
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()
        while (line := self._queue.get()) is not None:
            if not line.startswith("end"):
                self.lines.append(line.split())
        return self.lines


@pytest.fixture
def state(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("LACUNA_STATE_DIR", str(folder))
    return folder


def recovered() -> Document:
    (found,) = recovery.pending()
    document = found.load()
    found.close()
    return document


def check_history(document: Document, contents: list[str]) -> None:
    """Undo to the start and redo to the end: each step is what it was when it was made."""
    assert len(document.history.entries) == len(contents) - 1
    position = document.history.position
    for back in range(position, -1, -1):
        document.go_to(back)
        assert content(document) == contents[back]
    for there in range(len(contents)):
        document.go_to(there)
        assert content(document) == contents[there]
    document.history.close()


@pytest.mark.parametrize("run", range(-(-KILLS // ROUNDS)))
def test_all_but_the_step_in_progress_is_recovered(run, state, tmp_path):
    random = Random(run)
    bits = 8 if run % 2 else 16
    first_copy = run // 2 % 2  # half of them start from a file
    if first_copy:
        picture, _ = opened(tmp_path, bits)
        storage.save(picture, tmp_path / "picture.png")
    reference = Reference(run, bits, tmp_path)
    at = 0
    for kill in range(ROUNDS):
        resume = ["--resume", at] if kill else []
        child = Child(run, bits, STEPS, tmp_path, *resume, state=state)
        count = random.randrange(1, max(2, (STEPS - at) // 2))
        child.run_to(count)
        lines = child.kill(after=random.random() * 0.03)
        acknowledged = [(int(step), digest) for step, _, digest in lines]
        for step, digest in acknowledged:
            assert digest == reference.wholes[step]
        last = acknowledged[-1][0]

        document = recovered()
        digest = whole(document)
        following = [step for step in (last, last + 1) if reference.wholes[min(step, STEPS)] == digest]
        if not following:
            assert digest in reference.between[last + 1], f"after step {last}: neither it nor the next"
            document.history.close()
            break  # the script cannot go on from the middle of a step
        at = min(following[0], STEPS)
        check_history(document, reference.histories[at])

        saved = tmp_path / "saved.tif"
        if saved.exists():
            pixels = storage.open_document(saved).composite(storage.open_document(saved).rect)
            assert any(np.array_equal(pixels, each) for each in reference.saved)
    (found,) = recovery.pending()
    found.discard()
    assert recovery.pending() == []
    assert [each.name for each in (state / "recovery").iterdir()] == ["lock"]


@pytest.mark.parametrize("run", range(2))
def test_a_kill_while_the_journal_is_begun_anew(run, state, tmp_path):
    """It is after every few steps here; what it gives up is only the history."""
    random = Random(run)
    reference = Reference(run, 8, tmp_path)
    for _ in range(ROUNDS):
        child = Child(run, 8, STEPS, tmp_path, "--compact", 300_000, state=state)
        child.run_to(random.randrange(10, STEPS - 5))
        last = int(child.kill(after=random.random() * 0.03)[-1][0])
        if not recovery.pending():  # begun anew just after it was saved: its file has all that is left
            assert reference.unmodified & {last, last + 1}
            continue
        document = recovered()
        expected = reference.contents[last], reference.contents[min(last + 1, STEPS)]
        assert content(document) in (*expected, *reference.between[last + 1])
        document.history.close()
        (folder,) = (state / "recovery").glob("*/")
        assert newest_journal(folder)[0] > 1
        (found,) = recovery.pending()
        found.discard()


def test_without_waiting_only_the_last_moment_is_lost(state, tmp_path):
    reference = Reference(1000, 8, tmp_path)
    child = Child(1000, 8, STEPS, tmp_path, "--no-wait", state=state)
    child.run_to(20)
    lines = child.kill()
    killed = time.time()
    document = recovered()
    kept = STEPS - reference.wholes[::-1].index(whole(document))
    last = int(lines[-1][0])
    lost = [float(made) for step, made, _ in lines if int(step) > kept]
    lag = killed - min(lost, default=killed)
    print(f"{last - kept} of {last} steps lost, made in the last {lag * 1000:.0f} ms")
    assert lag < 2
    check_history(document, reference.histories[kept])


def check_full(lines: list[list[str]], reference: Reference) -> None:
    counts = Counter(line[0] for line in lines)
    assert counts["trouble"] == 1
    assert "unsaved" not in counts
    assert [int(line[0]) for line in lines if line[0] not in ("trouble", "unsaved")] == list(
        range(1, STEPS + 1)
    )
    document = recovered()
    kept = reference.wholes.index(whole(document))
    check_history(document, reference.histories[kept])


def test_a_full_disk_stops_the_journal_and_not_the_editing(small_disk, tmp_path, monkeypatch):
    monkeypatch.setenv("LACUNA_STATE_DIR", str(small_disk))
    reference = Reference(2000, 8, tmp_path)
    child = Child(2000, 8, STEPS, tmp_path, state=small_disk)
    child.run_to(10 * STEPS)
    check_full(child.kill(), reference)


def test_a_limit_on_the_size_of_files_is_like_a_full_disk(state, tmp_path):
    reference = Reference(2000, 8, tmp_path)
    child = Child(2000, 8, STEPS, tmp_path, "--limit", 4 << 20, state=state)
    child.run_to(10 * STEPS)
    check_full(child.kill(), reference)
