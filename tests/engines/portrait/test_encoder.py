"""The first guess of a latent: loading, what it is made of, and that colours stand where they should."""

import numpy as np
import pytest
import torch

from engines import safetensors_file, store
from engines.base import WeightsWrong
from engines.portrait import encoder
from engines.portrait.encoder import CHANNELS, COLOURS, GRID, GROUPS, SIDE, Encoder
from engines.portrait.identity import PARTS
from engines.portrait.networks.lpips import Lpips

WIDTHS = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
ENDS = (1, 3, 6, 9, 12)  # the convolutions that are looked at
SEEN = sum(CHANNELS) * GRID * GRID
WIDTH, RANK = 512, 5


class Colours:
    """In the place of the network that tells faces apart: as many numbers, of a face's mean colour."""

    def seen(self, faces):
        means = faces.mean((2, 3))
        return torch.nn.functional.pad(means, (0, sum(PARTS) - 3))


@pytest.fixture(scope="module")
def look():
    random = np.random.default_rng(0)
    tensors, before = {}, 3
    for number, width in enumerate(WIDTHS):
        deviation = np.sqrt(2 / (9 * before))
        tensors[f"conv{number}.weight"] = random.normal(0, deviation, (width, before, 3, 3)).astype(
            np.float32
        )
        tensors[f"conv{number}.bias"] = np.zeros(width, np.float32)
        before = width
    for stage, end in enumerate(ENDS):
        tensors[f"lin{stage}"] = np.ones((1, WIDTHS[end], 1, 1), np.float32)
    return Lpips(tensors)


def weights(seed=0):
    """Random ones of the shapes that packaging/train_encoder writes."""
    random = np.random.default_rng(seed)
    total = SEEN + 3 * COLOURS * COLOURS + sum(PARTS)
    tensors = {
        f"basis.{depth}": random.normal(0, 0.1, (WIDTHS[end], kept)).astype(np.float32)
        for depth, (end, kept) in enumerate(zip(ENDS, CHANNELS, strict=True))
    }
    return tensors | {
        "mean": random.normal(0, 0.1, total).astype(np.float16),
        "into": random.normal(0, 0.1, (total, RANK)).astype(np.float16),
        "out": random.normal(0, 0.1, (RANK, len(GROUPS) * WIDTH)).astype(np.float16),
        "centre": random.normal(0, 0.1, len(GROUPS) * WIDTH).astype(np.float32),
    }


def picture(seed=0, n=SIDE):
    return np.random.default_rng(seed).random((n, n, 3), np.float32)


def test_a_guess_is_a_style_for_each_group_of_inputs(look):
    tensors = safetensors_file.read(safetensors_file.write(weights()))
    latent = Encoder(tensors, look, Colours()).guess(picture())
    assert latent.shape == (23, WIDTH) and latent.dtype == np.float32
    assert np.isfinite(latent).all()
    first = np.cumsum((0, *GROUPS[:-1]))
    for start, count in zip(first, GROUPS, strict=True):
        assert (latent[start : start + count] == latent[start]).all()
    assert not np.allclose(latent[first[0]], latent[first[1]])
    assert not np.allclose(latent[first[1]], latent[first[2]])


def test_the_same_picture_gives_the_same_guess_and_another_one_another(look):
    one = Encoder(weights(), look, Colours())
    assert (one.guess(picture(1)) == Encoder(weights(), look, Colours()).guess(picture(1))).all()
    assert not np.allclose(one.guess(picture(1)), one.guess(picture(2)))


def test_the_picture_is_not_written_to_and_may_overshoot(look):
    given = picture() * 1.2 - 0.1
    kept = given.copy()
    latent = Encoder(weights(), look, Colours()).guess(given)
    assert (given == kept).all()
    np.testing.assert_array_equal(latent, Encoder(weights(), look, Colours()).guess(given.clip(0, 1)))


def test_a_larger_picture_is_looked_at_smaller(look):
    """One of four times the side, each pixel repeated, has the same colours and nearly the same lines."""
    smooth = np.kron(picture(3, 8), np.ones((16, 16, 1), np.float32))
    one = Encoder(weights(), look, Colours())
    guess, large = one.guess(smooth), one.guess(np.kron(smooth, np.ones((4, 4, 1), np.float32)))
    assert np.abs(guess - large).max() < 0.1 * np.abs(guess - one.guess(picture(4))).max()


@pytest.mark.parametrize("channel", range(3))
def test_each_colour_stands_in_its_place(look, channel):
    """A regression that looks at the upper left cell of one colour alone."""
    tensors = weights()
    tensors["mean"], tensors["centre"] = np.zeros_like(tensors["mean"]), np.zeros_like(tensors["centre"])
    into, out = np.zeros_like(tensors["into"]), np.zeros_like(tensors["out"])
    into[SEEN + channel * COLOURS * COLOURS, 0] = 1
    out[0, :WIDTH] = 1
    tensors |= {"into": into, "out": out}
    given = np.zeros((SIDE, SIDE, 3), np.float32)
    given[:8, :8] = 0.2, 0.4, 0.6
    latent = Encoder(tensors, look, Colours()).guess(given)
    np.testing.assert_allclose(latent[0], (0.2, 0.4, 0.6)[channel], atol=1e-6)
    np.testing.assert_array_equal(latent[-1], 0)


def test_what_comes_out_goes_through_the_leaky_relu(look):
    tensors = weights()
    tensors["into"] = np.zeros_like(tensors["into"])
    tensors["centre"] = np.linspace(-1, 1, len(GROUPS) * WIDTH, dtype=np.float32)
    latent = Encoder(tensors, look, Colours()).guess(picture())
    np.testing.assert_allclose(latent[0], tensors["centre"][:WIDTH] * 0.2, rtol=1e-6)
    np.testing.assert_allclose(latent[-1], tensors["centre"][-WIDTH:], rtol=1e-6)
    back = encoder.unfolded(torch.from_numpy(latent[0])).numpy()
    np.testing.assert_allclose(back, tensors["centre"][:WIDTH], rtol=1e-5)


def missing(tensors):
    del tensors["into"]


def of_other_features(tensors):
    tensors["mean"] = tensors["mean"][:-1]


def of_other_channels(tensors):
    tensors["basis.2"] = tensors["basis.2"][:-1]


@pytest.mark.parametrize("spoil", [missing, of_other_features, of_other_channels])
def test_weights_that_do_not_fit_are_refused_in_a_line(look, spoil):
    tensors = weights()
    spoil(tensors)
    with pytest.raises(WeightsWrong, match="portrait encoder") as told:
        Encoder(tensors, look, Colours())
    assert "\n" not in str(told.value)


def test_the_weights_that_come_with_the_program_fit_and_stay_among_faces(look):
    """Through the store; styles of faces are within a few units."""
    one = Encoder(safetensors_file.read(store.load(encoder.WEIGHTS)), look, Colours())
    latent = one.guess(np.full((SIDE, SIDE, 3), 0.5, np.float32))
    assert latent.shape == (23, WIDTH)
    assert np.isfinite(latent).all() and np.abs(latent).max() < 50
