"""Adjustment layers of a PSD: "Adjustment layer" blocks under "Additional Layer Information"."""

from collections.abc import Callable
from typing import Any

import numpy as np

from editor.document.adjustments import (
    Adjustment,
    BlackAndWhite,
    BrightnessContrast,
    ChannelMixer,
    ColourBalance,
    Curves,
    Exposure,
    GradientMap,
    GradientStop,
    HueRange,
    HueSaturation,
    Invert,
    Levels,
    LevelsChannel,
    PhotoFilter,
    Posterize,
    Threshold,
    Vibrance,
)

Note = Callable[[str], None]

_UNKNOWN = {b"clrL": "Colour Lookup is not known here; the layer is empty"}
_UNKNOWN |= {b"selc": "Selective Colour is not known here; the layer is empty"}
_BROKEN = "An adjustment cannot be read; the layer is empty"
_CURVE_POINTS = 19


def is_adjustment(blocks: Any) -> bool:
    """Whether the tagged blocks are those of an adjustment layer."""
    return any(key in blocks for key in (*_READERS, *_UNKNOWN))


def read(blocks: Any, note: Note, *, grey: bool) -> Adjustment | None:
    """The adjustment, its parameters brought into range; None if it cannot be kept, which ``note`` is told.

    ``grey``: the file has a single channel.
    """
    for key, words in _UNKNOWN.items():
        if key in blocks:
            note(words)
            return None
    key = next(key for key in _READERS if key in blocks)
    block = blocks.get_data(key)
    if block is None or isinstance(block, bytes):
        note(_BROKEN)
        return None
    try:
        if key in (b"levl", b"curv"):
            return _READERS[key](block, note, grey)
        if key == b"brit":
            return _brightness_contrast(block, blocks.get_data(b"CgEd"))
        return _READERS[key](block, note)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError):
        note(_BROKEN)
        return None


def rgb(descriptor: Any) -> tuple[float, float, float] | None:
    """The colour, 0..1, in a descriptor or in its item "Clr "; None for a colour space not known here."""
    colour = descriptor.get(b"Clr ", descriptor) if hasattr(descriptor, "get") else None
    if colour is None or not hasattr(colour, "get"):
        return None
    if b"Rd  " in colour:
        values = [float(colour[key]) / 255 for key in (b"Rd  ", b"Grn ", b"Bl  ")]
    elif b"Gry " in colour:  # percent of black
        values = [1 - float(colour[b"Gry "]) / 100] * 3
    else:
        return None
    red, green, blue = (_clamped(value, 0, 1) for value in values)
    return red, green, blue


def _clamped(value: Any, low: float, high: float) -> float:
    number = float(value)
    return low if not number > low else min(number, high)


def _whole(value: Any, low: int, high: int) -> int:
    return round(_clamped(value, low, high))


def _signed(word: int) -> int:
    return word - 65536 if word > 32767 else word


def _brightness_contrast(block: Any, extra: Any) -> BrightnessContrast:
    """The old block, or what Photoshop since CS3 writes beside it."""
    if extra is None or b"Brgh" not in extra:
        values = (_whole(_signed(word), -100, 100) for word in (block.brightness, block.contrast))
        return BrightnessContrast(*values, legacy=True)
    legacy = bool(extra.get(b"useLegacy", False))
    brightness = _whole(extra[b"Brgh"], *((-100, 100) if legacy else (-150, 150)))
    return BrightnessContrast(brightness, _whole(extra[b"Cntr"], -100 if legacy else -50, 100), legacy)


def _levels(block: Any, note: Note, grey: bool) -> Levels:
    channels = []
    for record in list(block)[:4]:
        black = _whole(record.input_floor, 0, 253)
        channels.append(
            LevelsChannel(
                black,
                max(_whole(record.input_ceiling, 2, 255), black + 2),
                _clamped(record.gamma / 100, 0.01, 9.99),
                _whole(record.output_floor, 0, 255),
                _whole(record.output_ceiling, 0, 255),
            )
        )
    if grey:  # the second record is that of the only channel
        channels = [channels[0]] + [channels[1]] * 3
    return Levels(*channels)


def _curves(block: Any, note: Note, grey: bool) -> Curves:
    if block.extra is not None:
        found = {item.channel_id: item.points for item in block.extra}
    elif block.version == 1:  # a bit for each channel
        ids = [number for number in range(32) if block.count_map >> number & 1]
        found = dict(zip(ids, block.data, strict=True))
    else:
        found = dict(enumerate(block.data))
    curves = {number: _curve(points, note) for number, points in found.items() if number < 4 and points}
    names = {0: ("rgb",), 1: ("red", "green", "blue")} if grey else dict(enumerate(_CHANNELS))
    return Curves(**{name: curves[n] for n, each in names.items() for name in each if n in curves})


_CHANNELS = (("rgb",), ("red",), ("green",), ("blue",))


def _curve(points: list, note: Note) -> tuple[tuple[int, int], ...]:
    """(input, output) points; the file has the output first, or a drawn curve's 256 outputs."""
    if isinstance(points[0], int):
        note("A drawn curve became one through 19 points")
        inputs = np.rint(np.linspace(0, 255, _CURVE_POINTS)).astype(int)
        return tuple((int(at), points[at]) for at in inputs)
    by_input = {_whole(at, 0, 255): _whole(to, 0, 255) for to, at in points}
    curve = tuple(sorted(by_input.items()))
    if len(curve) == 1:  # level throughout
        at, to = curve[0]
        curve = (*curve, (at + 1, to)) if at < 255 else ((at - 1, to), *curve)
    return curve


