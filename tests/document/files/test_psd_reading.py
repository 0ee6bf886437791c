"""PSD files of other programs: what comes in, and what is said of what does not."""

import struct
from pathlib import Path

import numpy as np
import pytest
from psd_sources import noise, opened
from psd_tools.psd import PSD
from psd_tools.psd.layer_and_mask import MaskParameters
from psd_tools.psd.vector import ClosedKnotLinked, ClosedPath, InitialFillRule
from psd_tools.psd.vector import Path as VectorPath

from editor.document.files import psd
from editor.document.files.errors import FileError
from editor.document.files.psd import header as headers
from editor.document.geometry import Rect
from editor.document.layers import AdjustmentLayer, Group, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Document
from editor.document.tiles import TiledImage

REFERENCES = Path(__file__).parents[2] / "references" / "psd"


def flat(mode, depth, planes, *, palette=b"", resources=b"", version=1):
    """A PSD of a merged picture alone, its channels raw."""
    height, width = planes[0].shape
    if depth == 1:
        width *= 8
    data = headers.Header(version, len(planes), height, width, depth, mode).pack()
    data += struct.pack(">I", len(palette)) + palette + struct.pack(">I", len(resources)) + resources
    data += bytes(4 * version) + b"\0\0"
    return data + b"".join(plane.astype(plane.dtype.newbyteorder(">")).tobytes() for plane in planes)


def resource(number, data):
    return struct.pack(">4sHHI", b"8BIM", number, 0, len(data)) + data + bytes(len(data) % 2)


def read(tmp_path, data):
    path = tmp_path / "a.psd"
    path.write_bytes(data)
    return psd.read(path)


def shown(document):
    return document.composite(document.rect)


def edited(path, change):
    """The file with psd-tools' records changed by ``change(records)``."""
    with path.open("rb") as file:
        parsed = PSD.read(file)
    change(parsed.layer_and_mask_information.layer_info.layer_records)
    with path.open("wb") as file:
        parsed.write(file)
    return path


@pytest.fixture
def one_layer(tmp_path):
    """A saved document of one layer that reaches over all of it."""
    layer = PixelLayer("One", TiledImage.from_array(noise(1, 9, 7, np.uint8)))
    layer.mask = LayerMask(TiledImage.from_array(noise(2, 9, 7, np.uint8, 1)))
    psd.write(Document(9, 7, np.uint8, [layer]), tmp_path / "a.psd")
    return tmp_path / "a.psd"


@pytest.mark.parametrize("name", sorted(path.name for path in REFERENCES.glob("*.psd")))
def test_no_layer_is_lost(name):
    document, notes = psd.read(REFERENCES / name)
    theirs = [layer.name.rstrip("\0") for layer in opened(REFERENCES / name).descendants()]
    ours = [layer.name for layer in walk(document.layers)]
    assert sorted(ours) == sorted(theirs) or ours == ["Background"]
    assert all(line and not line.endswith(".") for line in notes)


def test_shapes_come_in_as_their_pixels():
    document, notes = psd.read(REFERENCES / "pass-through.psd")
    assert notes == ("Colour fills came in as pixels: “Ellipse 1”, “Ellipse 2”, “Ellipse 3”",)
    groups = [layer for layer in document.layers if isinstance(layer, Group)]
    assert groups
    assert all(group.blend_mode == "pass-through" for group in groups)


def test_adjustments_come_in_as_adjustments():
    document, _ = psd.read(REFERENCES / "adjustment-clipping.psd")
    kinds = {layer.adjustment.kind for layer in walk(document.layers) if isinstance(layer, AdjustmentLayer)}
    assert kinds == {"curves"}


def test_a_bitmap_is_grey():
    document, notes = psd.read(REFERENCES / "bitmap.psd")
    assert notes == ("Its black and white (Bitmap) became grey",)
    assert document.grey
    expected = np.asarray(opened(REFERENCES / "bitmap.psd").topil().convert("L"))
    assert np.array_equal(shown(document)[..., 0], expected)


def test_lab_becomes_srgb():
    document, notes = psd.read(REFERENCES / "lab.psd")
    expected = (
        "Its layers came in as one flat picture",
        "Its Lab colours became RGB",
        "Its 16 bits a channel became 8",
    )
    assert notes == expected
    assert document.dtype == np.uint8
    assert document.metadata.icc is None


