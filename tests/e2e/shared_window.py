"""The real window offscreen, which takes what later starts hand to it; started by test_one_window.py.

    python shared_window.py SECONDS [hang|work|crash|look] [ARGUMENT ...]

Prints "started", then a line for each picture that is opened and "front" when it comes forward; "hang": its
event loop is held up once it has started; "work": something is removed from the first picture that is opened,
and "removed" is printed; "crash": once a step is in the journal native code crashes; "look": what is offered
at the start is printed. Closes after SECONDS.
"""

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from editor.ui import app
from editor.ui.window import Window


def tell(*words: object) -> None:
    print(*words, flush=True)


def remove(window: Window) -> None:
    from editor.document import select

    document = window.document
    select.ellipse(document, (100, 100, 60, 40))

    def changed(_) -> None:
        if len(document.layers) == 2:
            document.history.mark_saved(document.history.state)  # nothing is asked in the end
            tell("removed")

    document.observers.append(changed)
    window.removing.start()


def crash(window: Window) -> None:
    """As a fault in a library would: in the middle of everything, with no word of Python's."""
    from PySide6.QtCore import QTimer

    from editor.document import select

    if window.document not in window.recovery._journals:  # it has not begun yet
        QTimer.singleShot(100, lambda: crash(window))
        return
    select.ellipse(window.document, (100, 100, 60, 40))
    assert window.recovery._journals[window.document].wait(10)
    os.kill(os.getpid(), signal.SIGSEGV)


def look(window: Window) -> None:
    from PySide6.QtWidgets import QPushButton

    from editor.ui.toast import Toast

    bar, (toast, *_) = window.recovery_bar, [*window.findChildren(Toast), None]
    where = toast if bar is None else bar
    tell(type(where).__name__)
    for button in where.findChildren(QPushButton):
        if button.isVisible():
            tell(button.text())
    if folder := os.environ.get("LACUNA_E2E_SHOTS"):
        window.grab().save(str(Path(folder) / f"after a crash {type(where).__name__}.png"))


def main(seconds: float, arguments: list[str]) -> int:
    mode = arguments.pop(0) if arguments and arguments[0] in ("hang", "work", "crash", "look") else ""
    show, add, say = Window.show, Window.add_tab, Window.tell

    def shown(self) -> None:
        from PySide6.QtCore import QTimer

        from editor.ui import receiving

        come = receiving.come_forward
        receiving.come_forward = lambda *found: (come(*found), tell("front", self.isActiveWindow()))
        self.started.connect(lambda: tell("started"))
        if mode == "look":
            self.started.connect(lambda: QTimer.singleShot(1500, lambda: look(self)))
        if mode == "hang":
            self.started.connect(lambda: QTimer.singleShot(100, lambda: time.sleep(seconds)))
        QTimer.singleShot(int(seconds * 1000), self.close)
        show(self)

    def added(self, opened) -> None:
        add(self, opened)
        tell("opened", opened.document.path.name)
        if mode in ("work", "crash"):
            from PySide6.QtCore import QTimer

            QTimer.singleShot(300, lambda: (remove if mode == "work" else crash)(self))

    def told(self, message, level) -> None:
        say(self, message, level)
        tell(level, message)

    Window.show, Window.add_tab, Window.tell = shown, added, told
    return app.main(arguments)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
