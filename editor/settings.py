"""What Lacuna remembers from one start to the next, as a small JSON file.

``_RULES`` says of each field of :class:`Settings` what its value may be; that table is all there is to
reading a file.
"""

import json
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

MAX_RECENT = 12
MAX_PALETTE = 30
MAX_PROMPTS = 50

UNITS = ("px", "mm", "cm", "in")
DEVICES = ("auto", "cpu", "cuda", "mps")  # as engines.device has them
THEMES = ("system", "dark", "light")  # as ui.theme has them
LANGUAGES = ("", "en", "zh_CN")  # "" is the system's
OVERLAY_OPACITY = (0.1, 0.9)
HISTORY_MEMORY = (128, 65536)  # MiB, for each open picture
HISTORY_DISK = (0, 1 << 20)  # MiB, for each open picture
VARIATIONS = (2, 9)
ENGINE_MEMORY = (0, 1 << 20)  # MiB
CACHE_MEMORY = (64, 16384)  # MiB, of what is drawn of each open picture

Rule = Callable[[Any], Any]  # the value to take; raises ValueError for one that makes no sense


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _colour(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-f]{6}", value):
        raise ValueError
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _one_of(*values: str) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, str) or value not in values:
            raise ValueError
        return value

    return rule


def _number(low: float, high: float, kind: type = float) -> Rule:
    def rule(value: Any) -> float:
        # True is an int to Python, and JSON as Python reads it knows NaN and infinity.
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError
        if not low <= value <= high or kind(value) != value:
            raise ValueError
        return kind(value)

    return rule


def _texts(most: int) -> Rule:
    """A list of texts; what else is in it is left out, and what is beyond ``most``."""

    def rule(value: Any) -> list[str]:
        if not isinstance(value, list):
            raise ValueError
        return [item for item in value if isinstance(item, str) and item][:most]

    return rule


def _by_name(rule: Rule) -> Rule:
    """An object whose values keep to ``rule``; those that do not are left out."""

    def kept(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError
        out = {}
        for name, each in value.items():
            try:
                out[name] = rule(each)
            except ValueError:
                continue
        return out

    return kept


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _all_texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError
    return value


@dataclass
class Settings:
    """``unknown`` holds keys of a newer version, which are written back as they were read."""

    # Chosen in the Preferences.
    units: str = "px"  # of sizes in dialogs and rulers
    language: str = ""
    theme: str = "dark"
    overlay_colour: str = "#ff4a6e"  # of what is selected, over the picture
    overlay_opacity: float = 0.55
    history_memory: int = 1024  # MiB
    history_disk: int = 8192  # MiB
    cache_memory: int = 256  # MiB
    device: str = "auto"  # that engines run on
    devices: dict[str, str] = field(default_factory=dict)  # the same, of single engines by their id
    engine_memory: int = 0  # MiB, of engines that are kept ready; 0: as much as the machine has to spare
    models_folder: str = ""  # of models that were installed; empty: the usual place
    proxy: str = ""  # address, for what is fetched; empty: the system's
    plugins: bool = True  # use engines of packages that the user has installed
    recovery: bool = True  # keep what is open, to be had again after a crash
    display_profile: str = ""  # path of the monitor's ICC profile; empty: what the system says
    shortcuts: dict[str, list[str]] = field(default_factory=dict)  # the user's own, by command

    # Kept as they were left.
    recent: list[str] = field(default_factory=list)  # newest first
    last_folder: str = ""
    window_geometry: str = ""  # base64 of Qt's saveGeometry()
    panels: dict[str, Any] = field(default_factory=dict)  # which are shown, and where
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)  # their options, by tool and attribute
    export: dict[str, Any] = field(default_factory=dict)  # the choices of the last export
    new_picture: dict[str, Any] = field(default_factory=dict)  # the choices of the last new picture
    palette: list[str] = field(default_factory=list)  # what was run from it, the last first
    prompts: list[str] = field(default_factory=list)  # that pictures were filled with, newest first
    filling: dict[str, Any] = field(default_factory=dict)  # the choices of the last fill with words
    # The same of the last picture enlarged with detail.
    enlarging: dict[str, Any] = field(default_factory=dict)
    styles: dict[str, dict[str, Any]] = field(default_factory=dict)  # the user's own words, by name
    variations: int = 4  # results that are made to choose from
    run_times: dict[str, dict[str, Any]] = field(default_factory=dict)  # what engines took, by engine
    tour_seen: bool = False

    unknown: dict[str, Any] = field(default_factory=dict)

    def add_prompt(self, prompt: str) -> None:
        """Put the words of a fill at the top of those that were used."""
        if prompt:
            self.prompts = [prompt, *(each for each in self.prompts if each != prompt)][:MAX_PROMPTS]

    def add_recent(self, path: str | os.PathLike) -> None:
        """Put a picture at the top of the recent ones."""
        name = os.fspath(Path(path).absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:MAX_RECENT]


