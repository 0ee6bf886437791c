"""Lacuna: opens the editor, or runs a command without a window.

python main.py [FILE ...]
python main.py remove INPUT --mask MASK [--lines LINES] -o OUTPUT
python main.py fill INPUT --mask MASK --prompt TEXT [--model MODEL] -o OUTPUT
python main.py upscale INPUT [--factor 2|3|4 | --size WxH] -o OUTPUT
python main.py lines INPUT --mask MASK [-o LINES.json]
python main.py sketch INPUT [-o SKETCH.png] [--face N] [--json]
python main.py portrait INPUT --sketch SKETCH.png -o OUTPUT [--face N]
python main.py info FILE [--json]
python main.py convert IN OUT [--quality N]
python main.py models list|show|install|verify|import|remove|folder [ID|FILE|FOLDER] [--json]
"""

import sys
from importlib import import_module

# Modules of editor.cli.
COMMANDS = ("remove", "fill", "upscale", "portrait", "lines", "sketch", "info", "convert", "models")


def main(arguments: list[str]) -> int:
    """Decide between a command and the window; everything else is imported once that is known."""
    if getattr(sys, "frozen", False):
        import_module("engines.installed").free_children()
    if arguments and arguments[0] in COMMANDS:
        return import_module(f"editor.cli.{arguments[0]}").main(arguments[1:])
    from editor.ui import app

    return app.main(arguments)


if __name__ == "__main__":
    try:
        if sys.argv[1:2] and sys.argv[1] in COMMANDS:
            import_module("editor.cli.errors").silence_libraries()
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # while the command itself was still being loaded
        sys.exit(130)
