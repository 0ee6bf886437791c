"""ZITS with tiny networks of the published call signatures, through the published container."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

import installing  # noqa: E402
import random_weights  # noqa: E402

from engines import store  # noqa: E402
from engines.base import Box, Cancelled, Progress, Region, RemoveRequest, WeightsWrong  # noqa: E402
from engines.removal import structure, zits  # noqa: E402
from engines.removal.zits import Zits  # noqa: E402

FILES = ("zits-tsr", "zits-ssu", "zits-wireframe", "zits-ftr")


@pytest.fixture(scope="module")
def files():
    return random_weights.zits()


@pytest.fixture
def engine(files, tmp_path, monkeypatch):
    installing.install(monkeypatch, tmp_path, files)
    return Zits("cpu", *FILES)


class Listening:
    """A network, and what it was called with."""

    def __init__(self, network):
        self.network, self.calls = network, []

    def __call__(self, *given, **named):
        self.calls.append([each.clone() for each in (*given, *named.values())])
        return self.network(*given, **named)


def square(side=512):
    rng = np.random.default_rng(side)
    known = np.ones((side, side), bool)
    known[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = False
    return rng.random((side, side, 3), dtype=np.float32) * np.float32(0.2) + np.float32(0.3), known


def listen(engine):
    for name in ("_tsr", "_ssu", "_wireframe", "_ftr"):
        setattr(engine, name, Listening(getattr(engine, name)))


def test_what_each_network_is_called_with(engine):
    """Ranges, polarity, sizes and types, as published."""
    image, known = square()
    listen(engine)
    out = engine._fill(image, known, (), Progress())
    assert out.shape == (512, 512, 3) and out.min() >= 0 and out.max() <= 1

    (seen,) = engine._wireframe.calls[0]
    assert seen.shape == (1, 3, 512, 512)
    back = seen[0].permute(1, 2, 0).numpy() * zits._DEVIATION + zits._MEAN
    assert np.allclose(back[~known], 127.5, atol=1e-3)
    assert np.allclose(back[known], image[known] * 255, atol=1e-2)

    assert len(engine._tsr.calls) == 5
    for picture, edge, line, mask in engine._tsr.calls:
        assert picture.shape == (1, 3, 256, 256) and mask.shape == edge.shape == line.shape == (
            1,
            1,
            256,
            256,
        )
        assert torch.all(picture[:, :, 64:192, 64:192] == 0)
        assert set(edge.unique().tolist()) <= {0.0, 1.0}
        assert line.min() >= 0 and line.max() <= 1
        assert torch.all(edge * mask == 0) and torch.all(line * mask == 0)
    picture, _, line, mask = engine._tsr.calls[0]
    assert torch.equal(mask[0, 0, 64:192, 64:192], torch.ones(128, 128)) and mask.sum() == 128 * 128
    assert picture[:, :, :60].mean() == pytest.approx(2 * image[:120].mean() - 1, abs=0.02)
    # The sure line of the wireframe, and not the other.
    assert line[0, 0, 51, 30:225].min() == 1 and line[0, 0, 230].max() == 0

    image_in, mask_in, edge, line, places, corners = engine._ftr.calls[0]
    assert image_in.min() >= 0 and image_in.max() <= 1
    assert torch.equal(mask_in[0, 0], torch.from_numpy((~known).astype(np.float32)))
    assert torch.all(image_in * mask_in == 0)
    assert np.array_equal(image_in[0].permute(1, 2, 0).numpy()[known], image[known])
    assert edge.shape == line.shape == (1, 1, 512, 512)
    assert edge.min() >= 0 and edge.max() <= 1
    expected, expected_corners = structure.positions(~known)
    assert places.dtype == corners.dtype == torch.int64
    assert np.array_equal(places[0], expected) and np.array_equal(corners[0], expected_corners)


def test_each_round_keeps_its_share_of_what_is_open_the_surest_first(engine):
    image, known = square()
    listen(engine)
    engine._fill(image, known, (), Progress())
    left = [int(call[3].sum()) for call in engine._tsr.calls]
    expected = [128 * 128]
    for turn in range(1, 5):
        expected.append(expected[-1] - turn * expected[-1] // 5)
    assert left == expected
    picture, edge, line, mask = engine._tsr.calls[0]
    edge_now, line_now = engine._tsr.network(picture, edge, line, masks=mask)
    edge_now, line_now = torch.sigmoid(edge_now), torch.sigmoid((line_now + 0.05) * 4)
    sure = torch.maximum(1 - edge_now, edge_now + 0.5) + torch.maximum(1 - line_now, line_now + 0.5)
    still = engine._tsr.calls[1][3] > 0
    kept = (mask > 0) & ~still
    assert sure[kept].min() >= sure[still].max()
    assert torch.allclose(engine._tsr.calls[1][2][kept], line_now[kept])


def test_the_users_line_reaches_the_painter_and_never_the_transformer(engine):
    image, known = square()
    line = np.float32([[150.5, 300.5], [370.5, 300.5]])
    listen(engine)
    engine._fill(image, known, (), Progress())
    without_tsr, without_ftr = engine._tsr.calls, engine._ftr.calls[0]
    engine._tsr.calls, engine._ftr.calls = [], []
    engine._fill(image, known, (line,), Progress())
    for before, now in zip(without_tsr, engine._tsr.calls, strict=True):
        assert all(torch.equal(one, other) for one, other in zip(before, now, strict=True))
    for channel in (2, 3):  # edge and line
        rise = (engine._ftr.calls[0][channel] - without_ftr[channel])[0, 0].numpy()
        on = rise[298:304, 160:360].max(axis=0)
        assert on.min() > 0.3, channel
        away = rise.copy()
        away[290:312] = 0
        assert np.abs(away).max() < 1e-6


def test_lines_of_a_region_are_brought_to_the_square(files, tmp_path, monkeypatch):
    """A region of 300 x 256, a hole, and a guide through it: enlarged, mirrored to a square, and turned."""
    installing.install(monkeypatch, tmp_path, files)
    engine = Zits("cpu", *FILES)
    image = np.full((256, 300, 3), 0.4, np.float32)
    hole = np.zeros((256, 300), bool)
    hole[80:180, 100:200] = True
    guide = np.float32([[100, 128.5], [200, 128.5]])

    def painted(seed, guides):
        region = Region(Box(7, 9, 300, 256), image, hole, hole.astype(np.float32), guides)
        (patch,) = engine.run(RemoveRequest("zits", (region,), seed), Progress()).patches
        assert patch.box == Box(107, 89, 100, 100)
        return patch.rgb

    for seed in (0, 1, 4, 7):
        change = np.abs(painted(seed, (guide,)) - painted(seed, ())).max(axis=2)
        rows = change[:, 20:80].mean(axis=1)
        assert abs(int(rows.argmax()) - 48) <= 2, seed  # row 128 of the region
        assert rows.max() > 0.1
        assert rows[:35].max() < 0.25 * rows.max() and rows[62:].max() < 0.25 * rows.max()


@pytest.mark.parametrize("side", [200, 300, 512])
def test_any_square_is_mirrored_on_to_one_that_the_painter_takes(engine, side):
    image, known = square(side)
    listen(engine)
    out = engine._fill(image, known, (), Progress())
    taken = max(-(-side // 32) * 32, 256)
    assert out.shape == (side, side, 3)
    assert engine._ftr.calls[0][0].shape == (1, 3, taken, taken)
    assert engine._ftr.calls[0][2].shape == (1, 1, taken, taken)


def test_what_the_hole_shows_is_not_looked_at(engine):
    image, known = square()
    outs = [
        engine._fill(np.where(known[..., None], image, np.float32(value)), known, (), Progress())
        for value in (0, 1)
    ]
    assert np.array_equal(*outs)


def test_a_picture_without_lines(engine):
    engine._wireframe = lambda x: {"num_proposals": torch.tensor(0)}
    image, known = square()
    assert engine._lines_beside(image, known).max() == 0


def test_a_run_is_called_off_between_rounds(engine):
    progress = Progress()
    inner = engine._tsr

    def tsr(*given, **named):
        progress.cancel()
        return inner(*given, **named)

    engine._tsr = tsr
    with pytest.raises(Cancelled):
        engine._fill(*square(), (), progress)


@pytest.mark.parametrize("name", FILES)
def test_one_changed_file_is_enough_to_refuse(files, tmp_path, monkeypatch, name):
    installing.install(monkeypatch, tmp_path, files)
    path = tmp_path / store.catalog()[name].file
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(WeightsWrong, match="damaged or was changed"):
        Zits("cpu", *FILES)


def test_files_that_the_catalogue_has_no_sha256_of_are_not_run(files, tmp_path, monkeypatch):
    installing.install(monkeypatch, tmp_path, files, pinned=False)
    with pytest.raises(WeightsWrong, match="not the published one"):
        Zits("cpu", *FILES)
