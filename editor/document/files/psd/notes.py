"""What is not kept, told in plain lines without a full stop."""

_NAMED = 3  # layers called by their names before the rest is counted


class Notes:
    """Collects remarks; those of the same kind about several layers become one line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._layers: dict[str, list[str]] = {}

    def add(self, line: str) -> None:
        """A remark about the whole picture."""
        self._lines.append(line)

    def layer(self, what: str, name: str) -> None:
        """A remark about the layer ``name``; ``what`` is a clause to which names are added."""
        self._layers.setdefault(what, []).append(name)

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self._lines, *(f"{what}: {_listed(names)}" for what, names in self._layers.items()))


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        return f"{', '.join(quoted)} and {len(names) - _NAMED} more"
    return ", ".join(quoted)
