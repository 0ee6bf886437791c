"""Large imports are mapped beforehand and passed over by the collector; each case in its own process."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def told(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error::ImportWarning", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_pytorch_is_mapped_before_it_is_imported_and_then_never_collected():
    assert told(
        """
import gc, sys
from engines import importing
with importing.aside({"torch"}):
    with open("/proc/self/maps") as maps:
        print("libtorch_python" in maps.read(), "torch" in sys.modules, gc.isenabled())
    import torch
print(gc.get_freeze_count() > 100_000, gc.isenabled(), torch.zeros(2).tolist() == [0, 0])
"""
    ) == ["True", "False", "False", "True", "True", "True"]


def test_without_a_large_import_all_is_as_before():
    assert told(
        """
import gc, sys
from engines import importing
try:
    with importing.aside({"onnxruntime"}):
        import json
        raise ValueError
except ValueError:
    print(gc.isenabled(), gc.get_freeze_count())
gc.disable()
with importing.aside(set()):
    pass
print(gc.isenabled(), "torch" in sys.modules, "ctypes" in sys.modules)
"""
    ) == ["True", "0", "False", "False", "True"]
