"""The engines there are: one explicit list, and what plug-ins add. Importing this imports no network."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from engines import importing, store
from engines.base import Engine, EngineError
from engines.installed import command, is_bundle, is_installed


@dataclass(frozen=True)
class EngineSpec:
    """What can be said of an engine without loading it."""

    id: str
    # "remove"; "fill": with words; "lines": that a removal follows; "select"; "enlarge"; "faces": find them;
    # "portrait": change one
    task: str
    title: str  # as the engine menu names it
    module: str
    factory: str  # callable in ``module``: the device, then the ids of one of ``forms``, to the Engine
    # Sets of weight files, as ids in the catalogue, any one set of which will do; the best first. One empty
    # set: it needs none.
    forms: tuple[tuple[str, ...], ...]
    note: str  # what it is good at, for the menu's tooltip
    # Of an engine that removes, how it follows lines: by strips laid into what it sees as known, as any
    # engine can, or by a channel of its own that takes them.
    lines: Literal["", "strips", "own channel"] = ""
    # What another seed is: another look at the same part (engines.removal.views), or chance.
    seed: Literal["", "views", "chance"] = ""
    sizes: str = ""  # of the squares that its network takes, in pixels
    seconds: float = 0.0  # for one square of 512 pixels on two CPU cores (tests/benchmarks/engines.py)
    memory: int = 0  # MiB that a process with it takes at most for such a square, measured there
    reads_tensors: bool = False  # whether it reads .safetensors by itself, without PyTorch
    on_card: bool = True  # whether it can compute on a graphics card
    wants_card: bool = False  # whether it takes minutes without one
    # The extra of pyproject.toml that it needs whatever its weights, and the libraries that come with it.
    extra: str = ""
    # Of an engine that runs models of the user's, the one in the catalogue to begin with.
    starter: str = ""
    libraries: tuple[str, ...] = ()
    source: str = ""  # of a plug-in, the package that it came with and its version


ENGINES = (
    EngineSpec(
        id="migan",
        task="remove",
        title="MI-GAN",
        module="engines.removal.migan",
        factory="MiGan",
        forms=(("migan-512",),),
        note="Small and quick. Comes with Lacuna and works offline.",
        lines="strips",
        seed="views",
        sizes="512",
        seconds=0.5,
        memory=465,
    ),
    EngineSpec(
        id="patches",
        task="remove",
        title="Patches",
        module="engines.removal.patches",
        factory="Patches",
        forms=((),),
        note="Continues texture with pieces of the same picture. Needs no model.",
        lines="strips",
        seed="chance",
        sizes="any up to 512",
        seconds=2.0,
        memory=150,
        on_card=False,
    ),
    EngineSpec(
        id="lama",
        task="remove",
        title="LaMa",
        module="engines.removal.lama",
        factory="Lama",
        forms=(
            ("lama-torchscript",),
            ("lama-torchscript-simple",),
            ("lama-safetensors",),
            ("lama-carve",),
            ("lama-dynamic",),
            ("lama-opencv",),
        ),
        note="Strong on repeating texture, walls and grids.",
        lines="strips",
        seed="views",
        sizes="any multiple of 8; 512 with two of the ONNX files",
        seconds=4.0,
        memory=1320,
    ),
    EngineSpec(
        id="lama-refined",
        task="remove",
        title="LaMa, refined",
        module="engines.removal.lama_refined",
        factory="RefinedLama",
        forms=(("lama-safetensors",),),
        note="LaMa worked over for large holes. Takes many minutes without a graphics card.",
        lines="strips",
        seed="views",
        sizes="any multiple of 8 up to 1344",
        seconds=4.0,
        memory=820,
        wants_card=True,
    ),
    EngineSpec(
        id="zits",
        task="remove",
        title="ZITS",
        module="engines.removal.zits",
        factory="Zits",
        forms=(("zits-tsr", "zits-ssu", "zits-wireframe", "zits-ftr"),),
        note="Continues edges and straight lines, yours among them, before it paints.",
        lines="own channel",
        seed="views",
        sizes="squares, any multiple of 32 from 256",
        seconds=10.0,
        memory=1725,
    ),
    EngineSpec(
        id="lines",
        task="lines",
        title="M-LSD and LSD",
        module="engines.lines.finder",
        factory="LineFinder",
        forms=(("mlsd-512",),),
        note="Finds the straight lines around a hole and continues them into it.",
        memory=190,
    ),
    EngineSpec(
        id="mobile-sam",
        task="select",
        title="MobileSAM",
        module="engines.select.mobilesam",
        factory="MobileSam",
        forms=(("mobile-sam",),),
        note="Finds the object that you click on.",
        memory=440,
        reads_tensors=True,
    ),
    EngineSpec(
        id="u2netp",
        task="select",
        title="U2-Net",
        module="engines.select.subject",
        factory="SubjectFinder",
        forms=(("u2netp",),),
        note="Finds what a photograph is of.",
        memory=315,
    ),
    EngineSpec(
        id="faces",
        task="faces",
        title="Face finder",
        module="engines.portrait.faces",
        factory="FaceFinder",
        forms=(("blazeface", "face-mesh"),),
        note="Finds faces, their eyes, mouth and outline.",
        memory=150,
    ),
    EngineSpec(
        id="portrait",
        task="portrait",
        title="MobileStyleGAN",
        module="engines.portrait.engine",
        factory="Portrait",
        forms=(
            (
                "mobilestylegan-ffhq",
                "mobilestylegan-quarter",
                "lpips-vgg16",
                "mobilefacenet",
                "portrait-encoder",
            ),
        ),
        note="Changes a face so that it follows its sketch. For research, not for commercial use.",
        sizes="1024",
        memory=1800,
        reads_tensors=True,
        extra="torch",
        libraries=("torch",),
    ),
    EngineSpec(
        id="upscale",
        task="enlarge",
        title="Real-ESRGAN",
        module="engines.upscale.engine",
        factory="PictureUpscaler",
        forms=(("realesrgan-x4plus",), ("realesrgan-x4plus-anime",), ("realesr-animevideov3",)),
        note="Enlarges up to 4 times and adds the detail that a larger picture would have had.",
        sizes="any",
        seconds=105.0,  # of x4plus
        memory=740,
        reads_tensors=True,
        starter="realesrgan-x4plus",
    ),
    EngineSpec(
        id="diffusion",
        task="fill",
        title="Diffusion",
        module="engines.diffusion.engine",
        factory="DiffusionFill",
        forms=((),),
        note="Fills with what you describe, by a Stable Diffusion, SDXL, FLUX Fill or FLUX.2 klein model of "
        "yours.",
        lines="own channel",
        seed="chance",
        sizes="the model's own: 512 or 1024",
        seconds=240.0,
        memory=5630,  # of an SD 1.5 of true size in float32
        wants_card=True,
        extra="diffusion",
        starter="sd15-inpaint",
        libraries=("torch", "safetensors", "diffusers", "transformers", "accelerate"),
    ),
)


OBJECT_FINDER, SUBJECT_FINDER = "mobile-sam", "u2netp"

# What removes when nothing else is chosen: it is always there.
DEFAULT_REMOVER = "migan"
LINE_FINDER = "lines"
FACE_FINDER = "faces"
PORTRAIT = "portrait"
FILLER = "diffusion"
UPSCALER = "upscale"

_added: tuple[EngineSpec, ...] = ()  # of plug-ins


def engines() -> tuple[EngineSpec, ...]:
    """Those of Lacuna, then those of plug-ins (engines.plugins)."""
    return ENGINES + _added


def add(entries: Iterable[EngineSpec]) -> None:
    """Have these besides ``ENGINES``, in the place of those that were added before."""
    global _added
    _added = tuple(entries)


def spec(engine_id: str, task: str | None = None) -> EngineSpec:
    """The entry of one engine. Raises EngineError if there is none of that name, or none for ``task``."""
    entries = [entry for entry in engines() if task in (None, entry.task)]
    for entry in entries:
        if entry.id == engine_id:
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise EngineError(f'There is no engine "{engine_id}". Choose one of: {known}.')


def form(entry: EngineSpec) -> tuple[str, ...]:
    """The set of weight files that the engine would be loaded from: the first that is all here, else the
    first that would run here once it was fetched, else the first that needs no library, else the first."""
    for usable in (_runs, _could_be_fetched, _needs_no_library):
        found = next((files for files in entry.forms if usable(entry, files)), None)
        if found is not None:
            return found
    return entry.forms[0]


def weights(entry: EngineSpec) -> tuple[store.WeightFile, ...]:
    """The weight files of :func:`form`."""
    return tuple(store.catalog()[each] for each in form(entry))


def lacks(entry: EngineSpec) -> str:
    """What keeps the engine from being loaded, in one line that says what to do; empty if nothing does."""
    files = form(entry)
    missing = [store.entry_of(each) for each in files if not store.is_present(each)]
    if words := lacks_libraries(entry, files):
        return words
    if not missing:
        return ""
    if missing[0].embedded:
        return f"{entry.title} needs {missing[0].file}, which is missing. Install Lacuna again to restore it."
    if missing[0].fetchable:
        return f"{entry.title} is not installed. Get it with: {command()} models install {missing[0].id}"
    names = ", ".join(each.file for each in missing)
    return f"{entry.title} needs {names}. Add what you have with: {command()} models import FILE"


def lacks_libraries(entry: EngineSpec, files: tuple[str, ...]) -> str:
    """The same of the libraries alone, for one of the engine's sets of files, whether that is here or not."""
    return "" if _has_libraries(entry, files) and _has_extra(entry) else _without_libraries(entry)


