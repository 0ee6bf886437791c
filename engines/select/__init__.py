"""Engines that find what belongs to an object."""
