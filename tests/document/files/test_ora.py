"""OpenRaster: everything comes back, other programs are told enough, and no file can do harm."""

import io
import json
import random
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from editor.document import storage
from editor.document.adjustments import ADJUSTMENTS, Curves, Invert
from editor.document.blend import MODES
from editor.document.files import ora, ora_archive, profiles
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.guide import INK, LINE, MAX_GUIDES, Guide
from editor.document.layers import AdjustmentLayer, Group, Layer, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Channel, Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

RECIPE = Recipe("remove", "migan", "ab" * 32, "cpu", 7)
LINED = replace(RECIPE, guides=(((0.1, -3.0), (70.25, 1e6)), ((1.0, 2.0), (3.0, 4.5), (5.0, 1 / 3))))
# Little-endian TIFF header, one directory, one entry: orientation 1.
EXIF = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 274, 3, 1, 1, 0, 0)
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"


def plane(seed: int, dtype, area: Rect, channels: int = 4, default: int = 0) -> TiledImage:
    """Noise, a third of it clear but coloured."""
    noise = np.random.default_rng(seed)
    values = noise.integers(0, np.iinfo(dtype).max, (area.height, area.width, channels), dtype, endpoint=True)
    values[..., -1][noise.random(values.shape[:2]) < 0.3] = 0
    return TiledImage.from_array(values, area.x, area.y, default=default)


def same_plane(one: TiledImage, other: TiledImage) -> bool:
    area = one.filled().united(other.filled())
    alike = (one.channels, one.dtype, one.default) == (other.channels, other.dtype, other.default)
    return alike and one.read(area).tobytes() == other.read(area).tobytes()


def told(layer: Layer) -> dict:
    """All attributes of a layer but planes and what is in a group."""
    kept = {key: value for key, value in vars(layer).items() if key not in ("image", "mask", "children")}
    return kept | {"type": type(layer), "mask": layer.mask and layer.mask.enabled}


def assert_same(one: Document, other: Document) -> None:
    assert (one.width, one.height, one.dtype) == (other.width, other.height, other.dtype)
    assert (one.grey, one.has_alpha) == (other.grey, other.has_alpha)
    assert replace(one.metadata, format=None) == replace(other.metadata, format=None)
    assert_same_layers(one.layers, other.layers)
    assert (one.guides, other.notes) == (other.guides, ())
    assert [channel.name for channel in one.channels] == [channel.name for channel in other.channels]
    for ours, theirs in zip(one.planes(), other.planes(), strict=True):
        assert same_plane(ours, theirs)


def assert_same_layers(one, other) -> None:
    assert len(one) == len(other)
    for ours, theirs in zip(one, other, strict=True):
        assert told(ours) == told(theirs)
        if isinstance(ours, Group):
            assert_same_layers(ours.children, theirs.children)


def rewritten(path: Path, changes: dict, target: Path | None = None, *, keep_own: bool = True) -> Path:
    """The archive again as another program would save it: members changed, added, or (None) left out."""
    target = target or path.with_name(f"again-{path.name}")
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()} | changes
    with zipfile.ZipFile(target, "w") as new:
        for name, data in members.items():
            if data is not None and (keep_own or not name.startswith("lacuna/")):
                new.writestr(name, data)
    return target


