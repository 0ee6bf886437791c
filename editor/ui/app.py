"""Starts the editor. Files named on the command line are being read while Qt is still loading."""

import argparse
import gc
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from editor.document.files.raster import RAW_SUFFIXES
from editor.ui.opening import open_picture
from engines.installed import command


def main(arguments: Sequence[str]) -> int:
    """Open the window, with the given files if any, and run until it is closed."""
    parser = argparse.ArgumentParser(
        prog=command(),
        description="Lacuna: retouch photos on your own machine.",
        epilog=f"Without a window: {command()} remove --help",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures to open")
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    options = parser.parse_args(arguments)
    if options.version:
        print(f"Lacuna {installed_version()}")
        return 0

    # Starting makes objects by the ten thousand and drops none; the collector would look at them all, again
    # and again. The picture is decoded in another thread meanwhile, which would wait 5 ms for each turn. The
    # window takes both back once the first picture is painted.
    gc.disable()
    sys.setswitchinterval(0.0002)
    # First, and alone: while it loads it goes through sys.modules and aborts the process if another thread
    # imports anything meanwhile.
    import PySide6  # noqa: F401

    files = ThreadPoolExecutor(1, thread_name_prefix="files")
    # Camera RAW waits for the window, which asks how it is to be developed.
    raw = [path for path in options.files if path.suffix.lower() in RAW_SUFFIXES]
    opening = [(path, files.submit(open_picture, path)) for path in options.files if path not in raw]

    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from editor import settings
    from editor.ui import language, theme
    from editor.ui.window import Window
    from engines import store

    app = QApplication(["lacuna"])
    # Every place that the pointer was at belongs to a stroke; Qt would pass on only the last of those that
    # came while something was being painted. The X11 platform switches that on when it is made.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app.setApplicationName("Lacuna")
    app.setDesktopFileName("lacuna")
    kept = settings.load()
    store.keep_in(kept.models_folder)
    language.install(app, kept.language)
    theme.apply(app, kept.theme)
    window = Window(files)
    for path, future in opening:
        window.documents.expect(path, future)
    window.show()
    for path in raw:
        window.documents.open(path)
    # Ctrl+C in the terminal closes the window as its own button would; Python sees the signal only when
    # the event loop comes round to it.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    heartbeat = QTimer(window)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(500)
    return app.exec()


def installed_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow to import, seldom needed

    try:
        return version("lacuna")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "(development)"
