"""White light from its colour temperature and tint."""

import math

LOWEST, HIGHEST = 2000.0, 25000.0
_TINT = 3000.0  # raw converters' unit: tint 30 is a distance of 0.01 from the Planckian locus


def chromaticity(kelvin: float, tint: float = 0.0) -> tuple[float, float]:
    """CIE 1931 (x, y) of light of ``kelvin`` (2000 to 25000), off the Planckian locus by ``tint``.

    ``tint`` is in units of 1/3000 in CIE 1960 (u, v), above 0 for greener light. The locus is the cubic
    spline of Kang et al., "Design of advanced color temperature control system for HDTV applications",
    Journal of the Korean Physical Society 41 (2002).
    """
    u, v = _uv(*_planckian(kelvin))
    ahead_u, ahead_v = _uv(*_planckian(kelvin * 1.001))
    along_u, along_v = ahead_u - u, ahead_v - v
    length = math.hypot(along_u, along_v)
    # Hotter light goes down and left in (u, v), so a quarter turn clockwise points up, to green.
    u += tint / _TINT * along_v / length
    v -= tint / _TINT * along_u / length
    return 3 * u / (2 * u - 8 * v + 4), 2 * v / (2 * u - 8 * v + 4)


def _planckian(kelvin: float) -> tuple[float, float]:
    t = 1000 / kelvin
    if kelvin < 4000:
        x = ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
    else:
        x = ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390
    if kelvin < 2222:
        y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
    elif kelvin < 4000:
        y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
    else:
        y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483
    return x, y


def _uv(x: float, y: float) -> tuple[float, float]:
    below = -2 * x + 12 * y + 3
    return 4 * x / below, 6 * y / below