def member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def stack(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(member(path, "stack.xml")).find("stack")


def png(pixels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", **options)
    return file.getvalue()


# -- everything comes back ------------------------------------------------------------------------------

AREAS = st.builds(
    Rect, st.integers(-300, 300), st.integers(-300, 300), st.integers(1, 40), st.integers(1, 40)
)
NAMES = st.text(max_size=8) | st.sampled_from(["", "\0\x1b\ud800\uffff", " a\t\r\nb ", '<&">', "群 – é"])
SEEDS = st.integers(0, 2**32 - 1)
OPACITIES = st.floats(0, 1) | st.sampled_from([0, 1, 1.0])


@st.composite
def masks(draw) -> LayerMask | None:
    if draw(st.booleans()):
        return None
    default = draw(st.sampled_from([0, 255, 77]))
    image = TiledImage(1, np.uint8, default)
    if draw(st.booleans()):
        image = plane(draw(SEEDS), np.uint8, draw(AREAS), 1, default)
    return LayerMask(image, draw(st.booleans()))


@st.composite
def layers(draw, dtype, depth: int = 0) -> Layer:
    common = {
        "name": draw(NAMES),
        "visible": draw(st.booleans()),
        "opacity": float(draw(OPACITIES)),
        "clipping": draw(st.booleans()),
        "mask": draw(masks()),
        "lock": draw(st.sampled_from([Lock.NONE, Lock.ALPHA, Lock.PIXELS | Lock.ALPHA, Lock.ALL])),
    }
    kind = draw(st.sampled_from(["pixels", "pixels", "adjustment", "group"][: 3 if depth == 3 else 4]))
    modes = [*MODES, "normal", "pass-through"] if kind == "group" else list(MODES)
    common["blend_mode"] = draw(st.sampled_from(modes))
    if kind == "group":
        return Group(children=draw(st.lists(layers(dtype, depth + 1), max_size=3)), **common)
    if kind == "adjustment":
        return AdjustmentLayer(adjustment=ADJUSTMENTS[draw(st.sampled_from(sorted(ADJUSTMENTS)))](), **common)
    image = TiledImage(4, dtype)
    if draw(st.booleans()):
        image = plane(draw(SEEDS), dtype, draw(AREAS))
    return PixelLayer(image=image, recipe=draw(st.sampled_from([None, RECIPE, LINED])), **common)


POINTS = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
LINES = st.builds(Guide, st.just(LINE), st.tuples(POINTS, POINTS), enabled=st.booleans())
STROKES = st.lists(st.tuples(POINTS, st.floats(0, 1)), min_size=1, max_size=4).flatmap(
    lambda pressed: st.builds(
        Guide,
        st.just(INK),
        st.just([point for point, _ in pressed]),
        st.floats(0.01, 1000),
        st.sampled_from([None, tuple(pressure for _, pressure in pressed)]),
        st.booleans(),
    )
)


@st.composite
def documents(draw) -> Document:
    dtype = draw(st.sampled_from([np.uint8, np.uint16]))
    metadata = Metadata(
        icc=draw(
            st.sampled_from([None, profiles.profile(profiles.ADOBE_RGB), b"x" * 16 + b"GRAY" + b"y" * 100])
        ),
        exif=draw(st.sampled_from([None, EXIF])),
        xmp=draw(st.sampled_from([None, XMP])),
        dpi=draw(st.none() | st.tuples(st.floats(1, 6000), st.floats(1, 6000))),
    )
    made = Document(
        draw(st.integers(1, 60)),
        draw(st.integers(1, 60)),
        dtype,
        draw(st.lists(layers(dtype), max_size=4)),
        grey=draw(st.booleans()),
        has_alpha=draw(st.booleans()),
        metadata=metadata,
    )
    if draw(st.booleans()):
        made.selection = plane(draw(SEEDS), np.uint8, draw(AREAS), 1)
    made.guides = tuple(draw(st.lists(LINES | STROKES, max_size=3)))
    named = draw(st.lists(NAMES, max_size=2))
    made.channels = tuple(Channel(name, plane(draw(SEEDS), np.uint8, draw(AREAS), 1)) for name in named)
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=documents())
def test_everything_comes_back(tmp_path_factory, made):
    path = tmp_path_factory.getbasetemp() / "property.ora"
    ora.write(made, path)
    assert_same(made, ora.read(path))
    assert_same_picture_to_others(made, path)


def assert_same_picture_to_others(made: Document, path: Path) -> None:
    """Without our folder the picture is the same, but for what is rounded to the document's depth."""
    others = ora.read(rewritten(path, {}, path.with_name("others.ora"), keep_own=False))
    ours, theirs = (each.composite(made.rect).astype(float) for each in (made, others))
    shown = np.maximum(ours, theirs)[..., 3:] / made.maximum
    # A mode can make more of the rounding; few do, and not in many pixels.
    apart = np.abs(ours - theirs) * np.concatenate([shown] * 3 + [np.ones_like(shown)], axis=2)
    assert np.median(apart) <= 2


def test_what_is_between_tiles_and_off_the_canvas_comes_back(tmp_path):
    area = Rect(-700, -300, 1000, 800)
    made = Document(100, 100, np.uint16, [PixelLayer("large", plane(1, np.uint16, area))])
    ora.write(made, tmp_path / "a.ora")
    assert_same(made, ora.read(tmp_path / "a.ora"))


# -- what other programs see ----------------------------------------------------------------------------


@pytest.fixture
def everything() -> Document:
    """A document whose stack has to be told in every way there is."""

    def pixels(seed, *place) -> TiledImage:
        return plane(seed, np.uint8, Rect(*place))

    mask = LayerMask(plane(20, np.uint8, Rect(4, 4, 20, 20), 1, 255))
    return Document(
        60,
        50,
        np.uint8,
        [
            PixelLayer("background", plane(1, np.uint8, Rect(0, 0, 60, 50))),
            AdjustmentLayer("inverted", Invert(), opacity=0.5),
            PixelLayer("masked", pixels(2, -5, 3, 30, 30), mask=mask, blend_mode="multiply", recipe=RECIPE),
            Group("plain", [PixelLayer("in it", pixels(3, 5, 5, 20, 20), opacity=0.7)]),
            Group("through", [PixelLayer("soft", pixels(4, 9, 9, 20, 20), blend_mode="soft-light")]),
            Group("with mask", [PixelLayer("a", pixels(5, 20, 9, 30, 20))], blend_mode="screen", mask=mask),
            PixelLayer("base", pixels(6, 30, 5, 20, 40), opacity=0.4, lock=Lock.PIXELS),
            PixelLayer("clipped", pixels(7, 25, 15, 20, 20), clipping=True, blend_mode="divide"),
        ],
    )


def test_the_archive_is_laid_out_as_specified(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    head = path.read_bytes()[:54]
    assert head[:4] == b"PK\3\4"
    assert head[8:10] == b"\0\0"  # stored
    assert head[30:] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(info.date_time[0] == 1980 for info in archive.infolist())
        for info in archive.infolist():
            assert info.compress_type == (
                zipfile.ZIP_DEFLATED if info.filename in PACKED else zipfile.ZIP_STORED
            )
        merged = Image.open(archive.open("mergedimage.png"))
        assert np.array_equal(np.asarray(merged), everything.composite(everything.rect))
        thumbnail = Image.open(archive.open("Thumbnails/thumbnail.png"))
        assert (thumbnail.size, thumbnail.mode) == ((60, 50), "RGBA")


PACKED = ("stack.xml", "lacuna/document.json")


def test_the_stack_as_others_read_it(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    found = [
        (each.tag, each.get("name"), each.get("visibility"), each.get("composite-op")) for each in stack(path)
    ]
    over = "svg:src-over"
    assert found == [
        ("layer", "base (as shown)", "visible", over),
        ("layer", "clipped", "hidden", "krita:divide"),
        ("layer", "base", "hidden", over),
        ("layer", "with mask (as shown)", "visible", "svg:screen"),
        ("stack", "with mask", "hidden", "svg:screen"),
        ("layer", "soft", "visible", "svg:soft-light"),
        ("stack", "plain", "visible", over),
        ("layer", "masked", "visible", "svg:multiply"),
        ("layer", "inverted (as shown)", "visible", over),
        ("layer", "inverted", "hidden", over),
        ("layer", "background", "hidden", over),
    ]
    by_name = {each.get("name"): each for each in stack(path)}
    assert by_name["plain"].get("isolation") == "auto"
    assert by_name["with mask"].get("isolation") == "isolate"
    assert (by_name["masked"].get("x"), by_name["masked"].get("y")) == ("-5", "3")
    assert by_name["base"].get("edit-locked") == "true"
    assert by_name["base (as shown)"].get("opacity") == "0.4"


def test_without_our_folder_the_picture_is_the_same(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    others = ora.read(rewritten(path, {}, keep_own=False))
    ours, theirs = (each.composite(everything.rect).astype(float) for each in (everything, others))
    assert np.abs((ours - theirs) * np.maximum(ours, theirs)[..., 3:] / 255).max() <= 2
    assert all(isinstance(layer, PixelLayer | Group) for layer in walk(others.layers))
    assert others.metadata.icc == profiles.profile(profiles.SRGB)


@pytest.mark.parametrize(("dtype", "mode"), [(np.uint8, "RGBA"), (np.uint16, "I;16")])
def test_the_pixels_are_a_png_that_others_decode(tmp_path, dtype, mode):
    import cv2

    image = plane(3, dtype, Rect(0, 0, 700, 530))
    path = tmp_path / "a.ora"
    ora.write(Document(700, 530, dtype, [PixelLayer("a", image)], metadata=Metadata(icc=ICC)), path)
    data = member(path, "data/000.png")
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGBA), image.read(Rect(0, 0, 700, 530)))
    opened = Image.open(io.BytesIO(data))
    opened.load()  # Pillow checks the Adler-32
    assert opened.info["icc_profile"] == ICC


ICC = profiles.profile(profiles.ADOBE_RGB)


# -- what other programs change ------------------------------------------------------------------------


def test_a_layer_painted_elsewhere_is_taken_and_the_rest_kept(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    painted = np.full((30, 30, 4), 200, np.uint8)
    name = stack(path).find("layer[@name='masked']").get("src")
    again = ora.read(rewritten(path, {name: png(painted)}))
    assert [layer.name for layer in again.layers] == [layer.name for layer in everything.layers]
    masked = again.layers[2]
    assert np.array_equal(masked.image.read(Rect(-5, 3, 30, 30)), painted)
    assert (masked.mask, masked.recipe, masked.blend_mode) == (None, None, "multiply")
    assert again.layers[1].adjustment == Invert()
    assert again.layers[7].clipping
    assert again.layers[5].mask is not None


def edited(path: Path, name: str, **attributes) -> Path:
    image = ElementTree.fromstring(member(path, "stack.xml"))
    for element in image.iter():
        if element.get("name") == name:
            element.attrib |= {key.replace("_", "-"): value for key, value in attributes.items()}
    return rewritten(path, {"stack.xml": ElementTree.tostring(image)})


def test_attributes_changed_elsewhere_are_taken(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    changed = {"opacity": "0.25", "composite_op": "svg:screen", "x": "1", "y": "13", "edit_locked": "true"}
    again = ora.read(edited(path, "masked", **changed))
    masked, before = again.layers[2], everything.layers[2]
    assert (masked.opacity, masked.blend_mode, masked.lock) == (0.25, "screen", Lock.ALL)
    assert masked.image.bounds() == before.image.bounds().moved(6, 10)
    assert masked.mask.image.bounds() == before.mask.image.bounds().moved(6, 10)
    assert masked.recipe == RECIPE
    assert again.layers[0].visible  # it is hidden in stack.xml, for the picture that stands for it
    assert len(again.layers) == len(everything.layers)


def test_a_picture_as_shown_that_was_painted_on_stays(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    name = stack(path).find("layer[@name='inverted (as shown)']").get("src")
    again = ora.read(rewritten(path, {name: png(np.full((50, 60, 4), 99, np.uint8))}))
    shown = {layer.name: layer.visible for layer in again.layers}
    assert shown["inverted (as shown)"]
    assert not shown["background"]
    assert not shown["inverted"]
    assert next(layer for layer in again.layers if layer.name == "masked").mask is not None


def test_layers_added_elsewhere_are_taken(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    image = ElementTree.fromstring(member(path, "stack.xml"))
    image.find("stack").insert(0, ElementTree.Element("layer", name="new", src="data/new.png"))
    pixels = np.full((5, 6, 4), 77, np.uint8)
    changes = {"stack.xml": ElementTree.tostring(image), "data/new.png": png(pixels)}
    again = ora.read(rewritten(path, changes))
    assert again.layers[-1].name == "new"
    assert np.array_equal(again.layers[-1].image.read(Rect(0, 0, 6, 5)), pixels)
    masked = next(layer for layer in again.layers if layer.name == "masked")
    assert same_plane(masked.image, everything.layers[2].image)
    assert masked.recipe == RECIPE


def test_a_folder_of_ours_beside_other_pictures_counts_for_nothing(tmp_path):
    document = Document(9, 9, np.uint16, [PixelLayer("a", plane(1, np.uint16, Rect(0, 0, 9, 9)))], grey=True)
    document.selection = plane(2, np.uint8, Rect(0, 0, 9, 9), 1)
    path = tmp_path / "a.ora"
    ora.write(document, path)
    again = ora.read(rewritten(path, {"data/000.png": png(np.full((9, 9, 4), 8, np.uint8))}))
    assert (again.bits, again.grey) == (8, False)
    assert not again.selection.bounds()


# -- files of other programs ---------------------------------------------------------------------------


def foreign(path: Path, layers: str, pictures: dict[str, bytes], size: str = 'w="8" h="8"') -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f"<image {size}><stack>{layers}</stack></image>")
        for name, data in pictures.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.full((8, 8), 90, np.uint8), (90, 90, 90, 255)),
        (np.full((8, 8, 2), 90, np.uint8), (90, 90, 90, 90)),
        (np.full((8, 8, 3), 90, np.uint8), (90, 90, 90, 255)),
        (np.full((8, 8, 4), 90, np.uint8), (90, 90, 90, 90)),
    ],
)
def test_pngs_of_every_kind(tmp_path, pixels, expected):
    path = foreign(tmp_path / "a.ora", '<layer src="a.png" name="a"/>', {"a.png": png(pixels)})
    image = ora.read(path).layers[0].image
    assert (image.read(Rect(0, 0, 8, 8)) == expected).all()


def test_layers_of_both_depths(tmp_path):
    import cv2

    deep = cv2.imencode(".png", np.full((8, 8, 4), 1000, np.uint16))[1].tobytes()
    pictures = {"a.png": png(np.full((8, 8, 4), 3, np.uint8)), "b.png": deep}
    path = foreign(tmp_path / "a.ora", '<layer src="b.png"/><layer src="a.png"/>', pictures)
    document = ora.read(path)
    values = [layer.image.read(Rect(0, 0, 1, 1)).flat[0] for layer in document.layers]
    assert (document.bits, values) == (16, [771, 1000])


@pytest.mark.parametrize(
    ("attributes", "mode"),
    [
        ('isolation="auto"', "pass-through"),
        ('isolation="isolate"', "normal"),
        ('isolation="auto" opacity="0.5"', "normal"),
        ('isolation="auto" composite-op="svg:multiply"', "multiply"),
        ("", "normal"),
    ],
)
def test_which_groups_are_isolated(tmp_path, attributes, mode):
    group = ora.read(foreign(tmp_path / "a.ora", f"<stack {attributes}/>", {})).layers[0]
    assert isinstance(group, Group)
    assert group.blend_mode == mode


def test_operations_that_are_no_modes(tmp_path):
    layers = "".join(
        f'<layer src="a.png" name="{name}" composite-op="{operation}"/>'
        for name, operation in (("erase", "svg:dst-out"), ("atop", "svg:src-atop"), ("odd", "other:mode"))
    )
    path = foreign(
        tmp_path / "a.ora", layers + '<layer src="a.png"/>', {"a.png": png(np.ones((8, 8, 4), np.uint8))}
    )
    _, odd, atop, erase = ora.read(path).layers
    assert (odd.blend_mode, odd.visible) == ("normal", True)
    assert not erase.visible
    assert not atop.clipping  # there are two layers below it


# -- files that are damaged or hostile -----------------------------------------------------------------

PIXELS = png(np.ones((8, 8, 4), np.uint8))


def huge(width: int, height: int) -> bytes:
    """A PNG that says it is that large, and is not."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return PIXELS[:8] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + PIXELS[33:]


BOMB = '<!DOCTYPE a [<!ENTITY b "cccccccccc">]><image w="8" h="8"><stack/></image>'
HOSTILE = {
    "no zip": (lambda path: path.write_bytes(b"PK\3\4 nothing"), "no ZIP archive"),
    "no type": (lambda path: rewritten(path, {"mimetype": None}, path), "mimetype in it is missing"),
    "other type": (
        lambda path: rewritten(path, {"mimetype": b"application/x-krita"}, path),
        "not an OpenRaster",
    ),
    "no stack": (lambda path: rewritten(path, {"stack.xml": None}, path), "stack.xml in it is missing"),
    "entities": (lambda path: rewritten(path, {"stack.xml": BOMB}, path), "document type"),
    "hidden entities": (
        lambda path: rewritten(
            path, {"stack.xml": f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}'.encode("utf-16")}, path
        ),
        "document type",
    ),
    "no xml": (lambda path: rewritten(path, {"stack.xml": b"<image"}, path), "not well-formed"),
    "deep": (
        lambda path: foreign(path, "<stack>" * 102 + "</stack>" * 102, {}),
        "groups more than 100 deep",
    ),
    "many": (lambda path: foreign(path, '<layer src="a.png"/>' * 10_001, {}), "more than 10000 layers"),
    "no such layer": (lambda path: foreign(path, '<layer src="a.png"/>', {}), "a.png in it is missing"),
    "no png": (lambda path: foreign(path, '<layer src="a"/>', {"a": b"GIF89a"}), "a in it is not a PNG"),
    "cut png": (lambda path: foreign(path, '<layer src="a"/>', {"a": PIXELS[:-20]}), "a in it is damaged"),
    "large png": (
        lambda path: foreign(path, '<layer src="a"/>', {"a": huge(30_000, 30_000)}),
        "300 megapixels",
    ),
    "many large pngs": (
        lambda path: foreign(path, '<layer src="a"/>' * 3, {"a": huge(17_000, 17_000)}),
        "unpack to more than 1 GB and 200 times",
    ),
    "far away": (
        lambda path: foreign(path, '<layer src="a" x="1e300"/>', {"a": PIXELS}),
        "off the canvas",
    ),
    "no number": (
        lambda path: foreign(path, '<layer src="a" opacity="nan"/>', {"a": PIXELS}),
        "“nan” for opacity",
    ),
    "no canvas": (lambda path: foreign(path, "", {}, 'w="0" h="5"'), "damaged"),
    "large canvas": (lambda path: foreign(path, "", {}, 'w="30000" h="30000"'), "300 megapixels"),
    "our folder": (
        lambda path: rewritten(path, {"lacuna/document.json": b"[]"}, path),
        "document.json in it is no",
    ),
    "our folder deep": (
        lambda path: rewritten(path, {"lacuna/document.json": b"[" * 100_000}, path),
        "document.json in it is no JSON",
    ),
    "our folder later": (
        lambda path: rewritten(path, {"lacuna/document.json": b'{"version": 2}'}, path),
        "newer version",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_damaged_files_say_what_is_wrong(tmp_path, everything, case):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    spoil, words = HOSTILE[case]
    spoil(path)
    with pytest.raises(FileError, match=r"^Cannot open a.ora: ") as caught:
        ora.read(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_whole_flat_picture_is_told_of(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    with pytest.raises(FileError, match=r"data/000.png in it is damaged.*mergedimage.png, is whole"):
        ora.read(rewritten(path, {"data/000.png": member(path, "data/000.png")[:-9]}))
    with pytest.raises(FileError, match=r"data/000.png in it is damaged\.$"):
        ora.read(rewritten(path, {"data/000.png": PIXELS[:-9], "mergedimage.png": PIXELS[:-9]}))


def test_a_directory_of_millions_is_not_read(tmp_path, monkeypatch):
    path = foreign(tmp_path / "a.ora", "", {f"{number}": b"" for number in range(20)})
    monkeypatch.setattr(ora_archive, "MAX_MEMBERS", 10)
    with pytest.raises(FileError, match="more than 10 members"):
        ora.read(path)


JSON_VALUES = (None, True, -1, 10**30, 1.5, float("nan"), "x", [], {}, [None], {"a": 1})


def test_no_value_in_our_folder_does_harm(tmp_path, everything):
    """Whatever one value in document.json becomes: the file opens, or there is one line."""
    path = tmp_path / "a.ora"
    everything.layers[1].adjustment = Curves()
    everything.channels = (Channel("c", plane(1, np.uint8, Rect(0, 0, 4, 4), 1)),)
    everything.guides = DRAWN
    ora.write(everything, path)
    text = member(path, "lacuna/document.json")
    places: list[tuple] = []

    def visit(value, place=()) -> None:
        places.append(place)
        pairs = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, inner in pairs:
            visit(inner, (*place, key))

    visit(json.loads(text))
    chosen = random.Random(0)
    refused = 0
    for _ in range(300):
        plain = json.loads(text)
        *way, last = chosen.choice(places[1:])
        target = plain
        for key in way:
            target = target[key]
        target[last] = chosen.choice(JSON_VALUES)
        changed = rewritten(path, {"lacuna/document.json": json.dumps(plain)})
        try:
            ora.read(changed).composite(everything.rect)
        except FileError as error:
            refused += "document.json" in str(error) or "lacuna/" in str(error)
    assert refused > 50


DRAWN = (
    Guide(LINE, ((0.1, 1 / 3), (-7, 290))),
    Guide(INK, ((1, 2), (3, 4.5), (9, 9)), 2.5, (0.1, 1 / 3, 1), enabled=False),
    Guide(INK, ((30, 30),), 7),
)


@pytest.mark.parametrize(
    ("damage", "left", "words"),
    [
        (lambda found: None, [], "Its guide lines are damaged and were left out"),
        (lambda found: {"a": 1}, [], "Its guide lines are damaged and were left out"),
        (
            lambda found: [found[0], 3, found[2]],
            [0, 2],
            "1 of its 3 guide lines are damaged and were left out",
        ),
        (
            lambda found: [found[0], found[1] | {"width": -1}, found[2] | {"points": [[1e300, 0]]}],
            [0],
            "2 of its 3",
        ),
        (lambda found: [None] * 3, [], "3 of its 3"),
        (
            lambda found: [found[0]] * (MAX_GUIDES + 1),
            [],
            "Its guide lines were left out. A picture can have 5,000",
        ),
    ],
)
def test_damaged_guides_cost_no_more_than_themselves(tmp_path, everything, damage, left, words):
    path = tmp_path / "a.ora"
    everything.guides = DRAWN
    ora.write(everything, path)
    plain = json.loads(member(path, "lacuna/document.json"))
    plain["guides"] = damage(plain["guides"])
    again = ora.read(rewritten(path, {"lacuna/document.json": json.dumps(plain)}))
    assert again.guides == tuple(DRAWN[number] for number in left)
    (note,) = again.notes
    assert note.startswith(words)
    assert not note.endswith(".")
    assert_same_layers(everything.layers, again.layers)


def test_a_file_of_before_there_were_guides_has_none(tmp_path, everything):
    path = tmp_path / "a.ora"
    ora.write(everything, path)
    plain = json.loads(member(path, "lacuna/document.json"))
    del plain["guides"]
    again = ora.read(rewritten(path, {"lacuna/document.json": json.dumps(plain)}))
    assert_same(everything, again)


def test_others_are_given_nothing_of_the_guides(tmp_path, everything):
    bare, drawn = tmp_path / "bare.ora", tmp_path / "drawn.ora"
    ora.write(everything, bare)
    everything.guides = DRAWN
    ora.write(everything, drawn)
    with zipfile.ZipFile(drawn) as archive:
        for name in archive.namelist():
            assert (name == "lacuna/document.json") == (archive.read(name) != member(bare, name))


def test_guides_of_a_picture_cropped_elsewhere_are_not_taken(tmp_path, everything):
    """As the selection and the channels: nobody knows where they would lie."""
    path = tmp_path / "a.ora"
    everything.guides = DRAWN
    ora.write(everything, path)
    smaller = member(path, "stack.xml").replace(b'w="60"', b'w="50"')
    again = ora.read(rewritten(path, {"stack.xml": smaller}))
    assert again.width == 50
    assert again.guides == ()


def test_no_byte_does_harm(tmp_path, everything):
    path, changed = tmp_path / "a.ora", tmp_path / "b.ora"
    ora.write(everything, path)
    data = path.read_bytes()
    chosen = random.Random(1)
    for _ in range(200):
        spoilt = bytearray(data)
        for _ in range(chosen.choice((1, 4, 40))):
            spoilt[chosen.randrange(len(spoilt))] = chosen.randrange(256)
        changed.write_bytes(spoilt[: chosen.choice((len(spoilt), chosen.randrange(len(spoilt))))])
        try:
            ora.read(changed)
        except FileError as error:
            assert "\n" not in str(error)


# -- saving ----------------------------------------------------------------------------------------------


def test_what_could_not_be_opened_is_not_saved(tmp_path):
    group = Group("innermost")
    for _ in range(101):
        group = Group("group", [group])
    path = tmp_path / "a.ora"
    path.write_bytes(b"before")
    with pytest.raises(FileError, match=r"groups are more than 100 deep.*Nothing was changed"):
        ora.write(Document(4, 4, np.uint8, [group]), path)
    assert path.read_bytes() == b"before"
    apart = TiledImage(4, np.uint8)
    ones = np.ones((1, 1, 4), np.uint8)
    apart.tiles = TiledImage.from_array(ones).tiles | TiledImage.from_array(ones, 20_000, 20_000).tiles
    with pytest.raises(FileError, match="300 megapixels"):
        ora.write(Document(4, 4, np.uint8, [PixelLayer("a", apart)]), path)
    assert list(tmp_path.iterdir()) == [path]


def test_groups_as_deep_as_can_be_come_back(tmp_path):
    group = PixelLayer("innermost", plane(1, np.uint8, Rect(0, 0, 2, 2)), blend_mode="multiply")
    for _ in range(100):
        group = Group("group", [group], blend_mode="normal")
    made = Document(4, 4, np.uint8, [group])
    ora.write(made, tmp_path / "a.ora")
    assert_same(made, ora.read(tmp_path / "a.ora"))


def test_the_same_document_makes_the_same_file(tmp_path, everything):
    for name in ("a.ora", "b.ora"):
        ora.write(everything, tmp_path / name)
    assert (tmp_path / "a.ora").read_bytes() == (tmp_path / "b.ora").read_bytes()


def test_storage_keeps_layers(tmp_path, everything):
    path = tmp_path / "A.ORA"
    storage.save(everything, path)
    assert_same(everything, storage.open_document(path))
    path.rename(tmp_path / "a.png")  # the content says what it is
    again = storage.open_document(tmp_path / "a.png")
    assert len(again.layers) == len(everything.layers)
    assert again.path == (tmp_path / "a.png").absolute()
    (tmp_path / "b.ora").write_bytes(b"PK\3\4 nothing")
    with pytest.raises(FileError, match="no ZIP archive"):
        storage.open_document(tmp_path / "b.ora")
    assert ".ora" in storage.DOCUMENT_SUFFIXES


@pytest.mark.parametrize(
    "plain",
    [None, {}, RECIPE.to_dict() | {"seed": True}, RECIPE.to_dict() | {"task": 1}, RECIPE.to_dict() | {"x": 1},
     RECIPE.to_dict() | {"seed": 10**40}, RECIPE.to_dict() | {"engine": "e" * 20_000},
     *(RECIPE.to_dict() | {"guides": guides} for guides in (
         None, {}, [None], [[]], [[[0, 0]], 3], [[[0, 0], [1]]], [[[0, 0], [1, "1"]]], [[[0, 0], [True, 1]]],
         [[[0, 0], [float("nan"), 1]]], [[[0, 0], [1e9, 1]]], [[[0, 0], [10**400, 1]]],
         [[[0, 0], [1, 1]]] * (MAX_GUIDES + 1)))],
)  # fmt: skip
def test_a_recipe_is_checked(plain):
    for recipe in (RECIPE, LINED):
        assert Recipe.from_dict(recipe.to_dict()) == recipe
        assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe
    assert "guides" not in RECIPE.to_dict()  # as it was before fills followed lines
    with pytest.raises(ValueError, match="recipe"):
        Recipe.from_dict(plain)


def test_a_large_plain_document_is_not_taken_for_a_bomb(tmp_path, make_document, monkeypatch):
    # The limits are made as small as the document, which takes seconds otherwise.
    monkeypatch.setattr("editor.document.files.ora.MAX_DECODED", 100_000)
    monkeypatch.setattr("editor.document.files.ora_archive.MAX_DECODED", 100_000)
    white = Document.from_pixels(np.full((1000, 1000, 4), 255, np.uint8))
    ora.write(white, tmp_path / "white.ora")
    opened = ora.read(tmp_path / "white.ora")
    assert opened.composite(opened.rect).tobytes() == white.composite(white.rect).tobytes()
    with zipfile.ZipFile(tmp_path / "white.ora") as archive:
        kept = [info for info in archive.infolist() if info.filename != "lacuna/padding"]
        with zipfile.ZipFile(tmp_path / "bomb.ora", "w") as bare:
            for info in kept:
                bare.writestr(info, archive.read(info))
    with pytest.raises(FileError, match="unpack to more than"):
        ora.read(tmp_path / "bomb.ora")
