"""Opening and saving documents. One module per format stands behind these two functions."""
