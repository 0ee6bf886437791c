"""A document's profile and depth, against littleCMS, against formulas in float64, and undone."""

import struct
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.document import colour, icc
from editor.document.files import profiles
from editor.document.files.metadata import Metadata
from editor.document.history import Part
from editor.document.layers import Group, LayerMask, PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage

SPACES = {
    "sRGB": None,
    "P3": profiles.profile(profiles.DISPLAY_P3),
    "Adobe": profiles.profile(profiles.ADOBE_RGB),
    "ProPhoto": profiles.profile(profiles.PROPHOTO_RGB),
}
EXACT = 0x0100 | 0x0040  # littleCMS: neither optimised nor cached


def chart():
    """All pairs of levels, greys, and colours at random: (256, 300, 3)."""
    values = np.random.default_rng(3).integers(0, 256, (256, 300, 3), np.uint8)
    values[:, 0] = np.arange(256)[:, None]
    values[:, 1:4] = np.eye(3, dtype=np.uint8) * np.arange(256, dtype=np.uint8)[:, None, None]
    return values


def agrees(out, expected):
    """Within rounding; near black littleCMS has linear light in 16 bits only, too few for a pure gamma."""
    difference = np.abs(out.astype(float) / 257 - expected)
    assert difference[expected >= 20].max() <= 0.6
    assert difference.max() <= 2.5


def opened(profile):
    return ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else ImageCms.createProfile("sRGB")


def by_littlecms(values, source, target, intent=ImageCms.Intent.RELATIVE_COLORIMETRIC):
    flags = ImageCms.Flags(ImageCms.Flags.BLACKPOINTCOMPENSATION | EXACT)
    transform = ImageCms.buildTransform(opened(source), opened(target), "RGB", "RGB", intent, flags)
    return np.asarray(ImageCms.applyTransform(Image.fromarray(values), transform)).astype(float)


def with_tag(profile, name, data):
    """The profile with another content of one tag, put at its end."""
    count = struct.unpack_from(">I", profile, 128)[0]
    out = bytearray(profile) + bytes(-len(profile) % 4)
    for index in range(count):
        at = 132 + 12 * index
        if out[at : at + 4] == name:
            struct.pack_into(">II", out, at + 4, len(out), len(data))
    out += data
    struct.pack_into(">I", out, 0, len(out))
    return bytes(out)


def with_curve(data):
    profile = SPACES["Adobe"]
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        profile = with_tag(profile, name, data)
    return profile


def fixed(*values):
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def parametric(kind, *values):
    return b"para" + bytes(4) + struct.pack(">HH", kind, 0) + fixed(*values)


CURVES = {
    "identity": b"curv" + bytes(8),
    "gamma": b"curv" + bytes(4) + struct.pack(">IH", 1, round(1.8 * 256)),
    "table": b"curv"
    + bytes(4)
    + struct.pack(">I52H", 52, *(round(65535 * (i / 51) ** 2) for i in range(52))),
    "kind 0": parametric(0, 2.4),
    "kind 1": parametric(1, 2.0, 1.1, -0.1),
    "kind 2": parametric(2, 2.0, 1.0, 0.0, 0.0),
    "kind 3": parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    "kind 4": parametric(4, 2.2222, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081, 0, 0),
}


def with_table():
    """A profile whose colours are those of a table (mft2): sRGB's, a little darker and less saturated."""
    n = 17
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, n)] * 3, indexing="ij"), axis=-1)
    linear = (0.05 + 0.95 * grid) ** 2.2 @ (0.6 * np.eye(3) + 0.4 / 3)
    adapted = profiles._adaptation(profiles._xyz(profiles.SRGB.white)) @ profiles.matrix(profiles.SRGB)
    xyz = linear @ adapted.T
    t = xyz / profiles._D50
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    lab = np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1
    )
    encoded = np.rint(np.stack([lab[..., 0] * 652.8, *((lab[..., i] + 128) * 256 for i in (1, 2))], axis=-1))
    table = encoded.clip(0, 65535).astype(">u2").tobytes()
    ramp = struct.pack(">2H", 0, 65535)
    data = b"mft2" + bytes(4) + bytes([3, 3, n, 0]) + fixed(*np.eye(3).ravel()) + struct.pack(">HH", 2, 2)
    data += 3 * ramp + table + 3 * ramp
    made = profiles._assembled(
        [
            (b"desc", profiles._text("table")),
            (b"cprt", profiles._text("none")),
            (b"wtpt", profiles._position(profiles._D50)),
            (b"A2B0", data),
        ]
    )
    return made[:20] + b"Lab " + made[24:]


