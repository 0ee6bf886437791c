"""How a fill was made, kept with its layer so that it can be told, repeated and changed."""

from dataclasses import asdict, dataclass, fields
from reprlib import repr as shortened

_LONGEST = 10_000  # characters of a text
_LARGEST = 2**64


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
    grain: float = 1.0  # 0 .. 1; recipes from before there was any are without it

    def to_dict(self) -> dict:
        """The recipe for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: object) -> "Recipe":
        """The recipe that ``to_dict`` made ``plain`` of; ``plain`` may come from any file.

        Raises ValueError, with one line, where a value is missing, unknown or not what it may be.
        """
        kinds = {field.name: field.type for field in fields(cls)}
        if isinstance(plain, dict):
            plain = {"grain": 1.0} | plain
        if not isinstance(plain, dict) or plain.keys() != kinds.keys():
            raise ValueError(f"a recipe has exactly {', '.join(kinds)}")
        for name, value in plain.items():
            if type(value) is not kinds[name]:  # True is no seed
                raise ValueError(f"a recipe's {name} cannot be {shortened(value)}")
            if len(value) > _LONGEST if isinstance(value, str) else abs(value) > _LARGEST:
                raise ValueError(f"a recipe's {name} is too large")
        if not 0 <= plain["grain"] <= 1:  # nor is NaN
            raise ValueError("a recipe's grain lies between 0 and 1")
        return cls(**plain)
