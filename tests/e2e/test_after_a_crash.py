"""Native code crashes in the window: the next start offers the work and the report of what happened."""

import signal

from PIL import Image
from test_one_window import First

from editor import black_box, reports


def crash(tmp_path) -> None:
    picture = tmp_path / "a.png"
    Image.effect_noise((320, 240), 40).convert("RGB").save(picture)
    window = First("60", "crash", str(picture))
    try:
        assert window.next() == "opened a.png"
        assert window.process.wait(60) == -signal.SIGSEGV
    finally:
        window.clear_away()


def look() -> set[str]:
    window = First("4", "look")
    try:
        assert window.process.wait(60) == 0
    finally:
        window.clear_away()
    return {window.lines.get() for _ in range(window.lines.qsize())}


def test_the_picture_and_the_report_are_offered(tmp_path):
    crash(tmp_path)
    assert {"RecoveryBar", "Recover", "Show report"} <= look()
    (path,) = reports.kept()
    text = reports.read(path)
    assert "a crash, Segmentation fault" in text and "in crash" in text
    assert "opened 320 x 240, 1 layers" in text and str(tmp_path) not in text.split("Before that:")[1]
    told = look()  # the picture is still offered, the crash was told
    assert "Recover" in told and "Show report" not in told


def test_without_a_picture_to_recover_a_line_says_so(tmp_path):
    (reports.folder() / "running-1-00").write_text("Fatal Python error: Aborted\n")
    assert {"Toast", "Show report"} <= look()
    assert black_box.left_behind() == []
