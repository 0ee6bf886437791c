"""A file that does not fit on the disk leaves the one it was to replace, and nothing else."""

import numpy as np
import pytest

from editor.document import storage
from editor.document.files.errors import FileError


@pytest.mark.parametrize("suffix", [".ora", ".psd", ".png", ".tif", ".webp", ".avif"])
def test_saving_onto_a_full_disk(small_disk, make_document, suffix):
    target = small_disk / f"picture{suffix}"
    old = make_document(60, 40, alpha=True, seed=1)
    storage.save(old, target, quality=100)
    before = target.read_bytes()
    # Noise does not compress, however it is stored, and lossless AVIF and WebP are asked for by quality.
    large = make_document(2000, 1500, seed=2)
    with pytest.raises(FileError, match="the disk is full") as caught:
        storage.save(large, target, quality=100)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == before
    assert [path.name for path in small_disk.iterdir()] == [target.name]
    opened = storage.open_document(target)
    assert (opened.width, opened.height) == (60, 40)
    np.testing.assert_array_equal(
        opened.composite(opened.rect)[..., 3] > 0, old.composite(old.rect)[..., 3] > 0
    )
