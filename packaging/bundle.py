"""Makes the program that needs no Python, for the system that this runs on, and what it is handed out in.

    python packaging/bundle.py lite|full [--out DIR] [--only-folder] [--level N]

lite has the editor, removal, lines and selection; full has torch for processors and diffusers besides. DIR
(dist/ by default) gets the folder of the program, on Linux the single file and the .deb, SHA256SUMS, and the
list of what is inside as CycloneDX JSON. What is inside is printed by size; the command fails if what is
downloaded is larger than packaging/bundles/sizes.py allows. packaging/README.md tells what else there is.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bundles import environment

ROOT = Path(__file__).resolve().parents[1]
# Weights that go in besides the repository's: free for every use, and what selecting works with offline.
WEIGHTS = ("mobile-sam", "u2netp")


def weights(python: Path, folder: Path) -> Path:
    """A folder with the files of ``WEIGHTS`` and nothing else, fetched and checked by the program itself."""
    own = os.environ | {"LACUNA_DATA_DIR": str(folder / "data")}
    for name in WEIGHTS:
        for deed in ("install", "verify"):
            subprocess.run([str(python), str(ROOT / "main.py"), "models", deed, name], check=True, env=own)
    chosen = folder / "chosen"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir(parents=True)
    for path in (folder / "data" / "models").iterdir():
        if path.suffix in (".onnx", ".safetensors"):
            shutil.copy2(path, chosen)
    return chosen


def freeze(python: Path, size: str, work: Path, out: Path) -> Path:
    """Run PyInstaller; returns the folder, or on macOS the app."""
    icons = work / "icons"
    subprocess.run([str(python), str(ROOT / "packaging" / "bundles" / "icons.py"), str(icons)], check=True)
    own = os.environ | {
        "LACUNA_BUNDLE": size,
        "LACUNA_ICONS": str(icons),
        "LACUNA_WEIGHTS": str(weights(python, work / "weights")),
        "PYTHONHASHSEED": "1",  # the same input gives the same archive
    }
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(out), "--workpath", str(work / "pyinstaller")]
    spec = str(ROOT / "packaging" / "lacuna.spec")
    subprocess.run([*command, *places, spec], check=True, env=own, cwd=work)
    return out / ("Lacuna.app" if sys.platform == "darwin" else "lacuna")


def internal(program: Path) -> Path:
    """Where the files of the program lie in it."""
    return program / ("Contents/Resources" if sys.platform == "darwin" else "_internal")


def strip(program: Path) -> None:
    """On Linux: drop what only a debugger would read, of Python itself; wheels come without it, and some of
    their libraries were changed in a way that strip breaks."""
    inner = internal(program)
    for path in (
        *inner.glob("libpython*"),
        *inner.glob("python3.*/lib-dynload/*.so"),
        *inner.glob("*.cpython-*.so"),
    ):
        subprocess.run(["strip", "--strip-debug", str(path)], check=True)


def sign(files: list[Path]) -> None:
    """On Windows, with the key of the user's store, if LACUNA_SIGNTOOL names signtool.

    LACUNA_TIMESTAMP is the address of a time stamp service: a signature with one outlives its key.
    """
    if tool := os.environ.get("LACUNA_SIGNTOOL"):
        stamp = os.environ.get("LACUNA_TIMESTAMP")
        more = ["/tr", stamp, "/td", "SHA256"] if stamp else []
        subprocess.run([tool, "sign", "/a", "/fd", "SHA256", *more, *map(str, files)], check=True)


def shipped(program: Path, size: str, work: Path, bom: Path, out: Path, level: int) -> list[Path]:
    """What of ``program`` is handed out, as this system has it."""
    if sys.platform == "linux":
        from bundles import deb, run_file

        suffix = "" if size == "lite" else "-full"
        single = out / f"Lacuna{suffix.title()}-{platform.machine()}.run"
        run_file.write(program, single, level)
        return [single, deb.build(program, work / "icons", bom, f"lacuna{suffix}", out)]
    if sys.platform == "darwin":
        target = out / f"Lacuna-{size}.dmg"
        subprocess.run([str(ROOT / "packaging/macos/dmg.sh"), str(program), str(target)], check=True)
        return [target]
    target = out / f"Lacuna-{size}-setup.exe"
    sign([*program.glob("*.exe")])
    installer = str(ROOT / "packaging" / "windows" / "installer.py")
    subprocess.run([sys.executable, installer, str(program), str(target)], check=True)
    sign([target])
    return [target]


def sums(files: list[Path], target: Path) -> None:
    """As sha256sum writes and checks them; lines of files that are not made anew stay."""
    kept = target.read_text().splitlines() if target.is_file() else []
    names = {path.name for path in files}
    lines = [line for line in kept if line.split("  ", 1)[-1] not in names]
    for path in files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}")
    target.write_text(
        "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.split("  ", 1)[-1]))
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", choices=("lite", "full"))
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="default: dist")
    parser.add_argument("--only-folder", action="store_true", help="leave out what it is handed out in")
    parser.add_argument("--level", type=int, default=19, help="of compression; 3 for a trial")
    options = parser.parse_args()
    out, work = options.out.resolve(), ROOT / "build" / options.size
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)

    python = environment.make(work / "environment", options.size)
    if Path(sys.prefix) != python.parents[1]:  # from here on with what the program itself needs
        return subprocess.call([str(python), __file__, *sys.argv[1:]])
    from bundles import sbom, sizes

    begun = time.monotonic()
    program = freeze(python, options.size, work, out / options.size)
    if sys.platform == "linux":
        strip(program)
    print(f"\n{program}\n{sizes.table(program)}\n")
    bom = out / f"lacuna-{options.size}.cdx.json"
    print(f"{bom.name}: {sbom.write(python, internal(program), bom)} components")
    if options.only_folder:
        return 0
    files = shipped(program, options.size, work, bom, out, options.level)
    sums([*files, bom], out / "SHA256SUMS")
    limit, failed = sizes.LIMIT[options.size], False
    for path in files:
        is_over = limit is not None and path.stat().st_size > limit
        failed |= is_over
        told = (
            "no limit" if limit is None else f"limit {limit / 1e6:.0f} MB{', TOO LARGE' if is_over else ''}"
        )
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB compressed ({told})")
    print(f"made in {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
