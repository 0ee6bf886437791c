"""Krita and GIMP open what we save: the same picture, names, opacities and modes.

Skipped where they are absent, as on CI; ``programs.py`` says how to have them. What they save themselves is
stored, and read in ``tests/document/test_references.py``.
"""

import cv2
import numpy as np
import programs
import pytest

from editor.document.adjustments import BrightnessContrast, Invert
from editor.document.blend import MODES
from editor.document.files import ora
from editor.document.files.ora_stack import OPERATIONS
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer, walk
from editor.document.model import Document
from editor.document.tiles import TiledImage

needs_krita = pytest.mark.skipif(not programs.has_krita(), reason="Krita is not installed")
needs_gimp = pytest.mark.skipif(not programs.has_gimp(), reason="GIMP 3 is not installed")

GIMP_MODES = {  # as GIMP's plug-in for OpenRaster has them; all others are normal to it
    "darken": "darken-only",
    "multiply": "multiply",
    "color-burn": "burn",
    "lighten": "lighten-only",
    "screen": "screen",
    "color-dodge": "dodge",
    "linear-dodge": "addition",
    "overlay": "overlay",
    "soft-light": "softlight",
    "hard-light": "hardlight",
    "difference": "difference",
    "hue": "hsv-hue",
    "saturation": "hsv-saturation",
    "color": "hsl-color",
    "luminosity": "hsv-value",
}
KRITA_MODES = {  # Krita's own names where the file has the standard's
    "normal": "normal",
    "color-burn": "burn",
    "color-dodge": "dodge",
    "linear-dodge": "add",
    "soft-light": "soft_light_svg",
    "hard-light": "hard_light",
    "difference": "diff",
    "luminosity": "luminize",
}
SIDE = 64


def picture(seed: int, dtype, width=SIDE, height=SIDE, x=0, y=0, *, alpha=True) -> TiledImage:
    """A smooth one, its alpha from clear to opaque."""
    rows, columns = np.mgrid[:height, :width] / max(width, height)
    waves = np.random.default_rng(seed).uniform(1, 6, (4, 3))
    values = np.stack([np.sin(a * columns + b * rows + c) / 2 + 0.5 for a, b, c in waves], axis=2)
    if not alpha:
        values[..., 3] = 1
    return TiledImage.from_array(np.rint(values * np.iinfo(dtype).max).astype(dtype), x, y)


def mask(seed: int, default: int = 255) -> LayerMask:
    values = picture(seed, np.uint8, 40, 40).read(picture(seed, np.uint8, 40, 40).filled())[:40, :40, :1]
    return LayerMask(TiledImage.from_array(values, 12, 8, default=default))


def pixels(name: str, seed: int, dtype, *place, **common) -> PixelLayer:
    return PixelLayer(name, picture(seed, dtype, *place), **common)


def modes(dtype) -> list:
    """Some layers of several modes and opacities, one masked, one partly off the canvas."""
    return [
        PixelLayer("background", picture(0, dtype, alpha=False)),
        pixels("multiplied", 1, dtype, 50, 40, -10, 5, blend_mode="multiply", opacity=0.6),
        pixels("soft", 2, dtype, 40, 60, 20, 20, blend_mode="soft-light"),
        pixels("maskiert – 蒙", 3, dtype, blend_mode="screen", mask=mask(4)),
        pixels("hidden", 5, dtype, visible=False),
        pixels("burnt", 6, dtype, 30, 30, 30, 2, blend_mode="linear-burn", opacity=0.4),
    ]


def grouped(dtype) -> list:
    """Groups: isolated and passing through, plain and not, one masked, one with what is clipped."""
    return [
        PixelLayer("background", picture(0, dtype, alpha=False)),
        Group(
            "isolated",
            [pixels("a", 1, dtype, 40, 40), pixels("b", 2, dtype, 40, 40, 9, 9, blend_mode="overlay")],
            blend_mode="multiply",
            opacity=0.6,
        ),
        Group("plain", [pixels("c", 3, dtype, 30, 30, 30, 0), pixels("d", 4, dtype, 30, 30, 34, 4)]),
        Group("through", [pixels("e", 5, dtype, 30, 30, 0, 30, blend_mode="darken")]),
        Group("masked", [pixels("f", 6, dtype, 50, 50, 20, 20)], mask=mask(7, 0), opacity=0.8),
        pixels("base", 8, dtype, 30, 30, 32, 32, opacity=0.8),
        pixels("clipped", 9, dtype, 30, 30, 40, 40, clipping=True, blend_mode="screen"),
    ]


def adjusted(dtype) -> list:
    """Adjustments: of all below, in a group that passes through, and clipped."""
    return [
        PixelLayer("background", picture(0, dtype, alpha=False)),
        AdjustmentLayer("brighter", BrightnessContrast(40, 20), opacity=0.6),
        Group(
            "through", [pixels("a", 1, dtype, 40, 40), AdjustmentLayer("inverted", Invert(), mask=mask(2))]
        ),
        pixels("on top", 3, dtype, 40, 40, 20, 20, blend_mode="multiply"),
        AdjustmentLayer("clipped", Invert(), clipping=True, opacity=0.4),
    ]


DOCUMENTS = {"modes": modes, "groups": grouped, "adjustments": adjusted}
EVERY_CASE = [(name, dtype) for name in DOCUMENTS for dtype in (np.uint8, np.uint16)]