@pytest.mark.parametrize("source", SPACES)
@pytest.mark.parametrize("target", SPACES)
def test_sixteen_bits_agree_with_littlecms_at_eight(source, target):
    values = chart()
    convert = icc.converter(SPACES[source], SPACES[target], np.dtype(np.uint16))
    out = convert(values.astype(np.uint16) * 257)
    assert out.dtype == np.uint16
    agrees(out, by_littlecms(values, SPACES[source], SPACES[target]))


@pytest.mark.parametrize("name", CURVES)
def test_every_kind_of_curve_agrees_with_littlecms(name):
    profile, values = with_curve(CURVES[name]), chart()
    # Kind 1 is flat at first: back from black it could be anything there.
    for pair in ((profile, None),) if name == "kind 1" else ((profile, None), (None, profile)):
        convert = icc.converter(*pair, np.dtype(np.uint16))
        agrees(convert(values.astype(np.uint16) * 257), by_littlecms(values, *pair))


def test_sixteen_bits_are_exact_to_the_last():
    values = np.random.default_rng(0).integers(0, 65536, (100, 200, 3), np.uint16)
    out = icc.converter(SPACES["P3"], SPACES["Adobe"], np.dtype(np.uint16))(values)
    # The spaces' own definitions, in float64; the profiles' numbers have 16 bits behind the point.
    v = values / 65535
    linear = np.where(v >= 0.04045, ((v + 0.055) / 1.055) ** 2.4, v / 12.92)
    matrix = np.linalg.solve(profiles.matrix(profiles.ADOBE_RGB), profiles.matrix(profiles.DISPLAY_P3))
    expected = (linear @ matrix.T).clip(0, 1) ** (256 / 563) * 65535
    difference = np.abs(out - expected)
    bright = (linear @ matrix.T).min(axis=-1) > 0.01
    assert difference[bright].max() < 8
    there_and_back = icc.converter(SPACES["Adobe"], SPACES["P3"], np.dtype(np.uint16))(out)
    inside = ((linear @ matrix.T) > 0.001).all(axis=-1) & ((linear @ matrix.T) < 1).all(axis=-1)
    assert inside.any()
    assert np.abs(there_and_back.astype(int) - values)[inside].max() <= 8


def test_equal_spaces_change_nothing_at_sixteen_bits():
    ramp = np.repeat(np.arange(65536, dtype=np.uint16).reshape(256, 256, 1), 3, axis=2)
    for name in ("P3", "Adobe", "ProPhoto"):
        out = icc.converter(SPACES[name], SPACES[name], np.dtype(np.uint16))(ramp)
        assert np.abs(out.astype(int) - ramp).max() <= 1


def test_a_profile_with_a_table_agrees_with_littlecms():
    profile, values = with_table(), chart()
    convert = icc.converter(profile, None, np.dtype(np.uint16))
    out = convert(values.astype(np.uint16) * 257) / 257
    expected = by_littlecms(values, profile, None)
    assert np.abs(expected - values).max() > 20  # it is something else than sRGB
    bright = values.min(axis=-1) > 12
    assert np.abs(out - expected)[bright].max() <= 1.5
    assert np.abs(out - expected).mean() < 0.4
    # Between the levels of 8 bits there are others.
    ramp = np.repeat(np.arange(20000, 20514, dtype=np.uint16)[None, :, None], 3, axis=2)
    assert len(np.unique(convert(ramp)[..., 0])) > 100


