"""The whole of a removal in a real window, by real X events: mouse, keys and what is on the screen."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.journal.session import folders

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("drive_removal.py")
STUDIO = Path(__file__).with_name("drive_studio.py")
FILL = Path(__file__).with_name("drive_fill.py")
X, Y, RADIUS = 700, 560, 60  # the object

pytestmark = [
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")) and not os.environ.get("CI"),
        reason="needs Xvfb and xdotool: sh packaging/system_libraries.sh test",
    ),
    pytest.mark.timeout(360),
]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of its own, on whatever number is free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()  # comes when the server is ready, or ends with it
        assert number, f"Xvfb ended with {server.wait(10)}"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def picture(tmp_path) -> Path:
    """Sand with ripples, and a dark ball on it."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[0:1200, 0:1600].astype(np.float32)
    ripple = 14 * np.sin((rows * 1.3 + columns * 0.2 + 8 * np.sin(columns / 70)) / 9)
    ground = np.stack([190 + ripple, 165 + ripple * 0.9, 120 + ripple * 0.7], axis=-1)
    ground += random.normal(0, 5, ground.shape[:2])[..., None]
    ball = np.hypot(rows + 0.5 - Y, columns + 0.5 - X) < RADIUS
    ground[ball] = (40, 50, 120)
    path = tmp_path / "ball.png"
    Image.fromarray(ground.clip(0, 255).astype(np.uint8)).save(path)
    return path


def _drive(display: str, tmp_path: Path, steps: str, picture: Path) -> None:
    """Run some steps as someone who has been here before."""
    folder = tmp_path / "config"
    if not folder.exists():
        folder.mkdir()
        (folder / "settings.json").write_text(json.dumps({"tour_seen": True}))
    _run(display, tmp_path, steps, [str(DRIVER), steps, str(picture), str(X), str(Y), str(RADIUS)])


def _run(display: str, tmp_path: Path, steps: str, words: list[str], seconds: float = 150) -> None:
    """Run one of the drivers in a process of its own, and see that nothing of it is left."""
    environment = dict(
        os.environ, DISPLAY=display, QT_QPA_PLATFORM="xcb", LACUNA_CONFIG_DIR=str(tmp_path / "config")
    )
    for name in ("WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "LACUNA_MODELS"):
        environment.pop(name, None)
    shots = environment.get("LACUNA_E2E_SHOTS")
    if shots:
        environment["LACUNA_E2E_SHOTS"] = str(Path(shots).absolute() / steps)
    driver = subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = driver.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(driver.pid, 9)
        output, _ = driver.communicate()
        pytest.fail(f"the editor did not end:\n{output}")
    assert driver.returncode == 0, output
    assert "Traceback" not in output and "QThread" not in output, output
    with pytest.raises(ProcessLookupError):  # nothing of its session is left
        os.killpg(driver.pid, 0)


def test_mask_remove_undo_redo_save(display, tmp_path, picture):
    before = np.asarray(Image.open(picture))
    _drive(display, tmp_path, "remove", picture)
    after = np.asarray(Image.open(picture))
    assert after.shape == before.shape
    ball = (slice(Y - 30, Y + 30), slice(X - 30, X + 30))
    assert after[ball][..., 0].mean() > 120  # sand where the ball was
    assert (tmp_path / "config" / "settings.json").exists()


def test_closing_in_the_middle_of_a_run(display, tmp_path, picture):
    content = picture.read_bytes()
    _drive(display, tmp_path, "close", picture)
    assert picture.read_bytes() == content


def test_what_a_crash_left_is_recovered(display, tmp_path, picture):
    _drive(display, tmp_path, "crash", picture)
    assert len(folders()) == 1
    _drive(display, tmp_path, "recover", picture)
    assert folders() == []  # once it was saved and closed there is nothing to offer


def test_a_whole_session_in_two_tabs(display, tmp_path, picture):
    other = tmp_path / "turned.png"
    with Image.open(picture) as first:
        pixels = np.asarray(first)
    Image.fromarray(pixels[:, :, ::-1].copy()).save(other)  # other colours, the ball where it was
    words = [str(STUDIO), str(picture), str(other), str(tmp_path), str(X), str(Y), str(RADIUS)]
    _run(display, tmp_path, "studio", words, 330)
    assert {path.name for path in tmp_path.glob("*.ora")} == {"saved-0.ora", "saved-1.ora"}
    assert {path.name for path in tmp_path.glob("*.jpg")} == {"exported-0.jpg", "exported-1.jpg"}


def test_from_no_model_at_all_to_a_fill_and_another(display, tmp_path, picture, request, monkeypatch):
    pytest.importorskip("diffusers")
    model = request.getfixturevalue("saved")["sd file"]
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # networks this small take longer on several
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.json").write_text(json.dumps({"tour_seen": True}))
    _run(display, tmp_path, "fill", [str(FILL), str(picture), str(X), str(Y), str(RADIUS), str(model)])
    assert json.loads((config / "settings.json").read_text())["prompts"] == ["a ball of wool"]
