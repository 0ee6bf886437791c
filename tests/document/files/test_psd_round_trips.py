"""PSD and PSB as we save them: opened again the same, and read by psd-tools the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from psd_sources import HEIGHT, WIDTH, channel, documents, noise, opened
from psd_tools.constants import Tag

from editor.document import storage
from editor.document.files import profiles, psd
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from editor.document.files.psd.keys import BLEND_KEYS
from editor.document.geometry import Rect
from editor.document.layers import PASS_THROUGH, AdjustmentLayer, Group, LayerMask, Lock, PixelLayer, walk
from editor.document.model import Channel, Document
from editor.document.recipe import Recipe
from editor.document.tiles import TiledImage

BEYOND = Rect(-60, -60, 200, 200)


def same_planes(one, other, area=BEYOND):
    return np.array_equal(one.read(area), other.read(area))


def described(layer):
    values = (layer.name, layer.visible, layer.blend_mode, layer.clipping, layer.lock)
    return (type(layer), *values, getattr(layer, "adjustment", None), round(layer.opacity * 255))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_document_comes_back_as_it_was(tmp_path_factory, document):
    path = tmp_path_factory.mktemp("psd") / ("picture.psb" if len(document.layers) % 2 else "picture.psd")
    psd.write(document, path)
    again, notes = psd.read(path)
    assert notes == ()
    assert (again.width, again.height, again.dtype) == (WIDTH, HEIGHT, document.dtype)
    for one, other in zip(walk(document.layers), walk(again.layers), strict=True):
        assert described(one) == described(other)
        if isinstance(one, PixelLayer):
            assert same_planes(one.image, other.image)
            assert one.image.bounds() == other.image.bounds()
        if one.mask is None:
            assert other.mask is None
        else:
            area = BEYOND if one.mask.image.default in (0, 255) else document.rect
            assert one.mask.enabled == other.mask.enabled
            assert same_planes(one.mask.image, other.mask.image, area)
    for one, other in zip(document.channels, again.channels, strict=True):
        assert one.name == other.name
        assert same_planes(one.image, other.image, document.rect)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_psd_tools_reads_the_same_tree(tmp_path_factory, document):
    """Names, bounds, pixels, opacity, modes, clipping, masks and locks of every layer, in the same order."""
    path = tmp_path_factory.mktemp("psd") / ("picture.psb" if document.bits == 16 else "picture.psd")
    psd.write(document, path)
    picture = opened(path)
    assert (picture.size, picture.depth) == ((WIDTH, HEIGHT), document.bits)
    _check_stack(document, document.layers, list(picture))


def _check_stack(document, layers, theirs):
    assert len(layers) == len(theirs)
    for layer, other in zip(layers, theirs, strict=True):
        assert other.name.rstrip("\0") == layer.name
        assert other.visible == layer.visible
        assert other.opacity == round(layer.opacity * 255)
        assert other._record.clipping == layer.clipping
        assert other.blend_mode.value == BLEND_KEYS[layer.blend_mode]
        lock = other.tagged_blocks.get_data(Tag.PROTECTED_SETTING)
        assert bool(lock & 1) == bool(layer.lock & Lock.ALPHA)
        assert bool(lock & 2) == bool(layer.lock & Lock.PIXELS)
        assert bool(lock >> 31) == bool(layer.lock & Lock.ALL)
        assert (layer.mask is not None) == other.has_mask()
        if layer.mask is not None and layer.mask.image.default in (0, 255):
            _check_mask(layer.mask, other, document.bits)
        if isinstance(layer, Group):
            _check_stack(document, layer.children, list(other))
        elif isinstance(layer, AdjustmentLayer):
            assert other.kind not in ("pixel", "group")
        else:
            _check_pixels(layer, other, document.bits)


def _check_mask(mask, other, depth):
    data = other._record.mask_data
    area = mask.image.bounds()
    assert data.flags.mask_disabled != mask.enabled
    assert data.background_color == mask.image.default
    assert (data.left, data.top, data.right, data.bottom) == (area.x, area.y, area.right, area.bottom)
    if area:
        values = channel(other, -2, area.width, area.height, depth)
        expected = mask.image.read(area)[..., 0].astype(np.uint16) * (257 if depth == 16 else 1)
        assert np.array_equal(values, expected)


def _check_pixels(layer, other, depth):
    area = layer.image.bounds()
    assert other.bbox == (area.x, area.y, area.right, area.bottom)
    if area:
        pixels = layer.image.read(area)
        for number in (0, 1, 2, -1):
            assert np.array_equal(channel(other, number, area.width, area.height, depth), pixels[..., number])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", ["psd", "psb"])
def test_the_merged_picture_lies_on_white(tmp_path, dtype, suffix):
    """As psd-tools unpacks it: colours, alpha, then the saved selections."""
    pixels = noise(1, WIDTH, HEIGHT, dtype)
    saved = noise(2, WIDTH, HEIGHT, np.uint8, 1)
    document = Document(WIDTH, HEIGHT, dtype, [PixelLayer("One", TiledImage.from_array(pixels))])
    document.channels = (Channel("Sky", TiledImage.from_array(saved)),)
    path = tmp_path / f"picture.{suffix}"
    psd.write(document, path)
    picture = opened(path)
    data = picture._record.image_data.get_data(picture._record.header)
    stored = np.dtype(">u2" if dtype == np.uint16 else np.uint8)
    planes = [np.frombuffer(each, stored).reshape(HEIGHT, WIDTH) for each in data]
    most = np.iinfo(dtype).max
    alpha = pixels[..., 3] / most
    for channel_number in range(3):
        expected = pixels[..., channel_number] * alpha + most * (1 - alpha)
        assert np.abs(planes[channel_number] - expected).max() <= 0.51
    assert np.array_equal(planes[3], pixels[..., 3])
    assert np.array_equal(planes[4], saved[..., 0].astype(dtype) * (most // 255))
    assert picture._record._get_layer_info().layer_count == -1
    names = [str(name).rstrip("\0") for name in picture.image_resources.get_data(1045)]
    assert names == ["Transparency", "Sky"]


def test_an_opaque_document_has_no_alpha(tmp_path):
    pixels = noise(1, WIDTH, HEIGHT, np.uint8)
    pixels[..., 3] = 255
    psd.write(Document.from_pixels(pixels), tmp_path / "a.psd")
    picture = opened(tmp_path / "a.psd")
    assert picture.channels == 3
    assert np.array_equal(np.asarray(picture.topil()), pixels[..., :3])
    assert not psd.read(tmp_path / "a.psd")[0].has_alpha


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_stays_grey(tmp_path, dtype):
    pixels = noise(1, WIDTH, HEIGHT, dtype)
    pixels[..., 1:3] = pixels[..., :1]
    document = Document.from_pixels(pixels, grey=True, has_alpha=True)
    assert psd.losses(document) == []
    psd.write(document, tmp_path / "a.psd")
    assert opened(tmp_path / "a.psd").color_mode.name == "GRAYSCALE"
    again, _ = psd.read(tmp_path / "a.psd")
    assert again.grey
    assert same_planes(again.layers[0].image, document.layers[0].image)


def test_metadata_is_kept(tmp_path, exif_block=b"MM\0*\0\0\0\x08\0\1\x01\x0f\0\2\0\0\0\4Cam\0\0\0\0\0"):
    icc = profiles.profile(profiles.ADOBE_RGB)
    metadata = Metadata(icc=icc, exif=exif_block, xmp=b"<x:xmpmeta/>", dpi=(300.0, 150.5))
    document = Document.from_pixels(noise(1, 9, 7, np.uint8), metadata=metadata)
    psd.write(document, tmp_path / "a.psd")
    picture = opened(tmp_path / "a.psd")
    assert picture.image_resources.get_data(1039) == icc
    assert picture.image_resources.get_data(1058) == exif_block
    assert picture.image_resources.get_data(1060) == b"<x:xmpmeta/>"
    again, _ = psd.read(tmp_path / "a.psd")
    kept = again.metadata
    assert (kept.icc, kept.exif, kept.xmp, kept.dpi) == (icc, exif_block, b"<x:xmpmeta/>", (300.0, 150.5))
    assert kept.format == "PSD"


def test_storage_opens_by_content_and_saves_by_suffix(tmp_path):
    document = Document.from_pixels(noise(1, 9, 7, np.uint8))
    storage.save(document, tmp_path / "a.PSB")
    (tmp_path / "a.PSB").rename(tmp_path / "a.jpg")
    again = storage.open_document(tmp_path / "a.jpg")
    assert again.metadata.format == "PSB"
    assert again.path == tmp_path / "a.jpg"


def test_losses_are_named():
    from editor.document.adjustments import Levels, LevelsChannel, WhiteBalance

    document = Document.from_pixels(noise(1, 9, 7, np.uint8), grey=True)
    assert psd.losses(document) == ["that it is grey (it is saved as RGB)"]
    document.selection = TiledImage.from_array(noise(1, 9, 7, np.uint8, 1))
    document.layers[0].recipe = Recipe("remove", "migan", "0" * 64, "cpu", 1)
    warm = AdjustmentLayer("Warm", WhiteBalance(10, 0))
    dark = AdjustmentLayer("Dark", Levels(rgb=LevelsChannel(gamma=0.055)))
    document.layers = (*document.layers, Group("All", [warm, dark]))
    lost = psd.losses(document)
    for words in ("selection", "how a fill was made: “Background”", "white balance", "“Warm”", "gamma"):
        assert sum(words in line for line in lost) == 1
    assert storage.losses(document, "a.psb") == lost


def test_white_balance_leaves_an_empty_hidden_layer_and_its_look(tmp_path):
    from editor.document.adjustments import WhiteBalance

    pixels = noise(1, 9, 7, np.uint8)
    pixels[..., 3] = 255
    document = Document.from_pixels(pixels)
    document.layers = (*document.layers, AdjustmentLayer("Warm", WhiteBalance(60, 0)))
    shown = document.composite(document.rect)
    psd.write(document, tmp_path / "a.psd")
    assert np.array_equal(np.asarray(opened(tmp_path / "a.psd").topil()), shown[..., :3])
    again, _ = psd.read(tmp_path / "a.psd")
    assert [(each.name, each.visible) for each in again.layers] == [("Background", True), ("Warm", False)]


def test_a_layer_clipped_to_a_group_that_passes_through(tmp_path):
    group = Group("Group", [PixelLayer("In", TiledImage.from_array(noise(1, 9, 7, np.uint8)))])
    clipped = PixelLayer("On", TiledImage.from_array(noise(2, 9, 7, np.uint8)), clipping=True)
    psd.write(Document(9, 7, np.uint8, [group, clipped]), tmp_path / "a.psd")
    again, _ = psd.read(tmp_path / "a.psd")
    assert again.layers[0].blend_mode == PASS_THROUGH
    assert again.layers[1].clipping


def test_what_psd_cannot_hold_is_refused_and_nothing_changed(tmp_path):
    path = tmp_path / "a.psd"
    path.write_bytes(b"old")
    wide = Document(30_001, 1, np.uint8, [])
    with pytest.raises(FileError, match=r"more than 30000 pixels.*\.psb"):
        psd.write(wide, path)
    nested = PixelLayer("In", TiledImage(4, np.uint8))
    for _ in range(101):
        nested = Group("Group", [nested])
    with pytest.raises(FileError, match="100 deep"):
        psd.write(Document(1, 1, np.uint8, [nested]), path)
    many = [PixelLayer(str(number), TiledImage(4, np.uint8)) for number in range(8001)]
    with pytest.raises(FileError, match="8000 layers"):
        psd.write(Document(1, 1, np.uint8, many), path)
    assert path.read_bytes() == b"old"
    psd.write(wide, tmp_path / "a.psb")
    assert psd.read(tmp_path / "a.psb")[0].width == 30_001


def test_masks_of_16_bit_files_are_read_by_krita(tmp_path):
    """Krita refuses deflated ones: compression 1 it is."""
    layer = PixelLayer("One", TiledImage.from_array(noise(1, 9, 7, np.uint16)))
    layer.mask = LayerMask(TiledImage.from_array(noise(2, 9, 7, np.uint8, 1)))
    psd.write(Document(9, 7, np.uint16, [layer]), tmp_path / "a.psd")
    (other,) = opened(tmp_path / "a.psd")
    assert [int(each.compression) for each in other._channels] == [3, 3, 3, 3, 1]
