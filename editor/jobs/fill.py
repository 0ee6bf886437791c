"""Fill what is masked with words: a document's mask to a request, its result to a new layer."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from editor.document import canvas, masks
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.recipe import Recipe
from editor.jobs import remove, wording
from editor.jobs.remove import Fill, NewLayer, NothingMasked
from editor.jobs.wording import Style
from engines import context
from engines.base import Box
from engines.diffusion import checkpoints
from engines.diffusion.requests import (
    CONTROLS,
    SCHEDULERS,
    SPACINGS,
    TASKS,
    FillRequest,
    FillResult,
    Hint,
    Lora,
    Sampling,
)
from engines.registry import FILLER

# How far, in pixels, a fill may change anything beyond the mask. Tests hold it to this.
MARGIN = 0

CONTEXT = 2.0  # times its own size, that a part is seen with
_SHOWN = ("sdedit", "ilvr", "soft")  # tasks that begin from what is masked
_LARGEST = 1000  # steps, and whatever else there is of a sampling
_SHARES = ("strength", "rescale", "until")
_CHOICES = {"scheduler": SCHEDULERS, "spacing": SPACINGS}
_NAMES = {"remove": "Removed", "expand": "Expanded"}


def request(
    document: Document,
    model: str,
    *,
    task: str = "fill",
    sampling: Sampling | None = None,
    loras: tuple[Lora, ...] = (),
    hints: tuple[Hint, ...] = (),
    side: int = 0,
    second: float = 0.0,
    engine: str = FILLER,
) -> FillRequest:
    """Copy what the fill of the document's mask needs.

    What is masked is hidden from the model, unless the task or a strength below 1 begins from it. A part
    follows the document's guides that are turned on and pass over it, where there is a hint for lines. Any
    thread may ask for that of a snapshot. Raises NothingMasked, WeightsMissing, WeightsWrong, EngineError.
    """
    sampling = sampling or Sampling()
    area = document.selection.bounds()
    if not area:
        raise NothingMasked
    native = side or checkpoints.recognise(checkpoints.locate(model)).side
    values = document.selection.read(area)[..., 0]
    size = document.width, document.height
    if task == "expand":
        parts = [_whole(values > 0, Box(area.x, area.y, area.width, area.height), size, native)]
    else:
        parts = context.plan(values > 0, (area.x, area.y), size, CONTEXT, _least(native))
    begins_from_it = task in _SHOWN or (task == "fill" and sampling.strength < 1)
    found, lines = remove.regions(document, parts, hidden=not begins_from_it)
    return FillRequest(engine, model, task, found, sampling, loras, hints, side, second, lines)


def _least(native: int) -> int:
    """What makes no context smaller than the model's own square (engines.context scales it by the factor)."""
    return round(native * context.CONTEXT / CONTEXT)


def _whole(inside: np.ndarray, box: Box, size: tuple[int, int], native: int) -> context.Part:
    """One part of all that is masked, with the photograph around it as far as the model sees at once."""
    x, y = max(box.x - native, 0), max(box.y - native, 0)
    right, bottom = min(box.x + box.width + native, size[0]), min(box.y + box.height + native, size[1])
    return context.Part(box, inside, Box(x, y, right - x, bottom - y))


def expand(document: Document, left: int, top: int, right: int, bottom: int) -> None:
    """Make the canvas larger at its sides, by these pixels, and mask what is new: two entries.

    Raises ValueError if nothing is added, or too much.
    """
    if min(left, top, right, bottom) < 0 or not (left or top or right or bottom):
        raise ValueError("The canvas grows by 0 pixels or more at each side, and by more than 0 at one.")
    width, height = document.width, document.height
    across, down = left + right, top + bottom
    # The anchor's share of the growth is cut off to whole pixels: half a pixel keeps it from falling short.
    anchor = ((left + 0.5) / across if across else 0.0, (top + 0.5) / down if down else 0.0)
    canvas.canvas_size(document, width + across, height + down, anchor)
    new = np.full((height + down, width + across), 255, np.uint8)
    new[top : top + height, left : left + width] = 0
    document.edit("Select", masks.replace(document.selection, new))


def fill(done: FillRequest, result: FillResult, dtype: np.dtype, *, grey: bool) -> Fill:
    """The pixels for a document of this depth, ``grey`` if it is. Looks at no document: for any thread."""
    return remove.filled(done.regions, result.patches, recipe_of(done, result), dtype, grey=grey)


def recipe_of(done: FillRequest, result: FillResult) -> Recipe:
    """How the fill was made: all of the request but picture and mask."""
    settings = {name: value for name, value in asdict(done.sampling).items() if name != "seed"}
    settings |= {"model": done.model, "side": done.side, "second": done.second}
    for number, lora in enumerate(done.loras):
        settings |= {f"lora {number}": lora.model, f"lora {number} weight": float(lora.weight)}
    for number, hint in enumerate(done.hints):
        settings |= {
            f"control {number}": f"{hint.kind}={hint.model}",
            f"control {number} scale": float(hint.scale),
        }
    lines = tuple(tuple(map(tuple, line.tolist())) for line in done.guides)
    return Recipe(
        done.task,
        result.engine,
        result.weights_sha256,
        result.device,
        done.sampling.seed,
        lines,
        settings=tuple(settings.items()),
    )


