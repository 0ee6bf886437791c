"""Engines that find, read and change faces."""
