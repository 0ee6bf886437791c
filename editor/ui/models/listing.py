"""What the Models window lists: each engine with the files that it runs from, and the user's checkpoints.

It looks at the disk and asks for graphics cards, so it belongs off the GUI thread. No Qt is needed.
"""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engines import fit, packs, plugins, registry, store
from engines.base import EngineError
from engines.diffusion import checkpoints, collection, extras, needs, parts
from engines.machine import Machine, machine
from engines.upscale import models as upscale

# "begun": some of it has come. "own": the program cannot fetch it, the user has to bring it.
# "plugged", "broken": an engine of a plug-in, and one that is not used.
State = Literal["embedded", "installed", "damaged", "begun", "missing", "own", "plugged", "broken"]

_OWN_LICENCE = "Apache-2.0"  # of what needs no model: Lacuna's own


@dataclass(frozen=True)
class Item:
    """One line of the list; words are English. Sizes are bytes, 0 where no one tells."""

    id: str
    group: str  # a task, as the registry has them
    title: str
    note: str
    state: State
    fit: fit.Fit
    files: tuple[str, ...] = ()  # ids of the catalogue, all of which it needs
    checkpoint: checkpoints.Checkpoint | None = None  # of the user's own
    network: upscale.Upscaler | None = None  # of the user's own, that enlarges
    beside: parts.Part | extras.Extra | None = None  # of the user's own, that goes with a model
    form_of: str = ""  # title of the item that these files are another choice for
    size: int = 0  # on the disk once it is there
    came: int = 0
    download: int = 0
    licences: tuple[str, ...] = ()  # none: no one tells
    commercial: bool = True
    asks: bool = False  # whether its licence has to be accepted first
    lacking: str = ""  # libraries, in one line that says how to get them
    look_for: tuple[str, ...] = ()  # what to bring, and where it was published
    origins: tuple[str, ...] = ()  # where it would be fetched from
    embedded: bool = False
    source: str = ""  # of a plug-in, its package

    @property
    def own(self) -> Path | None:
        """Where it lies, if it is the user's."""
        found = self.checkpoint or self.network or self.beside
        return None if found is None else found.path

    @property
    def is_here(self) -> bool:
        return self.state in ("embedded", "installed", "damaged", "plugged")

    @property
    def to_fetch(self) -> list[str]:
        """The files that an installation would bring."""
        return [each for each in self.files if not store.is_present(each)]


@dataclass(frozen=True)
class Listing:
    """Everything, and where it is kept. ``used`` and ``free`` are bytes of the disk."""

    items: tuple[Item, ...]
    folder: Path
    used: int
    free: int
    filling: str  # what filling with words lacks, in one line; may be empty


def gather(damaged: Collection[str]) -> Listing:
    """The list as it is now. ``damaged``: ids of items that a check has found to be so."""
    here = machine(store.packs_folder())
    items = [item for entry in registry.engines() if entry.task != "fill" for item in _of_engine(entry, here)]
    items += [_of_broken(each) for each in plugins.found() if each.error]
    filler = registry.spec(registry.FILLER)
    of_engines = {each for entry in registry.ENGINES for files in entry.forms for each in files}
    models = [entry for entry in store.catalog().values() if entry.title and entry.id not in of_engines]
    items += [_of_model(filler, entry, here) for entry in models]
    listed = {store.path_of(entry.id) for entry in models}
    items += [_of_beside(each) for each in collection.installed() if each.path not in listed]
    items += [
        _of_checkpoint(filler, each, here) for each in checkpoints.installed() if each.path not in listed
    ]
    items += [_of_network(each, here) for each in upscale.installed() if each.model not in store.catalog()]
    items = [
        replace(item, state="damaged") if item.id in damaged and item.is_here else item for item in items
    ]
    folder = store.packs_folder()
    lacking = registry.lacks_libraries(filler, ())
    return Listing(tuple(items), folder, _used(folder), here.disk_free, lacking)


def check(item: Item) -> None:
    """Read all that an item is made of and compare it. Raises WeightsMissing or WeightsWrong, OSError."""
    from engines.base import Progress

    if own := item.checkpoint or item.beside:
        collection.verify(own, Progress())
    if item.network is not None:
        upscale.verify(item.network)
    for each in item.files:
        packs.verify(each)


def remove(item: Item) -> None:
    """Take an item from the disk, or what has come of it. Raises EngineError, OSError."""
    if own := item.checkpoint or item.beside:
        collection.remove(own)
    if item.network is not None:
        upscale.remove(item.network)
    failure = None
    for each in item.files:
        if store.entry_of(each).embedded:
            continue
        try:
            packs.remove(each)
        except EngineError as error:  # of several files one may not be there
            failure = error
    if failure is not None and len(item.files) == 1:
        raise failure


