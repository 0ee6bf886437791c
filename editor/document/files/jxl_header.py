"""What the headers of a JPEG XL codestream say (ISO/IEC 18181-1, annexes B to E), as far as its limits go.

Read here before libjxl does, which unpacks a profile of any size, and through pyjpegxl ends the program when
there is no memory for it.
"""

from dataclasses import dataclass

_TONE_MAPPING, _OPSIN, _UPSAMPLING = 3 * 16 + 1, 16 * 16, (15 * 16, 55 * 16, 210 * 16)  # bits
_ALPHA, _SPOT_COLOUR, _FILTER_ARRAY = 0, 2, 5

# A field of several lengths, U32: for each of four choices what is added, and the bits of a number.
Choices = tuple[tuple[int, int], ...]
_SIDE = ((1, 9), (1, 13), (1, 18), (1, 30))
_PREVIEW = ((1, 6), (65, 8), (321, 10), (1345, 12))
_PREVIEW_EIGHTHS = ((16, 0), (32, 0), (1, 5), (33, 9))
_TICKS = ((100, 0), (1000, 0), (1, 10), (1, 30)), ((1, 0), (1001, 0), (1, 8), (1, 10))
_LOOPS = ((0, 0), (0, 3), (0, 16), (0, 32))
_BITS = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_BITS = ((32, 0), (16, 0), (24, 0), (1, 6))
_EXTRA = ((0, 0), (1, 0), (2, 4), (1, 12))
_SHIFT = ((0, 0), (3, 0), (4, 0), (1, 3))
_NAME = ((0, 0), (0, 4), (16, 5), (48, 10))
_FILTER = ((1, 0), (0, 2), (3, 4), (19, 8))
_ENUM = ((0, 0), (1, 0), (2, 4), (18, 6))


@dataclass(frozen=True)
class Header:
    """``extra`` channels come beside the colours, alpha among them; ``icc`` is the bytes that the profile
    has before its numbers are packed, much as many as it has unpacked, and 0 without one.
    """

    extra: int
    icc: int


def read(codestream: bytes) -> Header:
    """The header of a codestream. Raises ``ValueError`` where it ends too early."""
    bits = _Reader(codestream, 16)
    bits.size(_SIDE)
    if bits.flag():
        return Header(0, 0)
    extended = bits.flag()
    if extended:
        bits.number(3)  # orientation
        if bits.flag():
            bits.size(_SIDE)
        if bits.flag():
            bits.size(_PREVIEW, _PREVIEW_EIGHTHS)
        if bits.flag():
            for choices in (*_TICKS, _LOOPS):
                bits.choice(choices)
            bits.flag()
    bits.depth()
    bits.flag()
    extra = bits.choice(_EXTRA)
    for _ in range(extra):
        bits.extra_channel()
    in_xyb = bits.flag()
    if bits.flag() or not bits.flag():  # colours by default, or described without a profile
        return Header(extra, 0)
    bits.choice(_ENUM)
    if extended and not bits.flag():
        bits.skip(_TONE_MAPPING)
    extensions = bits.wide()
    bits.skip(sum(bits.wide() for at in range(64) if extensions >> at & 1))
    if not bits.flag():
        if in_xyb and not bits.flag():
            bits.skip(_OPSIN)
        weights = bits.number(3)
        bits.skip(sum(size for at, size in enumerate(_UPSAMPLING) if weights >> at & 1))
    return Header(extra, bits.wide())


class _Reader:
    """Numbers from the lowest bit of the first byte up (annex B). Raises ``ValueError`` behind the last."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def skip(self, count: int) -> None:
        self._at += count
        if self._at > 8 * len(self._data):
            raise ValueError("the header is cut off")

    def number(self, count: int) -> int:
        start = self._at
        self.skip(count)
        taken = int.from_bytes(self._data[start // 8 : (self._at + 7) // 8], "little")
        return taken >> start % 8 & ((1 << count) - 1)

    def flag(self) -> bool:
        return bool(self.number(1))

    def choice(self, choices: Choices) -> int:
        """U32 (B.2.2)."""
        added, count = choices[self.number(2)]
        return added + self.number(count)

    def wide(self) -> int:
        """U64 (B.2.3)."""
        kind = self.number(2)
        if kind < 3:
            return (0, 1, 17)[kind] + self.number((0, 4, 8)[kind])
        value, shift = self.number(12), 12
        while self.flag():
            value += self.number(4 if shift == 60 else 8) << shift
            if shift == 60:
                break
            shift += 8
        return value

    def size(self, choices: Choices, eighths: Choices | None = None) -> None:
        """A height and, unless a ratio gives it, a width."""
        in_eighths = self.flag()
        for side in ("height", "width"):
            if not in_eighths:
                self.choice(choices)
            elif eighths:
                self.choice(eighths)
            else:
                self.number(5)
            if side == "height" and self.number(3):
                return

    def depth(self) -> None:
        """Bits of a sample, and if it is a floating point number those of its exponent."""
        if self.flag():
            self.choice(_FLOAT_BITS)
            self.number(4)
        else:
            self.choice(_BITS)

    def extra_channel(self) -> None:
        if self.flag():
            return
        kind = self.choice(_ENUM)
        self.depth()
        self.choice(_SHIFT)
        self.skip(8 * self.choice(_NAME))
        if kind == _ALPHA:
            self.flag()
        elif kind == _SPOT_COLOUR:
            self.skip(4 * 16)
        elif kind == _FILTER_ARRAY:
            self.choice(_FILTER)
