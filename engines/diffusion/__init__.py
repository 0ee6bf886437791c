"""Filling with diffusion models: diffusers underneath for networks and schedulers, all else in here."""
