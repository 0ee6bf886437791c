"""Lacuna: opens the editor, or runs a command without a window.

python main.py [FILE ...]
python main.py remove INPUT --mask MASK -o OUTPUT
"""

import sys


def main(arguments: list[str]) -> int:
    """Decide between a command and the window; everything else is imported once that is known."""
    if arguments[:1] == ["remove"]:
        from editor.cli import remove

        return remove.main(arguments[1:])
    from editor.ui import app

    return app.main(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # while the command itself was still being loaded
        sys.exit(130)
