"""PSD and PSB, Photoshop's own formats, to open and to save.

The sections named in the modules are those of Adobe's "Photoshop File Formats Specification" (November 2019).
Opening goes through psd-tools' parser of layer records; saving is our own. Import this package where a PSD is
opened or saved: psd-tools takes a moment to load.
"""

from editor.document.files.psd.losses import losses
from editor.document.files.psd.reading import read
from editor.document.files.psd.writing import write

__all__ = ["losses", "read", "write"]
