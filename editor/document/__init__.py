"""The picture: layers, mask, history, compositing, files. numpy only, no Qt."""
