"""Change a face by its sketch: a document's sketch layer to a request, the result to a layer below it.

The sketch of a face is a group of two layers: paper, so that the lines can be seen on any photograph, and
the lines, which are erased and drawn with the ordinary tools. The recipe of the lines has the face's square
as its one guide, so that it goes along when the picture is turned or cropped, and is saved and undone too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from editor.document.geometry import Rect
from editor.document.history import Part
from editor.document.layers import Group, Layer, PixelLayer, walk
from editor.document.model import Document, StateSwap
from editor.document.recipe import Recipe
from editor.document.stack import refuse_locked
from editor.document.tiles import TiledImage, TileWriter
from editor.jobs import remove
from editor.jobs.remove import Fill
from editor.jobs.seeing import averaged
from engines import registry
from engines.base import Box, EngineError
from engines.portrait.requests import PortraitRequest, PortraitResult

SKETCH, PORTRAIT = "face sketch", "portrait"  # what recipes call the lines of a face, and a changed face
SIDE = 512  # pixels of the aligned face that is sketched
PAPER = 0.7  # its opacity
STEPS, INVERSION_STEPS, TUNING_STEPS, MOST_STEPS = 60, 40, 30, 1000

_ROOM = 8  # pixels of the photograph around a square that are handed along
_DIFFERS = 0.25  # in ink, 0..1: what the user has drawn or erased
_SPECK = 12  # pixels of the aligned face: smaller differences are the resampling's
# Of the aligned face's side: how far around what is drawn the face may change with it, and how softly that
# ends.
_AROUND, _SOFT = 0.07, 0.03


class NothingDrawn(EngineError):
    """The sketch is as the face is; the text says what to do."""

    def __init__(self) -> None:
        super().__init__("The sketch is as it was. Erase a line of it or draw another, then change the face.")


# -- the sketch -------------------------------------------------------------------------------------------


def begin(document: Document, square: np.ndarray) -> PixelLayer:
    """Put the sketch of the face in a square (4, 2) over the document: one entry. The lines are returned.

    Raises EngineError if the square lies outside the picture.
    """
    box, corners, image = _seen(document, document.layers, square)
    ink, within = _ink(image, corners, box)
    area = Rect(box.x, box.y, box.width, box.height)
    lines, paper = TiledImage(4, document.dtype), TiledImage(4, document.dtype)
    _write(lines, area, np.zeros_like(ink), ink)
    _write(paper, area, np.ones_like(ink), within)
    recipe = Recipe(SKETCH, registry.FACE_FINDER, "", "", 0, (tuple(map(tuple, square.tolist())),))
    layer = PixelLayer("Lines", lines, recipe=recipe)
    group = Group("Face sketch", (PixelLayer("Paper", paper, opacity=PAPER), layer))
    document.set_layers((*document.layers, group), "Sketch a face")
    return layer


def _seen(
    document: Document, layers: Iterable[Layer], square: np.ndarray
) -> tuple[Box, np.ndarray, np.ndarray]:
    """Where the part of the picture with a face lies, the square in it, and what ``layers`` show there:
    (h, w, 3) float32 RGB [0, 1]."""
    from engines.portrait import alignment

    try:
        tight = alignment.around(square, document.width, document.height)
    except ValueError:
        raise EngineError(
            "The face lies outside the picture. Undo what moved it, or sketch it anew."
        ) from None
    area = Rect(tight.x, tight.y, tight.width, tight.height).grown(_ROOM).intersected(document.rect)
    below = Document(document.width, document.height, document.dtype, layers, grey=document.grey)
    box = Box(area.x, area.y, area.width, area.height)
    return box, square - (area.x, area.y), averaged(below, area, 1)


def _ink(image: np.ndarray, corners: np.ndarray, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """The lines of a face laid over the photograph, (h, w) float32 [0, 1], 1 = ink; and its square, soft."""
    from engines.portrait import alignment, sketch

    ink = 1 - sketch.drawn(alignment.cut(image, corners, SIDE))
    everywhere = np.ones(image.shape[:2], np.float32)
    change = np.repeat(ink[..., None], 3, axis=-1)
    laid = alignment.put_back(change, np.zeros_like(image), corners, everywhere, box)
    return laid.rgb[..., 0] * laid.alpha, laid.alpha


def _write(image: TiledImage, area: Rect, grey: np.ndarray, alpha: np.ndarray) -> None:
    pixels = np.stack([grey, grey, grey, alpha], axis=-1) * np.iinfo(image.dtype).max
    TileWriter(image).write(area, np.rint(pixels).astype(image.dtype))


def lines_of(document: Document, square: "tuple[tuple[float, float], ...]") -> PixelLayer | None:
    """The lines of the face with a square, the uppermost such layer; None if there is none any more."""
    found = [each for each in walk(document.layers) if is_lines(each) and each.recipe.guides[0] == square]
    return found[-1] if found else None


def is_lines(layer: Layer | None) -> bool:
    """Whether a layer is the lines of a face's sketch."""
    return _has(layer, SKETCH)