@dataclass(frozen=True)
class Filling:
    """A fill with words, before it is made: all of its request but picture and mask.

    The words of the sampling are as they were typed; the request has them with the style and with every
    choice made.
    """

    model: str  # a path, or an id of the catalogue
    task: str = "fill"
    sampling: Sampling = field(default_factory=Sampling)
    loras: tuple[Lora, ...] = ()
    hints: tuple[Hint, ...] = ()
    side: int = 0
    second: float = 0.0
    engine: str = FILLER
    style: Style = wording.NONE
    is_seen: ClassVar[bool] = True  # whether there is anything to look at while it is made
    needs_mask: ClassVar[bool] = True
    doing: ClassVar[str] = "Filling"  # English

    @property
    def seed(self) -> int:
        return self.sampling.seed

    @property
    def made_with(self) -> str:
        return Path(self.model).stem

    @property
    def steps(self) -> int:
        """That are taken: of those asked for only the last ones, where a fill begins from what is there."""
        return max(int(self.sampling.steps * min(self.sampling.strength, 1.0)), 1)

    @property
    def new_layer(self) -> NewLayer:
        """Where it goes, unless it is made anew."""
        return NewLayer(_NAMES.get(self.task, "Filled"), "Fill with words")

    def seeded(self, seed: int) -> "Filling":
        """The same with another seed."""
        return replace(self, sampling=replace(self.sampling, seed=seed))

    @property
    def resolved(self) -> Sampling:
        """The sampling with the words that the model reads. Raises EngineError."""
        sampling = self.sampling
        prompt, negative = self.style.over(sampling.prompt, sampling.negative)
        return replace(
            sampling,
            prompt=wording.resolve(prompt, sampling.seed),
            negative=wording.resolve(negative, sampling.seed, "negative"),
        )

    def request(self, document: Document) -> FillRequest:
        """As :func:`request`. Raises EngineError for words that make no choice possible, too."""
        more = {name: getattr(self, name) for name in ("task", "loras", "hints", "side", "second")}
        return request(document, self.model, sampling=self.resolved, engine=self.engine, **more)

    def fill(self, done: FillRequest, result: FillResult, dtype: np.dtype, *, grey: bool) -> Fill:
        """As :func:`fill`; the recipe has the words as they were typed, too."""
        made = fill(done, result, dtype, grey=grey)
        typed = self.sampling.prompt, self.sampling.negative
        told = {"style": self.style.name, "style words": self.style.prompt}
        told |= {"style negative": self.style.negative}
        if typed != (done.sampling.prompt, done.sampling.negative):
            told |= {"typed": typed[0], "typed negative": typed[1]}
        settings = tuple((name, words) for name, words in told.items() if words or name.startswith("typed"))
        return replace(made, recipe=replace(made.recipe, settings=made.recipe.settings + settings))

    @classmethod
    def of(cls, recipe: Recipe) -> "Filling":
        """What a recipe says, which may come from any file: what makes no sense in it is as usual."""
        told = dict(recipe.settings)
        known = asdict(Sampling())
        values = {name: _sane(name, told[name], usual) for name, usual in known.items() if name in told}
        values |= {
            name: told[key]
            for key, name in (("typed", "prompt"), ("typed negative", "negative"))
            if isinstance(told.get(key), str)
        }
        style = Style(*(str(told.get(key, "")) for key in ("style", "style words", "style negative")))
        loras = tuple(
            Lora(str(told[f"lora {n}"]), _number(told.get(f"lora {n} weight")))
            for n in _numbered(told, "lora")
        )
        hints = tuple(
            Hint(*str(told[f"control {n}"]).partition("=")[::2], _number(told.get(f"control {n} scale")))
            for n in _numbered(told, "control")
        )
        model = told.get("model")
        side, second = told.get("side", 0), told.get("second", 0.0)
        return cls(
            model if isinstance(model, str) else "",
            recipe.task if recipe.task in TASKS else "fill",
            Sampling(**values | {"seed": recipe.seed}),
            loras,
            tuple(hint for hint in hints if hint.kind in CONTROLS),
            side if type(side) is int and side > 0 else 0,
            float(second) if type(second) in (int, float) and 0 <= second <= 1 else 0.0,
            recipe.engine,
            style,
        )


def _sane(name: str, value: object, usual: str | int | float) -> object:
    """A setting of a recipe, or the usual one if it is of another kind or out of all bounds."""
    if type(value) is not type(usual) or value not in _CHOICES.get(name, (value,)):
        return usual
    if isinstance(value, str):
        return value
    least, most = int(isinstance(usual, int)), 1 if name in _SHARES else _LARGEST
    return value if least <= value <= most else usual


def _numbered(told: dict[str, object], name: str) -> list[int]:
    found = []
    while f"{name} {len(found)}" in told:
        found.append(len(found))
    return found


def _number(value: object) -> float:
    return float(value) if type(value) in (int, float) else 1.0


def apply(
    document: Document, done: FillRequest, result: FillResult, what: Filling | None = None
) -> PixelLayer:
    """Make a result a new layer of the document, as `remove.NewLayer` does; ``what`` was asked for."""
    what = what or Filling(done.model, done.task, done.sampling)
    return what.new_layer.put(document, what.fill(done, result, document.dtype, grey=document.grey))
