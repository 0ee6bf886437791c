"""Compiles the installer for Windows, on Windows or on Debian, with makensis.

    python packaging/windows/installer.py PROGRAM TARGET.exe     PROGRAM: the folder that bundle.py made
    python packaging/windows/installer.py --try TARGET.exe       around a stand-in, to see that it compiles

Runs in the environment of packaging/bundle.py.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from bundles import file_types, icons  # noqa: E402


def build(program: Path, target: Path) -> None:
    """Compile the installer of a folder. Raises CalledProcessError; a warning of makensis counts as one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    size = sum(path.stat().st_size for path in program.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        icons.draw(work)
        suffixes = (*file_types.DOCUMENTS, *file_types.PICTURES)
        (work / "types.nsh").write_text("".join(f'${{TYPE}} "{suffix}"\n' for suffix in suffixes))
        values = {
            "VERSION": project["version"],
            "PROGRAM": program.resolve(),
            "TARGET": target.resolve(),
            "SIZE_KB": size // 1024,
            "ICON": work / "lacuna.ico",
            "TYPES": work / "types.nsh",
        }
        defines = [f"-D{name}={value}" for name, value in values.items()]
        script = str(Path(__file__).with_name("lacuna.nsi"))
        subprocess.run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, script], check=True)


def _stand_in(folder: Path) -> Path:
    """A folder that looks like what bundle.py makes on Windows."""
    (folder / "_internal" / "resources").mkdir(parents=True)
    for name in ("lacuna.exe", "lacuna-cli.exe", "_internal/python311.dll", "_internal/resources/a file"):
        (folder / name).write_bytes(b"stand-in")
    return folder


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    target = Path(sys.argv[2])
    if sys.argv[1] == "--try":
        with tempfile.TemporaryDirectory() as folder:
            build(_stand_in(Path(folder) / "lacuna"), target)
    else:
        build(Path(sys.argv[1]), target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
