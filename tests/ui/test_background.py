"""Outcomes of other threads' work come to whoever still waits for them."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from editor.ui.background import Call


def test_an_outcome_comes_in_the_gui_thread_and_the_call_goes(qtbot):
    parent, told = QObject(), []
    with ThreadPoolExecutor(1) as pool:
        call = Call(pool.submit(lambda: 7), parent)
        call.done.connect(lambda result: told.append((result, threading.current_thread())))
        del call
        qtbot.waitUntil(lambda: bool(told))
    assert told == [(7, threading.main_thread())]
    qtbot.waitUntil(lambda: not parent.children())


def test_an_exception_is_told(qtbot):
    parent, told = QObject(), []
    future: Future = Future()
    Call(future, parent).failed.connect(told.append)
    error = ValueError("no")
    future.set_exception(error)
    qtbot.waitUntil(lambda: told == [error])


def test_nobody_is_told_where_the_parent_has_gone(qtbot, caplog):
    parent, told = QObject(), []
    early, late = Future(), Future()
    for future in (early, late):
        Call(future, parent).done.connect(told.append)
    early.set_result(1)  # on its way when the parent goes
    shiboken6.delete(parent)
    late.set_result(2)
    QApplication.processEvents()
    assert not told and not caplog.records
