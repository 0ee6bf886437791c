"""What Lacuna remembers from one start to the next, as a small JSON file."""

import json
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

MAX_RECENT = 12


@dataclass
class Settings:
    """``unknown`` holds keys of a newer version, which are written back as they were read."""

    recent: list[str] = field(default_factory=list)  # newest first
    window_geometry: str = ""  # base64 of Qt's saveGeometry()
    brush_size: float = 80.0  # diameter in pixels of the picture
    brush_hardness: float = 1.0  # 0..1
    last_folder: str = ""
    recovery: bool = True  # keep what is open, to be had again after a crash
    display_profile: str = ""  # path of the monitor's ICC profile; empty: what the system says
    unknown: dict[str, Any] = field(default_factory=dict)

    def add_recent(self, path: str | os.PathLike) -> None:
        """Put a picture at the top of the recent ones."""
        name = os.fspath(Path(path).absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:MAX_RECENT]


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
    values = dict(settings.unknown)
    for name in _KNOWN:
        values[name] = getattr(settings, name)
    values["recent"] = settings.recent[:MAX_RECENT]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(values, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, UnicodeError):
        temporary.unlink(missing_ok=True)
        return False
    return True


_KNOWN = tuple(entry.name for entry in fields(Settings) if entry.name != "unknown")


def _from_values(values: dict[str, Any]) -> Settings:
    settings = Settings(unknown={name: value for name, value in values.items() if name not in _KNOWN})
    for name in _KNOWN:
        value = values.get(name)
        if name == "recent":
            if isinstance(value, list):
                settings.recent = [item for item in value if isinstance(item, str) and item][:MAX_RECENT]
        elif name.startswith("brush_"):
            low, high = (1.0, 2000.0) if name == "brush_size" else (0.0, 1.0)
            if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
                setattr(settings, name, float(value))
        elif name == "recovery":
            if isinstance(value, bool):
                settings.recovery = value
        elif isinstance(value, str):
            setattr(settings, name, value)
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