def is_portrait(layer: Layer | None) -> bool:
    """Whether a layer is a changed face."""
    return _has(layer, PORTRAIT)


def _has(layer: Layer | None, task: str) -> bool:
    recipe = getattr(layer, "recipe", None)
    return (
        recipe is not None and recipe.task == task and len(recipe.guides) == 1 and len(recipe.guides[0]) == 4
    )


# -- the change -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Portrait:
    """A change of a face, before it is made."""

    square: tuple[tuple[float, float], ...]  # the guide of the lines that it follows
    attributes: tuple[tuple[str, float], ...] = ()  # names and strengths, -1 .. 1
    steps: int = STEPS
    inversion_steps: int = INVERSION_STEPS
    tuning_steps: int = TUNING_STEPS
    engine: str = registry.PORTRAIT
    seed: int = 0
    is_seen: ClassVar[bool] = True  # whether there is anything to look at while it is made
    needs_mask: ClassVar[bool] = False
    doing: ClassVar[str] = "Changing the face"  # English

    def request(self, document: Document) -> PortraitRequest:
        """What the engine is to do, of what lies below the sketch; any thread may ask for that of a snapshot.

        Raises NothingDrawn, EngineError.
        """
        from engines.portrait import alignment

        lines = lines_of(document, self.square)
        if lines is None:
            raise EngineError("The sketch of this face is no longer in the picture. Sketch it anew.")
        square = np.array(self.square)
        box, corners, image = _seen(document, self._below(document, lines), square)
        before, _ = _ink(image, corners, box)
        now = _darkness(lines.image.read(Rect(box.x, box.y, box.width, box.height)))
        change = alignment.cut(np.stack([now - before] * 3, axis=-1), corners, SIDE)[..., 0]
        return self._asked(box, corners, image, change)

    def drawn(self, document: Document, target: np.ndarray | None) -> PortraitRequest:
        """The same for a document without a sketch: ``target`` (SIDE, SIDE) float32, 1 = paper, is what the
        sketch of the aligned face is to become; None: as it is."""
        from engines.portrait import alignment, sketch

        box, corners, image = _seen(document, document.layers, np.array(self.square))
        own = sketch.drawn(alignment.cut(image, corners, SIDE))
        return self._asked(box, corners, image, own - (own if target is None else target))

    def inversion(self, document: Document) -> PortraitRequest:
        """What has the face inverted and nothing else done."""
        box, corners, image = _seen(document, document.layers, np.array(self.square))
        everywhere = np.ones(image.shape[:2], np.float32)
        return PortraitRequest(
            self.engine,
            box,
            image,
            corners,
            everywhere,
            inversion_steps=self.inversion_steps,
            tuning_steps=self.tuning_steps,
            seed=self.seed,
        )

    def _asked(self, box: Box, corners: np.ndarray, image: np.ndarray, change: np.ndarray) -> PortraitRequest:
        """A request for a ``change`` of the ink of the aligned face. Raises NothingDrawn."""
        from engines.portrait import alignment, sketch

        touched = _without_specks(np.abs(change) > _DIFFERS)
        if not touched.any() and not any(strength for _, strength in self.attributes):
            raise NothingDrawn
        own = sketch.drawn(alignment.cut(image, corners, SIDE))
        target = np.clip(own - np.where(touched, change, 0), 0, 1).astype(np.float32)
        return PortraitRequest(
            self.engine,
            box,
            image,
            corners,
            self._zone(touched, corners, box),
            sketch=target,
            touched=touched,
            attributes=self.attributes,
            steps=self.steps,
            inversion_steps=self.inversion_steps,
            tuning_steps=self.tuning_steps,
            seed=self.seed,
        )

    def _below(self, document: Document, lines: PixelLayer) -> tuple[Layer, ...]:
        """What the face is seen in: the layers below its sketch, without what was made of it before."""
        outermost = document.groups_around(lines)[0] if document.groups_around(lines) else lines
        below = document.layers[: document.layers.index(outermost)]
        return tuple(each for each in below if not self._made(each))

    def _made(self, layer: Layer) -> bool:
        return is_portrait(layer) and layer.recipe.guides[0] == self.square

    def _zone(self, touched: np.ndarray, corners: np.ndarray, box: Box) -> np.ndarray:
        from engines.portrait import alignment

        shape = box.height, box.width
        if any(strength for _, strength in self.attributes):
            return np.ones(shape, np.float32)
        soft = np.repeat(_spread(touched)[..., None], 3, axis=-1)
        nothing, everywhere = np.zeros((*shape, 3), np.float32), np.ones(shape, np.float32)
        return alignment.put_back(soft, nothing, corners, everywhere, box).rgb[..., 0]

    def fill(self, done: PortraitRequest, result: PortraitResult, dtype: np.dtype, *, grey: bool) -> Fill:
        """As `remove.fill`."""
        settings: list[tuple[str, str | int | float]] = [("steps", self.steps)]
        settings += [("inversion steps", self.inversion_steps), ("tuning steps", self.tuning_steps)]
        settings += [(f"attribute {name}", float(strength)) for name, strength in self.attributes]
        if result.identity is not None:
            settings.append(("identity", round(result.identity, 3)))
        recipe = Recipe(
            PORTRAIT,
            result.engine,
            result.weights_sha256,
            result.device,
            self.seed,
            (self.square,),
            settings=tuple(settings),
        )
        return remove.filled((), (result.patch,), recipe, dtype, grey=grey)

    @classmethod
    def of(cls, recipe: Recipe) -> "Portrait":
        """What a recipe's face was changed by."""
        settings = dict(recipe.settings)
        prefix = "attribute "
        attributes = tuple(
            (name.removeprefix(prefix), float(value))
            for name, value in recipe.settings
            if name.startswith(prefix) and not isinstance(value, str)
        )
        told = {"steps": STEPS, "inversion steps": INVERSION_STEPS, "tuning steps": TUNING_STEPS}
        counts = [
            value if isinstance(value := settings.get(name), int) and 0 <= value <= MOST_STEPS else usual
            for name, usual in told.items()
        ]
        return cls(recipe.guides[0], attributes, *counts)


