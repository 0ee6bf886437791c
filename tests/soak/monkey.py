"""A monkey at the real window: does anything that a user can, for as long as it is told, from one seed.

    python tests/soak/monkey.py --minutes 60 --seed 1

Every action is a line of the log. Each draws from a generator of its own, seeded with the run's seed and the
action's number, so that ``--from`` and ``--to`` leave out others without changing it. Every minute a line
that begins with "minute" tells of memory, actions and the longest gap. At the end there is a line for each
rule that has to hold (see watch.py); the exit status is 1 where one did not.

Memory is judged after a warm-up: what is loaded with its first use (modules, OpenCV, panels, each tool's
options, the engine) and caches that have bounds (shapes of brushes, 24 MiB) fill up within the first thousand
actions, and are no leak.
"""

import argparse
import faulthandler
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.soak.watch import Broken

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
PIXELS = 2_000_000  # a picture that has grown beyond is closed
TABS = 4
SUFFIXES = (".ora", ".png", ".jpg", ".tif", ".webp", ".avif", ".psd", ".psb", ".jxl")
CHECKED = 40  # actions from one look at the front document to the next
TIDIED = 200  # ... from one closing of all tabs, and look at memory, threads and files, to the next
CALLED_OFF = 30  # seconds after which what an action has begun is called off, as a user might
PATIENCE = 120  # seconds for it to end then
GROWTH = 1.15  # of resident memory since the warm-up
WARM_UP = 0.15  # of the run
WARM_ACTIONS = 1000  # that it has at least; a run that ends before the next look is not judged by its memory
SPARE_FILES = 8  # that libraries may open once, late


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1 << 60, help="actions, if that is reached first")
    parser.add_argument("--from", dest="first", type=int, default=0, help="leave out the actions before")
    parser.add_argument("--to", dest="last", type=int, default=1 << 60, help="leave out the actions after")
    parser.add_argument("--log", type=Path, help="a file for the log, else it is printed")
    parser.add_argument("--gap", type=float, default=2000, help="ms that the window may stand still")
    parser.add_argument("--language", help="en or zh_CN, else as the seed is even or odd")
    parser.add_argument("--on-screen", action="store_true", help="on the X server of DISPLAY")
    options = parser.parse_args(arguments)
    if not options.on_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = Path(tempfile.mkdtemp(prefix="lacuna-monkey-"))
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        os.environ[f"LACUNA_{name}_DIR"] = str(folder / name.lower())
    (folder / "tmp").mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    log = options.log.open("w", buffering=1) if options.log else sys.stdout
    faulthandler.enable(log)  # a crash says where
    try:
        return Monkey(options, folder, log).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Look:
    """The memory at a moment when no picture is open, MiB: as it was, and with what is free given back."""

    seconds: float
    actions: int
    held: float
    trimmed: float


