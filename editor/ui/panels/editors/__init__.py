"""Controls for what is no plain number: curves, levels, gradients, ranges of hues, and colours."""
