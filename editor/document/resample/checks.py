"""What may be asked of resampling: its methods and the size of its results."""

METHODS = ("nearest", "bilinear", "bicubic", "lanczos", "area", "auto")
MAX_PIXELS = 300_000_000


def check_method(method: str) -> None:
    """Raises ValueError for what is none of `METHODS`."""
    if method not in METHODS:
        raise ValueError(f"no way to resample is called {method!r}")


def check_size(width: int, height: int) -> None:
    """Raises ValueError for a side below 1 and for more than `MAX_PIXELS`."""
    if width < 1 or height < 1:
        raise ValueError(f"a picture cannot be {width} x {height} pixels")
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width} x {height} pixels are more than the {MAX_PIXELS // 10**6} million allowed")
