#!/usr/bin/env bash
# Makes README's picture: the real program in a real window, driven by mouse and keyboard, before and after.
#   packaging/screenshot.sh      (needs Xvfb and xdotool)
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 1360x860x24 3>"$work/display" 2>/dev/null &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
sleep 2
export DISPLAY=:$(cat "$work/display") LACUNA_CONFIG_DIR=$work LACUNA_STATE_DIR=$work LACUNA_CACHE_DIR=$work
.venv/bin/python main.py resources/samples/desert-hike.jpg &
editor=$!
sleep 4

shot() { .venv/bin/python -c "import os, sys; from PIL import ImageGrab
ImageGrab.grab(xdisplay=os.environ['DISPLAY']).save(sys.argv[1])" "$1"; }
stroke() {
    xdotool mousemove "$1" "$2" mousedown 1
    shift 2
    while [ $# -gt 0 ]; do xdotool mousemove "$1" "$2"; sleep 0.03; shift 2; done
    xdotool mouseup 1
    sleep 0.15
}

xdotool mousemove 410 680
for _ in 1 2 3 4 5 6; do xdotool click 4; sleep 0.1; done # the wheel, up to 100 %
xdotool mousemove 600 500 mousedown 2 mousemove 600 450 mousemove 600 320 mouseup 2
stroke 235 585 232 625 237 640
stroke 268 552 272 610 274 640 330 638 380 642 420 648
stroke 393 535 393 570 395 595
stroke 395 595 440 590 480 590 520 600
stroke 452 505 455 540 460 575
stroke 495 480 500 510 515 550 520 565 570 580
stroke 556 455 556 490 560 530 570 545 620 540 670 555 720 572
stroke 640 545 690 540
sleep 0.5
shot "$work/before.png"
xdotool key Return
sleep 6
xdotool mousemove 900 300
sleep 0.3
shot "$work/after.png"
kill $editor
.venv/bin/python - "$work" <<'PY'
import sys
from PIL import Image
before, after = (Image.open(f"{sys.argv[1]}/{name}.png").convert("RGB") for name in ("before", "after"))
both = Image.new("RGB", (before.width, 2 * before.height + 8), "white")
both.paste(before, (0, 0))
both.paste(after, (0, before.height + 8))
both.save("resources/screenshots/remove.webp", quality=86)
PY
