"""The editor: the document, its tools and its window."""
