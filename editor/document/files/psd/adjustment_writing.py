"""Adjustments as the blocks that PSD has for them: "Additional Layer Information", adjustment layers."""

import struct
from collections.abc import Callable, Iterable
from typing import Any

from editor.document.adjustments import (
    Adjustment,
    BlackAndWhite,
    BrightnessContrast,
    ChannelMixer,
    ColourBalance,
    Curves,
    Exposure,
    GradientMap,
    HueSaturation,
    Invert,
    Levels,
    LevelsChannel,
    PhotoFilter,
    Posterize,
    Threshold,
    Vibrance,
)
from editor.document.files.psd.resources import unicode_string

_LEVELS_RECORDS = 29
_MEAN = 127  # "Brightness and Contrast": the mean value for brightness and contrast


def blocks(adjustment: Adjustment) -> dict[bytes, bytes] | None:
    """The blocks by key; None for an adjustment that PSD does not have."""
    write = _WRITERS.get(type(adjustment))
    return None if write is None else write(adjustment)


def _words(*values: int) -> bytes:
    return struct.pack(f">{len(values)}h", *values)


def _brightness_contrast(it: BrightnessContrast) -> dict[bytes, bytes]:
    # Programs that do not know the second block take the first, which is the old kind.
    old = (it.brightness, it.contrast) if it.legacy else (0, 0)
    new = {b"Vrsn": 1, b"Brgh": it.brightness, b"Cntr": it.contrast, b"means": _MEAN, b"Lab ": False}
    new |= {b"useLegacy": it.legacy, b"Auto": False}
    return {b"brit": _words(*old, _MEAN) + b"\0\0", b"CgEd": _descriptor_block(new)}


def _levels(it: Levels) -> dict[bytes, bytes]:
    channels = [it.rgb, it.red, it.green, it.blue]
    channels += [LevelsChannel()] * (_LEVELS_RECORDS - len(channels))
    return {b"levl": _words(2) + b"".join(map(_levels_record, channels))}


def _levels_record(it: LevelsChannel) -> bytes:
    gamma = min(max(round(it.gamma * 100), 10), 999)
    return _words(it.input_black, it.input_white, it.output_black, it.output_white, gamma)


def _curves(it: Curves) -> dict[bytes, bytes]:
    curves = [it.rgb, it.red, it.green, it.blue]
    points = [_words(len(curve), *(number for at, to in curve for number in (to, at))) for curve in curves]
    block = struct.pack(">BHI", 0, 1, 0b1111) + b"".join(points)
    block += struct.pack(">4sHI", b"Crv ", 4, len(curves))
    block += b"".join(_words(channel) + each for channel, each in enumerate(points))
    return {b"curv": block}


def _exposure(it: Exposure) -> dict[bytes, bytes]:
    return {b"expA": struct.pack(">Hfff", 1, it.exposure, it.offset, it.gamma)}


def _vibrance(it: Vibrance) -> dict[bytes, bytes]:
    return {b"vibA": _descriptor_block({b"vibrance": it.vibrance, b"Strt": it.saturation})}


def _hue_saturation(it: HueSaturation) -> dict[bytes, bytes]:
    tint = it.colorize_hue if it.colorize_hue <= 180 else it.colorize_hue - 360
    block = struct.pack(">HBx", 2, it.colorize)
    block += _words(tint, it.colorize_saturation, it.colorize_lightness)
    block += _words(it.hue, it.saturation, it.lightness)
    for each in it.ranges:
        block += _words(*each.edges, each.hue, each.saturation, each.lightness)
    return {b"hue2": block}


def _colour_balance(it: ColourBalance) -> dict[bytes, bytes]:
    amounts = _words(*it.shadows, *it.midtones, *it.highlights)
    return {b"blnc": amounts + bytes([it.preserve_luminosity, 0])}


def _black_and_white(it: BlackAndWhite) -> dict[bytes, bytes]:
    weights = {b"Rd  ": it.reds, b"Yllw": it.yellows, b"Grn ": it.greens}
    weights |= {b"Cyn ": it.cyans, b"Bl  ": it.blues, b"Mgnt": it.magentas}
    tint = dict(zip((b"Rd  ", b"Grn ", b"Bl  "), (value * 255 for value in it.tint_colour), strict=True))
    more = {b"useTint": it.tint, b"tintColor": tint, b"bwPresetKind": 1, b"blackAndWhitePresetFileName": ""}
    return {b"blwh": _descriptor_block(weights | more)}


def _photo_filter(it: PhotoFilter) -> dict[bytes, bytes]:
    colour = struct.pack(">HHHHH", 0, *_deep(it.colour), 0)
    return {b"phfl": _words(2) + colour + struct.pack(">IB3x", it.density, it.preserve_luminosity)}


def _channel_mixer(it: ChannelMixer) -> dict[bytes, bytes]:
    rows = [it.grey] if it.monochrome else [it.red, it.green, it.blue, it.grey]
    block = _words(1, it.monochrome)
    for red, green, blue, constant in rows:
        block += _words(red, green, blue, 0, constant)
    return {b"mixr": block.ljust(4 + 4 * 10, b"\0")}


def _gradient_map(it: GradientMap) -> dict[bytes, bytes]:
    block = struct.pack(">HBB", 1, it.reverse, 0) + unicode_string("Lacuna\0")
    block += _words(len(it.stops))
    for stop in it.stops:
        block += struct.pack(">IIHHHHHH", stop.position, stop.midpoint, 0, *_deep(stop.colour), 0, 0)
    block += _words(2) + b"".join(struct.pack(">IIH", at, 50, 100) for at in (0, 4096))
    # Expansion count; smoothness, none, as our colours run straight; length and mode of what follows, and
    # a noise gradient's seed and settings.
    block += struct.pack(">HHHHIHHIH", 2, 0, 32, 0, 0, 0, 0, 2048, 3)
    return {b"grdm": block + struct.pack(">8H2x", *[0] * 4, *[32768] * 4)}


def _deep(colour: Iterable[float]) -> list[int]:
    return [round(value * 65535) for value in colour]


_WRITERS: dict[type[Adjustment], Callable[[Any], dict[bytes, bytes]]] = {
    BrightnessContrast: _brightness_contrast,
    Levels: _levels,
    Curves: _curves,
    Exposure: _exposure,
    Vibrance: _vibrance,
    HueSaturation: _hue_saturation,
    ColourBalance: _colour_balance,
    BlackAndWhite: _black_and_white,
    PhotoFilter: _photo_filter,
    ChannelMixer: _channel_mixer,
    Invert: lambda it: {b"nvrt": b""},
    Posterize: lambda it: {b"post": _words(it.levels, 0)},
    Threshold: lambda it: {b"thrs": _words(it.level, 0)},
    GradientMap: _gradient_map,
}


# --- "Descriptor structure" ---


def _descriptor_block(items: dict[bytes, Any]) -> bytes:
    return struct.pack(">I", 16) + _descriptor(b"null", items)


def _descriptor(class_id: bytes, items: dict[bytes, Any]) -> bytes:
    parts = [unicode_string("\0"), _id(class_id), struct.pack(">I", len(items))]
    return b"".join(parts + [_id(key) + _item(value) for key, value in items.items()])


def _id(key: bytes) -> bytes:
    """A key of four letters has no length of its own."""
    return struct.pack(">I", 0 if len(key) == 4 else len(key)) + key


def _item(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"bool" + bytes([value])
    if isinstance(value, int):
        return b"long" + struct.pack(">i", value)
    if isinstance(value, float):
        return b"doub" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"TEXT" + unicode_string(value + "\0")
    return b"Objc" + _descriptor(b"RGBC", value)
