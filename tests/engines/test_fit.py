"""What fits which machine, and what this machine is found to have."""

import ctypes
import dataclasses
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from engines import fit, machine, packs, registry, store
from engines.base import Box, Region
from engines.machine import Machine

GB = 10**9
LARGE = Machine(64 * GB, 48 * GB, 500 * GB)
WITH_CARD = dataclasses.replace(LARGE, card="GeForce", card_memory=12 * GB, card_free=11 * GB)


def spec(**facts):
    known = {"id": "x", "task": "remove", "title": "X", "module": "m", "factory": "f", "forms": ((),)}
    return registry.EngineSpec(**(known | {"note": "n", "memory": 4000, "seconds": 5.0} | facts))


@pytest.mark.parametrize(
    ("facts", "here", "verdict", "words"),
    [
        ({}, LARGE, "comfortable", "This machine has the memory"),
        (
            {},
            dataclasses.replace(LARGE, free_memory=5 * GB),
            "tight",
            "5.0 GB are free. Close other programs.",
        ),
        ({}, Machine(4 * GB, 3 * GB, GB), "no", "takes 4.2 GB of memory, this machine has 4.0 GB"),
        ({"wants_card": True}, LARGE, "slow", "takes minutes"),
        ({"seconds": 120.0}, LARGE, "slow", "takes minutes"),
        ({"seconds": 120.0, "wants_card": True}, WITH_CARD, "comfortable", "GeForce has"),
        (
            {"wants_card": True},
            dataclasses.replace(WITH_CARD, card_free=5 * GB),
            "tight",
            "5.0 GB of GeForce",
        ),
        ({"wants_card": True}, dataclasses.replace(WITH_CARD, card_memory=4 * GB), "slow", "enough memory"),
        ({"seconds": 120.0, "on_card": False}, WITH_CARD, "slow", "takes minutes"),
        ({"memory": 30000}, WITH_CARD, "comfortable", "This machine"),  # on the processor then
        ({}, Machine(0, 0, 500 * GB), "comfortable", "This machine"),  # of which nothing is known
    ],
)
def test_verdicts(facts, here, verdict, words):
    found = fit.fit(spec(**facts), here)
    assert found.verdict == verdict and words in found.reason and "\n" not in found.reason


def test_on_the_processor_a_model_of_half_floats_takes_more(monkeypatch):
    monkeypatch.setattr(packs, "room", lambda weights_id: 0)
    entry, taken = spec(memory=18000, wants_card=True), 36 * GB
    large = dataclasses.replace(WITH_CARD, card_memory=24 * GB, card_free=24 * GB)
    for here, verdict, words in (
        (dataclasses.replace(large, card_free=27 * GB, card_memory=32 * GB), "comfortable", "GeForce has"),
        (large, "tight", "it takes 18.9 GB"),
        (WITH_CARD, "slow", "Without 18.9 GB on a graphics card it takes minutes and 36.0 GB of memory"),
        (dataclasses.replace(WITH_CARD, memory=32 * GB), "no", "X takes 36.0 GB of memory"),
    ):
        found = fit.fit(entry, here, on_processor=taken)
        assert found.verdict == verdict and words in found.reason and "\n" not in found.reason


def test_a_part_of_a_model_on_the_card_is_better_than_none():
    entry = spec(memory=18000, wants_card=True)
    small = dataclasses.replace(WITH_CARD, card_memory=8 * GB)
    apple = dataclasses.replace(WITH_CARD, card=machine.APPLE)
    poor = dataclasses.replace(WITH_CARD, memory=9 * GB)
    for here, verdict in (
        (WITH_CARD, "tight"),
        (small, "slow"),
        (apple, "slow"),
        (poor, "no"),
        (LARGE, "slow"),
    ):
        found = fit.fit(entry, here, on_processor=36 * GB, apart=10 * GB)
        assert found.verdict == verdict, here
        assert ("GeForce has the memory for all but the words" in found.reason) == (verdict == "tight")


def test_room_on_the_disk_counts_for_what_is_not_installed_yet(monkeypatch):
    entry = registry.spec("u2netp")
    here = dataclasses.replace(LARGE, disk_free=packs.room("u2netp") - 1)
    assert fit.fit(entry, here).verdict == "no"
    assert fit.fit(entry, dataclasses.replace(here, disk_free=here.disk_free + 1)).verdict == "comfortable"
    monkeypatch.setattr(store, "is_present", lambda weights_id: True)
    assert fit.fit(entry, here).verdict == "comfortable"


def test_every_engine_has_been_measured():
    for entry in registry.ENGINES:
        assert entry.memory > 0
        assert fit.fit(entry, LARGE).verdict in ("comfortable", "slow")
    assert fit.fit(registry.spec("lama-refined"), LARGE).verdict == "slow"


def test_an_estimate_grows_with_what_is_to_be_done():
    def region(side):
        image = np.zeros((side, side, 3), np.float32)
        return Region(Box(0, 0, side, side), image, np.zeros((side, side), bool), image[..., 0])

    small = fit.estimate(spec(), (region(256),), LARGE)
    large = fit.estimate(spec(), (region(1024), region(512)), LARGE)
    assert small.seconds == 5.0 and large.seconds == 25.0
    assert large.memory - small.memory > (1024**2 + 512**2 - 256**2) * 12
    assert fit.estimate(spec(), (region(256),), WITH_CARD).seconds == pytest.approx(0.5)
    assert fit.estimate(spec(on_card=False), (region(256),), WITH_CARD).seconds == 5.0


# -- this machine --------------------------------------------------------------------------------------------


def test_this_machine(tmp_path):
    here = machine.machine(tmp_path / "not" / "made" / "yet")
    assert 10**8 < here.free_memory <= here.memory
    assert here.disk_free == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.05)
    assert bool(here.card) == (here.card_memory > 0)


class Driver:
    """NVIDIA's library of a machine with two cards, the second of which has more free."""

    cards = ((b"Old", 8 * GB, 1 * GB), (b"New", 12 * GB, 10 * GB))

    def __init__(self):
        self.open = 0

    def nvmlInit_v2(self):
        self.open += 1
        return 0

    def nvmlShutdown(self):
        self.open -= 1
        return 0

    def nvmlDeviceGetCount_v2(self, count):
        count._obj.value = len(self.cards)
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index, device):
        device._obj.value = index + 1
        return 0

    def nvmlDeviceGetName(self, device, name, size):
        name.value = self.cards[device.value - 1][0]
        return 0

    def nvmlDeviceGetMemoryInfo(self, device, memory):
        _, memory._obj.total, memory._obj.free = self.cards[device.value - 1]
        return 0


def test_a_graphics_card(tmp_path, monkeypatch):
    driver = Driver()
    monkeypatch.setattr(machine, "_uses_cards", lambda: True)
    monkeypatch.setattr(machine, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: driver)
    here = machine.machine(tmp_path)
    assert (here.card, here.card_memory, here.card_free) == ("New", 12 * GB, 10 * GB)
    assert driver.open == 0


@pytest.mark.parametrize("error", [OSError("no such library"), AttributeError("no such function")])
def test_no_driver(tmp_path, monkeypatch, error):
    def missing(name):
        raise error

    monkeypatch.setattr(machine, "_uses_cards", lambda: True)
    monkeypatch.setattr(machine, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert machine.machine(tmp_path).card == ""
