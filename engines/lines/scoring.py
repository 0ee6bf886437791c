"""How likely a candidate is a line of what the hole hides: logistic regressions on what is measured of it.

Fitted by ``python tests/benchmarks/lines.py --fit`` on photographs that its table is not made of; the target
of each candidate is the share of its length in the hole that runs along a true segment.
"""

import numpy as np

JOINED_WEIGHTS = {
    "off": -0.3894,
    "turned": -0.0608,
    "gap": -1.3278,
    "shorter": 0.0645,
    "longer": 0.8455,
    "reach": 0.0951,
    "outside": -3.0633,
    "weight": 1.4227,
    "least weight": -1.1251,
    "spanned": 10.2935,
    "colours": -1.6453,
    "other colours": -0.5421,
    "contrast": 0.7498,
    "same contrast": 0.0558,
    "vanishing": 0.4986,
    "rivals": 0.6211,
    "constant": 2.5232,
}
ONE_SIDED_WEIGHTS = {
    "depth": -0.2998,
    "length": 0.4617,
    "reach": -0.0528,
    "lead": -0.132,
    "weight": 0.9374,
    "spanned": 2.9329,
    "contrast": -0.1057,
    "vanishing": 0.7765,
    "crosses": -0.2262,
    "meets joined": 0.4334,
    "other weight": 0.4636,
    "other length": 0.1174,
    "share": 0.3244,
    "constant": -1.448,
}


def likelihood(features: np.ndarray, weights: dict[str, float]) -> np.ndarray:
    """(n,) 0..1 of features (n, k) and a weight for each, then the constant."""
    *slopes, constant = weights.values()
    return 1 / (1 + np.exp(-(features @ np.array(slopes) + constant)))
