"""What can be set about a tool, as plain data: the options bar makes its controls of it.

The value itself is an attribute of the tool, which is kept for the next time if it is ``lasting``; others
belong to what the tool has open. Labels and tips are English; whoever shows them translates.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number; the control shows the attribute's value times ``scale``, in ``low`` .. ``high``.

    A ``compact`` one has no track and is dragged by its number. One that is not ``live`` is set when a drag
    is over: each value is a step that undo takes back.
    """

    attribute: str
    label: str
    low: float
    high: float
    step: float = 1
    suffix: str = ""
    scale: float = 1
    logarithmic: bool = False
    tip: str = ""
    lasting: bool = True
    compact: bool = False
    live: bool = True

    def accepts(self, value: object) -> bool:
        """Whether the attribute may have this value, which may come from any file."""
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return plain and self.low <= value * self.scale <= self.high


@dataclass(frozen=True)
class Choice:
    """One of ``choices``: (value, label, icon). With icons it is a row of buttons, without a list."""

    attribute: str
    label: str
    choices: tuple[tuple[object, str, str | None], ...]
    tip: str = ""
    lasting: bool = True

    def accepts(self, value: object) -> bool:
        return any(type(value) is type(each) and value == each for each, _, _ in self.choices)


@dataclass(frozen=True)
class Switch:
    """On or off: a button with ``icon``, or a check box without."""

    attribute: str
    label: str
    icon: str | None = None
    tip: str = ""
    lasting: bool = True

    def accepts(self, value: object) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True)
class Deed:
    """A button that calls the tool's ``method`` with the document (apply, cancel, clear). One that ``stays``
    is in the bar however narrow that is."""

    method: str
    label: str
    icon: str | None = None
    primary: bool = False
    tip: str = ""
    stays: bool = False


Option = Number | Choice | Switch | Deed

HOW = Choice(
    "how",
    "Selection",
    (
        ("replace", "New selection", "select-replace"),
        ("add", "Add to the selection (Shift)", "select-add"),
        ("subtract", "Take away from the selection (Alt)", "select-subtract"),
        ("intersect", "Keep what both have (Shift+Alt)", "select-intersect"),
    ),
)
ADD_OR_SUBTRACT = Choice("how", "Selection", HOW.choices[1:3])
