"""What an adjustment's parameters may be, checked where one is made and where one is read from a file.

A field of a ``Parameters`` dataclass holds its rule in its metadata. From there the constructor checks it,
``to_dict`` and ``from_dict`` translate it, and a panel can take the range of its slider.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from reprlib import repr as shortened
from typing import Any, ClassVar, Protocol, Self

import numpy as np


class Rule(Protocol):
    """What one parameter may be. ``check`` and ``decode`` raise ValueError with the end of a sentence."""

    def check(self, value: object) -> None: ...

    def encode(self, value: Any) -> Any:
        """For JSON."""

    def decode(self, plain: object) -> Any:
        """What ``encode`` was given; still to be checked."""


class Plain:
    """A value that JSON has too."""

    def encode(self, value: Any) -> Any:
        return value

    def decode(self, plain: object) -> Any:
        return plain


@dataclass(frozen=True)
class Number(Plain):
    """A number from ``low`` to ``high``, whole if so said. NaN is in no range, True is no number."""

    low: float
    high: float
    whole: bool = False

    def check(self, value: object) -> None:
        kinds = int if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.low <= value <= self.high:
            name = "a whole number" if self.whole else "a number"
            raise ValueError(f"must be {name} from {self.low} to {self.high}")


class Flag(Plain):
    """True or False."""

    def check(self, value: object) -> None:
        if not isinstance(value, bool):
            raise ValueError("must be true or false")


@dataclass(frozen=True)
class Items:
    """A tuple of ``low`` to ``high`` values of one rule."""

    rule: Rule
    low: int
    high: int

    def check(self, value: object) -> None:
        if not isinstance(value, tuple):
            raise ValueError("must be a tuple")
        self._check_length(value)
        for item in value:
            self.rule.check(item)

    def encode(self, value: tuple) -> list:
        return [self.rule.encode(item) for item in value]

    def decode(self, plain: object) -> tuple:
        if not isinstance(plain, list):
            raise ValueError("must be a list")
        self._check_length(plain)  # before any item: the list may be as long as a file
        return tuple(self.rule.decode(item) for item in plain)

    def _check_length(self, items: Sequence) -> None:
        if not self.low <= len(items) <= self.high:
            count = self.low if self.low == self.high else f"{self.low} to {self.high}"
            raise ValueError(f"must have {count} items")


@dataclass(frozen=True)
class Record:
    """A ``Parameters`` dataclass within another."""

    type: "type[Parameters]"

    def check(self, value: object) -> None:
        if not isinstance(value, self.type):
            raise ValueError(f"must be a {self.type.__name__}")

    def encode(self, value: "Parameters") -> dict:
        return value.to_dict()

    def decode(self, plain: object) -> "Parameters":
        return self.type.from_dict(plain)


COLOUR = Items(Number(0, 1), 3, 3)
"""Red, green and blue of the document's own space."""


class Parameters:
    """Base of a frozen dataclass whose fields were made by ``parameter``."""

    def __post_init__(self) -> None:
        """Raises ValueError, with one line, for the first field that breaks its rule."""
        for each in fields(self):
            try:
                each.metadata["rule"].check(getattr(self, each.name))
            except ValueError as error:
                raise ValueError(f"{each.name} {error}") from None

    def to_dict(self) -> dict:
        """The parameters for JSON."""
        return {each.name: each.metadata["rule"].encode(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_dict(cls, plain: object) -> Self:
        """What ``to_dict`` made ``plain`` of.

        Raises ValueError, with one line, where a parameter is missing, unknown or not what it may be.
        """
        if not isinstance(plain, dict):
            raise ValueError("must be an object")
        rules = {each.name: each.metadata["rule"] for each in fields(cls)}
        for name in plain:
            if name not in rules:
                raise ValueError(f"unknown parameter {shortened(name)}")
        values = {}
        for name, rule in rules.items():
            if name not in plain:
                raise ValueError(f"{name} is missing")
            try:
                values[name] = rule.decode(plain[name])
            except ValueError as error:
                raise ValueError(f"{name} {error}") from None
        return cls(**values)


class Adjustment(Parameters, ABC):
    """A change of colour without regard to place."""

    kind: ClassVar[str]  # its id in files
    title: ClassVar[str]  # its name in menus and layer lists

    @abstractmethod
    def apply(self, colour: np.ndarray) -> np.ndarray:
        """New colours for ``colour``, which stays as it is.

        Both are float32 of shape (3, h, w): planes of red, green and blue in the document's own
        (gamma-encoded) space, 0..1.
        """


def parameter(rule: Rule, default: object) -> Any:
    """A dataclass field under ``rule``."""
    return field(default=default, metadata={"rule": rule})


def whole(default: int, low: int, high: int) -> Any:
    """A dataclass field that holds a whole number."""
    return parameter(Number(low, high, whole=True), default)


def number(default: float, low: float, high: float) -> Any:
    """A dataclass field that holds any number in a range."""
    return parameter(Number(low, high), default)


def flag(default: bool) -> Any:
    """A dataclass field that holds True or False."""
    return parameter(Flag(), default)
