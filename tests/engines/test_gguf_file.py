"""GGUF files that are damaged or made to do harm: one line, at once, and no memory beyond the file's own."""

import random
import struct
import time
import tracemalloc

import pytest

from engines import gguf_file
from engines.base import WeightsWrong

STRING, ARRAY, U32, F32 = 8, 9, 4, 6


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def value(name, kind, packed):
    return text(name) + struct.pack("<I", kind) + packed


def tensor(name, shape, kind, offset):
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape[::-1], kind, offset)


VALUES = [
    value("general.architecture", STRING, text("flux")),
    value("general.alignment", U32, struct.pack("<I", 64)),
    value("scores", ARRAY, struct.pack("<IQ3f", F32, 3, 1, 2, 3)),
    value("tokens", ARRAY, struct.pack("<IQ", STRING, 2) + text("a") + text("ß")),
]
TENSORS = [tensor("plain", (3, 5), 0, 0), tensor("blocks", (4, 64), 8, 64)]
NUMBERS = bytes(64) + bytes(4 * 2 * 34)


def file(values=VALUES, tensors=TENSORS, numbers=NUMBERS, version=3, counts=None, alignment=64):
    told = counts or (len(tensors), len(values))
    head = b"GGUF" + struct.pack("<IQQ", version, *told) + b"".join([*values, *tensors])
    return head + bytes(-len(head) % alignment) + numbers


def refused(content, words=""):
    with pytest.raises(WeightsWrong) as caught:
        gguf_file.read(content)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_in_it():
    content = file()
    told, tensors = gguf_file.read(content)
    assert told == {
        "general.architecture": "flux", "general.alignment": 64, "scores": (1, 2, 3), "tokens": ("a", "ß"),
    }  # fmt: skip
    assert gguf_file.shapes(content) == {"plain": (3, 5), "blocks": (4, 64)}
    blocks = tensors["blocks"]
    assert (blocks.type, blocks.in_blocks, blocks.size) == ("Q8_0", True, 4 * 2 * 34)
    assert content[blocks.begin : blocks.begin + blocks.size] == NUMBERS[64:]
    assert gguf_file.read(file(version=2))[1].keys() == tensors.keys()


HUGE = 2**64 - 1


@pytest.mark.parametrize(("content", "words"), [
    (b"", "does not begin as one"),
    (b"GGUF", "damaged"),
    (b"GGML" + file()[4:], "does not begin as one"),
    (file(version=1), "its version is 1"),
    (file(version=3 << 24), "its version is"),  # the other way round
    (file(counts=(HUGE, 0)), "longer than it may be"),
    (file(counts=(0, HUGE)), "longer than it may be"),
    (file(counts=(1 << 22, 4)), "damaged"),
    (file([text("a") + struct.pack("<I", 99)]), "no known kind"),
    (file([struct.pack("<Q", HUGE)]), "longer than the file"),
    (file([value("a", ARRAY, struct.pack("<IQ", U32, HUGE))]), "longer than it may be"),
    (file([value("a", ARRAY, struct.pack("<IQ", U32, 1 << 22))]), "damaged"),
    (file([value("a", ARRAY, struct.pack("<IQ", STRING, 1 << 22))]), "damaged"),
    (file([value("a", ARRAY, struct.pack("<IQ", ARRAY, 1))]), "no known kind"),
    (file([VALUES[0], VALUES[0]]), "twice"),
    (file([value("general.alignment", U32, struct.pack("<I", 0))]), "alignment"),
    (file([value("general.alignment", U32, struct.pack("<I", 48))]), "alignment"),
    (file([value("general.alignment", STRING, text("64"))]), "alignment"),
    (file(tensors=[TENSORS[0], TENSORS[0]]), "twice"),
    (file(tensors=[tensor("a", (1,) * 5, 0, 0)]), "too many dimensions"),
    (file(tensors=[tensor("a", (1, 33), 8, 0)]), "whole blocks"),
    (file(tensors=[tensor("a", (0, 32), 8, 0)]), "whole blocks"),
    (file(tensors=[tensor("a", (HUGE, HUGE, HUGE, HUGE), 0, 0)]), "longer than the file"),
    (file(tensors=[tensor("a", (4, 4), 0, HUGE - 63)]), "longer than the file"),
    (file(tensors=[tensor("a", (4, 4), 0, 4)]), "over each other"),
    (file(tensors=[tensor("a", (4, 5), 0, 0), tensor("b", (4,), 0, 64)]), "over each other"),
    (file(tensors=[tensor("a", (4, 256), 19, 0)]), "ggml's type 19, with which Lacuna cannot compute"),
    (file(tensors=[tensor("a", (4, 256), 4_000_000_000, 0)]), "with which Lacuna cannot compute"),
    (file(numbers=NUMBERS[:-1]), "longer than the file"),
])  # fmt: skip
def test_a_header_that_lies(content, words):
    refused(content, words)


def test_any_damage_is_told_in_a_line_at_once_and_takes_no_memory():
    """Bytes changed, numbers made huge, stretches cut, doubled or swapped, and the end cut off."""
    dice, whole = random.Random(7), file()
    head = len(whole) - len(NUMBERS)
    refusals, begun = 0, time.perf_counter()
    tracemalloc.start()
    for _ in range(3000):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 5))):
            at = dice.randrange(4, head)
            kind = dice.randrange(5)
            if kind == 0:
                content[at] = dice.randrange(256)
            elif kind == 1:
                wide = dice.choice((HUGE, 1 << 63, 1 << 40, 1 << 31, 1 << 22, 0, 1, len(whole)))
                content[at : at + 8] = struct.pack("<Q", wide)
            elif kind == 2:
                del content[at : at + dice.randrange(1, 32)]
            elif kind == 3:
                content[at:at] = content[at : at + dice.randrange(1, 64)]
            else:
                del content[dice.randrange(len(content)) :]
                break
        try:
            tensors = gguf_file.read(bytes(content))[1]
        except WeightsWrong as error:
            refusals += 1
            assert "\n" not in str(error)
            continue
        for each in tensors.values():
            assert each.begin > 0 and each.size > 0 and each.begin + each.size <= len(content)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 1500 < refusals < 3000  # some damage is to names and numbers alone
    assert taken < 2 << 20 and time.perf_counter() - begun < 60


def test_a_file_of_nothing_but_strings_is_read_in_no_time_and_little_memory():
    """The most names that a header of its length can have."""
    count = 200_000
    content = file([value("a", ARRAY, struct.pack("<IQ", STRING, count) + bytes(8 * count))], [], b"")
    begun = time.perf_counter()
    assert gguf_file.read(content)[0]["a"] == ("",) * count
    assert time.perf_counter() - begun < 10