def test_lab_colours(tmp_path):
    """CIE L*a*b* of D50: white, black, a mid grey, and sRGB's red, (54.29, 80.81, 69.89)."""
    lab = np.array([[[255, 128, 128], [0, 128, 128], [137, 128, 128], [138, 209, 198]]], np.uint8)
    document, _ = read(tmp_path, flat(headers.LAB, 8, [lab[..., channel] for channel in range(3)]))
    expected = [[255, 255, 255], [0, 0, 0], [128, 128, 128], [255, 0, 0]]
    assert np.abs(shown(document)[0, :, :3].astype(int) - expected).max() <= 5  # a* and b* are whole numbers


def test_cmyk_paper_and_ink(tmp_path):
    """PSD has paper as 255 and full ink as 0."""
    inks = [np.array([[255, 0, 255]], np.uint8), *[np.array([[255, 255, 255]], np.uint8)] * 2]
    document, notes = read(tmp_path, flat(headers.CMYK, 8, [*inks, np.array([[255, 255, 0]], np.uint8)]))
    assert notes == ("Its CMYK colours became RGB",)
    assert shown(document)[0, :, :3].tolist() == [[255, 255, 255], [0, 255, 255], [0, 0, 0]]


def test_indexed_colours_and_the_transparent_one(tmp_path):
    palette = np.zeros((3, 256), np.uint8)
    palette[:, 7] = 10, 20, 30
    palette[:, 9] = 40, 50, 60
    clear = resource(1047, struct.pack(">H", 9))
    data = flat(
        headers.INDEXED, 8, [np.array([[7, 9]], np.uint8)], palette=palette.tobytes(), resources=clear
    )
    document, _ = read(tmp_path, data)
    assert shown(document)[0].tolist() == [[10, 20, 30, 255], [40, 50, 60, 0]]


def test_32_bits_are_linear_light(tmp_path):
    """IEC 61966-2-1: 0.2140 of the light of white is 0.5 encoded; more than white is white."""
    plane = np.array([[0.0, 0.21404114, 1.0, 7.0, -1.0, np.nan]], np.float32)
    document, notes = read(tmp_path, flat(headers.RGB, 32, [plane] * 3))
    assert notes == ("Its 32 bits a channel became 16",)
    assert np.abs(shown(document)[0, :, 0].astype(int) - [0, 32768, 65535, 65535, 0, 0]).max() <= 1


def test_transparency_that_nobody_named(tmp_path):
    planes = [np.full((2, 2), value, np.uint8) for value in (255, 127, 127, 128)]
    document, _ = read(tmp_path, flat(headers.RGB, 8, planes))
    # 127 on white at half alpha: nothing of green and blue is left.
    assert shown(document)[0, 0].tolist() == [255, 0, 0, 128]
    names = resource(1006, b"\x05Alpha")
    document, _ = read(tmp_path, flat(headers.RGB, 8, planes, resources=names))
    assert shown(document)[0, 0].tolist() == [255, 127, 127, 255]
    assert [channel.name for channel in document.channels] == ["Alpha"]
    assert document.channels[0].image.read(document.rect)[0, 0, 0] == 128


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_exif_is_applied(tmp_path, orientation):
    from editor.document.files.upright import upright

    exif = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 274, 3, 1, orientation, 0, 0)
    pixels = noise(1, 5, 3, np.uint8)
    pixels[..., 3] = 255
    data = flat(headers.RGB, 8, [pixels[..., c] for c in range(3)], resources=resource(1058, exif))
    document, _ = read(tmp_path, data)
    assert np.array_equal(shown(document), upright(pixels, orientation))


def test_multichannel_is_refused(tmp_path):
    with pytest.raises(FileError, match="Multichannel"):
        read(tmp_path, flat(headers.MULTICHANNEL, 8, [np.zeros((2, 2), np.uint8)]))


def test_losses_of_resources(tmp_path):
    blocks = resource(2000, b"path") + resource(1065, b"") + resource(1032, struct.pack(">IIII", 1, 0, 0, 2))
    _, notes = read(tmp_path, flat(headers.RGB, 8, [np.zeros((2, 2), np.uint8)] * 3, resources=blocks))
    assert notes == ("Not kept: paths, guides, layer comps",)


def test_fill_is_folded_into_opacity(one_layer):
    def change(records):
        records[0].opacity = 128
        records[0].tagged_blocks.set_data(b"iOpa", 51)

    document, notes = psd.read(edited(one_layer, change))
    assert notes == ()
    assert document.layers[0].opacity == pytest.approx(128 / 255 * 51 / 255)


