"""A file of the web comes whole and right, or there is one line that says why not; never a wrong file."""

import hashlib
import io
import json
import os
import random
import signal
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engines import packs, records, sources, store, web
from engines.base import Cancelled, EngineError, Progress, WeightsMissing, WeightsWrong
from tests.engines import bad_server
from tests.engines.bad_server import BadServer, answers, cut_at, cut_off_hard, good

ROOT = Path(__file__).parents[2]
CONTENT = random.Random(7).randbytes(600_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


REAL_TIME = web.Clock()


class Hours(web.Clock):
    """Time that passes only by waiting, of which there is plenty."""

    def __init__(self):
        self.passed, self.waits = 0.0, []
        super().__init__(lambda: self.passed, self.wait)

    def wait(self, seconds):
        self.waits.append(seconds)
        object.__setattr__(self, "passed", self.passed + seconds)


Hours.__setattr__ = object.__setattr__


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """No proxy of the machine's, and no waiting."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(web, "Clock", Hours)


@pytest.fixture
def server():
    with BadServer(CONTENT).running() as running:
        yield running


@pytest.fixture
def known(monkeypatch):
    """Makes a model, to be had at addresses, the whole catalogue."""

    def put(*urls, **other):
        found = {
            "id": "w",
            "purpose": "Trying out",
            "file": "w.safetensors",
            "licence": "MIT",
            "commercial": True,
            "bytes": len(CONTENT),
            "sha256": SHA256,
            "download": len(CONTENT),
            "sources": tuple(sources.source_of({"web": url, "sha256": SHA256}) for url in urls),
        }
        entry = store.WeightFile(**(found | other))
        monkeypatch.setattr(store, "catalog", lambda: {"w": entry})

    return put


def left():
    folder = store.packs_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def installed_whole():
    return left() == ["w.safetensors"] and (store.packs_folder() / "w.safetensors").read_bytes() == CONTENT


def test_a_good_server(server, known):
    known(server.url)
    told = []
    packs.install("w", Progress(told.append))
    assert installed_whole()
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1 and len(set(told)) > 2
    assert len(server.asked) == 1 and "range" not in server.asked[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_connection_that_is_cut_at_thirty_places(server, known, seed):
    places = sorted(random.Random(seed).sample(range(1, len(CONTENT)), 30))
    server.ways = [cut_at(place) for place in places]
    known(server.url)
    packs.install("w", Progress())
    assert installed_whole()
    assert [each.get("range") for each in server.asked] == [None, *(f"bytes={place}-" for place in places)]
    assert {each.get("if-range") for each in server.asked[1:]} == {server.etag}


@pytest.mark.parametrize(
    "way",
    [
        cut_off_hard,
        cut_at(0),
        answers("500 Internal Server Error"),
        answers("503 Service Unavailable", ("Retry-After", 7)),
        answers("429 Too Many Requests"),
        bad_server.without_length,
        bad_server.in_chunks(),
        bad_server.in_chunks(upto=123_456),
        bad_server.whatever_is_asked_all,
        bad_server.no_http,
        bad_server.endless_headers,
        bad_server.dripping(20, 0.005),
    ],
)
def test_what_is_bad_for_once_is_got_over(server, known, way):
    server.ways = [cut_at(1000), way, cut_at(300_000)]
    known(server.url)
    packs.install("w", Progress())
    assert installed_whole()


@pytest.mark.parametrize(
    ("way", "words", "tries"),
    [
        (answers("404 Not Found"), "127.0.0.1 answers 404 Not Found", 1),
        (answers("403 Forbidden"), "127.0.0.1 answers 403 Forbidden", 1),
        (answers("204 No Content"), "127.0.0.1 answers 204 No Content", 1),
        (answers("500 Oh"), "127.0.0.1 did not give the file: 127.0.0.1 answers 500 Oh", 5),
        (answers("302 Found", ("Location", "/weights.bin")), "127.0.0.1 answers 302", None),
        (answers("302 Found", ("Location", "file:///etc/passwd")), "127.0.0.1 answers 302 Found", 1),
        (answers("302 Found", ("Location", "ftp://127.0.0.1/x")), "127.0.0.1 sends on to ftp:", 1),
        (cut_off_hard, "127.0.0.1 did not give the file: the connection broke off", 5),
        (bad_server.another_range, "did not give the file: it gave another part", 5),
        (bad_server.no_http, "127.0.0.1 did not give the file: ", 5),
        (bad_server.endless_headers, "127.0.0.1 did not give the file: ", 5),
        (bad_server.wrong_bytes, "weights.bin gives is not the file that it should be", 1),
        (bad_server.too_long, "127.0.0.1 has is longer than 600000 bytes", 1),
        (bad_server.another_length, "127.0.0.1 has is 599990 bytes, not 600000", 1),
    ],
)
def test_what_is_bad_always_is_told_in_one_line_and_leaves_no_file(server, known, way, words, tries):
    server.always = way
    known(server.url)
    with pytest.raises((WeightsMissing, WeightsWrong)) as caught:
        packs.install("w", Progress())
    assert words in str(caught.value) and "\n" not in str(caught.value)
    assert left() == [] and not store.is_present("w")
    assert tries is None or len(server.asked) == tries


def test_every_ending_of_a_server_of_chance(known):
    """Whatever comes in whatever order: the right file, or an error and none."""
    ways = [good, cut_at(200), cut_at(400_000), cut_off_hard, answers("500 No"), answers("404 Not Found")]
    ways += [bad_server.wrong_bytes, bad_server.too_long, bad_server.another_length, bad_server.another_range]
    ways += [bad_server.no_http, bad_server.whatever_is_asked_all, answers("416 Range Not Satisfiable")]
    chance = random.Random(3)
    endings = {True: 0, False: 0}
    for _ in range(40):
        order = [chance.choice(ways) for _ in range(6)]
        with BadServer(CONTENT, order).running() as server:
            known(server.url)
            try:
                packs.install("w", Progress())
                assert installed_whole()
                endings[True] += 1
            except (WeightsMissing, WeightsWrong) as error:
                assert "\n" not in str(error) and not store.is_present("w")
                endings[False] += 1
        for name in left():
            (store.packs_folder() / name).unlink()
    assert min(endings.values()) > 5


def test_a_redirect_is_followed_and_the_range_with_it(server, known):
    moved = ("Location", server_path := "/moved.bin")
    server.ways = [answers("302 Found", moved), cut_at(5000), answers("307 Temporary Redirect", moved)]
    known(server.url)
    packs.install("w", Progress())
    assert installed_whole()
    assert server.paths[1] == server.paths[3] == server_path
    assert server.asked[3]["range"] == "bytes=5000-"


def test_a_secure_address_is_not_left_for_one_that_is_not():
    request = web.urllib.request.Request("https://a.example/x")
    for address in ("http://a.example/x", "ftp://a.example/x", "file:///x"):
        with pytest.raises(WeightsMissing, match="sends on to"):
            web._SafeRedirects().redirect_request(request, io.BytesIO(), 302, "", {}, address)
    kept = web._SafeRedirects().redirect_request(request, None, 302, "", {}, "https://b.example/y")
    assert kept.full_url == "https://b.example/y"


def test_pauses_grow_and_the_servers_wish_is_heeded(server, tmp_path, monkeypatch):
    monkeypatch.setattr(web.random, "uniform", lambda low, high: 1.0)
    server.ways = [answers("503 No"), answers("503 No"), answers("503 No", ("Retry-After", 11)), cut_at(10)]
    hours = Hours()
    web.download(server.url, tmp_path / "part", len(CONTENT), Progress(), clock=hours)
    assert sum(hours.waits) == pytest.approx(1 + 2 + 11)
    assert (tmp_path / "part").read_bytes() == CONTENT


def test_a_server_that_is_too_slow_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(web, "_WINDOW", 0.0)
    monkeypatch.setattr(web, "_pause", lambda failures: 0.0)
    monkeypatch.setattr(web, "_LEAST", len(CONTENT))
    server.always = bad_server.dripping(400, 0.001)
    with pytest.raises(WeightsMissing, match="it is too slow"):
        web.download(server.url, tmp_path / "part", len(CONTENT), Progress(), clock=REAL_TIME)


def test_a_server_that_falls_silent_is_left(server, tmp_path, monkeypatch):
    monkeypatch.setattr(web, "_SILENCE", 0.2)
    gate = threading.Event()
    server.ways = [bad_server.stalling(1000, gate)]
    web.download(server.url, tmp_path / "part", len(CONTENT), Progress(), clock=Hours())
    gate.set()
    assert (tmp_path / "part").read_bytes() == CONTENT
    assert server.asked[1]["range"] == "bytes=1000-"


def test_a_file_that_changed_meanwhile_is_begun_anew(server, known):
    known(server.url)
    server.ways = [cut_at(100_000)]
    server.content = b"?" * len(CONTENT)  # an older file, of which a piece comes

    def renewed(asked):
        asked.content, asked.etag = CONTENT, '"two"'
        good(asked)

    server.ways.append(renewed)
    packs.install("w", Progress())
    assert installed_whole()
    assert server.asked[1]["if-range"] == '"one"' and len(server.asked) == 2


def test_a_part_of_another_file_is_found_out_by_its_hash(server, known):
    """The address has no mark of its state, and the part is not what it was."""
    known(server.url)
    part = store.catalog()["w"].sources[0].part(store.packs_folder())
    part.parent.mkdir(parents=True)
    part.write_bytes(b"?" * 1000)
    packs.install("w", Progress())
    assert installed_whole()
    assert [each.get("range") for each in server.asked] == ["bytes=1000-", None]


def test_pausing_keeps_what_came_and_going_on_fetches_the_rest(server, known):
    known(server.url)
    gate = threading.Event()
    server.ways = [bad_server.stalling(250_000, gate)]
    progress = Progress()
    waiting = threading.Timer(0.3, progress.cancel)  # it waits for the server by then
    waiting.start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        packs.install("w", progress)
    assert time.monotonic() - begun < 5
    gate.set()
    waiting.join()
    assert packs.came("w") == 250_000 and not store.is_present("w")
    packs.install("w", Progress())
    assert installed_whole() and server.asked[1]["range"] == "bytes=250000-" and packs.came("w") == 0


def test_what_was_paused_can_be_thrown_away(server, known):
    known(server.url)
    server.ways, server.always = [cut_at(1000)], answers("404 Not Found")
    with pytest.raises(WeightsMissing):
        packs.install("w", Progress())
    assert packs.came("w") == 1000
    packs.remove("w")
    assert left() == []


def test_mirrors_are_tried_in_their_order_and_go_on_with_the_same_part(known):
    with BadServer(CONTENT).running() as first, BadServer(CONTENT).running() as second:
        first.ways, first.always = [cut_at(10_000)], answers("404 Not Found")
        known(first.url, second.url)
        packs.install("w", Progress())
        assert installed_whole()
        assert second.asked[0]["range"] == "bytes=10000-" and "if-range" not in second.asked[0]
        assert len(first.asked) == 2


def test_a_wrong_mirror_is_passed_over(known):
    with BadServer(CONTENT).running() as first, BadServer(CONTENT).running() as second:
        first.always = bad_server.wrong_bytes
        known(first.url, second.url)
        packs.install("w", Progress())
        assert installed_whole() and "range" not in second.asked[0]


@pytest.mark.parametrize("how", ["setting", "environment"])
def test_a_proxy(server, known, monkeypatch, how):
    """The server is the proxy of an address that does not exist."""
    known("http://models.invalid/w.bin")
    proxy = f"http://127.0.0.1:{server.port}"
    if how == "environment":
        monkeypatch.setenv("http_proxy", proxy)
    packs.install("w", Progress(), proxy=proxy if how == "setting" else "")
    assert installed_whole()
    assert server.paths == ["http://models.invalid/w.bin"]


def test_an_address_that_is_none(known):
    known("http://models.invalid/w.bin")
    with pytest.raises(WeightsMissing, match=r"models\.invalid did not give the file: ") as caught:
        packs.install("w", Progress())
    assert "\n" not in str(caught.value)


def test_a_licence_is_accepted_first_and_once(server, known):
    known(server.url, commercial=False, licence="CreativeML Open RAIL-M")
    with pytest.raises(packs.LicenceNotAccepted, match=r"CreativeML.* --accept-licence$"):
        packs.install("w", Progress())
    assert server.asked == [] and left() == []
    packs.install("w", Progress(), accepted=True)
    packs.verify("w").write_bytes(b"damaged")
    packs.install("w", Progress())  # repaired without being asked again
    assert packs.verify("w").read_bytes() == CONTENT
    known(server.url, commercial=False, licence="another")
    assert packs.needs_consent("w")


def test_records_that_make_no_sense_are_as_none(tmp_path):
    for content in (b"", b"[1]", b'{"licences": 3}', b"\xff", b'{"licences": {"w": 3}}'):
        (tmp_path / "records.json").write_bytes(content)
        assert records.accepted(tmp_path, "w") == ""
    records.accept(tmp_path, "w", "MIT")
    assert records.accepted(tmp_path, "w") == "MIT"


def test_a_disk_that_is_full(server, known, small_disk, monkeypatch):
    monkeypatch.setenv("LACUNA_DATA_DIR", str(small_disk))
    server.content = CONTENT * 8  # the disk holds 3 MB
    known(server.url, bytes=0, download=0, sha256="")  # so that it is found out late
    with pytest.raises(EngineError, match=r"not enough room in .* for w, .* Free some"):
        packs.install("w", Progress())
    assert not store.is_present("w") and packs.came("w") > 1_000_000
    packs.remove("w")
    assert left() == []


# -- other processes -----------------------------------------------------------------------------------------

INSTALL = """
import sys, json
from engines import packs, sources, store
from engines.base import Progress
found = json.loads(sys.argv[1])
url, sha256 = found.pop("url"), found["sha256"]
entry = store.WeightFile(**found, sources=(sources.source_of({"web": url, "sha256": sha256}),))
store.catalog = lambda: {"w": entry}
def tell(fraction):
    print(fraction, flush=True)
packs.install("w", Progress(tell))
print("done", flush=True)
"""


def another_program(server):
    found = {
        "id": "w",
        "purpose": "Trying out",
        "file": "w.safetensors",
        "licence": "MIT",
        "commercial": True,
        "bytes": len(CONTENT),
        "sha256": SHA256,
        "download": len(CONTENT),
        "url": server.url,
    }
    return subprocess.Popen(
        [sys.executable, "-c", INSTALL, json.dumps(found)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_program_that_is_killed_in_the_middle_is_gone_on_with(server, known):
    gate = threading.Event()
    server.ways = [bad_server.stalling(200_000, gate)]
    victim = another_program(server)
    part = None
    deadline = time.monotonic() + 20
    known(server.url)
    while packs.came("w") < 200_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    gate.set()
    part = packs.came("w")
    assert part == 200_000 and not store.is_present("w")
    packs.install("w", Progress())
    assert installed_whole()
    assert server.asked[1]["range"] == "bytes=200000-" and server.asked[1]["if-range"] == server.etag


def test_three_programs_at_once_fetch_it_once(server, known):
    server.always = bad_server.dripping(30, 0.01)
    others = [another_program(server) for _ in range(2)]
    known(server.url)
    packs.install("w", Progress())
    for other in others:
        out, err = other.communicate(timeout=60)
        assert other.returncode == 0 and out.endswith("done\n"), err
    assert installed_whole()
    assert len(server.asked) == 1


def test_a_waiting_program_can_be_called_off_and_takes_over_when_the_other_is_killed(server, known):
    gate = threading.Event()
    server.ways = [bad_server.stalling(100_000, gate)]
    other = another_program(server)
    known(server.url)
    deadline = time.monotonic() + 20
    while packs.came("w") < 100_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    progress = Progress()
    timer = threading.Timer(0.2, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        packs.install("w", progress)
    timer.join()
    timer = threading.Timer(0.3, lambda: other.send_signal(signal.SIGKILL))
    timer.start()
    packs.install("w", Progress())
    timer.join()
    other.communicate()
    gate.set()
    assert installed_whole() and server.asked[1]["range"] == "bytes=100000-"


def test_certificates_are_found_where_openssl_does_not_look(monkeypatch, tmp_path):
    """As in a bundle on another system than the one that it was built on."""
    known = next((path for path in map(Path, web._AUTHORITIES) if path.is_file()), None)
    if known is None:
        pytest.skip("this system keeps its certificates elsewhere")
    nowhere = ssl.get_default_verify_paths()._replace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    trust = web._trust()
    assert trust.cert_store_stats()["x509_ca"] > 0
    assert trust.verify_mode == ssl.CERT_REQUIRED and trust.check_hostname
    monkeypatch.setattr(web, "_AUTHORITIES", (str(tmp_path / "none"),))
    assert web._trust().cert_store_stats()["x509_ca"] == 0
