"""``main.py remove --lines``: lines from JSON or from a picture reach the engine; what cannot be is told."""

import json

import cv2
import numpy as np
import pytest
from test_remove_command import engine, mask, picture, refused, run  # noqa: F401  engine is a fixture

from editor.cli import lines_file
from editor.document.files import raster
from editor.document.files.metadata import Metadata
from editor.document.guide import MAX_GUIDES
from editor.jobs import remove as job


def lines_json(path, *lines, width=60, height=40, **more):
    completed = [{"points": points, "enabled": True, "score": 0.7, "kind": "joined"} for points in lines]
    plain = {"version": 1, "width": width, "height": height, "detected": [], "completed": completed}
    path.write_text(json.dumps(plain | more))
    return path


def lines_png(path, *lines, width=60, height=40, on=(0, 0, 0, 255)):
    image = np.full((height, width, 4), on, np.uint8)
    for (x, y), (right, bottom) in lines:
        cv2.line(image, (x, y), (right, bottom), (255, 255, 255, 255), 2)
    raster.write(path, raster.Raster(image, False, True, Metadata()), quality=95)
    return path


@pytest.fixture
def files(tmp_path):
    picture(tmp_path / "in.png")
    mask(tmp_path / "mask.png")
    return tmp_path


@pytest.fixture
def requests(monkeypatch):
    """What the command asked the engine to do."""
    made, original = [], job.request

    def request(*arguments, **options):
        made.append(original(*arguments, **options))
        return made[-1]

    monkeypatch.setattr(job, "request", request)
    return made


def removed(capsys, files, lines, *more):
    return run(
        capsys,
        files / "in.png",
        "--mask",
        files / "mask.png",
        "--lines",
        lines,
        "-o",
        files / "out.png",
        *more,
    )


def test_lines_of_a_json_file_are_followed(capsys, engine, files, requests):  # noqa: F811
    path = lines_json(
        files / "l.json", [[10, 15], [50, 15.5]], [[15, 12], [20, 14], [60, 18]], [[0, 0], [5, 0]]
    )
    code, out, err = removed(capsys, files, path, "--json")
    assert (code, err) == (0, [])
    assert json.loads(out[0])["lines"] == 2  # the third is beside the mask
    assert [line.tolist() for line in requests[0].guides] == [
        [[10, 15], [50, 15.5]],
        [[15, 12], [20, 14], [60, 18]],
    ]


def test_a_line_that_is_turned_off_is_not_followed(capsys, engine, files, requests):  # noqa: F811
    path = files / "l.json"
    off = {"points": [[10, 15], [50, 15]], "enabled": False}
    path.write_text(json.dumps({"version": 1, "width": 60, "height": 40, "completed": [off]}))
    assert removed(capsys, files, path)[0] == 0
    assert requests[0].guides == ()


@pytest.mark.parametrize("on", [(0, 0, 0, 255), (0, 0, 0, 0), (255, 255, 255, 0)])
def test_lines_drawn_in_a_picture_are_followed(capsys, engine, files, requests, on):  # noqa: F811
    path = lines_png(files / "l.png", ((10, 15), (50, 18)), on=on)
    assert removed(capsys, files, path)[0] == 0
    (line,) = requests[0].guides
    ends = line[np.argsort(line[:, 0])]
    assert np.abs(ends - [[10.5, 15.5], [50.5, 18.5]]).max() < 2.5


def test_lines_change_the_fill_and_nothing_outside_the_mask(capsys, engine, files):  # noqa: F811
    before = raster.read(files / "in.png").pixels
    inside = raster.read(files / "mask.png").pixels[..., 0] > 0
    run(capsys, files / "in.png", "--mask", files / "mask.png", "-o", files / "out.png")
    without = raster.read(files / "out.png").pixels
    assert removed(capsys, files, lines_json(files / "l.json", [[10, 15], [50, 16]]))[0] == 0
    follows = raster.read(files / "out.png").pixels
    np.testing.assert_array_equal(follows[~inside], before[~inside])
    assert (follows != without)[inside].any()


