"""Engines that come as packages of their own, through entry points of the group ``lacuna.engines``.

A plug-in is a program that runs with the rights of the user. It is imported only because the user installed
it, never while the window starts, and not at all once plug-ins are switched off. What is wrong with one is a
line where it is listed; the others and the engines of Lacuna do not notice.
"""

import dataclasses
import importlib
import math
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from engines import registry, store
from engines.base import Engine, EngineError, Patch, Progress, RemoveRequest, RemoveResult
from engines.registry import EngineSpec

GROUP = "lacuna.engines"
TASKS = ("remove",)

_ID = re.compile(r"[a-z][a-z0-9-]{1,39}")
_PLACE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_MOST_WORDS = 200  # characters of a text
_CHOICES = {"task": TASKS, "lines": ("", "strips", "own channel"), "seed": ("", "views", "chance")}


@dataclass(frozen=True)
class Plugin:
    """``name`` as the package calls it, ``source`` the package and its version; ``engine`` its id, or empty
    with ``error``, one line that says what is wrong with it."""

    name: str
    source: str
    engine: str
    error: str = ""


_found: tuple[Plugin, ...] = ()


def folder() -> Path:
    """Where packages may be put for a Lacuna that has no pip of its own: ``pip install --target FOLDER``."""
    return store.user_data() / "plugins"


def found() -> tuple[Plugin, ...]:
    """What :func:`look` came to."""
    return _found


def look() -> tuple[Plugin, ...]:
    """Import all plug-ins and add their engines to the registry. Raises nothing.

    It takes as long as they take, so it belongs off the GUI thread, and into one that nothing waits for.
    """
    global _found
    _reach(folder())
    plugins: list[Plugin] = []
    entries: list[EngineSpec] = []
    for point in sorted(_points(), key=lambda each: each.name):
        name, source = _line(point.name), _source(point)
        try:
            entry = _checked(point.load(), {each.id for each in (*registry.ENGINES, *entries)})
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # also one that wants to end the program
            plugins.append(Plugin(name, source, "", _reason(error)))
            continue
        entries.append(replace(entry, source=source))
        plugins.append(Plugin(name, source, entry.id))
    registry.add(entries)
    _found = tuple(plugins)
    return _found


def forget() -> None:
    """Use none; what was imported stays so until the program ends."""
    global _found
    registry.add(())
    _found = ()


def guarded(engine: Engine, entry: EngineSpec) -> Engine:
    """The engine of a plug-in, whose results are looked at before they are used."""
    return _Guarded(engine, entry)


class _Guarded:
    """Passes on what is a result, with nothing in it beyond what was asked for."""

    def __init__(self, engine: Engine, entry: EngineSpec) -> None:
        self._engine, self._entry = engine, entry

    @property
    def device(self) -> str:
        return str(getattr(self._engine, "device", "cpu"))

    def run(self, request: RemoveRequest, progress: Progress) -> RemoveResult:
        """Raises EngineError for a result that is none, and what the engine does."""
        result = self._engine.run(request, progress)
        patches = getattr(result, "patches", None)
        if not isinstance(result, RemoveResult) or len(patches) != len(request.regions):
            raise EngineError(f"{self._entry.title} gave no result. It is a plug-in of {self._entry.source}.")
        kept = tuple(map(self._patch, request.regions, patches))
        return RemoveResult(kept, self._entry.id, _line(result.weights_sha256), _line(self.device))

    def _patch(self, region: Any, patch: Patch) -> Patch:
        box, frame = patch.box, region.box
        left, top = box.x - frame.x, box.y - frame.y
        is_inside = left >= 0 and top >= 0 and left + box.width <= frame.width
        is_inside = is_inside and top + box.height <= frame.height and min(box.width, box.height) > 0
        rgb, alpha = np.asarray(patch.rgb, np.float32), np.asarray(patch.alpha, np.float32)
        shape = (box.height, box.width)
        if not is_inside or rgb.shape != (*shape, 3) or alpha.shape != shape:
            raise EngineError(
                f"{self._entry.title} gave a picture of another size than was asked for. "
                f"It is a plug-in of {self._entry.source}."
            )
        if not (np.isfinite(rgb).all() and np.isfinite(alpha).all()):
            raise EngineError(
                f"{self._entry.title} gave no picture, only numbers without a value. "
                f"It is a plug-in of {self._entry.source}."
            )
        target = region.target[top : top + box.height, left : left + box.width]
        return Patch(box, rgb.clip(0, 1), np.minimum(alpha.clip(0, 1), target))


def _reach(place: Path) -> None:
    """Let packages in ``place`` be found, after all others; not where somebody else may put some."""
    try:
        known = place.lstat()
    except OSError:
        return
    if not stat.S_ISDIR(known.st_mode):
        return
    if os.name == "posix" and (known.st_uid != os.geteuid() or known.st_mode & 0o022):
        return
    if str(place) not in sys.path:
        sys.path.append(str(place))
    importlib.invalidate_caches()


def _points() -> Iterable[metadata.EntryPoint]:
    try:
        return list(metadata.entry_points(group=GROUP))
    except Exception:  # the list of some package is damaged
        return ()


def _source(point: metadata.EntryPoint) -> str:
    try:
        return _line(f"{point.dist.name} {point.dist.version}")
    except Exception:
        return _line(point.value)


def _checked(entry: Any, taken: set[str]) -> EngineSpec:
    """Raises EngineError, one line."""
    if type(entry) is not EngineSpec:
        raise EngineError("it gives no engines.registry.EngineSpec")
    for field in dataclasses.fields(EngineSpec):
        value = getattr(entry, field.name)
        if not _RIGHT.get(field.type, _is_right)(value, field.default):
            raise EngineError(f"its {field.name} makes no sense")
    for name, choices in _CHOICES.items():
        if getattr(entry, name) not in choices:
            raise EngineError(f"its {name} is none of: {', '.join(filter(None, choices))}")
    if not _ID.fullmatch(entry.id):
        raise EngineError("its id has other characters than a-z, 0-9 and -")
    if entry.id in taken:
        raise EngineError(f"there is an engine “{entry.id}” already")
    if not _PLACE.fullmatch(entry.module) or not _PLACE.fullmatch(entry.factory):
        raise EngineError("its module or its factory is no name of Python")
    if entry.forms != ((),):
        raise EngineError("its forms are not ((),): a plug-in brings its own weights in its package")
    if entry.libraries and not all(isinstance(each, str) and each for each in entry.libraries):
        raise EngineError("its libraries make no sense")
    return entry


def _is_text(value: Any, _: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MOST_WORDS and value.isprintable()


def _is_right(value: Any, default: Any) -> bool:
    """Of the kind of the default."""
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and 0 <= value < 1e9
    if isinstance(default, str):
        return _is_text(value, default)
    return isinstance(value, tuple)


_RIGHT: dict[Any, Callable[[Any, Any], bool]] = {str: _is_text, "str": _is_text}


def _reason(error: BaseException) -> str:
    words = _line(str(error))
    if isinstance(error, EngineError):
        return f"This plug-in is not used: {words}."
    return f"This plug-in is not used: {type(error).__name__}{f', {words}' if words else ''}."


def _line(words: Any) -> str:
    """In one line that is not too long."""
    text = " ".join("".join(each if each.isprintable() else " " for each in str(words)).split())
    return text if len(text) <= _MOST_WORDS else f"{text[: _MOST_WORDS - 1]}…"
