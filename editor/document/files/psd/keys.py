"""Names that PSD files have for things, and limits of the format."""

from editor.document.layers import PASS_THROUGH

MAX_SIDE = {1: 30_000, 2: 300_000}  # pixels, by version: "File Header Section"
MAX_BYTES = {1: 2**31 - 1, 2: 2**63 - 1}  # of a file; more, and programs take lengths for negative numbers
MAX_LAYERS = 8_000  # Photoshop's own limit; a group counts twice
MAX_DEPTH = 100  # groups within groups; Photoshop makes ten

# "Layer records", blend mode key.
BLEND_KEYS = {
    "normal": b"norm",
    "darken": b"dark",
    "multiply": b"mul ",
    "color-burn": b"idiv",
    "linear-burn": b"lbrn",
    "darker-color": b"dkCl",
    "lighten": b"lite",
    "screen": b"scrn",
    "color-dodge": b"div ",
    "linear-dodge": b"lddg",
    "lighter-color": b"lgCl",
    "overlay": b"over",
    "soft-light": b"sLit",
    "hard-light": b"hLit",
    "vivid-light": b"vLit",
    "linear-light": b"lLit",
    "pin-light": b"pLit",
    "hard-mix": b"hMix",
    "difference": b"diff",
    "exclusion": b"smud",
    "subtract": b"fsub",
    "divide": b"fdiv",
    "hue": b"hue ",
    "saturation": b"sat ",
    "color": b"colr",
    "luminosity": b"lum ",
    PASS_THROUGH: b"pass",
}
BLEND_MODES = {key: mode for mode, key in BLEND_KEYS.items()}

# "Layer records", channel ids.
TRANSPARENCY, USER_MASK, REAL_USER_MASK = -1, -2, -3

# "Section divider setting", types.
OPEN_FOLDER, CLOSED_FOLDER, BOUNDING_DIVIDER = 1, 2, 3

# "Image resource IDs".
RESOLUTION, ALPHA_NAMES, IPTC, ICC_PROFILE = 1005, 1006, 1028, 1039
UNICODE_ALPHA_NAMES, VERSION_INFO, EXIF, XMP, DISPLAY_INFO = 1045, 1057, 1058, 1060, 1077
GUIDES, LAYER_COMPS, TIMELINE = 1032, 1065, 1075
PATHS = range(2000, 2998)