def _decimal(value: float) -> float:
    """The shortest decimal number that a 32-bit float stands for."""
    return float(str(np.float32(value)))


def _exposure(block: Any, note: Note) -> Exposure:
    return Exposure(
        _clamped(_decimal(block.exposure), -20, 20),
        _clamped(_decimal(block.offset), -0.5, 0.5),
        _clamped(_decimal(block.gamma), 0.01, 9.99),
    )


def _vibrance(block: Any, note: Note) -> Vibrance:
    return Vibrance(
        _whole(block.get(b"vibrance", 0), -100, 100),
        _whole(block.get(b"Strt", 0), -100, 100),
    )


def _hue_saturation(block: Any, note: Note) -> HueSaturation:
    hue, saturation, lightness = block.master
    tint, strength, light = block.colorization
    ranges = tuple(
        HueRange(tuple(edge if 0 <= edge <= 360 else edge % 360 for edge in edges), *_hsl(*change))
        for edges, change in block.items
    )
    return HueSaturation(
        *_hsl(hue, saturation, lightness),
        ranges=ranges,
        colorize=bool(block.enable),
        colorize_hue=tint if 0 <= tint <= 360 else tint % 360,  # stored as -180..180
        colorize_saturation=_whole(strength, 0, 100),
        colorize_lightness=_whole(light, -100, 100),
    )


def _hsl(hue: int, saturation: int, lightness: int) -> tuple[int, int, int]:
    return _whole(hue, -180, 180), _whole(saturation, -100, 100), _whole(lightness, -100, 100)


def _colour_balance(block: Any, note: Note) -> ColourBalance:
    tones = (block.shadows, block.midtones, block.highlights)
    amounts = (tuple(_whole(value, -100, 100) for value in tone) for tone in tones)
    return ColourBalance(*amounts, preserve_luminosity=bool(block.luminosity))


def _black_and_white(block: Any, note: Note) -> BlackAndWhite:
    keys = (b"Rd  ", b"Yllw", b"Grn ", b"Cyn ", b"Bl  ", b"Mgnt")
    defaults = BlackAndWhite()
    weights = (defaults.reds, defaults.yellows, defaults.greens)
    weights += (defaults.cyans, defaults.blues, defaults.magentas)
    return BlackAndWhite(
        *(_whole(block.get(key, weight), -200, 300) for key, weight in zip(keys, weights, strict=True)),
        tint=bool(block.get(b"useTint", False)),
        tint_colour=rgb(block.get(b"tintColor")) or defaults.tint_colour,
    )


def _photo_filter(block: Any, note: Note) -> PhotoFilter:
    colour = None if block.version == 3 else _components(block.color_space, block.color_components)
    if colour is None:
        note("A photo filter's colour cannot be read; it became the warming filter's")
        colour = PhotoFilter().colour
    return PhotoFilter(colour, _whole(block.density, 1, 100), bool(block.luminosity))


def _components(space: int, values: tuple[int, ...]) -> tuple[float, float, float] | None:
    """ "Color structure": RGB in 65535ths, grey in 10000ths of black."""
    if space == 0:
        return values[0] / 65535, values[1] / 65535, values[2] / 65535
    if space == 8:
        return (1 - _clamped(values[0] / 10000, 0, 1),) * 3
    return None


def _channel_mixer(block: Any, note: Note) -> ChannelMixer:
    rest = np.frombuffer(block.unknown[: len(block.unknown) // 2 * 2], ">i2").tolist()
    words = [*block.data, *rest, *[0] * 20]
    # Three sources, one that only CMYK has, and the constant.
    rows = [tuple(_whole(words[at + offset], -200, 200) for offset in (0, 1, 2, 4)) for at in range(0, 20, 5)]
    if block.monochrome:
        return ChannelMixer(grey=rows[0], monochrome=True)
    grey = rows[3] if len(rest) >= 15 and any(rows[3]) else ChannelMixer().grey
    return ChannelMixer(*rows[:3], grey=grey)


def _gradient_map(block: Any, note: Note) -> GradientMap:
    if block.mode == 1:
        raise ValueError("noise")
    stops = []
    for stop in sorted(block.color_stops, key=lambda each: each.location):
        colour = _components(stop.mode, stop.color)
        if colour is None:
            raise ValueError("the colour space of a stop is not known here")
        position, midpoint = _whole(stop.location, 0, 4096), _whole(stop.midpoint, 0, 100)
        stops.append(GradientStop(position, colour, midpoint))
    if any(stop.opacity < 100 for stop in block.transparency_stops):
        note("The transparency of a gradient map is not applied")
    return GradientMap(tuple(stops), bool(block.is_reversed))


_READERS: dict[bytes, Callable] = {
    b"brit": _brightness_contrast,
    b"levl": _levels,
    b"curv": _curves,
    b"expA": _exposure,
    b"vibA": _vibrance,
    b"hue2": _hue_saturation,
    b"hue ": _hue_saturation,
    b"blnc": _colour_balance,
    b"blwh": _black_and_white,
    b"phfl": _photo_filter,
    b"mixr": _channel_mixer,
    b"nvrt": lambda block, note: Invert(),
    b"post": lambda block, note: Posterize(_whole(block, 2, 255)),
    b"thrs": lambda block, note: Threshold(_whole(block, 1, 255)),
    b"grdm": _gradient_map,
}