class Monkey:
    def __init__(self, options: argparse.Namespace, folder: Path, log) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        import engines  # noqa: F401 - before any runtime: it keeps them from reporting their use
        from editor.ui import file_dialogs, language, theme
        from editor.ui.window import Window
        from tests.soak import actions, errands, hands, watch

        self.options, self.folder, self.log, self.number = options, folder, log, 0
        self.watching, self.table = watch, actions.ACTIONS | errands.ERRANDS
        self.app = QApplication(["lacuna"])
        language.install(self.app, options.language or list(language.LANGUAGES)[options.seed % 2])
        theme.apply(self.app, "dark")
        self.watch = watch.Watch()
        self.window = Window(ThreadPoolExecutor(1, thread_name_prefix="files"))
        self.window.settings.tour_seen = True
        self._saved = folder / "saved"
        self._saved.mkdir()
        self._answer = QTimer(interval=20)
        self._answer.timeout.connect(self._answer_dialogs)
        self.hands = hands.Hands(
            self.window,
            self._pictures(),
            self._saved,
            say=self.say,
            settle=self.settle,
            until=lambda condition, what: watch.wait(condition, what, PATIENCE, self.turn, "deed"),
            answering=self._answer,
        )
        file_dialogs.ask_for_name = self._name
        file_dialogs.ask_for_files = lambda *_, **__: [self.hands.random.choice(self.hands.pictures)]
        file_dialogs.ask_for_folder = lambda *_: None
        self.curve: list[Look] = []
        self._base: tuple[Counter, Counter] | None = None  # files and threads after the warm-up
        self._minute = 0
        self._answer.start()

    def _pictures(self) -> list[Path]:
        import numpy as np
        from PIL import Image

        made, noise = [], np.random.default_rng(self.options.seed)
        for suffix, size in ((".png", (640, 480)), (".jpg", (500, 700)), (".tif", (300, 200))):
            small = noise.integers(0, 256, (size[1] // 20, size[0] // 20, 3), np.uint8)
            made.append(self.folder / f"picture{suffix}")
            Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(made[-1])
        rows, columns = np.mgrid[:300, :400]
        stripes = np.where((rows + 2 * columns) % 90 < 40, 60, 190)  # lines that can be found
        noisy = stripes[..., None] + noise.integers(-8, 8, (300, 400, 3))
        made.append(self.folder / "stripes.png")
        Image.fromarray(noisy.astype(np.uint8)).save(made[-1])
        return made

    def say(self, words: str) -> None:
        if self.watch.doing == "command":
            self.watch.doing = f"command {words}"
        print(f"  {self.number} {words}", file=self.log, flush=True)

    # -- the run --------------------------------------------------------------------------------------

    def run(self) -> int:
        self.watch.skip()  # what was loaded before there was a window to stand still
        self.window.show()
        self.started = time.monotonic()
        try:
            self.settle()
            self.tidy()
            while not self._is_over():
                self.act()
            self.tidy()
            self.end()
        except Exception as error:
            broken = error if isinstance(error, self.watching.Broken) else self.watching.raised(error)
            print(f"BROKEN after {self.number} ({self.watch.doing}): {broken}", file=self.log, flush=True)
            self.report(broken)
            self.log.flush()
            os._exit(1)  # threads of what hangs would keep the process
        self.report(None)
        return 0

    def _is_over(self) -> bool:
        past = time.monotonic() - self.started > self.options.minutes * 60
        return past or self.number >= min(self.options.count, self.options.last)

    def act(self) -> None:
        self.number += 1
        random = Random(f"{self.options.seed}:{self.number}")
        self.hands.random = random
        has_picture = self.window.document is not None
        can = {name: row for name, row in self.table.items() if has_picture or not row[2]}
        if self.window.tabs.count() >= TABS:
            del can["open"]
        name = random.choices(list(can), [row[1] for row in can.values()])[0]
        if not has_picture and random.random() < 0.5:
            name = "open"
        if self.number < self.options.first:
            return
        self.watch.doing = name
        print(f"{self.number} {name}", file=self.log, flush=True)
        self.window.activateWindow()  # or shortcuts would go nowhere, once a dialog was closed
        self.say(can[name][0](self.hands))
        self.settle()
        self._keep_small()
        self.watch.check()
        if self.number % CHECKED == 0:
            self.check()
        if self.number % TIDIED == 0:
            self.tidy()
        if time.monotonic() - self.started >= (self._minute + 1) * 60:
            self.tell_minute()

    def tell_minute(self) -> None:
        """A line for whoever looks at a run that goes on."""
        self._minute = int((time.monotonic() - self.started) / 60)
        held, trimmed = self.watching.memory()
        self.watch.skip()
        longest = self.watch.longest()
        print(
            f"minute {self._minute}: {held:.0f} MiB ({trimmed:.0f} trimmed), {self.number} actions, "
            f"{self.window.tabs.count()} pictures open, longest gap {longest[1]} ms ({longest[0]})",
            file=self.log,
            flush=True,
        )

    def settle(self) -> None:
        """Wait until the window has done what it was told."""
        window = self.window
        self.turn()
        end = time.monotonic() + CALLED_OFF
        while self.is_busy() and time.monotonic() < end:
            self.turn()
        if self.is_busy():  # patches for a picture that is nearly all empty, say
            self.say("takes long, called off")
            window.editing.cancel()
            window.removing.cancel()
        self.watching.wait(lambda: not self.is_busy(), "the window to be done", PATIENCE, self.turn)
        for widget in self.app.topLevelWidgets():
            if widget is not window and widget.isVisible() and widget.isWindow() and not widget.isModal():
                widget.close()
        self.turn()

    def is_busy(self) -> bool:
        window = self.window
        documents = window.tabs.documents()
        return any(
            document.busy is not None
            or window.removing._is_finding(document)
            or window.saving.saves.is_running(document)
            or window.removing.is_running(document)
            for document in documents
        )

    def turn(self) -> None:
        from PySide6.QtTest import QTest

        QTest.qWait(15)

    def _keep_small(self) -> None:
        document = self.window.document
        if document is not None and document.rect.width * document.rect.height > PIXELS:
            self.say("too large, closed")
            document.history.mark_saved(document.history.state)
            self.window.documents.close_current()
            self.settle()

    # -- what is asked --------------------------------------------------------------------------------

    def _name(self, parent, title: str, start: Path, filters: str, chosen: str = "", suffix: str = ""):
        random = self.hands.random
        if self.hands.name is not None:
            return self.hands.name, chosen
        if random.random() < 0.2:
            return None, chosen
        name = f"saved{random.randrange(4)}{suffix or random.choice(SUFFIXES)}"
        self.say(f"saves as {name}")
        return self._saved / name, chosen

    def _answer_dialogs(self) -> None:
        """Press a button of the dialog that waits for one, after some of its numbers were changed."""
        from PySide6.QtWidgets import QAbstractButton, QDialog, QMenu, QProgressDialog, QSpinBox

        popup = self.app.activePopupWidget()
        if isinstance(popup, QMenu):
            popup.close()
            return
        dialog = self.app.activeModalWidget()
        if not isinstance(dialog, QDialog) or isinstance(dialog, QProgressDialog):
            return
        random = self.hands.random
        for box in dialog.findChildren(QSpinBox):
            if box.isVisible() and box.isEnabled() and random.random() < 0.5:
                low, high = box.value() // 2, box.value() * 3 // 2 + 2
                box.setValue(random.randint(max(low, box.minimum()), max(min(high, box.maximum()), low)))
        buttons = [
            each for each in dialog.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()
        ]
        if buttons and random.random() < 0.8:
            button = random.choice(buttons)
            self.say(f"answers {dialog.windowTitle()!r} with {button.text()!r}")
            button.click()
        else:
            self.say(f"leaves {dialog.windowTitle()!r}")
            dialog.reject()

    # -- what has to hold -----------------------------------------------------------------------------

    def check(self) -> None:
        self.watch.doing = "check"
        window = self.window
        document = window.document
        if document is not None and not window.removing.is_busy(document):
            window.settle(document)
            self.settle()
            self.watching.check_document(document, self.folder)
        self.watch.skip()
        self.turn()
        self.watch.check()

    def tidy(self) -> None:
        """Close all that is open, and look at what is left of it."""
        self.watch.doing = "tidy"
        while self.window.tabs.count():
            self._close_front()
        self.watching.wait(
            lambda: not self.watching.documents(), "closed pictures to go", 20, self.turn, "closed"
        )
        held, trimmed = self.watching.memory()
        self.watch.skip()
        seconds = time.monotonic() - self.started
        files, threads = self.watching.open_files(), self.watching.threads()
        self.curve.append(Look(seconds, self.number, held, trimmed))
        print(
            f"  memory {held:.0f} MiB ({trimmed:.0f} trimmed), {sum(files.values())} files, "
            f"{sum(threads.values())} threads, action {self.number}, {seconds:.0f} s",
            file=self.log,
        )
        if self._warm() is not None:
            before = self._base = self._base or (files, threads)
            for what, now, then, spare in (
                ("files", files, before[0], SPARE_FILES),
                ("threads", threads, before[1], 2),
            ):
                few = sum(now.values()) <= sum(then.values()) + spare
                self.watching.hold("rest", few, f"{what} left: {now - then}")
        left = sorted(each.name for each in (self.folder / "tmp").iterdir())
        self.watching.hold("rest", not left, f"temporary files left with nothing open: {left}")
        self.watch.check()

    def _close_front(self) -> None:
        window = self.window
        document = window.document
        window.removing.forget(document)
        window.settle(document)
        self.settle()
        document.history.mark_saved(document.history.state)
        window.documents.close_current()
        self.settle()

    def _warm(self) -> Look | None:
        """The first look after the warm-up."""
        limit = self.options.minutes * 60 * WARM_UP
        return next(
            (look for look in self.curve if look.seconds >= limit and look.actions >= WARM_ACTIONS), None
        )

    def end(self) -> None:
        self.watch.doing = "end"
        self._answer.stop()
        self.watching.hold("close", self.window.close(), "the window does not close")
        # Without a screen Qt frees the clipboard when the process exits, after Python has gone: it crashes.
        self.app.clipboard().clear()
        self.watching.wait(lambda: not self.watching.threads(), "threads to end", 20, self.turn, "close")
        self.watch.check()
        self.watch.stop()
        worst, gap = self.watch.longest()
        words = f"the window stood still for {gap} ms at: {worst}"
        self.watching.hold("gap", gap <= self.options.gap, words)
        warm, last = self._warm(), self.curve[-1]
        if warm is not None and last is not warm:
            words = f"{last.held:.0f} MiB resident, after the warm-up it was {warm.held:.0f}"
            self.watching.hold("memory", last.held <= warm.held * GROWTH, words)

    def report(self, broken: "Broken | None") -> None:
        warm, last = self._warm(), self.curve[-1] if self.curve else None
        seconds = time.monotonic() - self.started
        lines = [
            f"{self.number} actions in {seconds:.0f} s, seed {self.options.seed}",
            "gaps (ms, net): " + ", ".join(f"{name} {gap}" for name, gap in self.watch.gaps.most_common(8)),
            "resident MiB: " + " ".join(f"{look.held:.0f}" for look in self.curve),
        ]
        if warm is not None and last is not warm:
            lines.append(
                f"last / after warm-up ({warm.seconds:.0f} s, {warm.actions} actions): "
                f"{last.held / warm.held:.3f}, trimmed {last.trimmed / warm.trimmed:.3f}"
            )
        lines += self.watching.verdict(broken)
        print("\n".join(lines), file=self.log, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
