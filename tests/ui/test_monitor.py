"""The monitor's profile: the settings' or X11's, and what it does to the picture on the screen."""

import os
import shutil
import subprocess
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor import settings
from editor.document.files import profiles
from editor.document.files.metadata import Metadata
from editor.document.model import Document
from editor.ui import display, monitor

ADOBE = profiles.profile(profiles.ADOBE_RGB)


@pytest.fixture(autouse=True)
def forget():
    monitor.profile.cache_clear()
    yield
    monitor.profile.cache_clear()


def _document(icc: bytes | None = None) -> Document:
    pixels = np.zeros((4, 5, 4), np.uint8)
    pixels[:] = (200, 60, 30, 255)
    return Document.from_pixels(pixels, metadata=Metadata(icc=icc))


def test_none_is_srgb():
    assert monitor.profile() is None


def test_the_settings_name_it(tmp_path):
    path = tmp_path / "screen.icc"
    path.write_bytes(ADOBE)
    settings.save(settings.Settings(display_profile=str(path)))
    assert monitor.profile() == ADOBE
    document = _document()
    shown = display.PictureSource(document)(document.rect)[0, 0, :3]
    profile = ImageCms.ImageCmsProfile(BytesIO(ADOBE))
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), profile, "RGB", "RGB")
    wanted = np.asarray(ImageCms.applyTransform(Image.new("RGB", (1, 1), (200, 60, 30)), transform))[0, 0]
    assert np.abs(shown.astype(int) - wanted).max() <= 2
    assert (shown != (200, 60, 30)).any()


def test_a_document_of_the_monitors_own_colours_is_shown_as_it_is(tmp_path):
    path = tmp_path / "screen.icc"
    path.write_bytes(ADOBE)
    settings.save(settings.Settings(display_profile=str(path)))
    document = _document(ADOBE)
    assert tuple(display.PictureSource(document)(document.rect)[0, 0, :3]) == (200, 60, 30)


@pytest.mark.parametrize("content", [None, b"no profile"])
def test_what_cannot_be_used_is_srgb(tmp_path, content):
    path = tmp_path / "screen.icc"
    if content is not None:
        path.write_bytes(content)
    settings.save(settings.Settings(display_profile=str(path)))
    document = _document()
    assert tuple(display.PictureSource(document)(document.rect)[0, 0, :3]) == (200, 60, 30)


@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xprop")), reason="needs Xvfb and xprop")
def test_x11s_own(monkeypatch):
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "64x64x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            display_name = f":{pipe.readline().strip()}"
        monkeypatch.setenv("DISPLAY", display_name)
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        assert monitor.profile() is None
        monitor.profile.cache_clear()
        values = ",".join(str(byte) for byte in ADOBE[:64])  # xprop takes no more
        subprocess.run(
            ["xprop", "-root", "-f", "_ICC_PROFILE", "8c", "-set", "_ICC_PROFILE", values], check=True
        )
        assert monitor.profile() == ADOBE[:64]
        monitor.profile.cache_clear()
        monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
        assert monitor.profile() is None
    finally:
        server.terminate()
        server.wait(10)


def test_without_a_server_there_is_none(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert monitor.profile() is None
