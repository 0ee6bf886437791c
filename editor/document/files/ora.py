"""OpenRaster, Lacuna's own format: layers that other programs open, and all that only Lacuna knows.

OpenRaster 0.0.5 (https://www.openraster.org/baseline/file-layout-spec.html): a ZIP archive that begins with
its type, stored, and holds stack.xml, a PNG of each layer in data/, mergedimage.png and
Thumbnails/thumbnail.png. ``ora_plan`` says what others are given to see, ``ora_own`` what is in our folder,
``ora_restore`` how the two are put together again.
"""

import os
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from editor.document.files import atomic, colour, ora_own, ora_png, ora_stack, profiles, reading
from editor.document.files.blocks import PROFILE, cleaned
from editor.document.files.errors import FileError
from editor.document.files.metadata import MAX_METADATA, Metadata, too_large
from editor.document.files.ora_archive import MAX_DECODED, MAX_RATIO, MIMETYPE, Archive, Planes
from editor.document.files.ora_own import BLOCKS, DOCUMENT, Own, OwnError
from editor.document.files.ora_plan import Element, Plan, walk
from editor.document.files.ora_png import Picture
from editor.document.files.ora_restore import Restoration
from editor.document.files.ora_stack import OPERATIONS, Node, Stack, StackError
from editor.document.files.reading import MAX_PIXELS
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, Group, Layer, Lock
from editor.document.layers import walk as walk_layers
from editor.document.model import Document

_WORDS = {"icc": PROFILE, "exif": "EXIF", "xmp": "XMP"}
_THUMBNAIL = 256  # pixels on the longer side
_LARGE = 2_000_000_000  # bytes of pixels from which on a PNG's length may need 64 bits


def read(path: str | os.PathLike) -> Document:
    """Open an OpenRaster file. Raises FileError, also for what its limits name: 300 megapixels a picture,
    groups 100 deep, 10000 layers, and more than 1 GB of pixels that are 200 times the size of the file.

    Read in one thread at a time: see ``reading.explained``.
    """
    path = Path(path)
    with reading.explained(path), path.open("rb") as file:
        archive = Archive(file, path.name)
        try:
            document = _restored(archive, path)
        except StackError as error:
            raise archive.damaged("stack.xml", str(error)) from error
        except OwnError as error:
            raise archive.damaged(DOCUMENT, str(error)) from error
    return document


def _restored(archive: Archive, path: Path) -> Document:
    stack = ora_stack.parse(archive.read("stack.xml", ora_stack.MAX_BYTES))
    reading.guard(stack.width, stack.height, path.name)
    own = Own(archive.read(DOCUMENT, ora_own.MAX_BYTES)) if archive.stamp(DOCUMENT) else None
    planes = Planes(archive)
    restoration = Restoration(stack, own, archive, planes)
    if not restoration.trusted:
        own = None
    metadata, notes = _metadata(archive, stack, own)
    document = Document(
        stack.width,
        stack.height,
        restoration.dtype,
        restoration.layers(),
        grey=own is not None and own.grey,
        has_alpha=own is not None and own.has_alpha,
        metadata=metadata,
        path=path.absolute(),
        notes=notes,
    )
    if own is not None and own.size == (stack.width, stack.height):
        document.selection = ora_own.plane(own.selection, planes.want)
        document.channels = tuple(ora_own.channel(each, planes.want) for each in own.channels)
        document.guides, lost = ora_own.guides(own.guides)
        document.notes += lost
    planes.load()
    return document


def _metadata(archive: Archive, stack: Stack, own: Own | None) -> tuple[Metadata, tuple[str, ...]]:
    """Our own blocks, or the profile of the first layer's PNG; and notes of what was left out."""
    dpi = stack.dpi
    if own is None:
        layer = next((node for node in ora_stack.walk(stack.nodes) if node.children is None), None)
        if layer is None:
            return Metadata(format="ORA", dpi=dpi), ()
        icc, notes = archive.profile(layer.src)
        return Metadata(format="ORA", icc=icc, dpi=dpi), notes
    if own.dpi is not None and dpi == (round(own.dpi[0]), round(own.dpi[1])):
        dpi = own.dpi
    large = [key for key, name in BLOCKS.items() if (archive.stamp(name) or (0, 0))[1] > MAX_METADATA]
    wanted = (name for key, name in BLOCKS.items() if key not in large and archive.stamp(name))
    stored = {name: archive.read(name, MAX_METADATA) for name in wanted}
    found = cleaned(*(stored.get(BLOCKS[key]) for key in ("icc", "exif", "xmp")))
    notes = tuple(too_large(_WORDS[key]) for key in large) + found.notes
    return Metadata(format="ORA", icc=found.icc, exif=found.exif, xmp=found.xmp, dpi=dpi), notes