@pytest.fixture
def saved(tmp_path, request):
    """A document and the file that it was saved in."""
    name, dtype = request.param
    document = Document(SIDE, SIDE, dtype, DOCUMENTS[name](dtype))
    path = tmp_path / f"{name}.ora"
    ora.write(document, path)
    return document, path


def difference(document: Document, path) -> np.ndarray:
    """How far a flat picture is from the document, in 255ths, colours by their alpha."""
    theirs = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    theirs = cv2.cvtColor(theirs, cv2.COLOR_BGRA2RGBA if theirs.shape[2] == 4 else cv2.COLOR_BGR2RGBA)
    theirs = theirs * (255 / np.iinfo(theirs.dtype).max)
    ours = document.composite(document.rect) * (255 / document.maximum)
    apart = np.abs(ours - theirs)
    apart[..., :3] *= np.maximum(ours, theirs)[..., 3:] / 255
    return apart


@needs_krita
@pytest.mark.parametrize("saved", EVERY_CASE, indirect=True)
def test_krita_shows_the_same_picture(saved, tmp_path):
    document, path = saved
    programs.krita_flat(path, tmp_path / "flat.png")
    # An opacity of Krita's is a whole number of 255ths.
    assert difference(document, tmp_path / "flat.png").max() <= 1.5


@needs_krita
@pytest.mark.parametrize("saved", [EVERY_CASE[0]], indirect=True)
def test_krita_has_the_same_layers(saved, tmp_path):
    document, path = saved
    programs.krita(path, tmp_path / "again.kra")
    found = programs.krita_layers(tmp_path / "again.kra")
    for layer, theirs in zip(reversed(document.layers), found, strict=True):
        assert theirs["name"] == layer.name
        assert theirs["visible"] == layer.visible
        assert theirs["opacity"] == pytest.approx(layer.opacity, abs=1 / 255)
        mode = OPERATIONS[layer.blend_mode].partition(":")[2]
        assert theirs["mode"] == KRITA_MODES.get(layer.blend_mode, mode)


@needs_krita
def test_krita_knows_every_mode(tmp_path):
    layers = [PixelLayer(mode, picture(0, np.uint8), blend_mode=mode) for mode in MODES]
    ora.write(Document(SIDE, SIDE, np.uint8, layers), tmp_path / "modes.ora")
    programs.krita(tmp_path / "modes.ora", tmp_path / "again.ora")
    again = ora.read(tmp_path / "again.ora")
    assert [layer.blend_mode for layer in again.layers] == list(MODES)


@needs_krita
@pytest.mark.parametrize("saved", EVERY_CASE, indirect=True)
def test_krita_saves_what_we_open_again(saved, tmp_path):
    document, path = saved
    programs.krita(path, tmp_path / "again.ora")
    again = ora.read(tmp_path / "again.ora")
    assert again.bits == 8  # to which Krita brings every .ora
    assert np.abs(difference_of(document, again)).max() <= 1.5


def difference_of(document: Document, other: Document) -> np.ndarray:
    ours = document.composite(document.rect) * (255 / document.maximum)
    theirs = other.composite(other.rect) * (255 / other.maximum)
    return (ours - theirs) * np.maximum(ours, theirs)[..., 3:] / 255


@needs_gimp
@pytest.mark.parametrize("saved", [EVERY_CASE[0], EVERY_CASE[3]], indirect=True)
def test_gimp_has_the_same_layers(saved, tmp_path):
    document, path = saved
    found = programs.gimp(path)
    by_name = {layer.name: layer for layer in walk(document.layers)}
    seen = 0
    for theirs in flat(found):
        if (layer := by_name.get(theirs["name"])) is None:
            assert theirs["name"].endswith(" (as shown)")
            continue
        seen += 1
        assert theirs["opacity"] == pytest.approx(layer.opacity)
        assert theirs["mode"] == GIMP_MODES.get(layer.blend_mode, "normal")
    dissolved = "through" in by_name
    assert seen == len(by_name) - dissolved


def flat(layers: list[dict]) -> list[dict]:
    return [each for layer in layers for each in (layer, *flat(layer["children"] or []))]


@needs_gimp
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_gimp_shows_the_same_picture(tmp_path, dtype):
    """As far as it can: it blends in linear light, but where all is opaque that makes no difference."""
    document = Document(SIDE, SIDE, dtype, opaque(dtype))
    ora.write(document, tmp_path / "a.ora")
    programs.gimp(tmp_path / "a.ora", flat=tmp_path / "flat.png")
    # GIMP makes 8 bits of it first, and rounds with each layer.
    assert difference(document, tmp_path / "flat.png").max() <= 1.5


def opaque(dtype) -> list:
    def box(name: str, seed: int, *place: int, **common) -> PixelLayer:
        return PixelLayer(name, picture(seed, dtype, *place, alpha=False), **common)

    return [
        box("background", 0, SIDE, SIDE),
        AdjustmentLayer("brighter", BrightnessContrast(40, 20), opacity=0.6),
        box("screened", 1, 30, 30, -9, 4, blend_mode="screen"),
        Group("through", [box("overlaid", 2, 40, 20, 10, 20, blend_mode="overlay")]),
        Group(
            "isolated", [box("in it", 3, 20, 20, 30, 30), box("dark", 4, 9, 9, 34, 34, blend_mode="darken")]
        ),
        Group("plain", [box("also in one", 5, 12, 30, 50, 2)]),
        box("base", 6, 30, 20, 4, 40),
        box("clipped", 7, 30, 20, 10, 50, clipping=True, blend_mode="difference", opacity=0.5),
    ]
