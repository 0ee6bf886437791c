"""Whether an engine fits this machine, and what a run of it will take."""

from dataclasses import dataclass
from typing import Literal

from engines import packs, registry, store
from engines.base import Region
from engines.context import NATIVE
from engines.machine import APPLE, Machine

Verdict = Literal["comfortable", "tight", "slow", "no"]

SYSTEM = 0.85  # of the memory; the rest the system and the window need themselves
_CARD = 0.9  # of a card's
_EASE = 0.7  # of what is free, up to which it fits with ease
_PATIENCE = 30.0  # seconds for one square, from which it is slow
_HURRY = 10.0  # how much faster a graphics card is, about


@dataclass(frozen=True)
class Fit:
    """``reason`` is one line; it says what to do where something can be done."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Estimate:
    """Of one run, before it: about how long, and the bytes that it takes at most."""

    seconds: float
    memory: int
    fit: Fit


def fit(
    entry: registry.EngineSpec,
    here: Machine,
    files: tuple[str, ...] | None = None,
    *,
    on_processor: int = 0,
    apart: int = 0,
) -> Fit:
    """How an engine fits once it is installed, from ``files`` if not from those that it would be loaded from;
    what is to be fetched for it counts for the disk. ``on_processor`` are the bytes that it takes there, if
    not those that it takes on a card, ``apart`` those on a card where the rest can stay out of it."""
    needed, name = entry.memory << 20, entry.title
    files = registry.form(entry) if files is None else files
    room = sum(packs.room(each) for each in files if not store.is_present(each))
    if room > here.disk_free:
        return Fit("no", f"{name} needs {_size(room)} on the disk, {_size(here.disk_free)} are free.")
    if here.card and entry.on_card and needed <= here.card_memory * _CARD:
        if needed <= here.card_free * _EASE:
            return Fit("comfortable", f"{here.card} has the memory for it.")
        return Fit("tight", f"{_size(here.card_free)} of {here.card} are free, it takes {_size(needed)}.")
    has_part = here.card not in ("", APPLE) and 0 < apart <= here.card_memory * _CARD
    if has_part and (not here.memory or needed - apart <= here.memory * SYSTEM):
        return Fit("tight", f"{here.card} has the memory for all but the words: the processor reads them.")
    needed = on_processor or needed
    if here.memory and needed > here.memory * SYSTEM:
        return Fit("no", f"{name} takes {_size(needed)} of memory, this machine has {_size(here.memory)}.")
    if on_processor:
        return Fit(
            "slow",
            f"Without {_size(entry.memory << 20)} on a graphics card it takes minutes and "
            f"{_size(needed)} of memory.",
        )
    if entry.wants_card or entry.seconds > _PATIENCE:
        return Fit("slow", "Without a graphics card with enough memory it takes minutes.")
    if here.memory and needed > here.free_memory * _EASE:
        return Fit(
            "tight",
            f"It takes {_size(needed)} of memory, {_size(here.free_memory)} are free. Close other programs.",
        )
    return Fit("comfortable", "This machine has the memory for it.")


def estimate(entry: registry.EngineSpec, regions: tuple[Region, ...], here: Machine) -> Estimate:
    """What a run for some regions will take, from what engines took where they were measured.

    Where the window has seen the engine run it knows better how long (editor.ui.run_times).
    """
    found = fit(entry, here)
    squares = sum(max(region.box.width * region.box.height / NATIVE**2, 1.0) for region in regions)
    quick = bool(here.card) and entry.on_card and found.verdict in ("comfortable", "tight")
    # The regions and what is made of them: picture, fill and what is worked out between, as floats.
    pictures = sum(region.image.nbytes for region in regions) * 4
    return Estimate(
        entry.seconds * squares / (_HURRY if quick else 1.0), (entry.memory << 20) + pictures, found
    )


def enlarging(pixels: int, result: int, size: int, here: Machine) -> Estimate:
    """What enlarging a picture will take: ``pixels`` that the network sees, ``result`` the bytes that come of
    them, ``size`` those of the network's file, by which it is about as slow as it is large."""
    entry = registry.spec(registry.UPSCALER)
    found = fit(entry, here)
    share = size / store.entry_of(entry.starter).bytes
    quick = bool(here.card) and found.verdict in ("comfortable", "tight")
    seconds = entry.seconds * share * pixels / NATIVE**2 / (_HURRY if quick else 1.0)
    memory = (entry.memory << 20) + result
    if here.free_memory and memory > here.free_memory * SYSTEM:
        line = (
            f"It takes {_size(memory)} of memory, {_size(here.free_memory)} are free. Choose a smaller size."
        )
        found = Fit("tight", line)
    elif found.verdict == "slow" and seconds < _PATIENCE:
        found = Fit("comfortable", "This machine has the memory for it.")
    return Estimate(seconds, memory, found)


def of_weights(weights_id: str, here: Machine) -> dict[str, Fit]:
    """The same for each engine that takes a weight file, by its id."""
    return {
        entry.id: fit(entry, here, form)
        for entry in registry.engines()
        for form in (*entry.forms, (entry.starter,))
        if weights_id in form
    }


def _size(amount: int) -> str:
    return f"{amount / 1e9:.1f} GB" if amount >= 1e9 else f"{amount / 1e6:.0f} MB"
