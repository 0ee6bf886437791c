"""What the models' folder remembers beside the models: licences that were accepted, and what files were.

It lies in the folder itself, so that it goes along when that is copied to another machine.
"""

import json
import os
from pathlib import Path

_FILE = "records.json"


def accepted(folder: Path, weights_id: str) -> str:
    """The licence under which a model was accepted, empty if it never was."""
    return _read(folder).get("licences", {}).get(weights_id, "")


def accept(folder: Path, weights_id: str, licence: str) -> None:
    """Remember that the user has accepted a licence. Raises OSError."""
    _change(folder, "licences", weights_id, licence)


def sha256(folder: Path, weights_id: str) -> str:
    """What a file was when it was put in place, where the catalogue does not say; may be empty."""
    return _read(folder).get("sha256", {}).get(weights_id, "")


def record(folder: Path, weights_id: str, digest: str) -> None:
    """Remember what a file is; an empty ``digest`` forgets it. Raises OSError."""
    _change(folder, "sha256", weights_id, digest)


def _read(folder: Path) -> dict[str, dict[str, str]]:
    """A file that makes no sense remembers nothing: licences are asked for again."""
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return {
            kind: {key: value for key, value in entries.items() if isinstance(value, str)}
            for kind, entries in found.items()
        }
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _change(folder: Path, kind: str, weights_id: str, value: str) -> None:
    known = _read(folder)
    entries = known.setdefault(kind, {})
    if entries.get(weights_id, "") == value:
        return
    if value:
        entries[weights_id] = value
    else:
        del entries[weights_id]
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{_FILE}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(known, indent=2, ensure_ascii=False), encoding="utf-8")
    temporary.replace(folder / _FILE)
