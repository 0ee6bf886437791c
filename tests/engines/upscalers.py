"""Small networks of both of Real-ESRGAN's architectures, with random weights, in the authors' own layout."""

import numpy as np

from engines import safetensors_file


def _convolution(random, name, into, out, size=0.4):
    """Weights that keep what goes through them of about the same size."""
    weight = random.normal(0, size / np.sqrt(9 * into), (out, into, 3, 3)).astype(np.float32)
    return {f"{name}.weight": weight, f"{name}.bias": random.normal(0, 0.01, out).astype(np.float32)}


def compact_tensors(scale=4, width=8, count=2, seed=0):
    """An SRVGGNetCompact."""
    random, out = np.random.default_rng(seed), {}
    for number in range(count + 1):
        out |= _convolution(random, f"body.{2 * number}", 3 if number == 0 else width, width)
        out[f"body.{2 * number + 1}.weight"] = random.uniform(0, 0.5, width).astype(np.float32)
    return out | _convolution(random, f"body.{2 * count + 2}", width, 3 * scale * scale)


def rrdb_tensors(scale=4, width=8, growth=4, blocks=1, seed=0):
    """An RRDBNet."""
    random = np.random.default_rng(seed)
    out = _convolution(random, "conv_first", 3 * (4 // scale) ** 2, width, 1)
    for block in range(blocks):
        for dense in (1, 2, 3):
            for number in range(1, 6):
                into = width + (number - 1) * growth
                name = f"body.{block}.rdb{dense}.conv{number}"
                out |= _convolution(random, name, into, growth if number < 5 else width)
    for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        out |= _convolution(random, name, width, width, 1)
    return out | _convolution(random, "conv_last", width, 3, 1)


def installed_upscaler(folder, tensors=None, name="small"):
    """Among the user's own networks; where it is."""
    path = folder / "upscalers" / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(safetensors_file.write(compact_tensors() if tensors is None else tensors))
    return path
