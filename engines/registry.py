"""The engines there are: one explicit list. Importing this imports no network."""

import importlib
from dataclasses import dataclass

from engines.base import Engine, EngineError


@dataclass(frozen=True)
class EngineSpec:
    """What can be said of an engine without loading it."""

    id: str
    task: str  # "remove" or "select"
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
        id="mobile-sam",
        task="select",
        title="MobileSAM",
        module="engines.select.mobilesam",
        factory="MobileSam",
        weights="mobile-sam",
        note="Finds the object that you click on.",
    ),
    EngineSpec(
        id="u2netp",
        task="select",
        title="U2-Net",
        module="engines.select.subject",
        factory="SubjectFinder",
        weights="u2netp",
        note="Finds what a photograph is of.",
    ),
)


OBJECT_FINDER, SUBJECT_FINDER = "mobile-sam", "u2netp"

# What removes when nothing else is chosen: it is always there.
DEFAULT_REMOVER = "migan"


def spec(engine_id: str) -> EngineSpec:
    """The entry of one engine. Raises EngineError if there is none of that name."""
    for entry in ENGINES:
        if entry.id == engine_id:
            return entry
    known = ", ".join(entry.id for entry in ENGINES)
    raise EngineError(f'There is no engine "{engine_id}". Choose one of: {known}.')


def load(engine_id: str, device: str = "auto") -> Engine:
    """Import and load an engine for a device. Raises EngineError and its kinds."""
    entry = spec(engine_id)
    module = importlib.import_module(entry.module)
    return getattr(module, entry.factory)(device)
