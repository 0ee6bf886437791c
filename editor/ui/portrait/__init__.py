"""Changing faces in the window."""
