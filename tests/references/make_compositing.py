"""Makes the layered files in compositing/ and ora/, and has Krita and GIMP say what they look like.

    GIMP_ROOT=FOLDER .venv/bin/python tests/references/make_compositing.py

Needs both programs: see ``tests/interop/programs.py``. The files are put together here from their parts and
not by Lacuna's writer, so that a mistake there cannot hide one in the reader or the compositor. Each NAME.ora
in compositing/ comes with NAME_krita.png and NAME_gimp.png; ora/ has what the programs themselves save.
"""

import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
from PIL import Image

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent / "interop")]

import programs  # noqa: E402

from editor.document.files.ora_stack import OPERATIONS  # noqa: E402

CELL = 16
COLUMNS = 6


class Layered:
    """An .ora file in the making; what is added first lies on top, as in stack.xml."""

    def __init__(self, width: int, height: int) -> None:
        self._image = ElementTree.Element("image", w=str(width), h=str(height), version="0.0.5")
        self.root = ElementTree.SubElement(self._image, "stack")
        self._pictures: dict[str, bytes] = {}

    def layer(
        self, parent: ElementTree.Element, name: str, pixels: np.ndarray, x=0, y=0, **attributes
    ) -> None:
        source = f"data/{len(self._pictures)}.png"
        file = BytesIO()
        Image.fromarray(pixels).save(file, "PNG", optimize=True)
        self._pictures[source] = file.getvalue()
        ElementTree.SubElement(
            parent, "layer", _attributes(attributes) | {"name": name, "src": source, "x": str(x), "y": str(y)}
        )

    def stack(self, parent: ElementTree.Element, name: str, **attributes) -> ElementTree.Element:
        return ElementTree.SubElement(parent, "stack", _attributes(attributes) | {"name": name})

    def save(self, path: Path) -> None:
        file = BytesIO()
        width, height = int(self._image.get("w")), int(self._image.get("h"))
        Image.new("RGBA", (width, height)).save(file, "PNG")  # to be looked at by nobody
        with zipfile.ZipFile(path, "w") as archive:
            members = {"mimetype": b"image/openraster", "stack.xml": ElementTree.tostring(self._image)}
            for name, data in (members | self._pictures | {"mergedimage.png": file.getvalue()}).items():
                archive.writestr(zipfile.ZipInfo(name), data)


def _attributes(attributes: dict) -> dict[str, str]:
    defaults = {"opacity": 1, "visibility": "visible", "composite_op": "svg:src-over"}
    return {key.replace("_", "-"): str(value) for key, value in (defaults | attributes).items()}


def colours(seed: int, width: int, height: int, *, alpha: bool = True) -> np.ndarray:
    """(height, width, 4) uint8 of any colours and alphas, black, white, clear and opaque among them."""
    random = np.random.default_rng(seed)
    pixels = random.integers(-60, 316, (height, width, 4)).clip(0, 255).astype(np.uint8)
    if not alpha:
        pixels[..., 3] = 255
    return pixels


def cell(place: int) -> tuple[int, int]:
    """(x, y) of the cell for the mode of that number in OPERATIONS."""
    return place % COLUMNS * CELL, place // COLUMNS * CELL


