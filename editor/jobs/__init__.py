"""Layer and mask to engine request, result to one undoable edit: one small module per family."""
