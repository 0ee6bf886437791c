"""Filling with words in the window: the bar by the selection, what is chosen in it, and what follows."""
