"""How likely a candidate is a line of what the hole hides: logistic regressions on what is measured of it.

Fitted by ``python tests/benchmarks/lines.py --fit`` on photographs that its table is not made of; the target of
each candidate is the share of its length in the hole that runs along a true segment.
"""

import numpy as np

# One weight for each column of ``candidates.JOINED_FEATURES``, then the constant; and so on.
JOINED_WEIGHTS = np.array(
    [
        -0.3407,
        -0.0583,
        -1.5296,
        -0.1189,
        0.862,
        0.0919,
        -3.346,
        1.1728,
        -0.9885,
        8.6937,
        -2.5457,
        -0.1748,
        1.3453,
        0.1345,
        0.4922,
        0.5702,
        3.6835,
    ]
)
ONE_SIDED_WEIGHTS = np.array(
    [
        -0.1819,
        0.4224,
        -0.0999,
        -0.1417,
        0.3995,
        2.4226,
        -0.0395,
        0.7008,
        -0.3445,
        0.4103,
        0.7878,
        0.1098,
        0.2034,
        -1.2847,
    ]
)


def likelihood(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n,) 0..1 of features (n, k) and weights (k + 1,), the last the constant."""
    return 1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1])))
