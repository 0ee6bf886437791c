"""The window, in Qt widgets."""
