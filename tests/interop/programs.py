"""Krita and GIMP without a screen: what they make of a file, for test_interop.py and make_compositing.py.

Krita 5 is Debian's package ``krita``, under ``xvfb-run``: it knows no other platform than X. GIMP has to be
3.0 or newer with its Python plug-ins; Debian 12's GIMP 2.10 has none, and opens no .ora. Where GIMP is in
another root (``debootstrap trixie FOLDER``, then ``chroot FOLDER apt-get install gimp``), ``GIMP_ROOT``
names the folder.
"""

import functools
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_SECONDS = 90
_GIMP_ROOT = os.environ.get("GIMP_ROOT")
_IN_GIMP = Path(__file__).with_name("in_gimp.py")


@functools.cache
def _home() -> Path:
    """A folder for settings, so that nobody's own are used or changed."""
    folder = Path(tempfile.mkdtemp(prefix="interop-home-"))
    (folder / "run").mkdir(mode=0o700)
    return folder


def has_krita() -> bool:
    return all(map(shutil.which, ("krita", "xvfb-run", "xauth")))


def krita(source: Path, target: Path) -> None:
    """Have Krita open ``source`` and save it as ``target``, whose suffix says how."""
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    environment |= {"HOME": str(_home()), "XDG_RUNTIME_DIR": str(_home() / "run"), "LC_ALL": "C.UTF-8"}
    # timeout ends the whole group of processes; without it Krita outlives what started it.
    command = [
        "timeout",
        "-k",
        "5",
        str(_SECONDS),
        "xvfb-run",
        "-a",
        "krita",
        "--export",
        "--export-filename",
        str(target),
        str(source),
    ]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    if not target.exists():
        raise RuntimeError(f"Krita did not write {target}")


def krita_flat(source: Path, target: Path) -> None:
    """Have Krita flatten ``source`` to a PNG of 16 bits.

    It would composite an .ora in 8 bits, rounding thrice a pixel and layer. So it first makes a .kra, is told
    there that the picture has 16 bits whatever its layers have, and flattens that.
    """
    with tempfile.TemporaryDirectory() as folder:
        made, deep = Path(folder) / "made.kra", Path(folder) / "deep.kra"
        krita(source, made)
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(deep, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "maindoc.xml":  # the picture's own is the first; its layers have theirs
                    data = data.replace(b'colorspacename="RGBA"', b'colorspacename="RGBA16"', 1)
                new.writestr(name, data)
        krita(deep, target)


def krita_layers(kra: Path) -> list[dict]:
    """The layers in a .kra, topmost first, as dicts of name, opacity (0..1), mode, visible, children."""
    with zipfile.ZipFile(kra) as archive:
        root = ElementTree.fromstring(archive.read("maindoc.xml"))
    # The prefix is the document's namespace.
    layers = root.find("{*}IMAGE/{*}layers")
    return [_krita_layer(element) for element in layers]


def _krita_layer(element: ElementTree.Element) -> dict:
    children = element.find("{*}layers")
    return {
        "name": element.get("name"),
        "opacity": int(element.get("opacity")) / 255,
        "mode": "pass through" if element.get("passthrough") == "1" else element.get("compositeop"),
        "visible": element.get("visible") == "1",
        "locked": element.get("locked") == "1",
        "children": None if children is None else [_krita_layer(child) for child in children],
    }


@functools.cache
def has_gimp() -> bool:
    if _GIMP_ROOT:
        return (Path(_GIMP_ROOT) / "usr/bin/gimp-console-3.0").exists()
    return shutil.which("gimp-console-3.0") is not None


def gimp(source: Path, *, flat: Path | None = None, saved: Path | None = None) -> list[dict]:
    """Have GIMP open ``source``; the layers as by ``krita_layers``, the modes as GIMP calls them.

    ``flat`` is where to put the flattened picture, ``saved`` where to save all, in the suffix's format.
    """
    folder = Path(tempfile.mkdtemp(prefix="interop-", dir=f"{_GIMP_ROOT}/tmp" if _GIMP_ROOT else None))
    try:
        inside = f"/tmp/{folder.name}" if _GIMP_ROOT else str(folder)
        shutil.copy(source, folder / source.name)
        shutil.copy(_IN_GIMP, folder / "in_gimp.py")
        job = {
            "source": f"{inside}/{source.name}",
            "flat": f"{inside}/flat.png",
            "answer": f"{inside}/a.json",
        }
        if saved:
            job["saved"] = f"{inside}/saved{saved.suffix}"
        (folder / "job.json").write_text(json.dumps(job))
        script = f"exec(open('{inside}/in_gimp.py').read(), {{'JOB': '{inside}/job.json'}})"
        command = ["chroot", _GIMP_ROOT] if _GIMP_ROOT else []
        command += ["/usr/bin/env", f"HOME={inside}", "gimp-console-3.0", "-i", "-d", "-f", "--quit"]
        command += ["--batch-interpreter", "python-fu-eval", "-b", script]
        result = subprocess.run(command, timeout=_SECONDS, capture_output=True, check=False)
        if not (folder / "a.json").exists():
            raise RuntimeError(f"GIMP did not answer: {result.stdout!r} {result.stderr!r}")
        if flat:
            shutil.copy(folder / "flat.png", flat)
        if saved:
            shutil.copy(folder / f"saved{saved.suffix}", saved)
        return json.loads((folder / "a.json").read_text())
    finally:
        shutil.rmtree(folder)
