"""What each engine that removes takes, costs and may be used for: the table of the README.

    python tests/benchmarks/engines.py                 all engines
    python tests/benchmarks/engines.py migan patches   these

Seconds and memory are of one 512-pixel region with a hole of a tenth of it, the best of three runs after one
to warm up, each engine in a process of its own; memory is the most that this process held. Where an engine's
weights are not on this machine, networks of the true size with random weights stand in (marked *): a network
takes as long whatever its weights are. For ZITS's wireframe detector there is none; its time is left out.
"""

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "engines")]

from engines import registry, store  # noqa: E402
from engines.base import Box, Progress, Region, RemoveRequest  # noqa: E402

RUNS = 3


def stand_ins(form: tuple[str, ...], folder: Path) -> None:
    """Random networks of the true size for one form, put where the store looks."""
    import installing
    import pytest
    import random_weights
    import zits_sizes

    if form[0].startswith("lama"):
        network = random_weights.lama(width=64, blocks=18)
        contents = {
            form[0]: random_weights.lama_tensors(network)
            if form[0] == "lama-safetensors"
            else random_weights.lama_script(network)
        }
    else:
        contents = zits_sizes.files()
    installing.install(pytest.MonkeyPatch(), folder, contents)


def region() -> Region:
    rng = np.random.default_rng(0)
    image = rng.random((64, 64, 3), dtype=np.float32).repeat(8, axis=0).repeat(8, axis=1)
    hole = np.zeros((512, 512), bool)
    hole[175:337, 175:337] = True
    return Region(Box(0, 0, 512, 512), image, hole, hole.astype(np.float32))


def measure(engine_id: str) -> dict:
    """Seconds and bytes of one engine; what this process held before is not taken off."""
    with tempfile.TemporaryDirectory() as folder:
        entry = registry.spec(engine_id)
        stands_in = bool(registry.lacks(entry))
        if stands_in:
            entry = dataclasses.replace(entry, forms=entry.forms[:1])
            registry.ENGINES = (entry,)
            stand_ins(entry.forms[0], Path(folder))
        sizes = [(store.embedded_folder() / each.file).stat().st_size for each in registry.weights(entry)]
        engine = registry.load(engine_id, "cpu")
        request = RemoveRequest(engine_id, (region(),))
        seconds = []
        for _ in range(RUNS + 1):
            start = time.perf_counter()
            engine.run(request, Progress())
            seconds.append(time.perf_counter() - start)
    return {
        "bytes": sum(sizes),
        "seconds": min(seconds[1:]),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "stands_in": stands_in,
    }


def row(entry: registry.EngineSpec, found: dict) -> str:
    weights = registry.weights(entry)
    licence = ", ".join(dict.fromkeys(each.licence for each in weights)) or "Apache-2.0, no model"
    mark = "*" if found["stands_in"] else ""
    size = f"{found['bytes'] / 1e6:.0f} MB{mark}" if weights else "none"
    return (
        f"| {entry.title} (`{entry.id}`) | {entry.lines} | {entry.seed} | {licence} | {size} | "
        f"{found['seconds']:.1f} s{mark} | {found['memory'] / 1e6:.0f} MB{mark} |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("engines", nargs="*", help="ids; all that remove if none is given")
    parser.add_argument("--one", action="store_true", help="measure in this process and print JSON")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.engines[0])))
        return 0
    wanted = args.engines or [entry.id for entry in registry.ENGINES if entry.task == "remove"]
    print("| engine | lines | a seed is | licence of the model | weights | 512 pixels, CPU | memory |")
    print("|---|---|---|---|---|---|---|")
    for engine_id in wanted:
        command = [sys.executable, __file__, "--one", engine_id]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
        if done.returncode:
            print(f"{engine_id}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}", file=sys.stderr)
            continue
        print(row(registry.spec(engine_id), json.loads(done.stdout.splitlines()[-1])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