# --- writing ---


def write(document: Document, path: str | os.PathLike) -> None:
    """Save a document with all it has but its history. Raises FileError; then nothing was changed.

    Nothing is rounded, and nothing left out but ``metadata.jpeg``, the tables of the JPEG it came from. Other
    programs see what ``ora_plan`` says. From another thread than the one that edits, write a ``snapshot``.
    """
    _Writer(document, Path(path)).write()


class _Writer:
    def __init__(self, document: Document, path: Path) -> None:
        self._document, self._path = document, path
        if _depth(document.layers) > ora_stack.MAX_DEPTH:
            raise self._error(f"its groups are more than {ora_stack.MAX_DEPTH} deep; merge some")
        # Without a profile colours are sRGB; at 16 bits Krita would ask what they are, and wait.
        self._icc = colour.fitting(document.metadata.icc, grey=False) or profiles.profile(profiles.SRGB)
        plan = Plan(document.layers, document.rect, document.dtype)
        self._elements = list(walk(plan.elements))
        self._sources = {id(each): f"data/{number:03}.png" for number, each in enumerate(self._elements)}
        self._nodes = tuple(self._node(element) for element in plan.elements)
        places = {each.layer: number for number, each in enumerate(self._elements) if each.layer}
        self._own = ora_own.Writer(document, places)

    def write(self) -> None:
        canvas, metadata = self._document, self._document.metadata
        pictures = {self._sources[id(each)]: each.picture for each in self._elements if each.picture}
        pictures |= self._own.pictures
        self._refuse_unreadable(pictures)
        stack = ora_stack.encode(canvas.width, canvas.height, metadata.dpi, self._nodes)
        blocks = {name: block for key, name in BLOCKS.items() if (block := getattr(metadata, key))}
        with (
            atomic.replacing(self._path) as temporary,
            zipfile.ZipFile(temporary, "w") as archive,
            ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as workers,
        ):

            def put(name: str, picture: Picture) -> None:
                icc = self._icc if picture.channels == 4 else None
                with archive.open(_member(name), "w", force_zip64=picture.nbytes > _LARGE) as file:
                    ora_png.write(file, picture, icc, workers)

            archive.writestr(_member("mimetype"), MIMETYPE)
            self._pack(archive, "stack.xml", stack, ora_stack.MAX_BYTES)
            for name, picture in pictures.items():
                put(name, picture)
            merged = Merged(canvas)
            put("mergedimage.png", merged.picture)
            put("Thumbnails/thumbnail.png", merged.thumbnail())
            for name, block in blocks.items():
                self._pack(archive, name, block, MAX_METADATA)
            self._pack(archive, DOCUMENT, self._own.encode(self._written(archive)), ora_own.MAX_BYTES)
            decoded = sum(ora_png.held(each.area, each.channels, each.dtype) for each in pictures.values())
            # Large and very plain layers pack so well that they would be taken for a decompression bomb.
            if decoded > MAX_DECODED and (short := decoded // MAX_RATIO + 1 - archive.fp.tell()) > 0:
                archive.writestr(_member("lacuna/padding"), bytes(short))

    def _node(self, element: Element) -> Node:
        """``element`` as it is in stack.xml."""
        through = element.blend_mode == PASS_THROUGH
        attributes = {
            "name": ora_stack.printable(element.name),
            "visibility": "visible" if element.visible else "hidden",
            "opacity": repr(float(element.opacity)),
            "composite-op": OPERATIONS["normal" if through else element.blend_mode],
        }
        if element.layer is not None and element.layer.lock & (Lock.ALL | Lock.PIXELS):
            attributes["edit-locked"] = "true"
        if element.picture is None:
            attributes["isolation"] = "auto" if through else "isolate"
            return Node(attributes, tuple(self._node(child) for child in element.children or ()))
        area = element.picture.area
        attributes |= {"src": self._sources[id(element)], "x": str(area.x), "y": str(area.y)}
        return Node(attributes)

    def _written(self, archive: zipfile.ZipFile) -> list[dict]:
        """What our own folder remembers of each element."""
        written = []
        for node, depth in _deep(self._nodes):
            info = archive.getinfo(node.src) if node.children is None else None
            stamp = info and [info.CRC, info.file_size]
            written.append({"depth": depth, "attributes": node.attributes, "stamp": stamp})
        for plain, element in zip(written, self._elements, strict=True):
            plain["shown"] = element.layer is None
        return written

    def _refuse_unreadable(self, pictures: dict[str, Picture]) -> None:
        """Refuse what ``read`` would refuse."""
        count = sum(1 for _ in walk_layers(self._document.layers))
        if max(len(self._elements), count) > ora_stack.MAX_LAYERS:
            raise self._error(f"it has more than {ora_stack.MAX_LAYERS} layers; merge some")
        for picture in pictures.values():
            area = picture.area
            if area.width * area.height > MAX_PIXELS or max(map(abs, area)) > ora_stack.FARTHEST:
                raise self._error(
                    f"a layer or a mask reaches over more than {MAX_PIXELS // 1_000_000} megapixels, or lies "
                    f"more than {ora_stack.FARTHEST} pixels off the canvas; crop it"
                )

    def _pack(self, archive: zipfile.ZipFile, name: str, data: bytes, limit: int) -> None:
        if len(data) > limit:
            raise self._error(f"its {name} would be larger than {limit >> 20} MB; merge some layers")
        archive.writestr(_member(name), data, zipfile.ZIP_DEFLATED)

    def _error(self, what: str) -> FileError:
        return FileError(f"Cannot save {self._path.name}: {what}. Nothing was changed.")


def _member(name: str) -> zipfile.ZipInfo:
    """A member that everybody may read; of no date, so that the same document makes the same file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o100644 << 16
    return info


def _deep(nodes: Iterable[Node], depth: int = 0) -> Iterator[tuple[Node, int]]:
    for node in nodes:
        yield node, depth
        yield from _deep(node.children or (), depth + 1)


def _depth(layers: Iterable[Layer]) -> int:
    """How many groups lie in each other."""
    return max((1 + _depth(layer.children) for layer in layers if isinstance(layer, Group)), default=0)


class Merged:
    """The flat picture of a document; while it is read, its thumbnail comes about."""

    def __init__(self, document: Document) -> None:
        self._document = document
        # At most 256 pixels a side, 8 bits (File Layout Specification, Thumbnails).
        scale = min(1, _THUMBNAIL / max(document.width, document.height))
        self._size = max(1, round(document.width * scale)), max(1, round(document.height * scale))
        self._bands: dict[int, np.ndarray] = {}
        self.picture = Picture(document.rect, 4, document.dtype, self._read)

    def _read(self, part: Rect) -> np.ndarray:
        pixels = self._document.composite(part)
        self._bands[part.y] = _narrowed(pixels, self._size[0])
        return pixels

    def thumbnail(self) -> Picture:
        """The picture in small, once all of it has been read."""
        import cv2

        rows = np.concatenate([self._bands[y] for y in sorted(self._bands)])
        small = cv2.resize(rows, self._size, interpolation=cv2.INTER_AREA)
        alpha = small[..., 3:]
        small[..., :3] /= np.maximum(alpha, 1e-6)
        pixels = np.rint(small.clip(0, 1) * 255).astype(np.uint8)

        def read(part: Rect) -> np.ndarray:
            return pixels[part.slices]

        return Picture(Rect(0, 0, *self._size), 4, pixels.dtype, read)


def _narrowed(pixels: np.ndarray, width: int) -> np.ndarray:
    """(h, ``width``, 4) float32 0..1, the alpha multiplied in, of (h, w, 4)."""
    import cv2

    scaled = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    scaled[..., :3] *= scaled[..., 3:]
    return cv2.resize(scaled, (width, len(pixels)), interpolation=cv2.INTER_AREA)
