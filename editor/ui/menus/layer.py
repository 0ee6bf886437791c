"""The Layer menu."""

from editor.ui.commands import Command, Submenu

_MASK = Submenu(
    "Layer mas&k",
    (
        Command("&Add layer mask", "layers.add_mask", (), "mask", "Add a layer mask from the selection"),
        Command("Add &black layer mask", "layers.add_black_mask", tip="Hide the layer, and paint it in"),
        None,
        Command(
            "&Paint on layer mask",
            "layers.edit_mask",
            ("Ctrl+\\",),
            tip="Paint on the layer's mask, or on its pixels again",
            checkable=True,
        ),
        Command(
            "&View layer mask",
            "panels.mask_view.toggle",
            tip="See the mask alone, in grey (Alt+click on the mask)",
            checkable=True,
        ),
        Command("Disabl&e layer mask", "layers.toggle_mask", (), None, "Shift+click on the mask"),
        Command("&Invert layer mask", "layers.invert_mask", tip="Show what the mask hides"),
        Command("&Feather mask…", "layers.feather_mask", tip="Soften the edges of the mask"),
        Command(
            "&Select layer mask",
            "layers.select_mask",
            tip="Select what the mask shows (Ctrl+click on the mask)",
        ),
        None,
        Command("Appl&y layer mask", "layers.apply_mask", tip="Make the mask part of the layer's pixels"),
        Command("&Delete layer mask", "layers.delete_mask"),
    ),
)

_ARRANGE = Submenu(
    "A&rrange",
    (
        Command("Bring to &front", "layers.to_front", ("Ctrl+Shift+]",)),
        Command("Bring for&ward", "layers.forward", ("Ctrl+]",)),
        Command("Send &backward", "layers.backward", ("Ctrl+[",)),
        Command("Send to b&ack", "layers.to_back", ("Ctrl+Shift+[",)),
        None,
        Command("Choose the layer ab&ove", "layers.choose_above", ("Alt+]",)),
        Command("Choose the layer be&low", "layers.choose_below", ("Alt+[",)),
    ),
)

MENU = Submenu(
    "&Layer",
    (
        Command("&New layer", "layers.new_layer", ("Ctrl+Shift+N",), "new-layer"),
        Submenu("New &adjustment layer", attribute="adjustment_menu"),
        Command("&Duplicate layer", "layers.duplicate", ("Ctrl+J",), "duplicate"),
        Command("Rena&me layer", "layers.rename", (), None, "Rename layer (F2, in the list)"),
        Command("Dele&te layer", "layers.delete", (), "trash", "Delete layer (Delete, in the list)"),
        None,
        Command("&Group layers", "layers.new_group", ("Ctrl+G",), "folder-plus"),
        Command("&Ungroup layers", "layers.ungroup", ("Ctrl+Shift+G",)),
        _ARRANGE,
        None,
        _MASK,
        Command("&Clip to layer below", "layers.toggle_clipping", ("Ctrl+Alt+G",)),
        Command("&Hide layer", "layers.toggle_visible", ("Ctrl+Alt+,",)),
        Command("&Lock layer", "layers.toggle_lock", ("Ctrl+/",), "lock"),
        Command(
            "&Select layer's pixels",
            "layers.select_pixels",
            tip="Select where the layer is not empty (Ctrl+click on its picture)",
        ),
        Command(
            "Make aga&in…",
            "layers.make_again",
            tip="Change how an engine made the layer, and run it again (double click on its picture)",
        ),
        None,
        Command("M&erge down", "layers.merge_down", ("Ctrl+E",), "merge-down"),
        Command("Merge &visible", "layers.merge_visible", ("Ctrl+Shift+E",)),
        Command("&Flatten picture", "layers.flatten"),
        *(
            Command(
                f"Opacity {digit * 10 or 100} %",
                "layers.type_digit",
                (str(digit),),
                argument=digit,
                hidden=True,
            )
            for digit in range(10)
        ),
    ),
)
