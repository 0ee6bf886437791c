"""What the commands share: one line and an exit code for what goes wrong."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from editor.document.files.errors import FileError
from editor.document.files.raster import WRITE_SUFFIXES
from editor.document.storage import DOCUMENT_SUFFIXES
from engines.base import EngineError, OutOfMemory, WeightsMissing, WeightsWrong

DONE, BAD_INPUT, BAD_WEIGHTS, OUT_OF_MEMORY, INTERRUPTED = 0, 2, 3, 4, 130


class UsageError(Exception):
    """The command line does not make sense; one line that says what to do."""


class Parser(argparse.ArgumentParser):
    """Raises ``UsageError`` where argparse would print its usage and leave."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. See: {self.prog} --help")


def guarded(run: Callable[[], int], interrupted: str, *more: type[Exception]) -> int:
    """``run()``, with what is expected to go wrong, ``more`` included, as one line and an exit code."""
    try:
        return run()
    except KeyboardInterrupt:
        complain(interrupted)
        return INTERRUPTED
    except (UsageError, FileError, EngineError, MemoryError, OSError, *more) as error:
        complain(line(error))
        return exit_code(error)


def writable(path: Path) -> Path:
    """``path`` if its suffix names a format to save in; told before the work, not after."""
    suffixes = DOCUMENT_SUFFIXES + WRITE_SUFFIXES
    if path.suffix.lower() not in suffixes:
        raise UsageError(f"{path.name} has no known suffix. Use one of: {', '.join(suffixes)}")
    return path


def line(error: Exception) -> str:
    """The error in one line."""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this picture. Close other programs or use a smaller one."
    if isinstance(error, OSError):
        return f"{error.filename or 'The system'}: {error.strerror or error}"
    return str(error)


def exit_code(error: Exception) -> int:
    """The exit code that stands for the error."""
    if isinstance(error, WeightsMissing | WeightsWrong):
        return BAD_WEIGHTS
    if isinstance(error, OutOfMemory | MemoryError) or isinstance(error.__cause__, MemoryError):
        return OUT_OF_MEMORY
    return BAD_INPUT


def complain(words: str) -> None:
    """A line on stderr, in the progress bar's place if there is one."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    print(f"lacuna: {words}", file=sys.stderr, flush=True)


def silence_libraries() -> None:
    """Keep stderr for our own lines: what libtiff and libpng print there on damaged files goes nowhere.

    They write to file descriptor 2; ``sys.stderr`` gets a copy of it before that is pointed at nothing.
    """
    sys.stderr.flush()
    ours = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    sys.stderr = ours
