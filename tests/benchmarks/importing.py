"""For how long is the window held up while a worker thread imports what fills with words?

    python tests/benchmarks/importing.py [RUNS]

Another thread looks at the clock every two milliseconds. Each run has a process of its own; medians of RUNS.
"""

import statistics
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("as it comes", "aside")


def one(way: str) -> None:
    """Print the longest time between two looks at the clock, and what the import took, in seconds."""
    sys.path.insert(0, str(ROOT))
    from engines import importing

    took = []

    def work() -> None:
        start = time.perf_counter()
        with importing.aside({"torch"}) if way == "aside" else nullcontext():
            import engines.diffusion.engine  # noqa: F401
        took.append(time.perf_counter() - start)

    worker, longest, last = threading.Thread(target=work), 0.0, time.perf_counter()
    worker.start()
    while not took:
        time.sleep(0.002)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    worker.join()
    print(longest, took[0])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    measured = {way: [] for way in WAYS}
    for _ in range(runs):
        for way in WAYS:
            output = subprocess.run(
                [sys.executable, __file__, "--one", way], capture_output=True, text=True, check=True
            ).stdout
            measured[way].append(tuple(map(float, output.split()[-2:])))
    base = None
    print(f"{'':12} {'held up':>9} {'import':>8}")
    for way, rows in measured.items():
        longest, took = (statistics.median(column) for column in zip(*rows, strict=True))
        base = base or longest
        print(f"{way:12} {longest * 1000:6.0f} ms {took:6.2f} s   {longest / base:.2f}x")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main()
