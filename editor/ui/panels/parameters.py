"""An adjustment's numbers and switches by name, also those within its records and lists.

"gamma" names a parameter, "rgb.gamma" one of the record ``rgb``, "midtones.0" the first of a tuple.
"""

from collections.abc import Iterator
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from editor.document.adjustments.parameters import COLOUR, Flag, Items, Number, Parameters, Record

_WIDE = 50  # a range from which on whole steps are fine enough

_TITLES = {"colorize": "Colourise", "rgb": "RGB"}
_ITEMS = {
    3: ("Cyan – red", "Magenta – green", "Yellow – blue"),
    4: ("Red", "Green", "Blue", "Constant"),
}


@dataclass(frozen=True)
class Entry:
    """One number or switch. ``switch`` is the name of the switch that it depends on, or empty."""

    name: str
    title: str
    rule: Number | Flag
    default: Any
    switch: str = ""

    @property
    def step(self) -> float:
        rule = self.rule
        return 1 if rule.whole or rule.high - rule.low >= _WIDE else 0.01

    @property
    def is_logarithmic(self) -> bool:
        """Whether its range spans such a ratio (gamma) that even steps would crowd the small values."""
        rule = self.rule
        return not rule.whole and rule.low > 0 and rule.high / rule.low >= _WIDE


def groups(kind: type[Parameters]) -> list[str]:
    """The parameters of ``kind`` that hold several numbers each, of which one at a time is shown."""
    return [field.name for field in fields(kind) if _is_group(field)]


def entries(kind: type[Parameters], group: str) -> Iterator[Entry]:
    """The numbers and switches of ``kind``, those of ``group`` in its place and of no other."""
    switches: list[str] = []
    for field in fields(kind):
        rule, name = field.metadata["rule"], field.name
        if isinstance(rule, Flag):
            switches.append(name)
        if isinstance(rule, Number | Flag):
            switch = next((each for each in switches if name.startswith(f"{each}_")), "")
            short = name.removeprefix(f"{switch}_")
            yield Entry(name, title(short), rule, field.default, switch)
        elif name == group and isinstance(rule, Record):
            for entry in entries(rule.type, ""):
                yield replace(entry, name=f"{name}.{entry.name}", default=get(field.default, entry.name))
        elif name == group:
            for place, words in enumerate(_ITEMS[rule.high]):
                yield Entry(f"{name}.{place}", words, rule.rule, field.default[place])


def title(name: str) -> str:
    """A parameter's name as words."""
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def get(holder: Any, name: str) -> Any:
    """The value of a number or switch."""
    for part in name.split("."):
        holder = holder[int(part)] if isinstance(holder, tuple) else getattr(holder, part)
    return holder


def changed(holder: Any, name: str, value: object) -> Any:
    """``holder`` with another value. Raises ValueError if the others do not allow it."""
    first, _, rest = name.partition(".")
    if rest:
        value = changed(get(holder, first), rest, value)
    if isinstance(holder, tuple):
        place = int(first)
        return (*holder[:place], value, *holder[place + 1 :])
    return replace(holder, **{first: value})


def _is_group(field: Field) -> bool:
    rule = field.metadata["rule"]
    if isinstance(rule, Record):
        return True
    several = isinstance(rule, Items) and rule is not COLOUR and isinstance(rule.rule, Number)
    return several and rule.low == rule.high and rule.high in _ITEMS
