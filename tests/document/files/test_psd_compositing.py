"""What our files look like: our composite against psd-tools' own renderer, and against Photoshop's pictures.

psd-tools renders in float32 by PDF's formulas, from the file alone. It differs from us, and from GIMP, in one
thing: what is clipped to a partly transparent layer it blends by that transparency, too. Here such layers are
opaque.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psd_sources import noise, opened
from psd_tools.composite import composite

from editor.document.blend import MODES
from editor.document.files import psd
from editor.document.files.psd import header
from editor.document.files.psd.merged import Merged, on_white
from editor.document.layers import PASS_THROUGH, Group, LayerMask, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage

SIDE = 24
REFERENCES = Path(__file__).parents[2] / "references" / "psd"
# The others have a step, and float32 may fall on either side of it.
SMOOTH = [mode for mode in MODES if mode not in ("hard-mix", "darker-color", "lighter-color")]


def rendered(path):
    """psd-tools' (H, W, 4) float64, 0..1, straight alpha."""
    colour, _, alpha = composite(opened(path), color=0.0, alpha=0.0, force=True)
    return np.concatenate([colour, alpha], axis=2).astype(np.float64)


def difference(document, path):
    """Of colours, weighted by alpha, and of alpha: the largest, in steps of the document's depth."""
    psd.write(document, path)
    theirs = rendered(path)
    ours = document.composite(document.rect) / document.maximum
    for picture in (theirs, ours):
        picture[..., :3] *= picture[..., 3:]
    return np.abs(theirs - ours).max() * document.maximum


def pixels(seed, dtype, *, opaque=False):
    values = noise(seed, SIDE, SIDE, dtype)
    if opaque:
        values[..., 3] = np.iinfo(dtype).max
    return TiledImage.from_array(values)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "hard-mix"])
def test_every_mode(tmp_path, mode, dtype):
    layers = [
        PixelLayer("Below", pixels(1, dtype)),
        PixelLayer("Above", pixels(2, dtype), blend_mode=mode, opacity=204 / 255),
    ]
    # Both round a step that is theirs alone.
    assert difference(Document(SIDE, SIDE, dtype, layers), tmp_path / "a.psd") <= 1


@st.composite
def stacks(draw, dtype, depth):
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        seed = draw(st.integers(0, 2**32 - 1))
        common = {"opacity": draw(st.integers(0, 255)) / 255, "visible": draw(st.integers(0, 4)) > 0}
        if draw(st.booleans()):
            values = noise(seed, SIDE, SIDE - 4, np.uint8, 1)
            image = TiledImage.from_array(values, 2, 2, default=draw(st.sampled_from((0, 255))))
            common["mask"] = LayerMask(image, draw(st.booleans()))
        if depth and draw(st.booleans()):
            common["blend_mode"] = draw(st.sampled_from((PASS_THROUGH, PASS_THROUGH, "normal", *SMOOTH)))
            layers.append(Group("Group", draw(stacks(dtype, depth - 1)), **common))
            continue
        common["blend_mode"] = draw(st.sampled_from(SMOOTH))
        base_opaque = draw(st.booleans())
        layers.append(PixelLayer("Base", pixels(seed, dtype, opaque=base_opaque), **common))
        if base_opaque and draw(st.booleans()):
            mode, share = draw(st.sampled_from(SMOOTH)), draw(st.integers(0, 255)) / 255
            layers.append(
                PixelLayer("On", pixels(seed + 1, dtype), clipping=True, blend_mode=mode, opacity=share)
            )
    return layers


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from((np.uint8, np.uint16)))
def test_groups_masks_clipping_and_opacity(tmp_path_factory, data, dtype):
    """Isolated groups, and groups that pass through, within each other."""
    layers = [PixelLayer("Bottom", pixels(0, dtype, opaque=data.draw(st.booleans())))]
    layers += data.draw(stacks(dtype, 2))
    document = Document(SIDE, SIDE, dtype, layers)
    limit = 1 if dtype == np.uint8 else 4
    assert difference(document, tmp_path_factory.mktemp("psd") / "a.psd") <= limit


def photoshops(path):
    """The merged picture's planes as Photoshop saved them."""
    picture = opened(path)
    data = picture._record.image_data
    merged = Merged(
        int(data.compression).to_bytes(2) + data.data,
        header.parse(path.read_bytes()[: header.SIZE], path.name),
    )
    return merged.planes(0, picture.channels)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        *(
            (f"{mode}.psd", 2)
            for mode in ("color-burn", "color-dodge", "soft-light", "vivid-light", "hard-mix")
        ),
        *(
            (f"{mode}.psd", 2)
            for mode in ("hue", "saturation", "linear-light", "darker-color", "pass-through")
        ),
        ("adjustment-clipping.psd", 1),
        ("one-layer.psd", 0),
        ("from-gimp.psd", 0),
        ("path-combine.psd", 0),
    ],
)
def test_we_show_what_the_program_that_saved_it_showed(name, limit):
    """Photoshop rounds after each layer, which is what the two steps are for."""
    document, _ = psd.read(REFERENCES / name)
    planes = photoshops(REFERENCES / name)
    ours = document.composite(document.rect)
    for mine, theirs in zip([*on_white(ours), ours[..., 3]], planes, strict=False):
        assert np.abs(mine.astype(int) - theirs).max() <= limit
