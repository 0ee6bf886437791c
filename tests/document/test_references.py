"""What Krita and GIMP make of layered files, stored in tests/references: our compositor makes the same.

``make_compositing.py`` there made them. Colours and alphas are rounded to 8 bits here and there, and may
differ by 1/255; a colour counts as far as it shows, by its alpha.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.blend import MODES
from editor.document.files import ora
from editor.document.geometry import Rect
from editor.document.layers import PixelLayer, walk

REFERENCES = Path(__file__).parents[1] / "references"
COMPOSITING = REFERENCES / "compositing"
CELL = 16

# Where Krita 5.1 follows another formula than ours, W3C's or Photoshop's; how many 255ths it is off at most,
# and in how many of a thousand samples by more than one.
KRITA_DIFFERS = {
    # Luma by 0.299, 0.587, 0.114 where W3C has 0.3, 0.59, 0.11: another colour wins where two are as bright.
    "darker-color": (255, 8),
    "lighter-color": (255, 8),
    # The same weights; W3C's set the luminosity of the result.
    "hue": (4, 40),
    "saturation": (4, 40),
    "color": (4, 40),
    "luminosity": (4, 40),
    # White under black stays white and black under white black; Photoshop's turn over. Corner values only.
    "vivid-light": (255, 45),
    # A sum of exactly white is black in Krita; ours decides by the backdrop, as Photoshop does.
    "hard-mix": (255, 30),
}
# GIMP 3.0 blends these as we do. It multiplies, adds and subtracts in linear light, has soft light, hue,
# saturation, colour and luminosity of its own (HSV, HSL), and reads no modes of Krita's.
GIMP_AGREES = (
    *("normal", "darken", "color-burn", "lighten", "screen", "color-dodge", "overlay", "hard-light"),
    "difference",
)


def flat(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGBA"))


def composite(path: Path) -> np.ndarray:
    document = ora.read(path)
    return document.composite(document.rect)


def difference(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """(h, w, 4): how far two pictures differ in 255ths, colours by the larger alpha."""
    apart = np.abs(ours.astype(float) - theirs)
    apart[..., :3] *= np.maximum(ours, theirs)[..., 3:] / 255
    return apart


def cell(picture: np.ndarray, mode: str) -> np.ndarray:
    place = list(MODES).index(mode)
    x, y = place % 6 * CELL, place // 6 * CELL
    return picture[y : y + CELL, x : x + CELL]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["opaque_modes", "modes"])
def test_modes_are_those_of_krita(name, mode):
    path = COMPOSITING / f"{name}.ora"
    apart = cell(difference(composite(path), flat(path.with_name(f"{name}_krita.png"))), mode)
    assert apart[..., 3].max() <= 1
    most, share = KRITA_DIFFERS.get(mode, (1, 0))
    assert apart.max() <= most
    assert (apart > 1).mean() <= share / 1000


@pytest.mark.parametrize("mode", GIMP_AGREES)
def test_modes_are_those_of_gimp(mode):
    path = COMPOSITING / "opaque_modes.ora"
    apart = cell(difference(composite(path), flat(path.with_name("opaque_modes_gimp.png"))), mode)
    assert apart.max() <= 1


@pytest.mark.parametrize(("name", "program"), [("groups", "krita"), ("opaque_groups", "gimp")])
def test_groups_are_those_of(name, program):
    path = COMPOSITING / f"{name}.ora"
    assert difference(composite(path), flat(path.with_name(f"{name}_{program}.png"))).max() <= 1


BY_KRITA = [
    ("backdrop", True, 1.0, "normal", Rect(0, 0, 40, 32)),
    ("burnt", True, 1.0, "linear-burn", Rect(26, 4, 12, 12)),
    ("off the canvas", True, 0.4, "normal", Rect(-9, 17, 30, 20)),
    ("hidden", False, 1.0, "normal", Rect(0, 0, 40, 32)),
    ("Gruppe – 群", True, 0.8, "darken", None),
    ("under it", True, 1.0, "normal", Rect(2, 2, 20, 16)),
    ("overlaid", True, 1.0, "overlay", Rect(6, 5, 12, 10)),
]
BY_GIMP = [
    ("backdrop", True, 1.0, "normal", Rect(0, 0, 40, 32)),
    ("burnt", True, 1.0, "color-burn", Rect(0, 0, 30, 12)),
    ("hidden", False, 0.4, "normal", Rect(0, 0, 40, 32)),
    ("Gruppe – 群", True, 1.0, "darken", None),
    ("under it", True, 1.0, "normal", Rect(0, 0, 20, 16)),
    ("overlaid", True, 1.0, "overlay", Rect(0, 0, 12, 10)),
]


@pytest.mark.parametrize(("program", "expected"), [("krita", BY_KRITA), ("gimp", BY_GIMP)])
def test_files_that_other_programs_saved(program, expected):
    path = REFERENCES / "ora" / f"by_{program}.ora"
    document = ora.read(path)
    assert (document.width, document.height, document.bits) == (40, 32, 8)
    found = [
        (
            layer.name,
            layer.visible,
            layer.opacity,
            layer.blend_mode,
            layer.image.bounds() if isinstance(layer, PixelLayer) else None,
        )
        for layer in walk(document.layers)
    ]
    assert found == expected
    assert [layer.name for layer in document.layers] == [
        name for name, *_ in expected if name not in ("under it", "overlaid")
    ]
    locked = [layer.name for layer in walk(document.layers) if layer.lock]
    assert locked == (["off the canvas"] if program == "krita" else [])  # GIMP knows no such attribute
    picture = flat(path.with_suffix(".png"))
    assert len(np.unique(picture.reshape(-1, 4), axis=0)) > 50  # not a blank one
    assert difference(document.composite(document.rect), picture).max() <= 1
