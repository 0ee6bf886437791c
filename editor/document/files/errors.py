"""The one exception that opening and saving raise, and plain words for what a disk reports."""

import errno


class FileError(Exception):
    """A file could not be opened or saved. ``str()`` is one plain line: what is wrong and what to do."""


class Refused(ValueError):
    """Why a file cannot be opened, from code that does not know its name: a clause without a full stop.

    ``reading.explained`` makes a ``FileError`` of it. What is beyond a limit names the limit.
    """


_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "there is no permission to write here; choose another folder",
    errno.EPERM: "there is no permission to write here; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "the folder does not exist",
    errno.EISDIR: "a folder has this name; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EFBIG: "the file would be larger than this disk allows",
    errno.ELOOP: "the link points to itself",
}


def reason(error: OSError) -> str:
    """What an ``OSError`` met while writing means, as a clause without a full stop."""
    if error.errno is None:
        return "the picture could not be written in this format; choose another one"
    return _WORDS.get(error.errno) or f"the disk reported an error ({error.strerror})"
