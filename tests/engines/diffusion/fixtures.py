"""Tiny models, built and saved once for all tests that want a diffusion model."""

import socket
import warnings
from functools import cache

import pytest


@pytest.fixture
def one_thread():
    """Networks this small take longer on several."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def quick_words(monkeypatch):
    """A folder's tokenizer is read once for all tests: that takes longer than all else of a tiny model."""
    loading = pytest.importorskip("engines.diffusion.loading")
    monkeypatch.setattr(loading, "_tokenizer", _tokenizer)


@cache
def _tokenizer(kind, folder):
    return kind.from_pretrained(str(folder), local_files_only=True)


@pytest.fixture
def no_network(monkeypatch):
    """Nothing may so much as try to connect."""

    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def pipelines():
    """diffusers' own pipelines by what they are."""
    pytest.importorskip("diffusers")
    import tqdm

    from tests.engines.diffusion import tiny_flux, tiny_flux2, tiny_models

    tqdm.tqdm.monitor_interval = 0  # of the pipelines' progress bars: no thread that watches them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = {
            "sd": tiny_models.sd(),
            "sd4": tiny_models.sd(4),
            "lcm": tiny_models.sd(time_cond_proj_dim=32),
            "sdxl": tiny_models.sdxl(),
            "flux": tiny_flux.flux(),
            "flux2": tiny_flux2.flux2(),
            "flux2-quick": tiny_flux2.flux2(seed=1, is_distilled=True),
        }
    for each in made.values():
        each.set_progress_bar_config(disable=True)
    return made


@pytest.fixture(scope="session")
def saved(pipelines, tmp_path_factory):
    """The same on disk: a diffusers folder of each, and of some a single file."""
    from tests.engines.diffusion import flux_names, tiny_models

    root = tmp_path_factory.mktemp("models")
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, pipeline in pipelines.items():
            pipeline.save_pretrained(root / name)
            found[name] = root / name
    for name in ("sd", "sd4", "lcm", "sdxl"):
        found[f"{name} file"] = tiny_models.save_single(pipelines[name], root / f"{name}.safetensors")
    found["flux file"] = flux_names.save_apart(pipelines["flux"], root / "flux apart")
    found["flux prefixed"] = flux_names.save_apart(
        pipelines["flux"], root / "flux prefixed", "model.diffusion_model."
    )
    found["flux whole"] = flux_names.save_in_one(pipelines["flux"], root / "flux whole")
    return found
