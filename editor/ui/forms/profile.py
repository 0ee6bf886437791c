"""Which colour profile a picture is to have."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from editor.document import icc
from editor.document.files import profiles
from editor.document.model import Document
from editor.ui.forms.form import Form, choices
from editor.ui.words import tr

_SPACES = (profiles.SRGB, profiles.DISPLAY_P3, profiles.ADOBE_RGB, profiles.PROPHOTO_RGB)
_MOST = 4 << 20  # bytes of a profile
_FILE = "file"


class ProfileForm(Form):
    """``chosen`` carries the profile (None for sRGB without one), the intent and whether black points are
    compensated; the last two mean something only if the picture is to be converted."""

    chosen = Signal(object, str, bool)

    def __init__(self, document: Document, parent: QWidget, *, convert: bool) -> None:
        title, verb = (
            (tr("Convert to profile"), tr("Convert"))
            if convert
            else (
                tr("Assign profile"),
                tr("Assign"),
            )
        )
        super().__init__(parent, title, verb)
        self._from_file: bytes | None = None
        self._before = 0
        self.now = QLabel(name_of(document.metadata.icc))
        plain = () if convert else ((None, tr("None (taken as sRGB)")),)
        self.profile = choices((*plain, *((space, space.name) for space in _SPACES)))
        self.profile.addItem(tr("From a file…"), _FILE)
        intents = {
            "relative": tr("Relative colorimetric"),
            "perceptual": tr("Perceptual"),
            "saturation": tr("Saturation"),
            "absolute": tr("Absolute colorimetric"),
        }
        self.intent = choices(intents.items())
        self.black_point = QCheckBox(tr("Black point compensation"))
        self.black_point.setChecked(True)
        self.add_row(tr("Now"), self.now)
        self.add_row(tr("Profile"), self.profile)
        if convert:
            self.add_row(tr("Intent"), self.intent)
            self.add_row("", self.black_point)
            self.say(tr("The picture looks the same"))
        else:
            self.say(tr("The colours change their look, and no pixel its value"))
        self.profile.activated.connect(self._on_profile)

    def _on_profile(self, place: int) -> None:
        if self.profile.itemData(place) == _FILE and not self._read():
            self.profile.setCurrentIndex(self._before)
        self._before = self.profile.currentIndex()

    def _read(self) -> bool:
        """Let the user choose a file; whether there is a profile in it."""
        from editor.ui import file_dialogs

        filters = tr("Colour profiles (*.icc *.icm)")
        files = file_dialogs.ask_for_files(self, tr("Colour profile"), str(Path.home()), filters)
        return bool(files) and self.take_file(files[0])

    def take_file(self, path: Path) -> bool:
        """Offer the profile in a file. Whether it holds one that a picture can have."""
        try:
            if path.stat().st_size > _MOST:
                raise ValueError
            data = path.read_bytes()
            icc.space(data)
        except (OSError, ValueError):
            self.say(tr("{name} holds no colour profile.").format(name=path.name))
            return False
        self._from_file = data
        self.profile.setItemText(self.profile.count() - 1, name_of(data))
        return True

    def accept(self) -> None:
        space = self.profile.currentData()
        profile = self._from_file if space == _FILE else space and profiles.profile(space)
        self.chosen.emit(profile, self.intent.currentData(), self.black_point.isChecked())
        super().accept()


def name_of(profile: bytes | None) -> str:
    """What a profile calls itself."""
    from io import BytesIO

    from PIL import ImageCms

    if profile is None:
        return tr("None (taken as sRGB)")
    try:
        words = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError):
        return tr("One that cannot be read")
    return words.strip()
