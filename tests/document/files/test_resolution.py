"""Resolution inside EXIF, where AVIF and JPEG XL have no other place for it."""

import numpy as np
import pytest
from raster_sources import exif_block, ifd_values

from editor.document.files import resolution
from editor.document.files.metadata import Metadata
from editor.document.files.raster import Raster, read, write


@pytest.mark.parametrize("suffix", [".avif", ".jxl", ".tif"])
@pytest.mark.parametrize("block", [None, exif_block("<"), exif_block(">")])
def test_resolution_is_kept_with_and_without_exif(tmp_path, suffix, block):
    metadata = Metadata(exif=block, dpi=(299.9994, 150.0))
    write(tmp_path / f"a{suffix}", Raster(np.full((8, 8, 4), 255, np.uint8), False, False, metadata))
    back = read(tmp_path / f"a{suffix}")
    assert back.metadata.dpi == pytest.approx((299.9994, 150), abs=1e-4)
    write(tmp_path / f"b{suffix}", back)
    assert read(tmp_path / f"b{suffix}").metadata.exif == back.metadata.exif  # it does not grow


@pytest.mark.parametrize("order", ["<", ">"])
def test_everything_else_in_the_block_stays(order):
    block = exif_block(order)
    changed = resolution.into_exif(block, (72.0, 72.0))
    values = ifd_values(changed)
    assert {key: values[key] for key in ifd_values(block)} == ifd_values(block)
    assert resolution.of_exif(changed) == (72, 72)
    assert resolution.into_exif(changed, (72.0, 72.0)) is changed
    assert resolution.into_exif(block, None) is block
    assert resolution.of_exif(b"nonsense") is resolution.of_exif(None) is None
