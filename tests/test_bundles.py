"""What packaging/ hands out: the single file in a shell's hands, what is trimmed, what desktops are told."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "packaging"))

from bundles import file_types, run_file, sizes, trimming  # noqa: E402

from editor.document.files.raster import RAW_SUFFIXES, READ_SUFFIXES  # noqa: E402
from editor.ui import about_parts  # noqa: E402

linux = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("zstd") is None, reason="the single file is for Linux"
)


# -- the single file ----------------------------------------------------------------------------------


@pytest.fixture
def single(tmp_path):
    """A single file whose program tells what it was given, and where it lies."""
    program = tmp_path / "program"
    (program / "_internal").mkdir(parents=True)
    (program / "_internal" / "noise").write_bytes(os.urandom(300_000))
    (program / "lacuna").write_text('#!/bin/sh\necho "$0|$#|$1|$LACUNA_COMMAND"\n')
    (program / "lacuna").chmod(0o755)
    target = tmp_path / "Lacuna test.run"
    run_file.write(program, target, 3)
    return target


def start(single: Path, home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    own = {"HOME": str(home), "PATH": os.environ["PATH"]} | more
    return subprocess.run([str(single), *arguments], env=own, capture_output=True, text=True, timeout=60)


def unpacked(home: Path) -> list[Path]:
    return [path for path in home.glob(".cache/lacuna-bundle/*") if path.is_dir()]


@linux
def test_it_unpacks_once_and_then_goes_straight_in(single, tmp_path):
    home = tmp_path / "a home"
    home.mkdir()
    first = start(single, home, "a photo.jpg")
    (place,) = unpacked(home)
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{place}/lacuna|1|a photo.jpg|{single}\n"
    assert first.stderr == ""
    assert not list(place.parent.glob(".unpacking-*"))
    (place / "_internal" / "noise").write_text("kept")
    assert start(single, home).returncode == 0
    assert (place / "_internal" / "noise").read_text() == "kept"


@linux
def test_one_that_is_damaged_or_cut_off_is_not_started(single, tmp_path):
    whole = single.read_bytes()
    for wrong in (whole[:-1000], whole[:-1] + bytes([whole[-1] ^ 1])):
        single.write_bytes(wrong)
        told = start(single, tmp_path)
        assert told.returncode == 1 and told.stdout == ""
        assert told.stderr.endswith("is damaged or not all there. Fetch it again.\n")
        assert told.stderr.count("\n") == 1
        assert not unpacked(tmp_path)


@linux
def test_two_starts_at_once_both_run(single, tmp_path):
    own = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    both = [subprocess.Popen([str(single)], env=own, stdout=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].count(b"/lacuna|0|") for process in both] == [1] * 4
    assert len(unpacked(tmp_path)) == 1


@linux
def test_two_starts_at_once_both_run_without_locks(single, tmp_path):
    """Where the system has no flock, both unpack, and one of the two stays."""
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "flock").write_text("#!/bin/sh\nexit 127\n")
    (commands / "flock").chmod(0o755)
    own = {"HOME": str(tmp_path), "PATH": f"{commands}:{os.environ['PATH']}"}
    both = [subprocess.Popen([str(single)], env=own, stdout=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].count(b"/lacuna|0|") for process in both] == [1] * 4
    (place,) = unpacked(tmp_path)
    assert not (place / "program").exists()  # one that came later did not move into it


@linux
def test_a_full_disk_is_told_in_a_line(single, tmp_path):
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "df").write_text("#!/bin/sh\necho head\necho dev 100 90 10 90% /\n")
    (commands / "df").chmod(0o755)
    told = start(single, tmp_path, PATH=f"{commands}:{os.environ['PATH']}")
    assert told.returncode == 1
    assert told.stderr.startswith("lacuna: The first start needs ") and "Make room" in told.stderr
    assert told.stderr.count("\n") == 1


@linux
def test_a_disk_that_fills_up_meanwhile_leaves_nothing(single, tmp_path):
    commands, real = tmp_path / "commands", shutil.which("tar")
    commands.mkdir()
    (commands / "tar").write_text(f'#!/bin/sh\necho no room >&2\n{real} "$@" && exit 2\n')
    (commands / "tar").chmod(0o755)
    told = start(single, tmp_path, PATH=f"{commands}:{os.environ['PATH']}")
    assert told.returncode == 1 and told.stderr.count("\n") == 1
    assert not unpacked(tmp_path)


@linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount")
def test_a_folder_that_programs_cannot_be_run_from_is_told_in_a_line(single, tmp_path):
    place = tmp_path / "noexec"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "noexec,size=40m", "tmpfs", str(place)]
    start_there = f"{' '.join(mount)} && HOME={place} exec '{single}'"
    told = subprocess.run(["unshare", "-m", "sh", "-c", start_there], capture_output=True, text=True)
    if "mount" in told.stderr:
        pytest.skip("nothing can be mounted here")
    assert told.returncode == 1
    assert told.stderr == (
        f"lacuna: Programs cannot be run from {place}/.cache/lacuna-bundle. "
        "Name another folder with LACUNA_UNPACK_DIR=FOLDER.\n"
    )


@linux
def test_another_folder_can_be_named(single, tmp_path):
    told = start(single, tmp_path, LACUNA_UNPACK_DIR=str(tmp_path / "elsewhere"))
    assert told.stdout.startswith(f"{tmp_path}/elsewhere/")
    told = subprocess.run([single], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert told.returncode == 1 and "LACUNA_UNPACK_DIR=FOLDER" in told.stderr


@linux
def test_old_versions_go_unless_they_run(single, tmp_path):
    base = tmp_path / ".cache" / "lacuna-bundle"
    for name in ("old", "running", "young"):
        (base / name).mkdir(parents=True)
        (base / name / ".whole").touch()
    for name in ("old", "running"):
        os.utime(base / name / ".whole", (0, 0))
    with (base / "running" / ".whole").open() as held:
        subprocess.run(["flock", "-s", str(held.fileno())], check=True, pass_fds=[held.fileno()])
        assert start(single, tmp_path).returncode == 0
    assert {path.name for path in unpacked(tmp_path)} >= {"running", "young"}
    assert not (base / "old").exists()


# -- what is inside -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/translations/qt_help_zh_CN.qm", False),
        ("resources/translations/lacuna_zh_CN.qm", True),
        ("torch/bin/protoc", False),
        ("torch/bin/torch_shm_manager", True),
        ("torch/test/test_jit", False),
        ("torch/testing/__init__.py", True),
        ("opencv_python_headless.libs/libdrm-b0291a67.so.2.4.0", True),
    ],
)
def test_what_is_never_asked_for_is_left_out(place, kept):
    assert trimming.keeps(place) == kept


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux desktops have")
def test_what_belongs_to_the_desktop_is_left_out():
    assert not trimming.keeps("libX11.so.6") and not trimming.keeps("libGL.so.1")
    assert not trimming.keeps("libstdc++.so.6")
    assert trimming.keeps("libxcb-cursor.so.0") and trimming.keeps("libglib-2.0.so.0")


def test_qt_modules_are_those_that_the_program_imports():
    used = trimming.qt_modules([ROOT / "editor", ROOT / "engines"])
    assert {"QtCore", "QtGui", "QtSvg", "QtWidgets"} <= used
    left_out = trimming.unused_qt_modules(used)
    assert "PySide6.QtQml" in left_out and "PySide6.QtCore" not in left_out
    assert not {f"PySide6.{name}" for name in used} & set(left_out)


def test_sizes_are_told_largest_first(tmp_path):
    for name, size in (("_internal/cv2/cv2.so", 3_000_000), ("_internal/numpy.libs/a.so", 5_000_000)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
    (tmp_path / "_internal" / "small").write_bytes(bytes(1000))
    lines = [line.split() for line in sizes.table(tmp_path).splitlines()]
    assert [line[0] for line in lines] == ["5.0", "3.0", "0.0", "8.0"]
    assert [line[2] for line in lines[:2]] == ["numpy", "cv2"]


def test_about_tells_what_a_bundle_carries_along(monkeypatch, tmp_path):
    told = [
        {"name": "Python", "version": "3.11.7", "licence": "PSF-2.0", "texts": ["words"]},
        {"name": "libglib2.0-0", "version": "2.74", "licence": "LGPL-2.1+", "texts": ["more"]},
    ]
    (tmp_path / "bundled.json").write_text(json.dumps(told))
    monkeypatch.setattr(about_parts, "BUNDLED", tmp_path / "bundled.json")
    parts = about_parts.collect()
    assert [part.name for part in parts[:3]] == ["Lacuna", "Python", "libglib2.0-0"]
    assert parts[2].texts == ("more",)
    assert [part.name for part in parts].count("Python") == 1


# -- the program itself, where it was built -----------------------------------------------------------

BUILT = Path(os.environ.get("LACUNA_BUILT", ROOT / "dist" / "lite" / "lacuna")) / "lacuna"
built = pytest.mark.skipif(not BUILT.is_file(), reason="no bundle was built: python packaging/bundle.py lite")


def run_built(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [str(BUILT), *map(str, arguments)]
    # What the tests run with must not help it.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LD_"))}
    return subprocess.run(words, env=own, capture_output=True, text=True, timeout=120)


@built
def test_the_bundle_reads_and_writes_every_format(tmp_path):
    sample = ROOT / "resources" / "samples" / "desert-hike.jpg"
    for suffix in (*file_types.DOCUMENTS, ".png", ".tif", ".webp", ".avif", ".jxl", ".jpg"):
        done = run_built("convert", sample, tmp_path / f"a{suffix}")
        assert done.returncode == 0, (suffix, done.stderr)
        done = run_built("info", tmp_path / f"a{suffix}", "--json")
        assert json.loads(done.stdout)["width"] == 3840, (suffix, done.stdout)


@built
def test_the_bundle_develops_raw_and_reads_heic(tmp_path):
    sys.path.insert(0, str(ROOT / "tests" / "document" / "files"))
    from raw_sources import dng, flat

    (tmp_path / "a.dng").write_bytes(dng(flat(64, 96, 8000, 16000, 11200)))
    heic = ROOT / "tests" / "document" / "files" / "samples" / "rgb10.heic"
    for path in (tmp_path / "a.dng", heic):
        done = run_built("convert", path, tmp_path / f"{path.stem}.png")
        assert done.returncode == 0, (path, done.stderr)


@built
def test_the_bundle_has_what_selecting_needs():
    told = map(json.loads, run_built("models", "list", "--json").stdout.splitlines())
    states = {each["id"]: each["state"] for each in told}
    for name in ("migan-512", "mlsd-512", "mobile-sam", "u2netp"):
        assert states[name] in ("embedded", "installed"), name


@built
def test_the_bundle_names_itself_in_what_it_tells(tmp_path):
    told = run_built("remove").stderr
    assert "main.py" not in told and f"{BUILT} remove --help" in told


# -- what desktops are told ---------------------------------------------------------------------------


def test_every_picture_but_rare_raw_files_has_a_type():
    assert set(file_types.PICTURES) == set(READ_SUFFIXES)
    untold = {each for each in (*file_types.DOCUMENTS, *READ_SUFFIXES) if each not in file_types.MIME}
    assert untold <= set(RAW_SUFFIXES)
    assert not set(file_types.MIME) - {*file_types.DOCUMENTS, *READ_SUFFIXES}


def test_the_types_of_layered_files_come_with_the_program():
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    tree = ET.parse(ROOT / "packaging" / "linux" / "lacuna-mime.xml").getroot()
    told = {
        glob.get("pattern").removeprefix("*"): kind.get("type")
        for kind in tree.iter(f"{space}mime-type")
        for glob in kind.iter(f"{space}glob")
    }
    assert told == {suffix: file_types.MIME[suffix] for suffix in file_types.DOCUMENTS}


def test_the_menu_entry_is_the_windows():
    entry = (ROOT / "packaging" / "linux" / "lacuna.desktop").read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in entry.splitlines() if "=" in line)
    assert lines["Exec"] == "lacuna %F" and lines["Icon"] == "lacuna"
    app = (ROOT / "editor" / "ui" / "app.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("lacuna")' in app


@pytest.mark.skipif(shutil.which("makensis") is None, reason="needs makensis")
def test_the_installer_for_windows_compiles(tmp_path):
    target = tmp_path / "Lacuna-setup.exe"
    script = ROOT / "packaging" / "windows" / "installer.py"
    done = subprocess.run([sys.executable, script, "--try", target], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert target.read_bytes()[:2] == b"MZ"
