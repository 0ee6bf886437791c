"""The engines there are: one explicit list. Importing this imports no network."""

import importlib
from dataclasses import dataclass

from engines.base import Engine, EngineError


@dataclass(frozen=True)
class EngineSpec:
    """What can be said of an engine without loading it."""

    id: str
    task: str  # "remove", or "lines": finds those that a removal follows
    title: str  # as the engine menu names it
    module: str
    factory: str  # callable in ``module`` that takes the device and gives the Engine
    weights: str  # id in the catalogue
    note: str  # what it is good at, for the menu's tooltip


ENGINES = (
    EngineSpec(
        id="migan",
        task="remove",
        title="MI-GAN",
        module="engines.removal.migan",
        factory="MiGan",
        weights="migan-512",
        note="Small and quick. Comes with Lacuna and works offline.",
    ),
    EngineSpec(
        id="lines",
        task="lines",
        title="M-LSD and LSD",
        module="engines.lines.finder",
        factory="LineFinder",
        weights="mlsd-512",
        note="Finds the straight lines around a hole and continues them into it.",
    ),
)


# What removes when nothing else is chosen: it is always there.
DEFAULT_REMOVER = "migan"
LINE_FINDER = "lines"


def spec(engine_id: str, task: str | None = None) -> EngineSpec:
    """The entry of one engine. Raises EngineError if there is none of that name, or none for ``task``."""
    entries = [entry for entry in ENGINES if task in (None, entry.task)]
    for entry in entries:
        if entry.id == engine_id:
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise EngineError(f'There is no engine "{engine_id}". Choose one of: {known}.')


def load(engine_id: str, device: str = "auto") -> Engine:
    """Import and load an engine for a device. Raises EngineError and its kinds."""
    entry = spec(engine_id)
    module = importlib.import_module(entry.module)
    return getattr(module, entry.factory)(device)
