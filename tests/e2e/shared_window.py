"""The real window offscreen, which takes what later starts hand to it; started by test_one_window.py.

    python shared_window.py SECONDS [hang|work] [ARGUMENT ...]

Prints "started", then a line for each picture that is opened and "front" when it comes forward; "hang": its
event loop is held up once it has started; "work": something is removed from the first picture that is opened,
and "removed" is printed. Closes after SECONDS.
"""

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


def main(seconds: float, arguments: list[str]) -> int:
    hangs, works = "hang" in arguments, "work" in arguments
    arguments = [each for each in arguments if each not in ("hang", "work")]
    show, add, say = Window.show, Window.add_tab, Window.tell

    def shown(self) -> None:
        from PySide6.QtCore import QTimer

        from editor.ui import receiving

        come = receiving.come_forward
        receiving.come_forward = lambda *found: (come(*found), tell("front", self.isActiveWindow()))
        self.started.connect(lambda: tell("started"))
        if hangs:
            self.started.connect(lambda: QTimer.singleShot(100, lambda: time.sleep(seconds)))
        QTimer.singleShot(int(seconds * 1000), self.close)
        show(self)

    def added(self, opened) -> None:
        add(self, opened)
        tell("opened", opened.document.path.name)
        if works:
            from PySide6.QtCore import QTimer

            QTimer.singleShot(300, lambda: remove(self))

    def told(self, message, level) -> None:
        say(self, message, level)
        tell(level, message)

    Window.show, Window.add_tab, Window.tell = shown, added, told
    return app.main(arguments)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
