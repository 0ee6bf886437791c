"""Damaged files give a picture or one line; ``tests/fuzz/fuzz_files.py`` tries thousands."""

import struct

import numpy as np
import pytest

from editor.document.files import raster, tiff
from editor.document.files.errors import FileError
from editor.document.files.metadata import Metadata
from tests.fuzz import fuzz_files


@pytest.mark.parametrize("kind", fuzz_files.FORMATS)
def test_damaged_files_give_a_picture_or_one_line(tmp_path, kind):
    path = tmp_path / f"case.{kind}"
    for number in range(60):
        path.write_bytes(fuzz_files.mutated(kind, 7, number))
        assert fuzz_files.outcome(path) in ("opened", "refused"), number


@pytest.mark.parametrize("tag", [256, 257])
def test_a_tiff_without_a_row_or_column_is_refused(tmp_path, tag):
    data = bytearray(tiff.encode(np.zeros((4, 6, 3), np.uint16), Metadata()))
    at = data.index(struct.pack("<HHI", tag, 4, 1))
    struct.pack_into("<I", data, at + 8, 0)
    path = tmp_path / "none.tif"
    path.write_bytes(data)
    with pytest.raises(FileError, match="damaged"):
        raster.read(path)
