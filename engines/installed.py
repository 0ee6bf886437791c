"""Which optional libraries are here, found without importing them."""

import importlib.util


def is_installed(package: str) -> bool:
    """Whether ``package`` could be imported."""
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # blocked by an entry of None in sys.modules
        return False
