"""`python packaging/train_encoder STEP ...`; the steps are told in the package's docstring."""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = ("sample", "features", "fit", "evaluate")

# The script's own folder would let `import fit` find the step in place of anything else of that name.
sys.path[0] = str(HERE.parent)
sys.path.insert(0, str(HERE.parents[1]))


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in STEPS:
        print((HERE / "__init__.py").read_text().split('"""')[1])
        return 2
    return importlib.import_module(f"train_encoder.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
