"""Runs inside GIMP 3, started by programs.gimp; ``JOB`` is the name of a JSON file that says what to do."""

import json
from pathlib import Path

from gi.repository import Gimp, Gio

job = json.loads(Path(JOB).read_text())  # noqa: F821


def described(layer):
    return {
        "name": layer.get_name(),
        "opacity": layer.get_opacity() / 100,
        "mode": layer.get_mode().value_nick,
        "visible": layer.get_visible(),
        "children": [described(child) for child in layer.get_children()] if layer.is_group() else None,
    }


image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(job["source"]))
answer = [described(layer) for layer in image.get_layers()]
if "saved" in job:
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(job["saved"]), None)
image.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
for layer in image.get_layers():
    if not layer.get_visible():
        image.remove_layer(layer)
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(job["flat"]), None)
Path(job["answer"]).write_text(json.dumps(answer))
