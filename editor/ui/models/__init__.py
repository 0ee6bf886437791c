"""The Models window: which models there are, whether they suit this machine, and the getting of them."""