def test_grey_profiles_are_converted_too():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    grey = profiles._assembled(
        [
            (b"desc", profiles._text("grey")),
            (b"cprt", profiles._text("none")),
            (b"wtpt", profiles._position(profiles._D50)),
            (b"kTRC", CURVES["gamma"]),
        ]
    )
    grey = grey[:16] + b"GRAY" + grey[20:]
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    transform = ImageCms.buildTransform(opened(grey), profile, "L", "RGB", ImageCms.Intent(1))
    expected = np.asarray(ImageCms.applyTransform(Image.fromarray(ramp[..., 0]), transform)).astype(float)
    assert (icc.converter(grey, None, np.dtype(np.uint8))(ramp) == expected).all()
    out = icc.converter(grey, None, np.dtype(np.uint16))(ramp.astype(np.uint16) * 257)
    agrees(out, expected)

    document = Document.from_pixels(
        np.concatenate([ramp, np.full_like(ramp[..., :1], 255)], axis=-1),
        grey=True,
        metadata=Metadata(icc=grey),
    )
    colour.convert_profile(document, SPACES["P3"])
    assert not document.grey
    document.undo()
    assert document.grey
    with pytest.raises(ValueError, match="GRAY"):
        colour.convert_profile(document, grey[:4] + b"0000" + grey[8:])


def test_damaged_profiles_are_one_line():
    good = SPACES["P3"]
    for bad in (b"", b"nonsense", good[:100], bytes(500), good[:128] + b"\xff" * 400):
        with pytest.raises(ValueError) as error:
            icc.converter(bad, None, np.dtype(np.uint8))
        assert "\n" not in str(error.value)
    random = np.random.default_rng(0)
    values = chart()[:20].astype(np.uint16) * 257
    for _ in range(300):
        damaged = bytearray(good)
        for place in random.integers(128, len(good), 3):
            damaged[place] = random.integers(0, 256)
        try:
            out = icc.converter(bytes(damaged), SPACES["Adobe"], np.dtype(np.uint16))(values)
        except ValueError as error:
            assert "\n" not in str(error)
        else:
            assert out.shape == values.shape


@pytest.mark.parametrize("intent", ["relative", "perceptual", "absolute"])
def test_converting_an_eight_bit_document_is_littlecms(make_document, intent):
    document = make_document(300, 280, alpha=True)
    above = make_document(100, 90, alpha=True, seed=1).layers[0]
    document.layers += (Group("Group", [above], mask=LayerMask.revealing()),)
    layers = [document.layers[0], above]
    before = [layer.image.read(document.rect) for layer in layers]
    colour.convert_profile(document, SPACES["Adobe"], intent)
    assert document.metadata.icc == SPACES["Adobe"]
    for layer, pixels in zip(layers, before, strict=True):
        after = layer.image.read(document.rect)
        assert (after[..., 3] == pixels[..., 3]).all()
        number = ImageCms.Intent(icc.INTENTS.index(intent))
        expected = by_littlecms(np.ascontiguousarray(pixels[..., :3]), None, SPACES["Adobe"], number)
        visible = pixels[..., 3] > 0
        assert np.abs(after[..., :3] - expected)[visible].max() <= 1
        assert (after[~visible] == pixels[~visible]).all()
    assert [entry.name for entry in document.history.entries] == ["Convert to profile"]
    document.undo()
    assert document.metadata.icc is None
    for layer, pixels in zip(layers, before, strict=True):
        assert (layer.image.read(document.rect) == pixels).all()


def test_converting_a_sixteen_bit_document_keeps_its_bits(make_document):
    document = make_document(300, 280, bits=16)
    before = document.composite(document.rect)
    document.metadata = replace(document.metadata, icc=SPACES["P3"])
    colour.convert_profile(document, SPACES["ProPhoto"])
    after = document.composite(document.rect)
    assert after.dtype == np.uint16
    assert len(np.unique(after[..., 0] % 257)) == 257
    colour.convert_profile(document, SPACES["P3"])
    back = document.composite(document.rect).astype(int)
    assert np.abs(back - before)[(before[..., :3] > 3000).all(axis=-1)].max() <= 16


