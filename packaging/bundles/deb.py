"""The program as a Debian package, with what a desktop wants to know of it."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bundles.file_types import mime_types

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
MAINTAINER = os.environ.get("LACUNA_MAINTAINER", "Lacuna developers <lacuna@lacuna.invalid>")
_DESCRIPTION = """\
Description: desktop editor that takes things out of photographs
 Open a picture, brush over what should go, press Enter. Nothing is uploaded, no
 account is needed, and no pixel outside what you brushed is changed.
 .
 Layers, masks, adjustments and selections; 8 and 16 bits; OpenRaster, PSD, PNG,
 JPEG, TIFF, WebP, AVIF, JPEG XL and camera RAW. The models for removals, lines
 and selections come with it and need no network.
"""
_FULL = """\
 .
 This package also fills with words: it holds PyTorch for processors, and runs a
 diffusion model of yours.
"""
# Loaded by name or read as data, so that no library tells of them.
_ALSO = ("xkb-data", "fonts-dejavu-core | fonts-noto-core | fonts-liberation2 | fonts-ubuntu")


def build(program: Path, icons: Path, bom: Path, name: str, out: Path) -> Path:
    """The package ``name`` ("lacuna" or "lacuna-full") of the folder ``program``, in ``out``.

    ``bom`` is the list of what the program carries, by packaging/bundles/sbom.py.
    Needs dpkg-dev, which finds out from its libraries what the package depends on.
    """
    version = f"{_version()}-1"
    with tempfile.TemporaryDirectory(dir=out) as folder:
        root = Path(folder, "root")
        _lay_out(program, icons, bom, root, name, version)
        _control(root, name, version, Path(folder))
        target = out / f"{name}_{version}_{_architecture()}.deb"
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def _lay_out(program: Path, icons: Path, bom: Path, root: Path, name: str, version: str) -> None:
    shutil.copytree(program, root / "usr/lib/lacuna", symlinks=True)
    for path in (root / "usr/lib/lacuna").rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.name == "lacuna" else 0o644)
    _folder(root / "usr/bin")
    (root / "usr/bin/lacuna").symlink_to("../lib/lacuna/lacuna")

    share = root / "usr/share"
    entry = (LINUX / "lacuna.desktop").read_text(encoding="utf-8")
    types = "".join(f"{each};" for each in mime_types())
    _write(share / "applications/lacuna.desktop", entry.replace("@MIME_TYPES@", types))
    _write(share / "mime/packages/lacuna.xml", (LINUX / "lacuna-mime.xml").read_text(encoding="utf-8"))
    for path in icons.glob("lacuna-*.png"):
        size = path.stem.removeprefix("lacuna-")
        if int(size) <= 512:
            target = share / f"icons/hicolor/{size}x{size}/apps/lacuna.png"
            _folder(target.parent)
            shutil.copyfile(path, target)
    scalable = share / "icons/hicolor/scalable/apps"
    _folder(scalable)
    shutil.copyfile(ROOT / "resources/icons/lacuna.svg", scalable / "lacuna.svg")

    today = datetime.fromtimestamp(_epoch(), UTC)
    page = (LINUX / "lacuna.1").read_text(encoding="utf-8")
    page = page.replace("@VERSION@", version).replace("@DATE@", f"{today:%Y-%m-%d}")
    _write(share / "man/man1/lacuna.1.gz", page)
    doc = share / "doc" / name
    _write(doc / "copyright", _copyright(bom))
    _write(doc / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    entry = f"{name} ({version}) unstable; urgency=medium\n\n  * As packaging/bundle.py makes it.\n\n"
    _write(doc / "changelog.Debian.gz", f"{entry} -- {MAINTAINER}  {format_datetime(today)}\n")
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)


def _control(root: Path, name: str, version: str, work: Path) -> None:
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files) // 1024 + 4 * len(files)
    depends = ", ".join((*_libraries(root, files, work), *_ALSO))
    lines = [
        f"Package: {name}",
        f"Version: {version}",
        "Section: graphics",
        "Priority: optional",
        f"Architecture: {_architecture()}",
        f"Maintainer: {MAINTAINER}",
        f"Installed-Size: {size}",
        f"Depends: {depends}",
        "Recommends: xdg-utils, xdg-desktop-portal",
    ]
    if name != "lacuna":
        lines += [f"{field}: lacuna" for field in ("Provides", "Conflicts", "Replaces")]
    text = "\n".join(lines) + "\n" + _DESCRIPTION + (_FULL if name != "lacuna" else "")
    _write(root / "DEBIAN/control", text)
    sums = [f"{_md5(path)}  {path.relative_to(root)}\n" for path in sorted(files)]
    _write(root / "DEBIAN/md5sums", "".join(sums))


def _libraries(root: Path, files: list[Path], work: Path) -> list[str]:
    """Packages of the libraries that the program takes from the system, and the least versions of them."""
    programs = [path for path in files if path.read_bytes()[:4] == b"\x7fELF"]
    _write(work / "debian/control", "Source: lacuna\n\nPackage: lacuna\nArchitecture: any\n")
    own = sorted({f"-l{path.parent}" for path in programs})
    # What is carried along is found in the system too, under names that differ from release to release.
    told = (root / "usr/lib/lacuna/_internal/resources/licences/bundled.json").read_text(encoding="utf-8")
    carried = [f"-x{part['name']}" for part in json.loads(told)[1:]]
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *own, *carried]
    told = subprocess.run([*command, *programs], cwd=work, capture_output=True, text=True)
    found = re.search(r"^shlibs:Depends=(.+)$", told.stdout, re.MULTILINE)
    if told.returncode or found is None:
        raise SystemExit(f"The package's dependencies are not known; install what is missing:\n{told.stderr}")
    return found[1].split(", ")


def _copyright(bom: Path) -> str:
    """Lacuna's licence, then what it carries, as the list of components tells."""
    components = json.loads(bom.read_text(encoding="utf-8"))["components"]
    lines = [f"{each['name']} {each.get('version', '')}: {_licence(each)}" for each in components]
    return (
        "Lacuna is under the Apache License, version 2.0; its text is in\n"
        "/usr/share/common-licenses/Apache-2.0.\n\nCopyright: the authors of Lacuna\n\n"
        "The package also holds what Lacuna is made of. The texts of these licences, and who holds the\n"
        "copyright of what, lie in /usr/lib/lacuna/_internal: in the dist-info folders of the Python\n"
        "packages, in resources/licences/bundled.json for Python and the system's libraries, and in\n"
        "resources/models for the weights. Help > About shows them all.\n\n" + "\n".join(lines) + "\n"
    )


def _licence(component: dict) -> str:
    told = component.get("licenses", [])
    named = [
        each.get("expression") or each["license"].get("id") or each["license"].get("name") for each in told
    ]
    return ", ".join(dict.fromkeys(filter(None, named))).partition("\n")[0] or "see its metadata"


def _write(path: Path, text: str) -> None:
    _folder(path.parent)
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)
    path.chmod(0o644)


def _folder(path: Path) -> None:
    path.mkdir(mode=0o755, parents=True, exist_ok=True)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["version"]


def _architecture() -> str:
    told = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True)
    return told.stdout.strip()


def _epoch() -> int:
    """When the package counts as made: SOURCE_DATE_EPOCH, or the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    return int(told.stdout) if told.returncode == 0 else int(time.time())
