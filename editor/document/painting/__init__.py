"""How pixels are painted; `editor.document.paint` has all of it that others use."""
