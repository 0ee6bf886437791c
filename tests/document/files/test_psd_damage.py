"""Cut off, mutated and hostile PSD and PSB files: an error in plain words, in no time, in little memory."""

import random
import struct
import time
import tracemalloc

import numpy as np
import pytest
from psd_sources import noise

from editor.document.adjustments import Curves, GradientMap
from editor.document.files import psd
from editor.document.files.errors import FileError
from editor.document.files.psd import header as headers
from editor.document.layers import AdjustmentLayer, Group, LayerMask, PixelLayer
from editor.document.model import Channel, Document
from editor.document.tiles import TiledImage

MUTATIONS = 200  # of each kind of file; tests/fuzz has no end


@pytest.fixture(scope="module", params=["8.psd", "16.psb"])
def intact(request, tmp_path_factory):
    """A file with everything in it, and its bytes."""
    path = tmp_path_factory.mktemp("psd") / request.param
    dtype = np.uint8 if request.param.startswith("8") else np.uint16
    image = TiledImage.from_array(noise(1, 50, 40, dtype))
    mask = LayerMask(TiledImage.from_array(noise(2, 30, 20, np.uint8, 1), 5, 5, default=255))
    adjustments = [AdjustmentLayer("Curves", Curves()), AdjustmentLayer("Map", GradientMap())]
    layers = [
        PixelLayer("Background", image),
        Group("Group", [PixelLayer("In", image, mask=mask), *adjustments]),
    ]
    document = Document(50, 40, dtype, layers)
    document.channels = (Channel("Sky", TiledImage.from_array(noise(3, 50, 40, np.uint8, 1))),)
    psd.write(document, path)
    return path, path.read_bytes()


def mutated(data, seed):
    choice = random.Random(seed)
    data = bytearray(data)
    kind = choice.randrange(5)
    at = choice.randrange(min(len(data), 6000) if choice.random() < 0.7 else len(data))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:
        for _ in range(choice.randrange(1, 8)):
            data[choice.randrange(len(data))] = choice.randrange(256)
    elif kind == 2:
        data[at : at + 4] = choice.choice((b"\xff" * 4, b"\x7f" + b"\xff" * 3, bytes(4), b"\0\0\xff\xff"))
    elif kind == 3:
        del data[at : at + choice.randrange(1, 64)]
    else:
        data[at:at] = choice.randbytes(choice.randrange(1, 64))
    return bytes(data)


def test_mutations_open_or_are_refused(intact, tmp_path):
    path, data = intact
    target = tmp_path / path.name
    refused = 0
    for seed in range(MUTATIONS):
        target.write_bytes(mutated(data, seed))
        start = time.monotonic()
        try:
            psd.read(target)
        except FileError as error:
            refused += 1
            assert "\n" not in str(error)
        assert time.monotonic() - start < 10
    assert MUTATIONS // 4 < refused < MUTATIONS


def test_a_file_cut_off_anywhere_is_refused(intact, tmp_path):
    path, data = intact
    target = tmp_path / path.name
    # The merged picture at the end holds the saved selection: nothing may be missing.
    for end in (*range(0, 600, 7), *range(600, len(data), 997), len(data) - 1):
        target.write_bytes(data[:end])
        with pytest.raises(FileError):
            psd.read(target)


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [(300_000, 300_000, "300 megapixels"), (0, 5, "damaged"), (20_000, 15_001, "300")],
)
def test_the_size_is_checked_before_anything_is_unpacked(tmp_path, width, height, words):
    data = headers.Header(2, 3, height, width, 8, headers.RGB).pack() + bytes(8) + bytes(8) + b"\0\1"
    (tmp_path / "a.psb").write_bytes(data)
    tracemalloc.start()
    with pytest.raises(FileError, match=words):
        psd.read(tmp_path / "a.psb")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def bomb(compression, data, side):
    """A PSD whose one layer claims ``side`` pixels a side, its four channels all ``data``."""
    channel = struct.pack(">H", compression) + data
    record = struct.pack(">4iH", 0, 0, side, side, 4)
    record += b"".join(struct.pack(">hI", number, len(channel)) for number in (-1, 0, 1, 2))
    record += b"8BIMnorm" + bytes((255, 0, 8, 0)) + struct.pack(">I", 12) + bytes(12)
    info = struct.pack(">h", 1) + record + channel * 4
    layers = struct.pack(">I", len(info)) + info
    data = headers.Header(1, 3, 10, 10, 8, headers.RGB).pack() + bytes(8)
    return data + struct.pack(">I", len(layers)) + layers + b"\0\0" + bytes(300)


def test_claims_that_the_data_cannot_meet_are_refused(tmp_path):
    for compression, data in (
        (0, bytes(100)),
        (1, bytes(2 * 17_000)),
        (2, bytes(100)),
        (3, b"x\x9c" + bytes(9)),
    ):
        (tmp_path / "a.psd").write_bytes(bomb(compression, data, 17_000))
        tracemalloc.start()
        with pytest.raises(FileError):
            psd.read(tmp_path / "a.psd")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 400_000_000  # the pixels claimed are 1.2 GB


def test_a_layer_of_too_many_pixels_is_refused(tmp_path):
    (tmp_path / "a.psd").write_bytes(bomb(0, bytes(100), 20_000))
    with pytest.raises(FileError, match="300 megapixels"):
        psd.read(tmp_path / "a.psd")


def test_groups_have_an_end(tmp_path):
    """Dividers alone: groups that are never closed, too many of them, and one that was never opened."""
    for kind, count, words in ((3, 200, "100 deep"), (3, 5, "damaged"), (1, 1, "damaged")):
        divider = b"8BIMlsct" + struct.pack(">II", 4, kind)
        record = struct.pack(">4iH", 0, 0, 0, 0, 0) + b"8BIMnorm" + bytes((255, 0, 8, 0))
        record += struct.pack(">I", 12 + len(divider)) + bytes(12) + divider
        info = struct.pack(">h", count) + record * count
        layers = struct.pack(">I", len(info)) + info
        data = headers.Header(1, 3, 10, 10, 8, headers.RGB).pack() + bytes(8)
        (tmp_path / "a.psd").write_bytes(
            data + struct.pack(">I", len(layers)) + layers + b"\0\0" + bytes(300)
        )
        with pytest.raises(FileError, match=words):
            psd.read(tmp_path / "a.psd")
