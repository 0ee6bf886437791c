"""MI-GAN in torch is the embedded network, and its branch changes nothing until it has learnt."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
import onnxruntime  # noqa: E402

from engines.removal.maps import drawing, structure_maps  # noqa: E402
from engines.removal.networks.migan import STRUCTURE, StructureBranch, doubled  # noqa: E402

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "packaging"))

from train_structure import pretrained  # noqa: E402

PHOTO = ROOT / "resources" / "samples" / "desert-hike.jpg"


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Layers as small as these only wait for each other on several."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def network():
    return pretrained.network(0).eval()


def inputs(side):
    bgr = cv2.resize(cv2.imread(str(PHOTO)), (side, side), interpolation=cv2.INTER_AREA)
    image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.float32) / 255
    known = np.ones((side, side), bool)
    known[side // 3 : side // 2, side // 5 : side * 3 // 4] = False
    batch = np.empty((1, 4, side, side), np.float32)
    batch[0, 0] = known - np.float32(0.5)
    batch[0, 1:] = ((image * 2 - 1) * known[..., None]).transpose(2, 0, 1)
    line = np.array([[3, side * 0.4], [side - 5, side * 0.45]], np.float32)
    return batch, structure_maps(image, known, [line])[None]


def test_it_computes_what_the_embedded_file_does(network):
    batch, _ = inputs(512)
    session = onnxruntime.InferenceSession(pretrained.EMBEDDED, providers=["CPUExecutionProvider"])
    expected = session.run(None, {"known_and_rgb": batch})[0]
    with torch.inference_mode():
        got = network.model(torch.from_numpy(batch)).numpy()
    assert expected.std() > 0.2
    assert np.abs(got - expected).max() < 1e-3


def test_behind_closed_gates_the_branch_changes_nothing(network):
    batch, maps = (torch.from_numpy(one) for one in inputs(128))
    with torch.inference_mode():
        assert torch.equal(network(batch, maps), network.model(batch))


def test_every_gate_lets_its_features_in(network):
    """With one gate open the answer is another, whichever it is."""
    batch, maps = (torch.from_numpy(one) for one in inputs(128))
    with torch.inference_mode():
        shut = network.model(batch)
        for level in STRUCTURE:
            gate = getattr(network.structure, f"b{level}").gate
            gate.fill_(1)
            assert (network(batch, maps) - shut).abs().max() > 1e-4, level
            gate.zero_()


def test_what_is_learnt_reaches_every_part_of_the_branch():
    """At first only the gates learn, as they hide the rest; once they are open, all of it does."""
    guided = pretrained.network(0)
    batch, maps = (torch.from_numpy(one) for one in inputs(128))
    for opened in (False, True):
        guided.zero_grad()
        guided(batch, maps).square().mean().backward()
        for name, parameter in guided.structure.named_parameters():
            learns = bool(parameter.grad.abs().max() > 0)
            assert learns == (opened or name.endswith("gate")), name
        with torch.no_grad():
            for level in STRUCTURE:
                getattr(guided.structure, f"b{level}").gate.fill_(0.1)


def test_a_line_is_seen_at_every_level():
    """The features that the branch starts with are neither faint nor alike with and without a line."""
    torch.manual_seed(0)
    branch = StructureBranch()
    _, maps = (torch.from_numpy(one) for one in inputs(128))
    without = maps.clone()
    without[:, 1] = 0
    with torch.inference_mode():
        for level in STRUCTURE:
            getattr(branch, f"b{level}").gate.fill_(1)
        for one, other in zip(branch(maps), branch(without), strict=True):
            assert other.std() > 0.05
            assert (one - other).std() > 0.1 * other.std()


def test_another_network_is_refused(network):
    with pytest.raises(ValueError, match="not MI-GAN 512"):
        pretrained.weights((ROOT / "resources" / "models" / "mlsd-512.onnx").read_bytes())


def test_doubling_is_the_filter_between_zeros():
    """Against its definition: zeros between the pixels and around them, and [1 3 3 1] in each direction."""
    x = torch.rand(2, 3, 5, 6, generator=torch.Generator().manual_seed(0))
    tap = torch.tensor([1.0, 3, 3, 1]) / 4
    kernel = torch.outer(tap, tap).expand(3, 1, 4, 4)
    expected = torch.nn.functional.conv_transpose2d(x, kernel, stride=2, padding=1, groups=3)
    torch.testing.assert_close(doubled(x), expected)


def test_the_branch_keeps_to_its_size():
    assert sum(one.numel() for one in StructureBranch().parameters()) < 1_000_000


def test_maps_hold_edges_lines_and_the_hole():
    image = np.zeros((96, 96, 3), np.float32)
    image[:, 48:] = 1
    known = np.ones((96, 96), bool)
    known[30:60, 30:60] = False
    line = np.array([[48, 0], [48, 96]], np.float32)
    maps = structure_maps(image, known, [line])
    assert maps.shape == (3, 96, 96)
    assert maps.dtype == np.float32
    edges, drawn, hole = maps
    assert edges[:20, 46:50].any(1).all()  # the one edge, where it is known
    assert not edges[26:64, 26:64].any()  # neither the hole's border nor what is in it
    assert drawn[1:-1, 46:50].max(1).min() > 0.4  # the line goes through the hole
    assert drawn[:, :45].max() == drawn[:, 51:].max() == 0
    np.testing.assert_array_equal(hole, ~known)


def test_what_the_hole_shows_is_in_no_map():
    random = np.random.default_rng(0)
    image = cv2.GaussianBlur(random.random((128, 128, 3), dtype=np.float32), (0, 0), 2) * 6 - 2.5
    known = np.ones((128, 128), bool)
    known[40:90, 20:70] = False
    one = structure_maps(image, known, [])
    image[~known] = random.random((int((~known).sum()), 3), dtype=np.float32)
    np.testing.assert_array_equal(one, structure_maps(image, known, []))
    assert one[0].any()


def test_a_line_lies_where_its_points_say():
    """The first pixel's centre is 0.5: a line along a row's centres is strongest there."""
    drawn = drawing((9, 30), [np.array([[0.5, 4.5], [29.5, 4.5]], np.float32)])
    assert drawn[4, 1:-1].min() > 220
    np.testing.assert_allclose(drawn[3, 1:-1], drawn[5, 1:-1], atol=8)  # OpenCV is a little off
    assert drawn[:3].max() == drawn[6:].max() == 0
    assert drawing((9, 30), []).max() == 0
