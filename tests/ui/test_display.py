"""What the screen gets: 8-bit sRGB, premultiplied; the mask as a veil."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColorSpace

from editor.document.files.metadata import Metadata
from editor.document.geometry import Rect
from editor.document.history import Part, TileSwap
from editor.document.layers import PixelLayer
from editor.document.model import Document
from editor.document.tiles import TiledImage, TileWriter
from editor.ui import display


def profile(space: QColorSpace, name: str) -> bytes:
    space.setDescription(name)
    return bytes(space.iccProfile().data())


ADOBE = profile(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb), "Wide one")
P3 = profile(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3), "Display P3")
SRGB = profile(QColorSpace(QColorSpace.NamedColorSpace.SRgb), "sRGB IEC61966-2.1")
LINEAR = profile(
    QColorSpace(
        QPointF(0.3127, 0.3290), QPointF(0.64, 0.33), QPointF(0.30, 0.60), QPointF(0.15, 0.06),
        QColorSpace.TransferFunction.Linear,
    ),
    "Linear light",
)  # fmt: skip


def _document(pixels: np.ndarray, *, icc: bytes | None = None, **options) -> Document:
    return Document.from_pixels(pixels.copy(), metadata=Metadata(icc=icc), **options)


def _shown(document: Document, area: Rect | None = None) -> np.ndarray:
    return display.PictureSource(document)(area or document.rect)


def _colours(*colours: tuple[int, int, int]) -> np.ndarray:
    return np.array([[(*colour, 255) for colour in colours]], np.uint8)


def test_opaque_pictures_are_shown_to_the_byte(make_document):
    document = make_document(300, 280)
    area = Rect(250, 200, 50, 80)
    assert np.array_equal(_shown(document, area), document.composite(area))


def test_transparent_pictures_are_premultiplied(make_document):
    document = make_document(50, 40, alpha=True)
    pixels = document.composite(document.rect).astype(int)
    shown = _shown(document)
    assert np.array_equal(shown[..., 3], pixels[..., 3])
    exact = pixels[..., :3] * pixels[..., 3:] / 255
    assert np.abs(shown[..., :3] - exact).max() <= 0.51
    assert (shown[..., :3] <= shown[..., 3:]).all()


@pytest.mark.parametrize("alpha", [0, 1, 127, 254])
def test_premultiplying_rounds(alpha):
    pixels = np.dstack([np.arange(256)] * 3 + [np.full(256, alpha)]).astype(np.uint8)
    expected = np.rint(np.arange(256) * alpha / 255)
    assert np.abs(display.premultiplied(pixels)[0, :, 0] - expected).max() <= 1
    assert display.premultiplied(pixels).dtype == np.uint8


def test_premultiplying_nothing_copies_nothing():
    pixels = np.full((2, 2, 4), 255, np.uint8)
    assert display.premultiplied(pixels) is pixels


def test_16_bit_shows_its_upper_half(make_document):
    document = make_document(60, 50, bits=16)
    shown = _shown(document)
    assert shown.dtype == np.uint8
    assert np.array_equal(shown, document.composite(document.rect) >> 8)


def test_grey_stays_grey(make_document):
    shown = _shown(make_document(30, 20, grey=True))
    assert (shown[..., 0] == shown[..., 1]).all() and (shown[..., 1] == shown[..., 2]).all()


@pytest.mark.parametrize(("icc", "name"), [(ADOBE, "adobe"), (P3, "p3"), (LINEAR, "linear")])
def test_other_colour_spaces_are_converted(icc, name):
    pixels = _colours((40, 160, 90), (128, 128, 128), (200, 60, 20))
    shown = _shown(_document(pixels, icc=icc))
    picture = Image.fromarray(pixels[..., :3])
    source = ImageCms.ImageCmsProfile(BytesIO(icc))
    expected = np.asarray(ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")))
    assert np.abs(shown[..., :3].astype(int) - expected).max() <= 1
    assert not np.array_equal(shown[..., :3], pixels[..., :3])
    assert (shown[..., 3] == 255).all()


def test_a_wide_space_looks_more_vivid_and_grey_stays_neutral():
    shown = _shown(_document(_colours((40, 160, 90), (128, 128, 128)), icc=ADOBE)).astype(int)
    assert shown[0, 0, 0] < 40  # less red in sRGB's narrower green
    assert np.ptp(shown[0, 1, :3]) <= 1


def test_16_bit_with_a_profile(make_document):
    pixels = _colours((40, 160, 90)).astype(np.uint16) * 257
    eight = _shown(_document(_colours((40, 160, 90)), icc=ADOBE))
    assert np.abs(_shown(_document(pixels, icc=ADOBE)).astype(int) - eight).max() <= 1


def test_a_profile_leaves_transparency_alone():
    pixels = _colours((40, 160, 90))
    pixels[..., 3] = 100
    shown = _shown(_document(pixels, icc=P3, has_alpha=True))
    assert shown[0, 0, 3] == 100
    assert (shown[..., :3] <= 100).all()


@pytest.mark.parametrize("icc", [SRGB, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()])
def test_srgb_is_shown_as_it_is(icc):
    pixels = _colours((40, 160, 90), (255, 0, 1))
    assert np.array_equal(_shown(_document(pixels, icc=icc)), pixels)


@pytest.mark.parametrize(
    "icc", [b"", b"not a profile", ADOBE[:200], b"\x00" * 4096, ADOBE[:130] + b"\xff" * 400]
)
def test_a_broken_profile_is_ignored(icc):
    pixels = _colours((40, 160, 90))
    assert np.array_equal(_shown(_document(pixels, icc=icc)), pixels)


def test_a_profile_of_another_kind_is_ignored():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    pixels = _colours((40, 160, 90))
    assert np.array_equal(_shown(_document(pixels, icc=lab)), pixels)


def test_opaque_unless_something_shows_through(make_document):
    document = make_document(8, 8)
    assert display.is_opaque(document)
    bottom = document.layers[0]
    bottom.visible = False
    assert not display.is_opaque(document)
    bottom.visible, bottom.opacity = True, 0.5
    assert not display.is_opaque(document)
    assert not display.is_opaque(make_document(8, 8, alpha=True))
    upper = PixelLayer("Upper", TiledImage(4, np.uint8))
    document = make_document(8, 8)
    document.set_layers((upper,), "Delete layer")
    assert not display.is_opaque(document)


def test_a_hidden_layer_shows_nothing(make_document):
    document = make_document(8, 8)
    document.layers[0].visible = False
    assert not _shown(document).any()


def test_the_veil_is_nothing_without_a_mask(make_document):
    document = make_document(600, 600)
    source = display.MaskSource(document)
    assert source(document.rect) is None
    _mask(document, Rect(300, 300, 10, 10), 255)
    assert source(Rect(0, 0, 200, 200)) is None
    assert source(document.rect) is not None


def test_the_veil_is_as_thick_as_the_mask(make_document):
    document = make_document(40, 40)
    _mask(document, Rect(10, 10, 10, 20), 255)
    _mask(document, Rect(20, 10, 10, 20), 128)
    veil = display.MaskSource(document)(document.rect).astype(int)
    assert not veil[:10].any()
    full, half = veil[15, 15], veil[15, 25]
    assert full[3] == round(255 * display.MASK_OPACITY)
    assert half[3] == pytest.approx(full[3] * 128 / 255, abs=1)
    colour = full[:3] * 255 / full[3]
    assert np.abs(colour - display.MASK_COLOUR).max() <= 2
    assert (veil[..., :3] <= veil[..., 3:]).all()


def _mask(document: Document, area: Rect, value: int) -> None:
    writer = TileWriter(document.selection)
    writer.write(area, np.full((area.height, area.width, 1), value, np.uint8))
    document.record("Brush", TileSwap(document.selection, writer.before, Part.SELECTION))
