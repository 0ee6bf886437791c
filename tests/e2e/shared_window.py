"""The real window offscreen, which takes what later starts hand to it; started by test_one_window.py.

    python shared_window.py SECONDS [hang] [ARGUMENT ...]

Prints "started", then a line for each picture that is opened and "front" when it comes forward; "hang": its
event loop is held up once it has started. Closes after SECONDS.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from editor.ui import app
from editor.ui.window import Window


def tell(*words: object) -> None:
    print(*words, flush=True)


def main(seconds: float, arguments: list[str]) -> int:
    hangs = "hang" in arguments
    arguments = [each for each in arguments if each != "hang"]
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

    def told(self, message, level) -> None:
        say(self, message, level)
        tell(level, message)

    Window.show, Window.add_tab, Window.tell = shown, added, told
    return app.main(arguments)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
