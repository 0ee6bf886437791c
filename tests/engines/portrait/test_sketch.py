"""The sketch operator: what is ink, that both forms agree, and that strokes can grow."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from engines.portrait import sketch, soft_sketch


def face(n=256, line=0.2, paper=0.8, width=4.0):
    """A light page with a dark stroke from top to bottom, its width for a face of 512: (n, n, 3)."""
    x = (np.arange(n) + 0.5) / n * 512
    column = np.where(np.abs(x - 256) < width / 2, line, paper)
    return np.broadcast_to(column[None, :, None], (n, n, 3)).astype(np.float32)


def batch(picture):
    return torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]


def test_a_dark_stroke_is_ink_and_the_page_is_paper():
    drawn = sketch.drawn(face())
    assert drawn.shape == (256, 256) and drawn.dtype == np.float32
    assert drawn[:, 127:129].max() < 0.01
    assert drawn[:, :100].min() == drawn[:, 156:].min() == 1
    assert (drawn >= 0).all() and (drawn <= 1).all()


def test_a_light_stroke_on_a_dark_page_is_no_ink_itself():
    drawn = sketch.drawn(face(line=0.9, paper=0.5))
    assert drawn[:, 127:129].min() == 1


def test_grey_is_of_rec_601():
    """Colours of the same grey draw no line between them."""
    picture = np.full((128, 128, 3), 0.5, np.float32)
    picture[:, 64:] = np.array([0.5 + 0.2, 0.5 - 0.2 * 0.299 / 0.587, 0.5], np.float32)
    assert sketch.drawn(picture).min() == 1


@pytest.mark.parametrize("n", [128, 256, 512, 1024])
def test_strokes_are_as_wide_whatever_the_size(n):
    """As a share of the face: sigma grows with it."""
    ink = (1 - sketch.drawn(face(n, width=8)))[n // 2].sum() / n * 512
    reference = (1 - sketch.drawn(face(512, width=8)))[256].sum()
    assert abs(ink - reference) < 0.1 * reference


def test_the_hard_form_is_twice_the_soft_one_cut_off():
    picture = np.random.default_rng(0).random((96, 96, 3), np.float32)
    soft = soft_sketch.soft(batch(picture), sketch.PHI)[0, 0].numpy()
    assert np.abs(sketch.hard(picture) - np.minimum(1, 2 * soft)).max() < 2e-4  # float32, times 200


@pytest.mark.parametrize("n", [256, 512])
def test_specks_are_no_lines(n):
    picture, step = face(n).copy(), n // 256
    for at in (40, 90, 200):
        picture[at * step : (at + 1) * step, 30 * step : 31 * step] = 0.5  # a pore
    rough, clean = sketch.hard(picture), sketch.drawn(picture)
    assert (rough[:, : 60 * step] < 0.5).any() and clean[:, : 60 * step].min() == 1
    middle = slice(110 * step, 146 * step)
    assert np.array_equal(clean[:, middle], rough[:, middle])  # the stroke is as it was, its edges too


def test_the_soft_form_grows_sharper():
    picture = batch(face())
    blunt, sharp = (soft_sketch.soft(picture, phi) for phi in (20.0, sketch.PHI))
    assert blunt.shape == (1, 1, 256, 256)
    assert sharp.min() < 0.01 < blunt.min() and sharp.max() > blunt.max()


def test_a_stroke_that_is_not_there_yet_can_grow():
    """Half a page of paper has a gradient nearly everywhere, where the hard form has none."""
    picture = batch(np.full((64, 64, 3), 0.7, np.float32)).requires_grad_()
    soft_sketch.soft(picture, 20.0)[..., 24:40, 24:40].sum().backward()
    assert (picture.grad[..., 24:40, 24:40].abs() > 1e-4).all()


def test_the_gradient_is_that_of_finite_differences():
    picture = torch.rand(1, 3, 24, 24, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: soft_sketch.soft(x, 20.0), picture, eps=1e-5, atol=1e-4)


def test_torch_is_left_alone_until_a_loss_needs_it():
    code = (
        "import sys, numpy, engines.portrait.sketch as s; s.drawn(numpy.ones((64, 64, 3), numpy.float32)); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
