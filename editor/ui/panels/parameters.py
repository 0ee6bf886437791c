"""An adjustment's parameters by name, also those within its records and lists.

"gamma" names a parameter, "rgb.gamma" one of the record ``rgb``, "midtones.0" the first of a tuple.
"""

from collections.abc import Iterator
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from editor.document.adjustments import COLOUR_RANGES, GradientStop, HueRange, LevelsChannel
from editor.document.adjustments.parameters import (
    COLOUR,
    Flag,
    Items,
    Number,
    Parameters,
    Record,
    Rule,
)

MASTER = ""  # the group of what is in none, where there are ranges of hues beside it
_WIDE = 50  # a range from which on whole steps are fine enough

_TITLES = {"colorize": "Colourise", "rgb": "RGB", MASTER: "Master", "edges": "Hues"}
_ITEMS = {
    3: ("Cyan – red", "Magenta – green", "Yellow – blue"),
    4: ("Red", "Green", "Blue", "Constant"),
}


@dataclass(frozen=True)
class Entry:
    """One parameter that has a control. ``switch`` is the name of the switch it depends on, or empty.

    ``control``: "number", "flag", "colour", "curve", "levels", "hues" or "stops".
    """

    name: str
    title: str  # English
    rule: Rule
    default: Any
    switch: str = ""

    @property
    def control(self) -> str:
        rule = self.rule
        if isinstance(rule, Number):
            return "number"
        if isinstance(rule, Flag):
            return "flag"
        if rule is COLOUR:
            return "colour"
        if _is_curve(rule):
            return "curve"
        if rule == Record(LevelsChannel):
            return "levels"
        return "stops" if _is_list_of(rule, GradientStop) else "hues"

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
    """The names of what holds several values of ``kind`` each, of which one at a time is shown."""
    names: list[str] = []
    for field in fields(kind):
        if _is_list_of(field.metadata["rule"], HueRange):
            names += [MASTER, *(f"{field.name}.{place}" for place in range(len(field.default)))]
        elif _is_group(field):
            names.append(field.name)
    return names


def entries(kind: type[Parameters], group: str) -> Iterator[Entry]:
    """The parameters of ``kind``, those of ``group`` in its place and of no other."""
    if "." in group:  # a range of hues, which has nothing in common with the others
        name, _, place = group.partition(".")
        record = next(field.default for field in fields(kind) if field.name == name)[int(place)]
        yield from _within(record, group)
        return
    switches: list[str] = []
    for field in fields(kind):
        rule, name = field.metadata["rule"], field.name
        if isinstance(rule, Flag):
            switches.append(name)
        if isinstance(rule, Number | Flag) or rule is COLOUR or _is_list_of(rule, GradientStop):
            switch = next((each for each in switches if name.startswith(f"{each}_")), "")
            short = name.removeprefix(f"{switch}_")
            yield Entry(name, title(short), rule, field.default, switch)
        elif name == group and isinstance(rule, Record):
            yield Entry(name, title(name), rule, field.default)
            yield from _within(field.default, name)
        elif name == group and _is_curve(rule):
            yield Entry(name, title(name), rule, field.default)
        elif name == group:
            for place, words in enumerate(_ITEMS[rule.high]):
                yield Entry(f"{name}.{place}", words, rule.rule, field.default[place])


def _within(record: Parameters, name: str) -> Iterator[Entry]:
    """The parameters of a record that is called ``name``."""
    for field in fields(record):
        rule = field.metadata["rule"]
        yield Entry(f"{name}.{field.name}", title(field.name), rule, getattr(record, field.name))


def title(name: str) -> str:
    """A parameter's name as words, in English."""
    if name.startswith("ranges."):
        return COLOUR_RANGES[int(name.partition(".")[2])]
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def get(holder: Any, name: str) -> Any:
    """The value of a parameter."""
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
    if isinstance(rule, Record) or _is_curve(rule):
        return True
    several = isinstance(rule, Items) and rule is not COLOUR and isinstance(rule.rule, Number)
    return several and rule.low == rule.high and rule.high in _ITEMS


def _is_curve(rule: Rule) -> bool:
    return isinstance(rule, Items) and isinstance(rule.rule, Items)


def _is_list_of(rule: Rule, kind: type[Parameters]) -> bool:
    return isinstance(rule, Items) and rule.rule == Record(kind)
