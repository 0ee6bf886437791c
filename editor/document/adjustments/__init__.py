"""Adjustments: changes of tone and colour that a layer holds as parameters, not as pixels.

An adjustment is a frozen dataclass; its ``apply`` makes new colours from those below it. A parameter has the
range and the unit of Photoshop's dialog, so that a PSD file's block and the dataclass say the same.
"""

from reprlib import repr as shortened

from editor.document.adjustments.balance import ChannelMixer, ColourBalance, PhotoFilter, WhiteBalance
from editor.document.adjustments.curves import Curves
from editor.document.adjustments.grey import BlackAndWhite, GradientMap, GradientStop, Threshold
from editor.document.adjustments.parameters import Adjustment
from editor.document.adjustments.saturation import COLOUR_RANGES, HueRange, HueSaturation, Vibrance
from editor.document.adjustments.tone import (
    BrightnessContrast,
    Exposure,
    Invert,
    Levels,
    LevelsChannel,
    Posterize,
)

__all__ = [
    "ADJUSTMENTS",
    "COLOUR_RANGES",
    "Adjustment",
    "BlackAndWhite",
    "BrightnessContrast",
    "ChannelMixer",
    "ColourBalance",
    "Curves",
    "Exposure",
    "GradientMap",
    "GradientStop",
    "HueRange",
    "HueSaturation",
    "Invert",
    "Levels",
    "LevelsChannel",
    "PhotoFilter",
    "Posterize",
    "Threshold",
    "Vibrance",
    "WhiteBalance",
    "decode",
    "encode",
]

# By kind, in the order of the menu: tone, colour, then what makes another picture.
ADJUSTMENTS: dict[str, type[Adjustment]] = {
    adjustment.kind: adjustment
    for adjustment in (
        BrightnessContrast,
        Levels,
        Curves,
        Exposure,
        WhiteBalance,
        Vibrance,
        HueSaturation,
        ColourBalance,
        BlackAndWhite,
        PhotoFilter,
        ChannelMixer,
        Invert,
        Posterize,
        Threshold,
        GradientMap,
    )
}


def encode(adjustment: Adjustment) -> dict:
    """``adjustment`` as a dict for JSON: its kind and every parameter."""
    return {"kind": adjustment.kind, **adjustment.to_dict()}


def decode(plain: dict) -> Adjustment:
    """The adjustment that ``encode`` made ``plain`` of; the dict may come from any file.

    Raises ValueError, with one line, for anything that ``encode`` could not have written.
    """
    if not isinstance(plain, dict):
        raise ValueError("an adjustment must be an object")
    values = dict(plain)
    kind = values.pop("kind", None)
    if not isinstance(kind, str) or kind not in ADJUSTMENTS:
        raise ValueError(f"no adjustment is of the kind {shortened(kind)}")
    try:
        return ADJUSTMENTS[kind].from_dict(values)
    except ValueError as error:
        raise ValueError(f"{kind}: {error}") from None
