"""The Preferences: a dialog of a few calm pages, and what its choices do to what is open."""