def test_assigning_changes_no_pixel(make_document, whole):
    document = make_document(alpha=True)
    before, planes = whole(document), list(document.planes())
    changes = []
    document.observers.append(changes.append)
    colour.assign_profile(document, SPACES["P3"])
    assert whole(document) == before
    assert document.metadata.icc == SPACES["P3"]
    assert changes[0].parts & Part.CANVAS
    assert changes[0].area == document.rect
    colour.assign_profile(document, SPACES["P3"])
    colour.convert_profile(document, SPACES["P3"])
    assert len(document.history.entries) == 1
    for bad, words in (
        (b"bad", "read"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), "Lab"),
    ):
        with pytest.raises(ValueError, match=words):
            colour.assign_profile(document, bad)
        with pytest.raises(ValueError, match=words):
            colour.convert_profile(document, bad)
    with pytest.raises(ValueError, match="vivid"):
        colour.convert_profile(document, None, "vivid")
    assert len(document.history.entries) == 1
    document.undo()
    assert document.metadata.icc is None
    assert all(now is then for now, then in zip(document.planes(), planes, strict=True))


def test_depths_there_and_back(make_document):
    document = make_document(300, 280, alpha=True)
    layer = document.layers[0]
    layer.mask = LayerMask.revealing()
    before, mask = layer.image.read(document.rect), layer.mask
    colour.convert_depth(document, 16)
    assert document.bits == 16
    assert (layer.image.read(document.rect) == before.astype(int) * 257).all()
    colour.convert_depth(document, 8)
    assert document.bits == 8
    assert (layer.image.read(document.rect) == before).all()
    assert layer.mask is mask
    assert [entry.name for entry in document.history.entries] == ["16 bits per channel", "8 bits per channel"]
    colour.convert_depth(document, 8)
    with pytest.raises(ValueError, match="12"):
        colour.convert_depth(document, 12)
    document.undo()
    assert document.bits == 16
    assert document.composite(document.rect).dtype == np.uint16
    document.go_to(0)
    assert (layer.image.read(document.rect) == before).all()


@pytest.mark.parametrize("dither", [False, True])
def test_sixteen_to_eight_bits(dither):
    values = np.full((256, 512, 4), 65535, np.uint16)
    values[..., :3] = np.linspace(1000, 60000, 512)[None, :, None]
    document = Document.from_pixels(values)
    colour.convert_depth(document, 8, dither=dither)
    after = document.composite(document.rect)
    exact = values / 257
    assert np.abs(after - exact).max() <= (1 if dither else 0.5)
    assert (after[..., 3] == 255).all()
    means = after[..., 0].mean(axis=0) - exact[0, :, 0]
    assert (np.abs(means).max() < 0.15) == dither
    document = Document.from_pixels(np.full((256, 256, 4), 257 * 77, np.uint16))
    colour.convert_depth(document, 8, dither=dither)
    assert (document.composite(document.rect) == 77).all()


def test_the_way_to_the_monitor():
    pixels = np.concatenate([chart(), np.full((256, 300, 1), 99, np.uint8)], axis=-1)
    for source, target in (("P3", "sRGB"), ("sRGB", "P3"), ("Adobe", "P3")):
        shown = colour.display_transform(SPACES[source], SPACES[target])(pixels)
        expected = by_littlecms(chart(), SPACES[source], SPACES[target])
        assert np.abs(shown[..., :3] - expected).max() <= 1
        assert (shown[..., 3] == 99).all()


def test_nothing_to_do_for_the_monitor():
    srgb = profiles.profile(profiles.SRGB)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for source, target in (
        (None, None),
        (None, srgb),
        (srgb, None),
        (SPACES["P3"], SPACES["P3"]),
        (b"broken", None),
        (None, b"broken"),
        (b"broken", b"broken too"),
        (lab, None),
    ):
        assert colour.display_transform(source, target) is None
    assert colour.display_transform(b"broken", SPACES["P3"]) is not None


def test_tiles_that_stand_in_several_places_are_converted_once():
    tile = np.full((256, 256, 4), 200, np.uint8)
    image = TiledImage(4, np.uint8)
    for key in ((0, 0), (0, 1), (5, 5)):
        image.tiles[key] = image.kept(tile)
    document = Document(512, 256, np.uint8, [PixelLayer("Layer", image)])
    colour.convert_profile(document, SPACES["P3"])
    tiles = document.layers[0].image.tiles
    assert tiles[0, 0] is tiles[0, 1] is tiles[5, 5]
