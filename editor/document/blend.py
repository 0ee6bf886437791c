"""Blend modes: the colour that an opaque layer makes with an opaque backdrop.

Each function takes backdrop and source, float32 of shape (3, ...) with values in 0..1, and returns a new
array of that shape; ``normal`` returns the source itself.

Those that say W3C follow "Compositing and Blending Level 1" (https://www.w3.org/TR/compositing-1/, its
chapter on blending, separable and non-separable modes), which took them from Adobe's PDF. Those that say
Photoshop are not in it; their formulas are what Adobe's help on blending modes describes in words.
"""

from collections.abc import Callable

import numpy as np

BlendFunction = Callable[[np.ndarray, np.ndarray], np.ndarray]

_TINY = np.float32(1e-30)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """min(1, part / whole), neither of them below zero, and 1 where ``whole`` is 0."""
    share = part + _TINY  # changes nothing but 0 / 0, and dividing everywhere is faster than where it is safe
    share /= whole + _TINY
    return np.minimum(share, 1, out=share)


def normal(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the source alone."""
    return source


def darken(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the smaller one, channel by channel."""
    return np.minimum(backdrop, source)


def multiply(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the product."""
    return backdrop * source


def color_burn(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the backdrop's distance from white, divided by the source; white stays white."""
    return np.where(backdrop >= 1, backdrop, 1 - _share(1 - backdrop, source))


def linear_burn(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the sum less white."""
    return np.maximum(backdrop + source - 1, 0)


def darker_color(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the whole pixel of lesser luminosity (as W3C weighs it), the backdrop's if equal."""
    return np.where(_luminosity(source) < _luminosity(backdrop), source, backdrop)


def lighten(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the larger one, channel by channel."""
    return np.maximum(backdrop, source)


def screen(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the product of the distances from white."""
    return backdrop + source - backdrop * source


def color_dodge(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the backdrop divided by the source's distance from white; black stays black."""
    return np.where(backdrop <= 0, backdrop, _share(backdrop, 1 - source))


def linear_dodge(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the sum."""
    return np.minimum(backdrop + source, 1)


def lighter_color(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the whole pixel of greater luminosity (as W3C weighs it), the backdrop's if equal."""
    return np.where(_luminosity(source) > _luminosity(backdrop), source, backdrop)


def overlay(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: hard light with the layers exchanged."""
    return hard_light(source, backdrop)


def soft_light(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: a gamma below one towards light, a parabola towards dark."""
    lighter = 16 * backdrop
    lighter -= 12
    lighter *= backdrop
    lighter += 4
    lighter *= backdrop
    lighter = np.where(backdrop > 0.25, np.sqrt(backdrop), lighter)
    lighter -= backdrop
    darker = backdrop * backdrop
    np.subtract(backdrop, darker, out=darker)
    towards = np.where(source > 0.5, lighter, darker)
    towards *= 2 * source - 1
    towards += backdrop
    return towards


def hard_light(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: multiply with a source doubled, or screen with what it has above half."""
    darker = backdrop * source
    darker *= 2
    lighter = backdrop + source
    lighter *= 2
    lighter -= 1
    lighter -= darker
    return np.where(source > 0.5, lighter, darker)


def vivid_light(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: burn with a source doubled, or dodge with what it has above half.

    Unlike in the two modes themselves a black source gives black and a white one white on any backdrop.
    """
    burnt = 1 - _share(1 - backdrop, 2 * source)
    return np.where(source > 0.5, _share(backdrop, 2 * (1 - source)), burnt)


def linear_light(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: linear burn with a source doubled, or linear dodge with what it has above half."""
    return np.clip(backdrop + (2 * source - 1), 0, 1)


def pin_light(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: darken with a source doubled, or lighten with what it has above half."""
    doubled = 2 * source
    out = np.minimum(backdrop, doubled)
    doubled -= 1
    # Above half the first leaves the backdrop as it is, below half the second does.
    return np.maximum(out, doubled, out=out)


def hard_mix(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: full where the sum passes one, else nothing.

    A sum of exactly one counts as passed where the backdrop is the lighter.
    """
    excess = backdrop + source - 1
    near = np.float32(2**-20)  # what rounding leaves of a sum of two 16-bit values that makes one
    return ((excess > near) | ((excess >= -near) & (backdrop > 0.5))).astype(backdrop.dtype)


def difference(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the distance."""
    return np.abs(backdrop - source)


def exclusion(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: like difference, with less contrast."""
    return backdrop + source - 2 * backdrop * source


def subtract(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the backdrop less the source."""
    return np.maximum(backdrop - source, 0)


def divide(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Photoshop: the backdrop divided by the source; black stays black."""
    return np.where(backdrop <= 0, backdrop, _share(backdrop, source))


def hue(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the source's hue; saturation and luminosity of the backdrop."""
    return _with_luminosity(_with_saturation(source, _saturation(backdrop)), _luminosity(backdrop))


def saturation(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the source's saturation; hue and luminosity of the backdrop."""
    return _with_luminosity(_with_saturation(backdrop, _saturation(source)), _luminosity(backdrop))


def color(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the source's hue and saturation; the backdrop's luminosity."""
    return _with_luminosity(source, _luminosity(backdrop))


def luminosity(backdrop: np.ndarray, source: np.ndarray) -> np.ndarray:
    """W3C: the source's luminosity; hue and saturation of the backdrop."""
    return _with_luminosity(backdrop, _luminosity(source))


# --- W3C, non-separable modes: Lum, Sat, SetLum with ClipColor, SetSat ---


def _luminosity(colour: np.ndarray) -> np.ndarray:
    return 0.3 * colour[0:1] + 0.59 * colour[1:2] + 0.11 * colour[2:3]


def _saturation(colour: np.ndarray) -> np.ndarray:
    return colour.max(axis=0, keepdims=True) - colour.min(axis=0, keepdims=True)


def _with_luminosity(colour: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Shift all channels alike; what then leaves 0..1 is drawn towards the grey of that luminosity."""
    shifted = colour + (wanted - _luminosity(colour))
    grey = np.clip(_luminosity(shifted), 0, 1)
    lowest, highest = shifted.min(axis=0, keepdims=True), shifted.max(axis=0, keepdims=True)
    # Both shares are 1 where nothing leaves the range.
    reach = _share(grey, np.maximum(grey - lowest, 0))
    reach *= _share(1 - grey, np.maximum(highest - grey, 0))
    shifted -= grey
    shifted *= reach
    shifted += grey
    return np.clip(shifted, 0, 1, out=shifted)


def _with_saturation(colour: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The least channel at 0, the greatest at ``wanted``, the middle one in proportion; grey is black."""
    span = _saturation(colour)
    return np.where(span > 0, _share(colour - colour.min(axis=0, keepdims=True), span) * wanted, 0)


# Ids are the keywords of W3C where it has them; the order is that of Photoshop's menu.
MODES: dict[str, BlendFunction] = {
    "normal": normal,
    "darken": darken,
    "multiply": multiply,
    "color-burn": color_burn,
    "linear-burn": linear_burn,
    "darker-color": darker_color,
    "lighten": lighten,
    "screen": screen,
    "color-dodge": color_dodge,
    "linear-dodge": linear_dodge,
    "lighter-color": lighter_color,
    "overlay": overlay,
    "soft-light": soft_light,
    "hard-light": hard_light,
    "vivid-light": vivid_light,
    "linear-light": linear_light,
    "pin-light": pin_light,
    "hard-mix": hard_mix,
    "difference": difference,
    "exclusion": exclusion,
    "subtract": subtract,
    "divide": divide,
    "hue": hue,
    "saturation": saturation,
    "color": color,
    "luminosity": luminosity,
}
