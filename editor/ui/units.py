"""Lengths as people give them, and pixels."""

from editor.ui.words import tr

_PER_INCH = {"mm": 25.4, "cm": 2.54, "in": 1.0}
DECIMALS = {"px": 0, "mm": 1, "cm": 2, "in": 3}


def to_pixels(length: float, unit: str, dpi: float) -> float:
    """``length`` in one of ``settings.UNITS``, at ``dpi`` pixels an inch."""
    return length if unit == "px" else length / _PER_INCH[unit] * dpi


def from_pixels(pixels: float, unit: str, dpi: float) -> float:
    """The inverse of ``to_pixels``."""
    return pixels if unit == "px" else pixels / dpi * _PER_INCH[unit]


def names() -> tuple[tuple[str, str], ...]:
    """The units and what they are called."""
    return (
        ("px", tr("Pixels")),
        ("mm", tr("Millimetres")),
        ("cm", tr("Centimetres")),
        ("in", tr("Inches")),
    )
