"""How likely a candidate is a line of what the hole hides: logistic regressions on what is measured of it.

Fitted by ``python tests/benchmarks/lines.py --fit`` on photographs that its table is not made of; the target
of each candidate is the share of its length in the hole that runs along a true segment.
"""

import numpy as np

JOINED_WEIGHTS = {
    "off": -0.3407,
    "turned": -0.0583,
    "gap": -1.5296,
    "shorter": -0.1189,
    "longer": 0.862,
    "reach": 0.0919,
    "outside": -3.346,
    "weight": 1.1728,
    "least weight": -0.9885,
    "spanned": 8.6937,
    "colours": -2.5457,
    "other colours": -0.1748,
    "contrast": 1.3453,
    "same contrast": 0.1345,
    "vanishing": 0.4922,
    "rivals": 0.5702,
    "constant": 3.6835,
}
ONE_SIDED_WEIGHTS = {
    "depth": -0.1819,
    "length": 0.4224,
    "reach": -0.0999,
    "lead": -0.1417,
    "weight": 0.3995,
    "spanned": 2.4226,
    "contrast": -0.0395,
    "vanishing": 0.7008,
    "crosses": -0.3445,
    "meets joined": 0.4103,
    "other weight": 0.7878,
    "other length": 0.1098,
    "share": 0.2034,
    "constant": -1.2847,
}


def likelihood(features: np.ndarray, weights: dict[str, float]) -> np.ndarray:
    """(n,) 0..1 of features (n, k) and a weight for each, then the constant."""
    *slopes, constant = weights.values()
    return 1 / (1 + np.exp(-(features @ np.array(slopes) + constant)))
