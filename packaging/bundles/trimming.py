"""What PyInstaller collects and the program never asks for: most of Qt, and what torch tests and builds with.

A table of contents is PyInstaller's: triples of the place in the bundle, the file, and its kind ("BINARY",
"EXTENSION", "DATA", "SYMLINK": there the file is what the link says).
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

Entry = tuple[str, str, str]

# Kinds of plug-in that stay whole, or which of a kind. Qt draws on no console, shows no GIF and asks no
# network; a theme of GTK's would bring GTK into the program, and the desktop's portal does as much.
_PLUGINS: dict[str, tuple[str, ...] | None] = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qsvg", "qjpeg", "qwebp"),
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platforminputcontexts": None,
    "platformthemes": ("qxdgdesktopportal",),
    "styles": None,
    "wayland-decoration-client": None,
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-shell-integration": ("xdg-shell", "qt-shell"),
    "xcbglintegrations": None,
}
_LANGUAGES = ("en", "zh_CN")  # those of editor.ui.language

# Of Linux: what every desktop has and what has to fit its drivers, its fonts and its display. A second one in
# the bundle would be in the way of them (the rule of AppImage's list of excluded libraries).
_HOSTS = (
    *("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libstdc++.so", "libgcc_s.so"),
    *("libGL.so", "libEGL.so", "libGLX.so", "libGLdispatch.so", "libOpenGL.so", "libdrm.so", "libgbm.so"),
    *("libX11.so", "libX11-xcb.so", "libxcb.so", "libXau.so", "libXdmcp.so", "libXext.so", "libXrender.so"),
    *("libwayland-client.so", "libwayland-cursor.so", "libwayland-egl.so"),
    *("libfontconfig.so", "libfreetype.so", "libexpat.so", "libbrotlidec.so", "libbrotlicommon.so"),
)


def qt_modules(folders: Iterable[Path]) -> set[str]:
    """Names of the PySide6 modules that Python files below ``folders`` import, as ``QtCore``."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
                    found.add(node.module.split(".")[1])
                elif isinstance(node, ast.Import):
                    found |= {
                        each.name.split(".")[1] for each in node.names if each.name.startswith("PySide6.")
                    }
    return found


def unused_qt_modules(used: set[str]) -> list[str]:
    """The modules of the installed PySide6 that are not ``used``, for PyInstaller's ``excludes``."""
    import PySide6

    folder = Path(PySide6.__file__).parent
    known = {path.name.split(".")[0] for path in folder.iterdir() if path.suffix in (".so", ".pyd")}
    return [f"PySide6.{name}" for name in sorted(known - used) if name.startswith("Qt")]


def keeps(place: str) -> bool:
    """Whether a file may be asked for, as far as its place in the bundle tells."""
    parts = PurePath(place).parts
    if "PySide6" in parts:
        if "translations" in parts:
            return any(parts[-1] == f"qtbase_{name}.qm" for name in _LANGUAGES)
        if "plugins" in parts:
            kind = parts[parts.index("plugins") + 1]
            wanted = _PLUGINS.get(kind, ())
            return wanted is None or PurePath(parts[-1]).stem.removeprefix("lib") in wanted
        if "qml" in parts or parts[-1].startswith(("opengl32sw", "d3dcompiler")):
            return False
    if parts[0] == "torch" and len(parts) > 2:  # without its tests and the tools to build with, but for one
        return parts[1] not in ("test", "bin", "include", "share") or parts[-1] == "torch_shm_manager"
    return not (sys.platform == "linux" and len(parts) == 1 and parts[0].startswith(_HOSTS))


def trimmed(binaries: list[Entry], datas: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Both tables without what is never asked for, and without libraries that only that would have used."""
    binaries = [entry for entry in binaries if keeps(entry[0])]
    datas = [entry for entry in datas if keeps(entry[0])]
    files = [entry for entry in binaries if entry[2] != "SYMLINK"]
    by_name = {PurePath(entry[0]).name.casefold(): entry for entry in files}
    wanted = [entry for entry in files if not _is_shared(entry[0])]
    needed = {entry[0] for entry in wanted}
    while wanted:
        for name in _needs(wanted.pop()[1]):
            entry = by_name.get(name.casefold())  # Windows does not tell capitals apart
            if entry is not None and entry[0] not in needed:
                needed.add(entry[0])
                wanted.append(entry)
    left = {PurePath(place).name for place in needed}
    binaries = [entry for entry in binaries if entry[0] in needed or _is_link(entry, left)]
    datas = [entry for entry in datas if entry[2] != "SYMLINK" or _is_link(entry, left)]
    return binaries, datas


def _needs(file: str) -> set[str]:
    """Names of the libraries that a library asks for itself; on Linux ldd would add what those ask for, the
    desktop's among them."""
    if sys.platform != "linux":
        from PyInstaller.depend import bindepend

        return {PurePath(name).name for name, _ in bindepend.get_imports(file)}
    told = subprocess.run(["objdump", "-p", file], capture_output=True, text=True).stdout
    return set(re.findall(r"^ *NEEDED +(\S+)$", told, re.MULTILINE))


def _is_shared(place: str) -> bool:
    """Whether a library is there only because others need it: Qt's own and the system's."""
    path = PurePath(place)
    if "PySide6" in path.parts:
        return path.parent.name in ("lib", "PySide6") and path.name.startswith(("libQt6", "libicu", "Qt6"))
    return len(path.parts) == 1 and path.name.startswith("lib") and not path.name.startswith("libpython")


def _is_link(entry: Entry, left: set[str]) -> bool:
    return entry[2] == "SYMLINK" and PurePath(entry[1]).name in left
