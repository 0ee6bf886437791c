"""A whole sitting at the real window, and every installed engine without one; any connection ends it.

    python offline_window.py FOLDER

Started by test_no_connection.py in a process of its own. Prints what was done, a line each. Exits with 0 if
everything was as it should be and nothing in Python tried to reach another machine.
"""

import faulthandler
import socket
import sys
import traceback
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(sys.argv[1])
tried: list[str] = []


def forbid() -> None:
    """Make every way out of Python raise and be remembered: the calls, and below them the audit events."""

    def refuse(name):
        def call(*arguments, **_):
            tried.append(f"{name}{arguments[1:] if arguments else ()}")
            raise OSError(f"{name} is not allowed here")

        return call

    for name in ("connect", "connect_ex", "sendto", "bind"):
        setattr(socket.socket, name, refuse(name))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "create_connection"):
        setattr(socket, name, refuse(name))
    outward = (
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "urllib.Request",
    )
    sys.addaudithook(lambda name, found: tried.append(f"{name} {found}") if name in outward else None)


def engines() -> None:
    """Every engine that is installed does its work once, without a window."""
    from editor.document import masks
    from editor.document.storage import open_document
    from editor.jobs import lines, remove
    from engines import ladder, registry
    from engines.base import Progress
    from engines.select.requests import Look

    document = open_document(FOLDER / "picture.png")
    mask = np.zeros((document.height, document.width), np.uint8)
    mask[200:260, 280:360] = 255
    masks.replace(document.selection, mask).swap()
    picture = document.composite(document.rect)[..., :3] / np.float32(255)
    done = 0
    for entry in registry.ENGINES:
        if registry.lacks(entry):
            continue
        if entry.task == "remove":
            request = remove.request(document, engine=entry.id)
        elif entry.task == "lines":
            request = lines.request(document)
        elif entry.task == "select":
            request = Look(picture)
        else:
            continue
        ladder.run(
            lambda on_processor, entry=entry: registry.load(entry.id, "cpu"), request, Progress(), print
        )
        print(f"{entry.id} ran", flush=True)
        done += 1
    assert done >= 3, "no engine is installed"


def sitting(window) -> None:
    """Open, look around, select, find lines, remove, save, close."""
    from hands import wait_until

    from editor.document import select
    from editor.ui import dialogs

    wait_until(lambda: window.canvas is not None and window.canvas._painted, "the picture")
    print("opened", flush=True)
    wait_until(lambda: window._are_menus_filled, "the menus")
    document = window.document
    select.ellipse(document, (280, 200, 80, 60))
    window.removing.find_lines()
    wait_until(lambda: not window.removing._is_finding(document), "the lines")
    print(f"found {len(document.guides)} lines", flush=True)
    window.removing.start()
    wait_until(lambda: len(document.layers) == 2, "the fill")
    print("removed", flush=True)
    dialogs.ask_about_losses = lambda *_, **__: "save"
    dialogs.ask_where_to_save = lambda *_, **__: FOLDER / "saved.ora"
    window.saving.save_as()
    wait_until(
        lambda: not window.saving.saves.is_running(document) and not document.history.modified, "saving"
    )
    print("saved", flush=True)
    window.documents.open(FOLDER / "saved.ora")
    wait_until(lambda: window.tabs.count() >= 1 and window.canvas._painted, "the saved picture")
    print("opened again", flush=True)


def main() -> int:
    faulthandler.enable()
    sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
    forbid()
    engines()
    from hands import QTimer, app

    failed: list[str] = []

    def use(window) -> None:
        try:
            sitting(window)
        except BaseException:
            failed.append(traceback.format_exc())
        window.close()

    from editor.ui.window import Window

    show = Window.show

    def shown(self) -> None:
        show(self)
        QTimer.singleShot(0, lambda: use(self))

    Window.show = shown
    code = app.main([str(FOLDER / "picture.png")])
    print("closed", flush=True)
    for each in failed:
        print(each, file=sys.stderr)
    if tried:
        print("tried to reach another machine:", *tried, sep="\n", file=sys.stderr)
    return code or bool(failed) or bool(tried)


if __name__ == "__main__":
    sys.exit(main())
