"""The program as one file for Linux: packaging/linux/run_header.sh, a decompressor, and the packed folder."""

import hashlib
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

_HEADER = Path(__file__).resolve().parents[1] / "linux" / "run_header.sh"
_HEADER_SIZE = 8192  # bytes; the script is filled up to it
_HOSTS = ("linux-vdso", "libc.so", "ld-linux", "libm.so", "libpthread.so", "libdl.so", "librt.so")


def write(program: Path, target: Path, level: int) -> None:
    """Pack the folder ``program`` into the single file ``target``, with zstd's ``level`` (19 for what is
    handed out). Needs tar, gzip and zstd."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        tools, payload = Path(folder, "tools.tar.gz"), Path(folder, "payload.tar.zst")
        _pack_tools(tools)
        _pack(program, payload, level)
        digest = hashlib.sha256()
        for part in (tools, payload):
            with part.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        unpacked = sum(path.stat().st_size + 4096 for path in program.rglob("*") if not path.is_symlink())
        values = {
            "HASH": digest.hexdigest(),
            "HEADER": _HEADER_SIZE,
            "TOOLS": tools.stat().st_size,
            "PAYLOAD": payload.stat().st_size,
            "NEEDED_KB": unpacked // 1024 + 8192,
        }
        script = re.sub(r"@(\w+)@", lambda found: str(values[found[1]]), _HEADER.read_text(encoding="utf-8"))
        head = (script + "exit 1\n").encode()
        if len(head) > _HEADER_SIZE:
            raise ValueError(f"{_HEADER.name} has become longer than {_HEADER_SIZE} bytes")
        with target.open("wb") as out:
            out.write(head.ljust(_HEADER_SIZE, b"\n"))
            for part in (tools, payload):
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)
    target.chmod(0o755)


def _pack_tools(target: Path) -> None:
    """zstd and the libraries that it needs besides the C library."""
    zstd = shutil.which("zstd")
    if zstd is None:
        raise SystemExit("zstd is needed to pack the single file: apt-get install zstd")
    told = subprocess.run(["ldd", zstd], check=True, capture_output=True, text=True).stdout
    libraries = re.findall(r"(\S+) => (\S+)", told)
    with tarfile.open(target, "w:gz", dereference=True) as tar:
        tar.add(zstd, "zstd", filter=_anyones)
        for name, path in libraries:
            if not name.startswith(_HOSTS):
                tar.add(path, name, filter=_anyones)


def _anyones(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    return info


def _pack(program: Path, target: Path, level: int) -> None:
    plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]
    pack = ["tar", "-C", str(program), *plain, "-cf", "-", "."]
    command = ["zstd", "-q", f"-{level}", "--long=27", "-T0", "-o", str(target)]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as tar:
        subprocess.run(command, stdin=tar.stdout, check=True)
    if tar.returncode:
        raise SystemExit("tar could not pack the program")
