"""The parts of packaging/bundle.py: what goes into a bundle, how large it is, and what it comes in."""
