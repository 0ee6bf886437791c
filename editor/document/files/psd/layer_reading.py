"""Layers from the records of a PSD: "Layer records", "Additional Layer Information"."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from editor.document.files import depth, reading
from editor.document.files.psd import adjustment_reading, channels, keys
from editor.document.files.psd.header import GREY, MAX_IN_ALL, Header
from editor.document.files.psd.notes import Notes
from editor.document.files.psd.vector_masks import VectorMasks
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, Layer, LayerMask, Lock, PixelLayer
from editor.document.planes import clipped
from editor.document.tiles import TILE, TiledImage

if TYPE_CHECKING:
    from psd_tools.psd.layer_and_mask import ChannelData, ChannelDataList, LayerRecord

_THREADS, _SHARED_OUT = 4, 1 << 18  # channels of so many pixels are unpacked in threads
_FARTHEST = 10_000_000  # pixels that a layer may lie off the canvas
# Opacity of the layer without its effects; in these modes Photoshop does more than multiply with it.
_FILL_SENSITIVE = frozenset(
    [
        "color-burn",
        "linear-burn",
        "color-dodge",
        "linear-dodge",
        "vivid-light",
        "linear-light",
        "hard-mix",
        "difference",
    ]
)
_KINDS = {  # what a record with one of these blocks is; it comes in as the pixels stored for it
    b"TySh": "Text came in as pixels",
    b"tySh": "Text came in as pixels",
    b"SoLd": "Smart objects came in as pixels",
    b"SoLE": "Smart objects came in as pixels",
    b"PlLd": "Smart objects came in as pixels",
    b"plLd": "Smart objects came in as pixels",
    b"GdFl": "Gradient fills came in as pixels",
    b"PtFl": "Pattern fills came in as pixels",
    b"SoCo": "Colour fills came in as pixels",
}
_FILLS = (b"SoCo", b"GdFl", b"PtFl")
_SHAPES = (*_FILLS, b"vscg")
_EFFECTS = (b"lfx2", b"lfxs", b"lmfx", b"lrFX")
_ARTBOARDS = (b"artb", b"artd", b"abdd")
_ALL_LOCKED = 1 << 31


class LayerReader:
    """Makes layers of records and their packed channels."""

    def __init__(self, header: Header, name: str, notes: Notes, vectors: VectorMasks) -> None:
        self._header, self._file, self._notes, self._vectors = header, name, notes, vectors
        self._dtype = np.dtype(np.uint8 if header.depth == 8 else np.uint16)
        self._canvas = Rect(0, 0, header.width, header.height)
        self._left = MAX_IN_ALL  # pixels that may still be unpacked

    def stack(self, records: "Iterable[tuple[LayerRecord, ChannelDataList]]") -> list[Layer]:
        """Layers bottom first, as the records are: a group's divider, its layers, then the group itself."""
        stacks: list[list[Layer]] = [[]]
        for record, data in records:
            kind, key = _divider(record)
            if kind == keys.BOUNDING_DIVIDER:
                if len(stacks) > keys.MAX_DEPTH:
                    raise reading.FileError(
                        f"Cannot open {self._file}: it nests groups more than {keys.MAX_DEPTH} deep, "
                        "the limit; ungroup some in another program first."
                    )
                stacks.append([])
            elif kind in (keys.OPEN_FOLDER, keys.CLOSED_FOLDER):
                if len(stacks) == 1:
                    raise reading.damaged(self._file)
                children = stacks.pop()
                stacks[-1].append(self._group(record, data, children, key))
            else:
                stacks[-1].append(self._layer(record, data))
        if len(stacks) > 1:
            raise reading.damaged(self._file)
        return stacks[0]

    # -- one layer ------------------------------------------------------------------------------------

    def _group(
        self, record: "LayerRecord", data: "ChannelDataList", children: list[Layer], key: bytes | None
    ) -> Group:
        name = _name(record)
        if any(tag in record.tagged_blocks for tag in _ARTBOARDS):
            self._notes.layer("Artboards became groups, which cut nothing off", name)
        common = self._common(record, data, name, key or record.blend_mode.value)
        return Group(name, children, **common)

    def _layer(self, record: "LayerRecord", data: "ChannelDataList") -> Layer:
        name, blocks = _name(record), record.tagged_blocks
        common = self._common(record, data, name, record.blend_mode.value)
        if common["blend_mode"] == PASS_THROUGH:
            common["blend_mode"] = "normal"
        if adjustment_reading.is_adjustment(blocks):
            adjustment = adjustment_reading.read(
                blocks, lambda what: self._notes.layer(what, name), grey=self._header.mode == GREY
            )
            if adjustment is not None:
                return AdjustmentLayer(name, adjustment, **common)
            return PixelLayer(name, TiledImage(4, self._dtype), **common)
        kind = next((tag for tag in _KINDS if tag in blocks), None)
        if kind is not None:
            self._notes.layer(_KINDS[kind], name)
        image = self._pixels(record, data)
        if kind in _FILLS and not image.tiles:
            image = self._fill(blocks, name, kind)
        return PixelLayer(name, image, **common)

    def _common(self, record: "LayerRecord", data: "ChannelDataList", name: str, key: bytes) -> dict:
        blocks = record.tagged_blocks
        mode = keys.BLEND_MODES.get(key)
        if mode is None:
            self._notes.layer("Dissolve is shown as Normal", name)
            mode = "normal"
        fill = _byte(blocks.get_data(b"iOpa"), 255)
        if fill < 255 and mode in _FILL_SENSITIVE:
            self._notes.layer("Fill is taken for opacity, which looks different in this blend mode", name)
        self._note_losses(record, name)
        has_alpha = any(info.id == keys.TRANSPARENCY for info in record.channel_info)
        return {
            "visible": record.flags.visible,
            "opacity": record.opacity * fill / 255**2,
            "blend_mode": mode,
            "clipping": bool(record.clipping),
            "mask": self._mask(record, data, name),
            "lock": _lock(record, has_alpha),
        }

    def _note_losses(self, record: "LayerRecord", name: str) -> None:
        blocks = record.tagged_blocks
        if any(_has_effects(blocks.get_data(tag)) for tag in _EFFECTS if tag in blocks):
            self._notes.layer("Layer effects are not shown", name)
        ranges = record.blending_ranges.composite_ranges
        if ranges and [tuple(each) for each in ranges] != [(0, 65535)] * 2:
            self._notes.layer("“Blend If” is not applied", name)
        if _byte(blocks.get_data(b"knko"), 0):
            self._notes.layer("Knockout is not applied", name)
        if _byte(blocks.get_data(b"clbl"), 1) == 0:
            self._notes.layer("Clipped layers are blended as a group", name)
        if blocks.get_data(b"brst"):
            self._notes.layer("All channels are blended, not only those chosen", name)
        stroke = blocks.get_data(b"vstk")
        if stroke is not None and stroke.get(b"strokeEnabled") and not (record.width and record.height):
            self._notes.layer("The stroke of a shape is not shown", name)

    def _note_parameters(self, parameters: Any, name: str, *, drawn: bool) -> None:
        if parameters.user_mask_feather or parameters.vector_mask_feather:
            self._notes.layer("The feather of a mask is not applied", name)
        if drawn and parameters.vector_mask_density not in (None, 255):
            self._notes.layer("The density of a path's mask is not applied", name)

    # -- pixels ---------------------------------------------------------------------------------------

    def _pixels(self, record: "LayerRecord", data: "ChannelDataList") -> TiledImage:
        """The layer's own raster; nothing if the record has none."""
        import cv2

        area = self._area(record.top, record.left, record.bottom, record.right)
        wanted = (0,) if self._header.mode == GREY else (0, 1, 2)
        found = self._unpacked(record, data, (*wanted, keys.TRANSPARENCY), area) if area else {}
        if not any(channel in found for channel in wanted):
            return TiledImage(4, self._dtype)
        if any(channel not in found for channel in wanted):
            raise reading.damaged(self._file)
        planes = [found[channel] for channel in wanted]
        alpha = found.get(keys.TRANSPARENCY)
        if alpha is None:
            alpha = np.full_like(planes[0], np.iinfo(self._dtype).max)
        planes = planes * 3 if len(planes) == 1 else planes
        return _tiled(cv2.merge([*planes, alpha]), area, 0)

    def _fill(self, blocks: Any, name: str, kind: bytes) -> TiledImage:
        """A canvas full of the colour of a fill layer that has no raster of its own."""
        colour = adjustment_reading.rgb(blocks.get_data(kind)) if kind == b"SoCo" else None
        if colour is None:
            self._notes.layer("A fill without stored pixels is left empty", name)
            return TiledImage(4, self._dtype)
        maximum = np.iinfo(self._dtype).max
        tile = np.empty((TILE, TILE, 4), self._dtype)
        tile[...] = [round(value * maximum) for value in (*colour, 1)]
        tile.flags.writeable = False
        image = TiledImage(4, self._dtype)
        image.tiles = {key: tile for key, _ in image.boxes(self._canvas)}
        return clipped(image, self._canvas)

    def _mask(self, record: "LayerRecord", data: "ChannelDataList", name: str) -> LayerMask | None:
        """The mask of pixels and that of a path as one."""
        mask, blocks = record.mask_data, record.tagged_blocks
        # The stored pixels of a shape end at its path already.
        drawn = record.width > 0 and record.height > 0 and any(tag in blocks for tag in _SHAPES)
        ids = [int(info.id) for info in record.channel_info]
        image, enabled, rendered = None, True, False
        if mask is not None and keys.USER_MASK in ids:
            enabled = not mask.flags.mask_disabled
            # Where there are both masks, the user's is them together; the "real" one is that of pixels.
            rendered = mask.flags.user_mask_from_render
            if not (rendered and drawn):
                edges = mask.top, mask.left, mask.bottom, mask.right
                image = self._mask_image(record, data, keys.USER_MASK, edges, mask.background_color)
            elif keys.REAL_USER_MASK in ids and mask.real_background_color is not None:
                edges = mask.real_top, mask.real_left, mask.real_bottom, mask.real_right
                image = self._mask_image(record, data, keys.REAL_USER_MASK, edges, mask.real_background_color)
            if mask.parameters is not None:
                self._note_parameters(mask.parameters, name, drawn=rendered and drawn)
                if image is not None:
                    image = self._weighed(image, mask.parameters)
        vector = None
        if not (rendered or drawn):
            vector = self._vectors.of(record, lambda what: self._notes.layer(what, name))
        if image is None:
            return None if vector is None else LayerMask(vector)
        if vector is not None and not enabled:
            self._notes.layer("A mask of pixels that was turned off is gone", name)
            return LayerMask(vector)
        if vector is not None:
            both = vector.read(self._canvas) * (image.read(self._canvas) / np.float32(255))
            image = TiledImage.from_array(np.rint(both).astype(np.uint8))
        return LayerMask(image, enabled)

    def _mask_image(
        self,
        record: "LayerRecord",
        data: "ChannelDataList",
        channel: int,
        edges: tuple[int, int, int, int],
        default: int,
    ) -> TiledImage:
        area = self._area(*edges)
        plane = self._unpacked(record, data, (channel,), area).get(channel) if area else None
        if plane is None:
            return TiledImage(1, np.uint8, default)
        plane = plane if plane.dtype == np.uint8 else depth.from_16_bits(plane, 8)
        return _tiled(plane[..., None], area, default)

    def _weighed(self, image: TiledImage, parameters: Any) -> TiledImage:
        """The mask with its density worked in: what it hides shows through by what the density lacks."""
        density = parameters.user_mask_density
        if density is None:
            density = parameters.vector_mask_density
        if density is None or density == 255:
            return image
        table = (255 - np.rint((255 - np.arange(256)) * density / 255)).astype(np.uint8)
        out = TiledImage(1, np.uint8, int(table[image.default]))
        for key, tile in image.tiles.items():
            if (kept := out.kept(table[tile])) is not None:
                out.tiles[key] = kept
        return out

    def _area(self, top: int, left: int, bottom: int, right: int) -> Rect:
        """The rectangle of a record; refuses one that is too large or too far away."""
        area = Rect(left, top, right - left, bottom - top)
        if not area:
            return Rect(0, 0, 0, 0)
        if max(map(abs, (top, left, bottom, right))) > _FARTHEST:
            raise reading.damaged(self._file)
        reading.guard(area.width, area.height, self._file)
        self._left -= area.width * area.height
        if self._left < 0:
            raise reading.FileError(
                f"Cannot open {self._file}: its layers hold more than the limit of {MAX_IN_ALL // 1_000_000} "
                "megapixels together; merge some in another program first."
            )
        return area

    def _unpacked(
        self, record: "LayerRecord", data: "ChannelDataList", wanted: tuple[int, ...], area: Rect
    ) -> dict[int, np.ndarray]:
        """Those of the ``wanted`` channels that the record has data of, by their id."""
        packed = {
            int(info.id): each
            for info, each in zip(record.channel_info, data, strict=True)
            if info.id in wanted and each.data
        }

        def unpack(each: "ChannelData") -> np.ndarray:
            size = area.width, area.height
            return channels.unpack(
                each.data, each.compression, *size, self._header.depth, self._header.version
            )

        # PackBits lets no other thread run meanwhile: several would only hold up the window.
        is_slow_alone = any(each.compression != channels.RLE for each in packed.values())
        if area.width * area.height < _SHARED_OUT or not is_slow_alone:
            return {number: unpack(each) for number, each in packed.items()}
        with ThreadPoolExecutor(_THREADS) as workers:  # zlib lets other threads run
            return dict(zip(packed, workers.map(unpack, packed.values()), strict=True))


