"""Engines: numpy in, a learned prior, numpy out. Nothing here knows of the editor."""
