"""A scripted editing run, the same for everyone with the same seed, to be killed at any moment.

    python tests/recovery/scripted.py SEED BITS STEPS FOLDER [--resume STEP] [--no-wait] [--limit BYTES]

edits FOLDER/picture.png if it is there, else a picture made up, and keeps a journal. After each step that
is on the disk it prints a line: step, time, digest; with --no-wait without waiting, no digest. With
--resume it recovers what can be and goes on after STEP. Saves go to FOLDER/saved.tif.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from editor.document import guides, masks, recovery, storage  # noqa: E402
from editor.document.adjustments import Exposure, HueSaturation, Invert, encode  # noqa: E402
from editor.document.files.errors import FileError  # noqa: E402
from editor.document.files.metadata import JpegSettings, Metadata  # noqa: E402
from editor.document.geometry import Rect  # noqa: E402
from editor.document.guide import INK, LINE, Guide  # noqa: E402
from editor.document.history import AttributeSwap, Part, Several, TileSwap  # noqa: E402
from editor.document.journal import file as journal_file  # noqa: E402
from editor.document.journal import writer  # noqa: E402
from editor.document.layers import (  # noqa: E402
    AdjustmentLayer,
    Group,
    Layer,
    LayerMask,
    Lock,
    PixelLayer,
    walk,
)
from editor.document.model import Channel, Document, StateSwap  # noqa: E402
from editor.document.recipe import Recipe  # noqa: E402
from editor.document.tiles import TiledImage, TileWriter  # noqa: E402

WIDTH, HEIGHT = 300, 200  # two tiles, cut off by the canvas
MODES = ("normal", "multiply", "screen", "overlay")


def made_up(bits: int) -> Document:
    random = np.random.default_rng(bits)
    dtype = np.uint8 if bits == 8 else np.uint16
    coarse = random.integers(0, np.iinfo(dtype).max, (HEIGHT // 10, WIDTH // 10, 4), dtype, endpoint=True)
    coarse[..., 3] = np.iinfo(dtype).max
    return Document.from_pixels(np.ascontiguousarray(coarse.repeat(10, 0).repeat(10, 1)))


class Script:
    """Edits ``document``; what step ``number`` does depends on the seed and on what there is."""

    def __init__(self, document: Document, seed: int, saving: Callable[[], None]) -> None:
        self.document, self.seed, self.saving = document, seed, saving

    def step(self, number: int) -> None:
        self.random = np.random.default_rng([self.seed, number])
        steps = [
            *(self._select, self._select, self._paint, self._paint, self._paint, self._paint_mask),
            *(self._add, self._add, self._add_group, self._duplicate, self._delete, self._reorder),
            *(self._adjust, self._mask, self._attribute, self._attribute, self._fill, self._keep_selection),
            *(self._crop, self._convert, self._describe, self._undo, self._undo, self._redo, self._go_to),
            *(
                self._invert,
                self._save,
                self._draw_line,
                self._draw_ink,
                self._change_guide,
                self._erase_guides,
            ),
        ]
        if not steps[self.random.integers(len(steps))]():
            self._select()

    # Each returns whether there was something to do.

    def _number(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high))

    def _layer(self, *kinds: type[Layer]) -> Layer | None:
        found = [layer for layer in walk(self.document.layers) if isinstance(layer, kinds or Layer)]
        return found[self._number(0, len(found))] if found else None

    def _point(self) -> tuple[float, float]:
        return float(self._number(-20, self.document.width + 20)), float(self._number(-20, HEIGHT + 20))

    def _stroke(self, plane: TiledImage, erase: bool) -> dict:
        writer = TileWriter(plane)
        point = self._point()
        for _ in range(self._number(1, 5)):
            start, point = point, self._point()
            radii = float(self._number(3, 40)), float(self._number(3, 40))
            area = masks.draw_segment(writer, start, point, radii, 0.5, self.document.rect, erase=erase)
            self.document.notify(area, Part.SELECTION)  # a stroke in progress is no entry
        return writer.before

    def _select(self) -> bool:
        before = self._stroke(self.document.selection, erase=self.random.random() < 0.3)
        self.document.record("Brush", TileSwap(self.document.selection, before, Part.SELECTION))
        return True

    def _paint(self) -> bool:
        layer = self._layer(PixelLayer)
        if layer is None:
            return False
        # Beyond the canvas, too.
        x, y = self._number(-200, self.document.width), self._number(-200, HEIGHT)
        size = self._number(1, 220), self._number(1, 220), 4
        if self.random.random() < 0.3:
            size = 600, 600, 4
        colours = self.random.integers(0, self.document.maximum, size, self.document.dtype, endpoint=True)
        if self.random.random() < 0.4:
            colours[:] = colours[0, 0]
        writer = TileWriter(layer.image)
        writer.write(Rect(x, y, size[1], size[0]), colours)
        self.document.record("Paint", TileSwap(layer.image, writer.before, Part.PIXELS))
        return True

    def _paint_mask(self) -> bool:
        masked = [layer for layer in walk(self.document.layers) if layer.mask]
        if not masked:
            return self._mask()
        plane = masked[self._number(0, len(masked))].mask.image
        before = self._stroke(plane, erase=self.random.random() < 0.7)
        self.document.record("Paint mask", TileSwap(plane, before, Part.PIXELS | Part.LAYERS))
        return True

    def _put(self, layer: Layer, name: str) -> bool:
        layers = list(self.document.layers)
        layers.insert(self._number(0, len(layers) + 1), layer)
        self.document.set_layers(layers, name)
        return True

    def _add(self) -> bool:
        return self._put(
            PixelLayer(f"Layer {self._number(0, 99)}", TiledImage(4, self.document.dtype)), "Add"
        )

    def _fill(self) -> bool:
        size = self._number(1, 300), self._number(1, 300), 4
        pixels = self.random.integers(0, self.document.maximum, size, self.document.dtype, endpoint=True)
        recipe = Recipe("remove", "migan", "0" * 64, "cpu", self._number(0, 1 << 30))
        image = TiledImage.from_array(pixels, self._number(-100, 300), self._number(-100, 200))
        layer = PixelLayer("Fill", image, recipe=recipe)
        container = self._layer(Group)
        if container is None:
            return self._put(layer, "Remove")
        self.document.edit("Remove", self.document.stack_edit({container: (*container.children, layer)}))
        return True

    def _add_group(self) -> bool:
        kept = [layer for layer in self.document.layers if self.random.random() < 0.5]
        rest = [layer for layer in self.document.layers if layer not in kept]
        self.document.set_layers([*rest, Group("Group", kept, mask=LayerMask.revealing())], "Group")
        return True

    def _duplicate(self) -> bool:
        layer = self._layer()
        return layer is not None and self._put(layer.snapshot(), "Duplicate")

    def _delete(self) -> bool:
        layer = self._layer()
        if layer is None or len(self.document.layers) < 3:
            return False
        container = self.document.container(layer)
        rest = container.layers if container is self.document else container.children
        rest = tuple(each for each in rest if each is not layer)
        self.document.edit("Delete", self.document.stack_edit({container: rest}))
        return True

    def _reorder(self) -> bool:
        order = self.random.permutation(len(self.document.layers))
        self.document.set_layers([self.document.layers[index] for index in order], "Reorder")
        return True

    def _adjust(self) -> bool:
        layer = self._layer(AdjustmentLayer)
        adjustments = [
            Invert(),
            Exposure(exposure=self._number(-10, 10) / 7),
            HueSaturation(),
        ]
        adjustment = adjustments[self._number(0, len(adjustments))]
        if layer is None or self.random.random() < 0.5:
            return self._put(AdjustmentLayer("Adjustment", adjustment), "Adjustment")
        self.document.set_layer(layer, "adjustment", adjustment, "Change adjustment")
        return True

    def _mask(self) -> bool:
        layer = self._layer()
        if layer is None:
            return False
        if layer.mask is None:
            mask = LayerMask.revealing()
        elif self.random.random() < 0.5:
            mask = LayerMask(layer.mask.image, not layer.mask.enabled)
        else:
            mask = None
        values: list[tuple[object, str, object]] = [(layer, "mask", mask)]
        parts = Part.LAYERS | Part.PIXELS
        self.document.edit("Mask", StateSwap(self.document, values, parts=parts, area=self.document.rect))
        return True

    def _attribute(self) -> bool:
        layer = self._layer()
        if layer is None:
            return False
        values = {
            "opacity": self._number(0, 1000) / 999,
            "blend_mode": MODES[self._number(0, len(MODES))],
            "name": f"Renamed “{self._number(0, 99)}”",
            "visible": not layer.visible,
            "clipping": not layer.clipping,
            "lock": Lock(self._number(0, 4)),
        }
        name = list(values)[self._number(0, len(values))]
        self.document.set_layer(layer, name, values[name], f"Change {name}")
        return True

    def _keep_selection(self) -> bool:
        channel = Channel(f"Selection {self._number(0, 99)}", self.document.selection.snapshot())
        channels = (*self.document.channels[-2:], channel)
        values = [(self.document, "channels", channels)]
        edit = StateSwap(self.document, values, parts=Part.SELECTION, area=Rect(0, 0, 0, 0))
        self.document.edit("Keep selection", edit)
        return True

    def _draw_line(self) -> bool:
        guides.add(self.document, Guide(LINE, (self._point(), self._point())))
        return True

    def _draw_ink(self) -> bool:
        points = [self._point() for _ in range(self._number(1, 30))]
        pressures = self.random.random(len(points)) if self.random.random() < 0.5 else None
        guides.add(self.document, Guide(INK, points, self._number(1, 12) / 3, pressures))
        return True

    def _change_guide(self) -> bool:
        kept = self.document.guides
        if not kept:
            return False
        old = kept[self._number(0, len(kept))]
        if self.random.random() < 0.3:
            guides.delete(self.document, [old])
        else:
            guides.replace(self.document, old, replace(old, enabled=not old.enabled))
        return True

    def _erase_guides(self) -> bool:
        before = self.document.guides
        guides.erase(self.document, [self._point(), self._point()], 9)
        return self.document.guides is not before

    def _invert(self) -> bool:
        self.document.edit("Invert", masks.invert(self.document.selection, self.document.rect))
        return True

    def _crop(self) -> bool:
        width = self._number(200, WIDTH + 1)
        values = [(self.document, "width", width)]
        edit = StateSwap(self.document, values, parts=Part.CANVAS, area=Rect(0, 0, WIDTH, HEIGHT))
        self.document.edit("Crop", edit)
        return True

    def _convert(self) -> bool:
        """To the other depth: every layer gets a plane of another kind."""
        dtype = np.dtype(np.uint16 if self.document.bits == 8 else np.uint8)
        values: list[tuple[object, str, object]] = [(self.document, "dtype", dtype)]
        for layer in walk(self.document.layers):
            if isinstance(layer, PixelLayer):
                image = TiledImage(4, dtype)
                for key, tile in layer.image.tiles.items():
                    new = tile.astype(np.uint16) * 257 if dtype == np.uint16 else (tile >> 8).astype(np.uint8)
                    new.flags.writeable = False
                    image.tiles[key] = new
                values.append((layer, "image", image))
        edit = StateSwap(self.document, values, parts=Part.CANVAS, area=self.document.rect)
        self.document.edit("Depth", edit)
        return True

    def _describe(self) -> bool:
        jpeg = JpegSettings((tuple(range(1, 65)),), 2, False)
        xmp = self.random.bytes(self._number(1, 500))
        metadata = Metadata("jpeg", exif=b"II*\0", xmp=xmp, dpi=(300.0, 300.5), jpeg=jpeg)
        change = AttributeSwap(self.document, "metadata", metadata, parts=Part.CANVAS)
        alpha = AttributeSwap(self.document, "has_alpha", not self.document.has_alpha, parts=Part.CANVAS)
        self.document.edit("Describe", Several([change, alpha]))
        return True

    def _undo(self) -> bool:
        can = self.document.history.can_undo
        for _ in range(self._number(1, 4)):
            self.document.undo()
        return can

    def _redo(self) -> bool:
        can = self.document.history.can_redo
        self.document.redo()
        return can

    def _go_to(self) -> bool:
        position = self._number(0, len(self.document.history.entries) + 1)
        # Rarely far back: what comes next would forget all of it.
        self.document.go_to(max(position, self.document.history.position - 4))
        return True

    def _save(self) -> bool:
        self.saving()
        return True


def content(document: Document) -> str:
    """A digest of everything that a document is, without its history."""
    digest = hashlib.sha256()

    def tell(*what: object) -> None:
        digest.update(repr(what).encode())

    def plane(image: TiledImage) -> None:
        tell(image.channels, image.dtype.name, image.default)
        for key, tile in sorted(image.tiles.items(), key=lambda place: place[0]):
            if (tile != image.default).any():  # else it is as if there were none
                tell(key)
                digest.update(np.ascontiguousarray(tile))

    tell(document.width, document.height, document.dtype.name, document.grey, document.has_alpha)
    tell(document.metadata, document.guides)
    digest.update(document.composite(document.rect).tobytes())
    for layer in walk(document.layers):
        tell(type(layer).__name__, layer.name, layer.visible, layer.opacity, layer.blend_mode)
        tell(layer.clipping, layer.lock, layer.mask is not None)
        if layer.mask is not None:
            tell(layer.mask.enabled)
            plane(layer.mask.image)
        if isinstance(layer, PixelLayer):
            tell(layer.recipe)
            plane(layer.image)
        elif isinstance(layer, AdjustmentLayer):
            tell(encode(layer.adjustment))
        elif isinstance(layer, Group):
            tell(len(layer.children))
    plane(document.selection)
    for channel in document.channels:
        tell(channel.name)
        plane(channel.image)
    return digest.hexdigest()


def whole(document: Document, at: str | None = None) -> str:
    """A digest of a document and of the names in its history, its position and whether it is saved; ``at``
    is its ``content`` where that is known."""
    history = document.history
    told = at or content(document), [entry.name for entry in history.entries], history.position
    return hashlib.sha256(repr((*told, history.modified)).encode()).hexdigest()


def opened(folder: Path, bits: int) -> tuple[Document, Path | None]:
    """The document that a run starts from, and its file."""
    source = folder / "picture.png"
    if source.exists():
        return storage.open_document(source), source
    return made_up(bits), None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", type=int)
    parser.add_argument("bits", type=int)
    parser.add_argument("steps", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--resume", type=int)
    parser.add_argument("--no-wait", action="store_true")
    parser.add_argument("--limit", type=int, help="bytes that a file may have")
    parser.add_argument("--compact", type=int, help="bytes after which a journal is begun anew")
    options = parser.parse_args()
    if options.compact:
        writer._limit = lambda state: options.compact
    journal_file.SETTLED = -3600  # the picture has only just been written
    if options.limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (options.limit, options.limit))

    def trouble(line: str) -> None:
        print("trouble", line, flush=True)

    if options.resume is None:
        document, source = opened(options.folder, options.bits)
        journal = recovery.begin(document, source, trouble)
    else:
        (recoverable,) = recovery.pending()
        document = recoverable.load()
        journal = recoverable.resume(trouble)

    def save() -> None:
        path = options.folder / "saved.tif"
        state = document.history.state
        try:
            storage.save(document.snapshot(), path)
        except FileError as error:
            print("unsaved", error, flush=True)
            return
        document.history.mark_saved(state)
        document.path = path
        journal.saved(path, state)

    script = Script(document, options.seed, save)
    for number in range((options.resume or 0) + 1, options.steps + 1):
        script.step(number)
        made = time.time()
        if not options.no_wait:
            journal.wait()
        print(number, made, "-" if options.no_wait else whole(document), flush=True)
    print("end", flush=True)
    sys.stdin.read()  # stay until killed


if __name__ == "__main__":
    main()
