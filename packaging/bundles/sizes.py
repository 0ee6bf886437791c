"""How large a bundle is, and what of: the table of the build log."""

import os
from collections import Counter
from pathlib import Path, PurePath

LIMIT = {"lite": 200_000_000, "full": None}  # bytes as downloaded
_SMALL = 400_000  # bytes; what is less is added up


def table(folder: Path) -> str:
    """What a folder holds, largest first: each package with its libraries, each library that stands alone."""
    sizes: Counter[str] = Counter()
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                sizes[_belongs_to(path.relative_to(folder))] += path.stat().st_size
    shown = [(name, size) for name, size in sizes.most_common() if size >= _SMALL]
    rest = sum(sizes.values()) - sum(size for _, size in shown)
    lines = [f"{size / 1e6:8.1f} MB  {name}" for name, size in shown]
    lines.append(f"{rest / 1e6:8.1f} MB  {len(sizes) - len(shown)} smaller ones")
    lines.append(f"{sum(sizes.values()) / 1e6:8.1f} MB  in all")
    return "\n".join(lines)


def _belongs_to(path: PurePath) -> str:
    parts = path.parts[path.parts.index("_internal") + 1 :] if "_internal" in path.parts else path.parts
    if parts[0] in ("PySide6", "resources") and len(parts) > 2:
        inner = parts[1:-1] if parts[1] != "Qt" else parts[2:-1]
        whole = parts[0] if not inner else f"{parts[0]}: {inner[0]}"
        return f"{whole}/{parts[-1]}" if inner[:1] in (("lib",), ("models",)) else whole
    return parts[0].removesuffix(".libs")
