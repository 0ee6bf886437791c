"""Documents to save as PSD, and what psd-tools makes of the file: the truth of the tests of PSD."""

import logging

import numpy as np
from hypothesis import strategies as st
from psd_tools import PSDImage
from psd_tools.constants import ChannelID

from editor.document.adjustments import ADJUSTMENTS, WhiteBalance
from editor.document.blend import MODES
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, LayerMask, Lock, PixelLayer
from editor.document.model import Channel, Document
from editor.document.tiles import TiledImage

WIDTH, HEIGHT = 40, 30
KEPT_ADJUSTMENTS = [each for each in ADJUSTMENTS.values() if each is not WhiteBalance]

_LOCKS = (Lock.NONE, Lock.ALPHA, Lock.PIXELS, Lock.ALL, Lock.ALPHA | Lock.PIXELS)


def opened(path):
    """psd-tools' picture of a file."""
    logging.getLogger("psd_tools").setLevel(logging.CRITICAL)
    return PSDImage.open(path)


def noise(seed, width, height, dtype, channels=4):
    """Random pixels, of every alpha."""
    most = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, most, (height, width, channels), dtype, endpoint=True)


@st.composite
def planes(draw, dtype):
    """A layer's pixels, which may be empty and may reach beyond the canvas."""
    width, height = draw(st.integers(0, 60)), draw(st.integers(0, 50))
    if not width or not height:
        return TiledImage(4, dtype)
    pixels = noise(draw(st.integers(0, 2**32 - 1)), width, height, dtype)
    return TiledImage.from_array(pixels, draw(st.integers(-40, 40)), draw(st.integers(-40, 40)))


@st.composite
def masks(draw):
    default = draw(st.sampled_from((0, 255, 255, 77)))
    image = TiledImage(1, np.uint8, default)
    if draw(st.booleans()):
        values = noise(draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 50)), 20, np.uint8, 1)
        image = TiledImage.from_array(values, draw(st.integers(-20, 30)), 5, default=default)
    return LayerMask(image, draw(st.booleans()))


@st.composite
def layers(draw, dtype, depth=2):
    """A stack of layers, bottom first."""
    stack = []
    for _ in range(draw(st.integers(1, 4))):
        common = {
            "visible": draw(st.booleans()),
            "opacity": draw(st.integers(0, 255)) / 255,
            "blend_mode": draw(st.sampled_from(list(MODES))),
            "clipping": draw(st.booleans()),
            "mask": draw(st.none() | masks()),
            "lock": draw(st.sampled_from(_LOCKS)),
        }
        name = draw(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
        kind = draw(st.sampled_from(("pixels", "pixels", "group", "adjustment") if depth else ("pixels",)))
        if kind == "group":
            common["blend_mode"] = draw(st.sampled_from((PASS_THROUGH, *MODES)))
            stack.append(Group(name, draw(layers(dtype, depth - 1)), **common))
        elif kind == "adjustment":
            stack.append(AdjustmentLayer(name, draw(st.sampled_from(KEPT_ADJUSTMENTS))(), **common))
        else:
            stack.append(PixelLayer(name, draw(planes(dtype)), **common))
    return stack


@st.composite
def documents(draw):
    dtype = np.dtype(draw(st.sampled_from((np.uint8, np.uint16))))
    document = Document(WIDTH, HEIGHT, dtype, draw(layers(dtype)))
    document.channels = tuple(
        Channel(name, TiledImage.from_array(noise(seed, WIDTH, HEIGHT, np.uint8, 1)))
        for seed, name in enumerate(draw(st.lists(st.sampled_from(("Sky", "Hår", "空")), max_size=2)))
    )
    return document


def channel(layer, number, width, height, depth):
    """A channel of a psd-tools layer as psd-tools unpacks it, (height, width)."""
    record, data = layer._record, layer._channels
    for info, packed in zip(record.channel_info, data, strict=True):
        if info.id == ChannelID(number):
            raw = packed.get_data(width, height, depth, layer._psd.version)
            return np.frombuffer(raw, ">u2" if depth == 16 else np.uint8).reshape(height, width)
    raise AssertionError(f"no channel {number}")