def test_density_is_worked_into_a_mask_and_feather_is_named(one_layer):
    def change(records):
        mask = records[0].mask_data
        mask.flags.parameters_applied, mask.parameters = True, MaskParameters(user_mask_density=102)

    before, _ = psd.read(one_layer)
    document, notes = psd.read(edited(one_layer, change))
    assert notes == ()
    area = Rect(0, 0, 9, 7)
    old, new = (each.layers[0].mask.image.read(area).astype(float) for each in (before, document))
    assert np.abs(new - (255 - (255 - old) * 102 / 255)).max() <= 0.5

    def feather(records):
        records[0].mask_data.parameters.user_mask_feather = 2.0

    assert psd.read(edited(one_layer, feather))[1] == ("The feather of a mask is not applied: “One”",)


def test_dissolve_is_named(one_layer):
    def change(records):
        records[0].blend_mode = b"diss"

    document, notes = psd.read(edited(one_layer, change))
    assert document.layers[0].blend_mode == "normal"
    assert notes == ("Dissolve is shown as Normal: “One”",)


@pytest.mark.parametrize(("bits", "lock"), [(7, Lock.ALPHA | Lock.PIXELS | Lock.ALL), (4, Lock.NONE)])
def test_locks_of_older_files(one_layer, bits, lock):
    def change(records):
        records[0].tagged_blocks.set_data(b"lspf", bits)

    assert psd.read(edited(one_layer, change))[0].layers[0].lock == lock


def test_a_solid_fill_gets_its_pixels(tmp_path):
    from psd_tools.psd.descriptor import Descriptor, Double

    psd.write(Document(9, 7, np.uint16, [PixelLayer("Fill", TiledImage(4, np.uint16))]), tmp_path / "a.psd")
    with (tmp_path / "a.psd").open("rb") as file:
        parsed = PSD.read(file)
    colour = Descriptor(classID=b"RGBC")
    colour.update({b"Rd  ": Double(255.0), b"Grn ": Double(51.0), b"Bl  ": Double(0.0)})
    (record,) = parsed._get_layer_info().layer_records
    record.tagged_blocks.set_data(b"SoCo", version=16, items=[(b"Clr ", colour)])
    with (tmp_path / "a.psd").open("wb") as file:
        parsed.write(file)
    document, notes = psd.read(tmp_path / "a.psd")
    assert notes == ("Colour fills came in as pixels: “Fill”",)
    assert np.unique(shown(document).reshape(-1, 4), axis=0).tolist() == [[65535, 13107, 0, 65535]]
    assert document.layers[0].image.bounds() == document.rect


def test_a_layer_far_off_the_canvas_is_kept(tmp_path):
    image = TiledImage.from_array(noise(1, 9, 7, np.uint8), -5000, 70_000)
    psd.write(Document(9, 7, np.uint8, [PixelLayer("Far", image)]), tmp_path / "a.psd")
    assert psd.read(tmp_path / "a.psd")[0].layers[0].image.bounds() == image.bounds()


def path_mask(corners, count=1):
    """A vector mask of one closed subpath through (x, y) fractions of the canvas, ``count`` times around."""
    knots = [ClosedKnotLinked(*[(y, x)] * 3) for x, y in corners * count]
    return VectorPath([InitialFillRule(0), ClosedPath(items=knots)])


def test_a_mask_drawn_by_a_path_is_made_of_pixels(tmp_path):
    """A rectangle from (2.5, 2) to (7.5, 6) of 10 x 8: its left and right edges cut pixels in half."""
    image = TiledImage.from_array(np.full((8, 10, 4), 255, np.uint8))
    psd.write(Document(10, 8, np.uint8, [PixelLayer("One", image)]), tmp_path / "a.psd")

    def change(records):
        corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
        records[0].tagged_blocks.set_data(b"vmsk", path=path_mask(corners))

    document, notes = psd.read(edited(tmp_path / "a.psd", change))
    assert notes == ()
    expected = np.zeros((8, 10), int)
    expected[2:6, 2:8] = 255
    expected[2:6, [2, 7]] = 128
    mask = document.layers[0].mask.image.read(document.rect)[..., 0]
    assert np.abs(mask.astype(int) - expected).max() <= 1


def test_a_path_that_would_take_minutes_is_not_drawn(one_layer):
    def change(records):
        records[0].mask_data = None
        records[0].tagged_blocks.set_data(b"vmsk", path=path_mask([(-120.0, 0.1), (120.0, 0.9)], 1000))

    _, notes = psd.read(edited(one_layer, change))
    assert notes == ("A mask's path is too large to be drawn: “One”",)
