"""The language of the window: English, which the program is written in, or one that translates it."""

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from editor.ui import theme

TRANSLATIONS = theme.RESOURCES / "translations"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}  # each by its own name


def chosen(language: str) -> str:
    """The language to show: ``language``, or for "" the system's as far as there is a translation."""
    if language in LANGUAGES:
        return language
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def install(app: QApplication, language: str) -> None:
    """Show everything that is made from now on in ``language`` ("" for the system's)."""
    name = chosen(language)
    locale = QLocale(name)
    QLocale.setDefault(locale)
    if name != "en":
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file, folder in ((f"qtbase_{name}", qt), (f"lacuna_{name}", str(TRANSLATIONS))):
            translator = QTranslator(app)  # the application keeps it
            if translator.load(file, folder):
                app.installTranslator(translator)
    rightwards = locale.textDirection() == Qt.LayoutDirection.LeftToRight
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight if rightwards else Qt.LayoutDirection.RightToLeft)
