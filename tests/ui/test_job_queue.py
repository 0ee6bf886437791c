"""The queue of jobs in the engine's panel: in the order in which they run, which the user can change."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from editor.ui.panels.engine import EnginePanel, _JobRow
from editor.ui.run_times import RunTimes
from engines.base import Cancelled
from engines.manager import EngineManager

LEFT = Qt.MouseButton.LeftButton


class Held:
    """Runs what it is given, the first only once ``gate`` is open."""

    def __init__(self):
        self.gate, self.begun, self.order = threading.Event(), threading.Event(), []

    def __call__(self, engine_id):
        return self

    def run(self, request, progress):
        self.begun.set()
        while not self.gate.wait(0.005):
            if progress.cancelled:
                raise Cancelled
        self.order.append(request)


@pytest.fixture
def held():
    return Held()


@pytest.fixture
def manager(qapp, held):
    made = EngineManager(load=held)
    yield made
    held.gate.set()
    made.shut_down()


@pytest.fixture
def panel(qtbot, manager):
    made = EnginePanel(manager, RunTimes({}), lambda: "migan", lambda: "cpu")
    qtbot.addWidget(made)
    made.resize(300, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(panel):
    """What is shown from top to bottom: each job, and its button if that can be seen."""
    shown = [row for row in panel.findChildren(_JobRow) if not row.isHidden()]
    shown.sort(key=lambda row: row.mapTo(panel, row.rect().topLeft()).y())
    return [(row._job.request, _sooner(row) if _sooner(row).isVisible() else None) for row in shown]


def _sooner(row):
    (button,) = [each for each in row.findChildren(QToolButton) if each.accessibleName() == "Run sooner"]
    return button


def test_a_job_that_waits_can_come_sooner(qtbot, panel, manager, held):
    jobs = [manager.submit("migan", name) for name in "rabc"]
    qtbot.waitUntil(lambda: jobs[0].is_running)
    qtbot.wait(20)
    assert [(name, button is not None) for name, button in rows(panel)] == [
        ("r", False),
        ("a", False),
        ("b", True),
        ("c", True),
    ]
    QTest.mouseClick(dict(rows(panel))["c"], LEFT)
    qtbot.wait(20)
    assert [name for name, _ in rows(panel)] == ["r", "a", "c", "b"]
    QTest.mouseClick(dict(rows(panel))["c"], LEFT)
    qtbot.wait(20)
    assert [name for name, _ in rows(panel)] == ["r", "c", "a", "b"]
    assert dict(rows(panel))["c"] is None and dict(rows(panel))["a"] is not None
    held.gate.set()
    qtbot.waitUntil(lambda: manager.jobs == ())
    assert held.order == ["r", "c", "a", "b"]
    qtbot.wait(20)
    assert rows(panel) == []