def modes(*, alpha: bool) -> Layered:
    """Each mode in a cell of its own, over one backdrop."""
    rows = -(-len(OPERATIONS) // COLUMNS)
    made = Layered(COLUMNS * CELL, rows * CELL)
    for place, (mode, operation) in enumerate(OPERATIONS.items()):
        pixels = colours(place, CELL, CELL, alpha=alpha)
        made.layer(made.root, mode, pixels, *cell(place), composite_op=operation)
    made.layer(made.root, "backdrop", colours(99, COLUMNS * CELL, rows * CELL, alpha=alpha))
    return made


def groups() -> Layered:
    """Groups of every kind, one in each quarter, and opacities."""
    made = Layered(64, 64)
    multiplied = made.stack(
        made.root, "multiplied", composite_op="svg:multiply", isolation="isolate", opacity=0.6
    )
    made.layer(multiplied, "screened", colours(1, 24, 24), 4, 4, composite_op="svg:screen")
    made.layer(multiplied, "normal", colours(2, 32, 32), -4, -4, opacity=0.8)
    isolated = made.stack(made.root, "isolated", isolation="isolate")
    made.layer(isolated, "multiplied in it", colours(3, 24, 24), 36, 4, composite_op="svg:multiply")
    made.layer(isolated, "half", colours(4, 24, 24), 40, 6, opacity=0.4)
    clipped = made.stack(made.root, "clipping", isolation="isolate")
    made.layer(clipped, "clipped", colours(5, 24, 24), 8, 36, composite_op="svg:src-atop")
    made.layer(clipped, "base", colours(6, 24, 24), 2, 34)
    through = made.stack(made.root, "through", isolation="auto")
    made.layer(through, "darkened", colours(7, 20, 20), 38, 38, composite_op="svg:darken")
    inner = made.stack(through, "inner", isolation="auto")
    made.layer(inner, "overlaid", colours(8, 20, 20), 42, 42, composite_op="svg:overlay")
    made.layer(made.root, "hidden", colours(9, 64, 64), visibility="hidden")
    made.layer(made.root, "backdrop", colours(10, 64, 64))
    return made


def opaque_groups() -> Layered:
    """What GIMP, too, shows as others do: no alpha between 0 and 1, no blending with what is clear."""
    made = Layered(48, 48)
    for x, mode in ((0, "svg:src-over"), (24, "svg:darken")):
        group = made.stack(made.root, mode, isolation="isolate", composite_op=mode)
        made.layer(
            group, "screened", colours(x + 1, 12, 12, alpha=False), x + 8, 8, composite_op="svg:screen"
        )
        made.layer(group, "normal", colours(x + 2, 20, 40, alpha=False), x + 2, 2)
    made.layer(made.root, "backdrop", colours(13, 48, 48, alpha=False))
    return made


def sample() -> Layered:
    """A small drawing, for the programs to open and save again."""
    made = Layered(40, 32)
    group = made.stack(made.root, "Gruppe – 群", isolation="isolate", opacity=0.8, composite_op="svg:darken")
    made.layer(group, "overlaid", ramp(3, 12, 10), 6, 5, composite_op="svg:overlay")
    made.layer(group, "under it", ramp(4, 20, 16), 2, 2)
    made.layer(made.root, "hidden", ramp(5, 40, 32), visibility="hidden")
    made.layer(made.root, "off the canvas", ramp(6, 30, 20), -9, 17, opacity=0.4, edit_locked="true")
    made.layer(made.root, "burnt", ramp(7, 12, 12), 26, 4, composite_op="krita:linear_burn")
    made.layer(made.root, "backdrop", ramp(8, 40, 32))
    return made


def plain_sample() -> Layered:
    """The same for GIMP, which saves a layer that has an offset twice as far off, and its pixels cut."""
    made = Layered(40, 32)
    group = made.stack(made.root, "Gruppe – 群", isolation="isolate", composite_op="svg:darken")
    made.layer(group, "overlaid", ramp(3, 12, 10), composite_op="svg:overlay")
    made.layer(group, "under it", ramp(4, 20, 16))
    made.layer(made.root, "hidden", ramp(5, 40, 32), visibility="hidden", opacity=0.4)
    made.layer(made.root, "burnt", ramp(7, 30, 12), composite_op="svg:color-burn")
    made.layer(made.root, "backdrop", ramp(8, 40, 32))
    return made


def ramp(seed: int, width: int, height: int) -> np.ndarray:
    """(height, width, 4) uint8 opaque colours that a PNG needs few bytes for."""
    start, across, down = np.random.default_rng(seed).integers(1, 5, (3, 3))
    y, x = (axis[..., None] for axis in np.mgrid[:height, :width])
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = (start * 20 + across * x + down * y).clip(0, 255)
    return pixels


# What Krita is asked, and what GIMP: it blends with alpha in linear light, and cuts other modes than normal
# off where the backdrop ends, so that only opaque pictures compare.
KRITA = {
    "opaque_modes": lambda: modes(alpha=False),
    "modes": lambda: modes(alpha=True),
    "groups": groups,
}
GIMP = {"opaque_modes": KRITA["opaque_modes"], "opaque_groups": opaque_groups}


def main() -> None:
    for name, make in (KRITA | GIMP).items():
        path = HERE / "compositing" / f"{name}.ora"
        make().save(path)
        if name in KRITA:
            flat = path.with_name(f"{name}_krita.png")
            programs.krita_flat(path, flat)
            reduce(flat)
        if name in GIMP:
            flat = path.with_name(f"{name}_gimp.png")
            programs.gimp(path, flat=flat)
            reduce(flat)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sample.ora"
        sample().save(source)
        saved = HERE / "ora" / "by_krita.ora"
        programs.krita(source, saved)
        programs.krita_flat(saved, saved.with_suffix(".png"))
        plain_sample().save(source)
        saved = HERE / "ora" / "by_gimp.ora"
        programs.gimp(source, saved=saved)
        programs.gimp(saved, flat=saved.with_suffix(".png"))
    for flat in (HERE / "ora").glob("*.png"):
        reduce(flat)


def reduce(path: Path) -> None:
    """Leave nothing but 8-bit pixels in a PNG."""
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    pixels = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGBA)
    if pixels.dtype == np.uint16:
        pixels = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
    Image.fromarray(pixels).save(path, "PNG", optimize=True)


if __name__ == "__main__":
    main()
