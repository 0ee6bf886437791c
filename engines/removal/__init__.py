"""Object removal: fill a hole from the photograph around it."""
