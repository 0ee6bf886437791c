"""Networks as their authors published them: one module for each architecture."""
