"""Export: a flat copy for the web or for others, beside the document."""