def load(engine_id: str, device: str = "auto") -> Engine:
    """Import and load an engine for a device. Raises EngineError and its kinds."""
    entry = spec(engine_id)
    files = form(entry)
    if words := lacks_libraries(entry, files):
        raise EngineError(words)
    with importing.aside({*entry.libraries, *_libraries(entry, files)}):
        module = importlib.import_module(entry.module)
        engine = getattr(module, entry.factory)(device, *files)
    if entry.source:
        from engines import plugins

        return plugins.guarded(engine, entry)
    return engine


def _runs(entry: EngineSpec, files: tuple[str, ...]) -> bool:
    return all(map(store.is_present, files)) and _has_libraries(entry, files)


def _could_be_fetched(entry: EngineSpec, files: tuple[str, ...]) -> bool:
    fetched = all(store.is_present(each) or store.catalog()[each].fetchable for each in files)
    return fetched and _has_libraries(entry, files)


def _needs_no_library(entry: EngineSpec, files: tuple[str, ...]) -> bool:
    return not _libraries(entry, files)


# What reads a file of each kind, beside what Lacuna always has; the extra "torch" brings all of it.
_LIBRARIES = {".pt": ("torch",), ".safetensors": ("torch", "safetensors")}


def _libraries(entry: EngineSpec, files: tuple[str, ...]) -> set[str]:
    suffixes = {PurePath(store.catalog()[each].file).suffix for each in files}
    if entry.reads_tensors:
        suffixes.discard(".safetensors")
    return {name for suffix in suffixes for name in _LIBRARIES.get(suffix, ())}


def _has_libraries(entry: EngineSpec, files: tuple[str, ...]) -> bool:
    return all(map(is_installed, _libraries(entry, files)))


def _has_extra(entry: EngineSpec) -> bool:
    return all(map(is_installed, entry.libraries))


def _without_libraries(entry: EngineSpec) -> str:
    if entry.source:
        missing = ", ".join(each for each in entry.libraries if not is_installed(each))
        return f"{entry.title} needs {missing}. Install {entry.source} again with all that it asks for."
    if is_bundle():
        return (
            f"{entry.title} needs more libraries. They come with Lacuna Full: install that instead of Lite."
        )
    if entry.extra:
        return f"{entry.title} needs more libraries. Install them with: pip install 'lacuna[{entry.extra}]'"
    return f"{entry.title} needs PyTorch. Install it with: pip install 'lacuna[torch]'"
