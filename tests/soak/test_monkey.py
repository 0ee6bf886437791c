"""A short walk of the monkey; the long ones are run by hand."""

import subprocess
import sys
from pathlib import Path

MONKEY = Path(__file__).with_name("monkey.py")


def test_ninety_actions_break_nothing(tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, MONKEY, "--minutes", "2", "--count", "90", "--seed", "1", "--gap", "10000"]
    done = subprocess.run([*command, "--log", log], capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, log.read_text()[-3000:] + done.stderr[-3000:]
    assert "90 actions" in log.read_text()
