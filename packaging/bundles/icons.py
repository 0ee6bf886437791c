"""The program's icon in the sizes and containers that systems want, drawn from resources/icons/lacuna.svg.

    python packaging/bundles/icons.py FOLDER

Writes lacuna-N.png for each N of SIZES, lacuna.ico (Windows) and lacuna.icns (macOS). Runs with what the
program itself needs: Qt draws, Pillow writes the containers.
"""

import os
import sys
from pathlib import Path

from PIL import Image

SOURCE = Path(__file__).resolve().parents[2] / "resources" / "icons" / "lacuna.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO = (16, 24, 32, 48, 64, 256)
_ICNS = 1024  # the largest; Pillow makes the others of it where they are not given


def draw(folder: Path) -> None:
    """Write all files into ``folder``, which is made if need be."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(SOURCE))
    folder.mkdir(parents=True, exist_ok=True)
    for size in (*SIZES, _ICNS):
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"lacuna-{size}.png"))
    del app
    drawn = {size: Image.open(folder / f"lacuna-{size}.png") for size in (*SIZES, _ICNS)}
    ico = [drawn[size] for size in _ICO]
    ico[-1].save(folder / "lacuna.ico", sizes=[(size, size) for size in _ICO], append_images=ico[:-1])
    drawn[_ICNS].save(folder / "lacuna.icns", append_images=[drawn[size] for size in (32, 64, 128, 256, 512)])


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