def _of_engine(entry: registry.EngineSpec, here: Machine) -> Iterator[Item]:
    """The files that it would run from now, then the others that it could."""
    first = registry.form(entry)
    for files in (first, *(each for each in entry.forms if each != first)):
        weights = [store.entry_of(each) for each in files]
        is_first = files == first
        yield Item(
            id=entry.id if is_first else "+".join((entry.id, *files)),
            group=entry.task,
            title=entry.title if is_first else ", ".join(each.file for each in weights),
            note=entry.note if is_first else ", ".join(dict.fromkeys(each.purpose for each in weights)),
            state="plugged" if entry.source else _state(weights),
            fit=fit.fit(entry, here, files),
            files=files,
            form_of="" if is_first else entry.title,
            size=_size(weights),
            came=sum(packs.came(each.id) for each in weights),
            download=sum(each.download for each in weights),
            licences=_licences(entry, weights),
            commercial=all(each.commercial for each in weights),
            asks=any(packs.needs_consent(each.id) for each in weights if not each.embedded),
            lacking=registry.lacks_libraries(entry, files),
            look_for=tuple(each.look_for for each in weights if each.look_for),
            origins=tuple(source.name for each in weights for source in each.sources if source.fetchable),
            embedded=all(each.embedded for each in weights) and not entry.source,
            source=entry.source,
        )


def _licences(entry: registry.EngineSpec, weights: list[store.WeightFile]) -> tuple[str, ...]:
    if entry.source:
        return ()  # the package tells
    return tuple(dict.fromkeys(each.licence for each in weights)) or (_OWN_LICENCE,)


def _of_broken(plugin: plugins.Plugin) -> Item:
    return Item(
        id=f"plugin {plugin.source} {plugin.name}",
        group="remove",
        title=plugin.name,
        note="",
        state="broken",
        fit=fit.Fit("no", plugin.error),
        commercial=False,
        lacking=plugin.error,
        source=plugin.source,
    )


def _of_model(filler: registry.EngineSpec, entry: store.WeightFile, here: Machine) -> Item:
    """A diffusion model of the catalogue."""
    spec = replace(filler, title=entry.title)
    return Item(
        id=f"model {entry.id}",
        group=filler.task,
        title=entry.title,
        note=entry.purpose,
        state=_state([entry]),
        fit=fit.fit(spec, here, (entry.id,)),
        files=(entry.id,),
        size=_size([entry]),
        came=packs.came(entry.id),
        download=entry.download,
        licences=(entry.licence,),
        commercial=entry.commercial,
        asks=packs.needs_consent(entry.id),
        look_for=(entry.look_for,) if entry.look_for else (),
        origins=tuple(source.name for source in entry.sources if source.fetchable),
    )


def _of_checkpoint(filler: registry.EngineSpec, found: checkpoints.Checkpoint, here: Machine) -> Item:
    taken = needs.memory(found)
    title = found.path.stem if found.layout == "file" else found.path.name
    spec = replace(filler, title=title, memory=taken.half >> 20)
    return Item(
        id=f"checkpoint {found.path}",
        group=filler.task,
        title=title,
        note="",
        state="installed",
        fit=fit.fit(spec, here, on_processor=taken.on_processor(here.memory), apart=taken.apart),
        checkpoint=found,
        size=collection.size(found.path),
        commercial=False,
        lacking=collection.lacking(found),
    )


def _of_beside(found: parts.Part | extras.Extra) -> Item:
    """What goes with a diffusion model."""
    return Item(
        id=f"beside {found.path}",
        group="beside",
        title=found.path.name if isinstance(found, parts.Part) else found.name,
        note=collection.what(found),
        state="installed",
        fit=fit.Fit("comfortable", "It takes part of the memory of the model that it goes with."),
        beside=found,
        size=collection.size(found.path),
        commercial=False,
    )


def _of_network(found: upscale.Upscaler, here: Machine) -> Item:
    entry = replace(registry.spec(registry.UPSCALER), title=found.title)
    return Item(
        id=f"network {found.path}",
        group=entry.task,
        title=found.title,
        note="A network of yours that enlarges.",
        state="installed",
        fit=fit.fit(entry, here, ()),
        network=found,
        size=found.path.stat().st_size,
        commercial=False,
    )


def _state(weights: list[store.WeightFile]) -> State:
    if all(store.is_present(each.id) for each in weights):
        return "embedded" if all(each.embedded for each in weights) else "installed"
    absent = [each for each in weights if not store.is_present(each.id)]
    if any(each.embedded or store.path_of(each.id).exists() for each in absent):
        return "damaged"
    if any(packs.came(each.id) for each in absent):
        return "begun"
    return "missing" if all(each.fetchable for each in absent) else "own"


def _size(weights: list[store.WeightFile]) -> int:
    """Of all together; 0 unless each is known."""
    sizes = []
    for each in weights:
        try:
            sizes.append(each.bytes or store.path_of(each.id).stat().st_size)
        except OSError:
            return 0
    return sum(sizes)


def _used(folder: Path) -> int:
    used = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                used += Path(parent, name).lstat().st_size
            except OSError:  # it has gone meanwhile
                continue
    return used
