"""How a fill was made, kept with its layer so that it can be told, repeated and changed."""

from dataclasses import dataclass, fields, replace
from reprlib import repr as shortened

import numpy as np

from editor.document.guide import INK, LINE, Guide, Point, check_count

_LONGEST = 10_000  # characters of a text
_LARGEST = 2**64
_MOST = 200  # settings
_OPTIONAL = {"guides", "settings"}


@dataclass(frozen=True)
class Recipe:
    """Everything but the picture and the mask that decided a fill.

    The same recipe on the same device with the same picture and mask gives the same pixels.
    """

    task: str  # "remove"
    engine: str
    weights_sha256: str
    device: str
    seed: int
    # Lines that the fill follows: (x, y) in pixels of the picture, as guides have them.
    guides: tuple[tuple[Point, ...], ...] = ()
    grain: float = 1.0  # 0 .. 1; recipes from before there was any are without it
    # What else an engine was told, by names of its own: words, steps, strength.
    settings: tuple[tuple[str, str | int | float], ...] = ()

    def to_guides(self) -> tuple[Guide, ...]:
        """The lines as guides of a document; those of more than two points become ink."""
        return tuple(Guide(LINE if len(points) == 2 else INK, points) for points in self.guides)

    def transformed(self, matrix: np.ndarray) -> "Recipe":
        """The recipe in a picture whose points went where ``matrix`` (3, 3) takes them. Lines that it takes
        too far off are left out."""
        moved = []
        for guide in self.to_guides():
            try:
                moved.append(guide.transformed(matrix).points)
            except ValueError:
                continue
        return replace(self, guides=tuple(moved))

    def to_dict(self) -> dict:
        """The recipe for JSON; without ``guides`` and ``settings`` where there are none."""
        plain: dict = {field.name: getattr(self, field.name) for field in fields(self)}
        del plain["guides"], plain["settings"]
        if self.settings:
            plain["settings"] = dict(self.settings)
        if self.guides:
            plain["guides"] = [[list(point) for point in points] for points in self.guides]
        return plain

    @classmethod
    def from_dict(cls, plain: object) -> "Recipe":
        """The recipe that ``to_dict`` made ``plain`` of; ``plain`` may come from any file.

        Raises ValueError, with one line, where a value is missing, unknown or not what it may be.
        """
        kinds = {field.name: field.type for field in fields(cls) if field.name not in _OPTIONAL}
        if isinstance(plain, dict):
            plain = {"grain": 1.0} | plain
        if not isinstance(plain, dict) or plain.keys() - _OPTIONAL != kinds.keys():
            raise ValueError(f"a recipe has exactly {', '.join(kinds)} and may have guides and settings")
        guides, settings = plain.pop("guides", []), plain.pop("settings", {})
        for name, value in plain.items():
            if type(value) is not kinds[name]:  # True is no seed
                raise ValueError(f"a recipe's {name} cannot be {shortened(value)}")
            if len(value) > _LONGEST if isinstance(value, str) else abs(value) > _LARGEST:
                raise ValueError(f"a recipe's {name} is too large")
        if not 0 <= plain["grain"] <= 1:  # nor is NaN
            raise ValueError("a recipe's grain lies between 0 and 1")
        return cls(**plain, guides=_lines(guides), settings=_settings(settings))


def _settings(plain: object) -> tuple[tuple[str, str | int | float], ...]:
    if not isinstance(plain, dict) or len(plain) > _MOST:
        raise ValueError("a recipe's settings are not too many values by their names")
    for name, value in plain.items():
        if not isinstance(name, str) or len(name) > _LONGEST or type(value) not in (str, int, float):
            raise ValueError(f"a recipe's setting cannot be {shortened(value)}")
        if len(value) > _LONGEST if isinstance(value, str) else not abs(value) <= _LARGEST:  # nor is NaN
            raise ValueError(f"a recipe's setting {shortened(name)} is too large")
    return tuple(plain.items())


def _lines(plain: object) -> tuple[tuple[Point, ...], ...]:
    if not isinstance(plain, list) or not all(isinstance(points, list) for points in plain):
        raise ValueError("a recipe's guides are a list of lists of points")
    guides = []
    for points in plain:
        kind = {"kind": LINE} if len(points) == 2 else {"kind": INK, "width": 1.0, "pressures": None}
        try:
            guides.append(Guide.from_dict(kind | {"points": points, "enabled": True}))
        except ValueError as error:
            raise ValueError(f"a recipe's guides are damaged: {error}") from None
    try:
        check_count(guides)
    except ValueError as error:
        raise ValueError(f"a recipe's guides are too many: {error}") from None
    return tuple(guide.points for guide in guides)