def test_folders_of_lines_are_matched_by_name(capsys, engine, tmp_path, requests):  # noqa: F811
    for folder in ("in", "masks", "lines"):
        (tmp_path / folder).mkdir()
    for name in "abc":
        picture(tmp_path / "in" / f"{name}.png")
        mask(tmp_path / "masks" / f"{name}.png")
    lines_json(tmp_path / "lines" / "a.json", [[10, 15], [50, 15]])
    lines_png(tmp_path / "lines" / "b.png", ((10, 18), (50, 18)))
    folders = [tmp_path / "in", "--mask", tmp_path / "masks", "--lines", tmp_path / "lines"]
    code, _, err = run(capsys, *folders, "-o", tmp_path / "out")
    assert (code, err) == (0, [])
    assert [len(request.guides) for request in requests] == [1, 1, 0]
    (tmp_path / "lines" / "b.png").unlink()
    (tmp_path / "lines" / "b.json").write_text("{")
    code, _, err = run(capsys, *folders, "-o", tmp_path / "out")
    assert code == 2
    assert len(err) == 1  # the other two are done all the same
    assert "b.json is no JSON" in err[0]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "b.png", "c.png"]


GOOD = {"version": 1, "width": 60, "height": 40, "completed": []}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is no JSON"]),
        ("[" * 100_000, ["is no JSON"]),
        ("[1]", ['no list "completed"']),
        (json.dumps(GOOD | {"completed": {}}), ['no list "completed"']),
        (json.dumps(GOOD | {"version": 2}), ["not of version 1"]),
        (json.dumps(GOOD | {"width": 61}), ["61 x 40", "60 x 40", "same size"]),
        (json.dumps({"version": 1, "completed": []}), ["None x None", "same size"]),
        (json.dumps(GOOD | {"completed": [None]}), ["Line 1", "damaged"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2]]}]}), ["Line 1", "damaged"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [3, "4"]]}]}), ["Line 1", "damaged"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [3, True]]}]}), ["Line 1", "damaged"]),
        (
            json.dumps(GOOD | {"completed": [{"points": [[1, 2], [3, 4]], "enabled": 1}]}),
            ["Line 1", "damaged"],
        ),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [3, 400]]}]}), ["Line 1", "far off"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [float("nan"), 4]]}]}), ["Line 1", "far off"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [float("inf"), 4]]}]}), ["Line 1", "far off"]),
        (json.dumps(GOOD | {"completed": [{"points": [[1, 2], [10**400, 4]]}]}), ["Line 1", "far off"]),
        (json.dumps(GOOD | {"completed": [{}] * (MAX_GUIDES + 1)}), ["more than 5,000 lines"]),
    ],
)
def test_what_is_no_file_of_lines_is_told_in_one_line(capsys, engine, files, text, words):  # noqa: F811
    path = files / "l.json"
    path.write_text(text)
    arguments = [files / "in.png", "--mask", files / "mask.png", "--lines", path, "-o", files / "out.png"]
    refused(capsys, *arguments, words=words)
    assert not (files / "out.png").exists()


def test_what_is_no_picture_of_lines_is_told_in_one_line(capsys, engine, files, monkeypatch):  # noqa: F811
    arguments = [files / "in.png", "--mask", files / "mask.png", "-o", files / "out.png", "--lines"]
    refused(capsys, *arguments, lines_png(files / "l.png", width=61), words=["61 x 40", "same size"])
    refused(capsys, *arguments, lines_png(files / "l.png"), words=["no line in l.png"])
    white = lines_png(files / "l.png", on=(255, 255, 255, 255))
    refused(capsys, *arguments, white, words=["20% of l.png is bright"])
    refused(capsys, *arguments, files / "none.json", words=["no file of lines", "none.json"])
    (files / "l.png").write_bytes(b"nothing")
    refused(capsys, *arguments, files / "l.png", words=["l.png"])
    monkeypatch.setattr(lines_file, "LARGEST", 10)
    refused(capsys, *arguments, lines_json(files / "l.json"), words=["l.json is larger than"])


def test_the_command_can_find_the_lines_itself(tmp_path, capsys):
    pixels = np.full((240, 320, 4), 210, np.uint8)
    pixels[115:125, :, :3] = 60
    pixels[..., 3] = 255
    raster.write(tmp_path / "in.png", raster.Raster(pixels, False, False, Metadata()), quality=95)
    hole = np.zeros((240, 320, 4), np.uint8)
    cv2.circle(hole, (160, 120), 35, (255, 255, 255, 255), -1)
    raster.write(tmp_path / "mask.png", raster.Raster(hole, False, True, Metadata()), quality=95)
    code, out, err = removed(capsys, tmp_path, "auto", "--json")
    assert (code, err) == (0, [])
    assert json.loads(out[0])["lines"] >= 2
    filled = raster.read(tmp_path / "out.png").pixels
    inside = filled[:, 150:170, 0].mean(axis=1)
    assert inside[118:122].max() < 110 and inside[100] > 170 and inside[140] > 170