_RULES: dict[str, Rule] = {
    "units": _one_of(*UNITS),
    "language": _one_of(*LANGUAGES),
    "theme": _one_of(*THEMES),
    "overlay_colour": _colour,
    "overlay_opacity": _number(*OVERLAY_OPACITY),
    "history_memory": _number(*HISTORY_MEMORY, int),
    "history_disk": _number(*HISTORY_DISK, int),
    "cache_memory": _number(*CACHE_MEMORY, int),
    "device": _one_of(*DEVICES),
    "devices": _by_name(_one_of(*DEVICES)),
    "engine_memory": _number(*ENGINE_MEMORY, int),
    "models_folder": _text,
    "proxy": _text,
    "plugins": _switch,
    "recovery": _switch,
    "display_profile": _text,
    "shortcuts": _by_name(_all_texts),
    "recent": _texts(MAX_RECENT),
    "last_folder": _text,
    "window_geometry": _text,
    "panels": _object,
    "tools": _by_name(_object),
    "export": _object,
    "new_picture": _object,
    "palette": _texts(MAX_PALETTE),
    "prompts": _texts(MAX_PROMPTS),
    "filling": _object,
    "enlarging": _object,
    "styles": _by_name(_object),
    "variations": _number(*VARIATIONS, int),
    "run_times": _by_name(_object),
    "tour_seen": _switch,
}


def config_dir() -> Path:
    """The folder of the settings; ``LACUNA_CONFIG_DIR`` puts it elsewhere."""
    override = os.environ.get("LACUNA_CONFIG_DIR")
    return Path(override) if override else Path(platformdirs.user_config_dir("lacuna", appauthor=False))


def load(folder: Path | None = None) -> Settings:
    """The saved settings, or the defaults; never raises.

    A file that makes no sense is set aside as ``settings.json.broken-N``, so that nothing is lost. A single
    value that makes no sense is replaced by its default.
    """
    path = (folder or config_dir()) / "settings.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError):
        _set_aside(path)
        return Settings()
    return _from_values(values)


def save(settings: Settings, folder: Path | None = None) -> bool:
    """Write the settings; the old file stays whole until the new one is. False if that was not possible."""
    path = (folder or config_dir()) / "settings.json"
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    values = settings.unknown | {name: getattr(settings, name) for name in _RULES}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Which pictures there were, and what was asked for in words, is nobody else's business.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(values, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, TypeError, ValueError):  # the disk, or a value that no file can hold
        temporary.unlink(missing_ok=True)
        return False
    return True


def _from_values(values: dict[str, Any]) -> Settings:
    settings = Settings(unknown={name: value for name, value in values.items() if name not in _RULES})
    for name, rule in _RULES.items():
        if name in values:
            try:
                setattr(settings, name, rule(values[name]))
            except ValueError:
                continue  # the default stays
    return settings


def _set_aside(path: Path) -> None:
    for number in range(1, 1000):
        other = path.with_name(f"{path.name}.broken-{number}")
        if not other.exists():
            try:
                path.rename(other)
            except OSError:
                pass  # it cannot be moved either: the defaults serve, and saving will tell
            return
