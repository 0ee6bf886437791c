"""Starts the editor. Files named on the command line are being read while Qt is still loading."""

import argparse
import gc
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from editor import black_box
from editor.document.files.raster import RAW_SUFFIXES
from editor.handing_over import Spool
from editor.ui.opening import open_picture

if TYPE_CHECKING:
    from editor.ui.window import Window


def main(arguments: Sequence[str]) -> int:
    """Open the window, with the given files if any, and run until it is closed."""
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Lacuna: retouch photos on your own machine.",
        epilog="Without a window: python main.py remove --help",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures to open")
    parser.add_argument("--new-window", action="store_true", help="open a window of its own")
    parser.add_argument("--no-plugins", action="store_true", help="load no engine of another package")
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    options = parser.parse_args(arguments)
    if options.version:
        print(f"Lacuna {installed_version()}")
        return 0
    spool = _spool()
    if spool is not None and _is_handed_over(spool, options):
        return 0
    black_box.box.open()

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

    from PySide6.QtCore import Qt, QTimer, qInstallMessageHandler

    from editor import settings
    from editor.ui import language, theme
    from editor.ui.receiving import Application, Receiver
    from editor.ui.window import Window
    from engines import store

    app = Application(["lacuna"])
    # Every place that the pointer was at belongs to a stroke; Qt would pass on only the last of those that
    # came while something was being painted. The X11 platform switches that on when it is made.
    Application.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app.setApplicationName("Lacuna")
    app.setDesktopFileName("lacuna")
    kept = settings.load()
    store.keep_in(kept.models_folder)
    language.install(app, kept.language)
    theme.apply(app, kept.theme)
    window = Window(files)
    for path, future in opening:
        window.documents.expect(path, future)
    window.started.connect(lambda: _offer_reports(window))
    if not options.no_plugins:
        window.started.connect(lambda: window.plugins.begin())
    if spool is not None and spool.is_first:
        window.started.connect(Receiver(spool, window).listen)
    window.show()
    for path in raw:
        window.documents.open(path)
    app.show_in(window)
    # Ctrl+C in the terminal closes the window as its own button would; Python sees the signal only when
    # the event loop comes round to it.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    heartbeat = QTimer(window)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(500)
    status = app.exec()
    if spool is not None:
        spool.release()  # what comes now opens a window of its own
    qInstallMessageHandler(None)  # Python is not there any more for what Qt says while the process ends
    black_box.box.close()
    return status


def _offer_reports(window: "Window") -> None:
    """After the first paint, which waits for none of it."""
    from editor.ui.report_offer import ReportOffer, hear_qt

    hear_qt()
    ReportOffer(window).begin()


def _spool() -> Spool | None:
    """None where there can be no private folder: then each start has a window of its own."""
    try:
        return Spool()
    except OSError:
        return None


def _is_handed_over(spool: Spool, options: argparse.Namespace) -> bool:
    """Whether a window that is open takes the files."""
    try:
        return not spool.claim() and not options.new_window and spool.hand_over(options.files)
    except OSError:  # no locks there, or no room: the same
        return False


def installed_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow to import, seldom needed

    try:
        return version("lacuna")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "(development)"
