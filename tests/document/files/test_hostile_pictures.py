"""Pictures and projects that are made to do harm: nothing of them is run, nothing beyond them is read or
written, and none takes the machine's memory or time."""

import json
import pickle
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.document import icc
from editor.document.files.errors import FileError
from editor.document.storage import DOCUMENT_SUFFIXES, open_document, save

ROOT = Path(__file__).resolve().parents[3]


class Harm:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = str(trace)

    def __reduce__(self):
        return Path.touch, (Path(self.trace),)


@pytest.fixture
def trace(tmp_path):
    """Where harm shows; there must be none in the end."""
    path = tmp_path / "harm was done"
    assert pickle.loads(pickle.dumps(Harm(path))) is None and path.exists()  # it would
    path.unlink()
    yield path
    assert not path.exists()


def png(pixels=None, *, before: bytes = b"") -> bytes:
    out = BytesIO()
    pixels = np.full((8, 8, 4), 90, np.uint8) if pixels is None else pixels
    Image.fromarray(pixels).save(out, "PNG")
    data = out.getvalue()
    return data[:33] + before + data[33:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def archive(path: Path, members: dict[str, bytes], layers: str = '<layer src="data/a.png"/>') -> Path:
    """An .ora with these members beside what one has to have."""
    stack = f'<image w="8" h="8"><stack>{layers}</stack></image>'.encode()
    whole = {"mimetype": b"image/openraster", "stack.xml": stack, "data/a.png": png()} | members
    with zipfile.ZipFile(path, "w") as file:
        for name, content in whole.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        open_document(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# -- pickles -------------------------------------------------------------------------------------------------

PICTURES = (".png", ".jpg", ".tif", ".webp", ".avif", ".jxl", ".heic", ".bmp", ".gif", ".psd", ".psb", ".dng")


@pytest.mark.parametrize("suffix", dict.fromkeys((*DOCUMENT_SUFFIXES, *PICTURES)))
def test_a_pickle_by_the_name_of_a_picture(tmp_path, trace, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(pickle.dumps(Harm(trace)))
    refused(path)


@pytest.mark.parametrize("member", ["stack.xml", "data/a.png", "mergedimage.png", "lacuna/document.json"])
def test_a_pickle_within_a_project(tmp_path, trace, member):
    path = archive(tmp_path / "a.ora", {member: pickle.dumps(Harm(trace))})
    try:
        open_document(path)
    except FileError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", [b"tEXt", b"eXIf", b"iCCP", b"zTXt"])
def test_a_pickle_in_what_describes_a_picture(tmp_path, trace, kind):
    payload = pickle.dumps(Harm(trace))
    content = b"key\0" + (b"" if kind == b"tEXt" else b"\0" + zlib.compress(payload)) + payload
    path = tmp_path / "a.png"
    path.write_bytes(png(before=chunk(kind, content)))
    assert open_document(path).width == 8


# -- paths ---------------------------------------------------------------------------------------------------

ELSEWHERE = ["../../escaped.png", "/tmp/lacuna-escaped.png", "data/../../../escaped.png", "..\\escaped.png"]


def listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_members_that_would_lie_elsewhere(tmp_path, name):
    """Nothing is ever unpacked: a layer may be called so, and is a layer."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    path = archive(folder / "a.ora", {name: png()}, f'<layer src="{name}"/>')
    before = listed(tmp_path)
    document = open_document(path)
    assert len(document.layers) == 1
    assert listed(tmp_path) == before and not Path("/tmp/lacuna-escaped.png").exists()


@pytest.mark.parametrize("how", ["{path}", "file://{path}", "../secret.png", "http://127.0.0.1:9/a.png"])
def test_layers_that_name_a_file_of_the_machine(tmp_path, how):
    secret = tmp_path / "secret.png"
    secret.write_bytes(png(np.full((8, 8, 4), 255, np.uint8)))
    path = archive(tmp_path / "a.ora", {}, f'<layer src="{how.format(path=secret)}"/>')
    assert "is missing" in refused(path)


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o010666])
def test_members_that_are_links_or_devices(tmp_path, mode):
    """What a ZIP says of a member's kind counts for nothing: the bytes in it are all there is."""
    path = archive(tmp_path / "a.ora", {})
    info = zipfile.ZipInfo("data/b.png")
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, "/etc/passwd")
    assert len(open_document(path).layers) == 1
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("c", "")
    other = archive(tmp_path / "b.ora", {"data/a.png": b"/etc/passwd"})
    assert "data/a.png" in refused(other)


# -- XML -----------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
EMPTY = '<image w="8" h="8"><stack/></image>'
NAMED = '<image w="8" h="8"><stack name="{}"/></image>'
BOMBS = {
    "billion laughs": f'<!DOCTYPE image [<!ENTITY l0 "haha">{LAUGHS}]><image w="8" h="8">&l9;</image>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY a "{"x" * 100_000}">]><image>{"&a;" * 100_000}</image>',
    "in an attribute": f'<!DOCTYPE image [<!ENTITY l0 "haha">{LAUGHS}]>{NAMED.format("&l9;")}',
    "of parameters": f'<!DOCTYPE image [<!ENTITY % a "x"><!ENTITY % b "%a;%a;">%b;]>{EMPTY}',
    "a file": f'<!DOCTYPE image [<!ENTITY f SYSTEM "file:///etc/passwd">]>{NAMED.format("&f;")}',
    "the network": f'<!DOCTYPE image SYSTEM "http://127.0.0.1:9/a.dtd">{EMPTY}',
}


@pytest.mark.parametrize("how", BOMBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_grows_or_asks_for_more(tmp_path, how, encoding):
    stack = f'<?xml version="1.0" encoding="{encoding}"?>{BOMBS[how]}'.encode(encoding)
    path = archive(tmp_path / "a.ora", {"stack.xml": stack})
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = refused(path)
    assert "document type" in words or "larger than the limit" in words
    assert time.monotonic() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


@pytest.mark.parametrize("how", BOMBS)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_the_same_as_a_packet_of_xmp(tmp_path, how, suffix):
    """It is kept as it is, and never parsed as XML."""
    packet = f'<?xpacket begin=""?>{BOMBS[how][:60_000]}<?xpacket end="w"?>'.encode()
    path, image = tmp_path / f"a{suffix}", Image.fromarray(np.full((8, 8, 3), 90, np.uint8))
    if suffix == ".png":
        path.write_bytes(png(before=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)))
    elif suffix == ".tif":
        image.save(path, tiffinfo={700: packet})
    else:
        image.save(path, xmp=packet)
    begun = time.monotonic()
    document = open_document(path)
    assert document.width == 8 and time.monotonic() - begun < 2


def test_an_svg_is_no_picture(tmp_path):
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'
    for name in ("a.svg", "a.png", "a.jpg"):
        (tmp_path / name).write_text(text)
        refused(tmp_path / name)


# -- colour profiles -----------------------------------------------------------------------------------------

FUZZ = """
import random, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from PIL import ImageCms
from editor.document import icc
random.seed(int(sys.argv[2]))
whole = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
picture = np.random.default_rng(0).integers(0, 255, (4, 4, 3), np.uint8)
read = 0
for _ in range(150):
    profile = bytearray(whole)
    for _ in range(random.randint(1, 12)):
        place = random.randrange(len(profile) if random.random() < 0.5 else 260)
        profile[place] = random.choice((0, 255, 127, 128, random.randrange(256)))
    if random.random() < 0.3:
        del profile[random.randrange(1, len(profile)):]
    profile = bytes(profile)
    try:
        icc.description(profile)
        for dtype in (np.uint8, np.uint16):
            icc.converter(profile, None, dtype)(picture.astype(dtype))
            icc.converter(None, profile, dtype)(picture.astype(dtype))
        read += 1
    except ValueError:
        pass
print(read)
"""


@pytest.mark.parametrize("seed", range(3))
def test_profiles_of_any_bytes_are_used_or_refused(seed):
    """In a process of its own, which native code may end."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FUZZ, str(ROOT), str(seed)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10  # and not all of them were refused at once


def tagged(tags: list[tuple[bytes, int, int]], length: int = 1000, count: int | None = None) -> bytes:
    """A profile whose list of tags says so."""
    head = bytearray(128)
    struct.pack_into(">I", head, 0, length)
    head[8:12], head[12:24], head[36:40] = b"\4\x20\0\0", b"mntrRGB XYZ ", b"acsp"
    entries = b"".join(struct.pack(">4sII", *tag) for tag in tags)
    listed = struct.pack(">I", len(tags) if count is None else count) + entries
    return (bytes(head) + listed).ljust(length, b"\0")


PROFILES = {
    "nothing": b"",
    "text": b"no profile at all",
    "tags without end": tagged([], count=0xFFFFFFFF),
    "a tag beyond the end": tagged([(b"rTRC", 0x7FFFFFF0, 0x7FFFFFF0)]),
    "a tag of all there is": tagged([(b"A2B0", 128, 0xFFFFFFFF)]),
    "tags that lie on each other": tagged([(bytes([65 + n]) * 4, 132, 868) for n in range(20)]),
    "a length of four gigabytes": tagged([])[:0] + b"\xff\xff\xff\xff" + tagged([])[4:],
}


@pytest.mark.parametrize("how", PROFILES)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_picture_with_a_hostile_profile_opens(tmp_path, how, suffix):
    path = tmp_path / f"a{suffix}"
    Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(path, icc_profile=PROFILES[how] or b"x")
    begun = time.monotonic()
    document = open_document(path)
    assert document.composite(document.rect).shape == (8, 8, 4)
    assert time.monotonic() - begun < 5
    if document.metadata.icc is not None:
        assert "\n" not in icc.description(document.metadata.icc)


def test_the_profiles_are_what_they_are_said_to_be():
    """littleCMS takes an honest one made the same way."""
    assert icc.space(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()) == "RGB"
    with pytest.raises(ValueError):
        icc.converter(PROFILES["a tag beyond the end"], None, np.dtype(np.uint8))


# -- EXIF ----------------------------------------------------------------------------------------------------


def tiff_block(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *each) for each in entries)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", following)


BLOCKS = {
    "an orientation of no number": tiff_block((274, 3, 0xFFFFFFFF, 0)),
    "an orientation far away": tiff_block((274, 3, 5, 0xFFFFFFF0)),
    "an orientation of 999": tiff_block((274, 3, 1, 999)),
    "directories in a circle": tiff_block((274, 3, 1, 6), following=8),
    "a directory in itself": tiff_block((34665, 4, 1, 8), (34853, 4, 1, 8)),
    "a text of four gigabytes": tiff_block((270, 2, 0xFFFFFFFF, 8)),
    "a thumbnail far away": tiff_block((274, 3, 1, 1), following=0xFFFFFFF0),
    "more tags than bytes": b"II*\0\x08\0\0\0\xff\xff" + bytes(20),
    "a kind that is none": tiff_block((274, 99, 1, 6)),
}


@pytest.mark.parametrize("how", BLOCKS)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_with_hostile_exif_opens_and_is_saved(tmp_path, how, suffix):
    path = tmp_path / f"a{suffix}"
    Image.fromarray(np.full((8, 6, 3), 90, np.uint8)).save(path, exif=b"Exif\0\0" + BLOCKS[how])
    document = open_document(path)
    assert {document.width, document.height} == {6, 8}
    save(document, tmp_path / "b.jpg")
    assert open_document(tmp_path / "b.jpg").width == document.width


def test_json_of_a_project_is_never_more_than_data(tmp_path, trace):
    """Names of classes and modules in it name nothing."""
    values = {
        "version": 1,
        "py/object": "pathlib.Path",
        "__class__": "os.system",
        "__reduce__": [["posix", "system"], [f"touch '{trace}'"]],
        "layers": [{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": [f"touch '{trace}'"]}]}],
    }
    path = archive(tmp_path / "a.ora", {"lacuna/document.json": json.dumps(values).encode()})
    try:
        open_document(path)
    except FileError as error:
        assert "\n" not in str(error)