class PortraitLayer:
    """Where a changed face goes: right below its sketch, in the place of what was made of it before. The
    sketch is hidden, so that the face can be seen."""

    def __init__(self, square: "tuple[tuple[float, float], ...]") -> None:
        self._square = square

    def source(self, document: Document) -> Document:
        """What the face is seen in. Raises ValueError if the sketch is gone."""
        if not self.is_there(document):
            raise ValueError("The sketch of this face is no longer in the picture. Sketch it anew.")
        return document

    def is_there(self, document: Document) -> bool:
        """Whether the sketch still is in the document."""
        return lines_of(document, self._square) is not None

    def put(self, document: Document, made: Fill) -> PixelLayer:
        """Put the changed face in: one entry. Raises Locked."""
        before = self.made(document)
        if before is not None:
            refuse_locked(document, before)
        lines = lines_of(document, self._square)
        top = (document.groups_around(lines) or [lines])[0]
        layer = PixelLayer(before.name if before else "Face changed", made.image, recipe=made.recipe)
        below = [each for each in document.layers[: document.layers.index(top)] if each is not before]
        above = [each for each in document.layers[document.layers.index(top) :] if each is not before]
        area = made.image.filled().united(document.extent(top))
        if before is not None:
            area = area.united(document.extent(before))
        values: list[tuple[object, str, object]] = [
            (document, "layers", (*below, layer, *above)),
            (top, "visible", False),
        ]
        parts = Part.LAYERS | Part.PIXELS
        document.edit("Change face", StateSwap(document, values, parts=parts, area=area))
        return layer

    def made(self, document: Document) -> PixelLayer | None:
        """The changed face that is in the outermost stack; None if there is none yet."""
        for each in document.layers:
            if is_portrait(each) and each.recipe.guides[0] == self._square:
                return each
        return None


def _darkness(pixels: np.ndarray) -> np.ndarray:
    """How dark RGBA pixels are on white paper, (h, w) float32 [0, 1]: white covers nothing."""
    values = pixels.astype(np.float32) / np.iinfo(pixels.dtype).max
    return values[..., 3] * (1 - values[..., :3].mean(axis=-1))


def _without_specks(touched: np.ndarray) -> np.ndarray:
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(touched.astype(np.uint8), connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= _SPECK
    large[0] = False  # what is not touched
    return large[labels]


def _spread(touched: np.ndarray) -> np.ndarray:
    """(n, n) float32: 1 on what is touched and around it, falling to 0 outside."""
    import cv2

    n = len(touched)
    reach = max(round((_AROUND + _SOFT) * n), 1)  # so that the blur takes nothing from what is within
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    wide = cv2.dilate(touched.astype(np.float32), kernel)
    return cv2.GaussianBlur(wide, (0, 0), _SOFT * n, borderType=cv2.BORDER_CONSTANT)