def _tiled(array: np.ndarray, area: Rect, default: int) -> TiledImage:
    """``array`` at ``area`` without the tiles that hold nothing but ``default``."""
    image = TiledImage.from_array(array, area.x, area.y, default=default)
    image.tiles = {key: tile for key, tile in image.tiles.items() if (tile != default).any()}
    return image


def _name(record: "LayerRecord") -> str:
    name = record.tagged_blocks.get_data(b"luni")
    return (name if isinstance(name, str) else record.name).rstrip("\0")


def _divider(record: "LayerRecord") -> tuple[int, bytes | None]:
    """The record's part in a group, 0 for none, and the group's blend key if it says one."""
    for tag in (b"lsct", b"lsdk"):
        divider = record.tagged_blocks.get_data(tag)
        if divider is not None:
            return int(divider.kind), getattr(divider.blend_mode, "value", divider.blend_mode)
    return 0, None


def _lock(record: "LayerRecord", has_alpha: bool) -> Lock:
    """ "Protected setting"; a layer without an alpha channel has nothing that its lock could be about."""
    flags = _byte(record.tagged_blocks.get_data(b"lspf"), 0)
    lock = Lock.NONE
    if flags & 1 or (record.flags.transparency_protected and has_alpha):
        lock |= Lock.ALPHA
    if flags & 2:
        lock |= Lock.PIXELS
    if flags & _ALL_LOCKED or flags & 7 == 7:
        lock |= Lock.ALL
    return lock


def _byte(value: Any, default: int) -> int:
    return int(value) if isinstance(value, int) else default


def _has_effects(effects: Any) -> bool:
    """Whether a block of layer effects turns any on."""
    if effects is None:
        return False
    if not hasattr(effects, "get"):
        return True
    if b"masterFXSwitch" in effects and not effects[b"masterFXSwitch"]:
        return False
    return any(_enabled(effect) for effect in effects.values())


def _enabled(effect: Any) -> bool:
    if isinstance(effect, list) or hasattr(effect, "append"):
        return any(_enabled(each) for each in effect)
    if hasattr(effect, "get") and b"enab" in effect:
        return bool(effect[b"enab"])
    return bool(getattr(effect, "enabled", False))
