"""Enlarging with a network that adds the detail which a larger picture would have had."""
