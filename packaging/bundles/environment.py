"""The virtual environment that a bundle is made from: exactly what pyproject.toml pins, and the tools."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = {"lite": ("raw",), "full": ("raw", "torch", "diffusion")}


def make(folder: Path, size: str) -> Path:
    """Its Python, once all is installed; one that pyproject.toml has not changed under is used again."""
    extras = ",".join((*EXTRAS[size], "packaging"))
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + extras.encode()).hexdigest()
    mark = folder / "made-of"
    if not (mark.is_file() and mark.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"{ROOT}[{extras}]"], check=True)
        mark.write_text(wanted)
    if size == "full":
        _refuse_cuda(python)
    return python


def _refuse_cuda(python: Path) -> None:
    """With CUDA it would weigh gigabytes. Where pip finds torch for processors is the user's setting."""
    asked = [str(python), "-c", "import torch; print(torch.version.cuda or '')"]
    if subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip():
        sys.exit(
            "pip has installed torch with CUDA. Set PIP_EXTRA_INDEX_URL to PyTorch's index of wheels for "
            "processors, remove the build folder, and try again."
        )
