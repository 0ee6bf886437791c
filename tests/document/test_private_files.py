"""What is kept of open pictures beside their files is private to the user, and no link leads it elsewhere."""

import os
import pickle
import shutil
from pathlib import Path

import pytest

from editor import settings
from editor.document import recovery, spill
from editor.document.journal import session
from editor.document.journal.session import Session, folders, newest_journal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")


@pytest.fixture
def state() -> Path:
    return Path(os.environ["LACUNA_STATE_DIR"])


def closed_to_others(path: Path, within: Path) -> bool:
    """Whether the file itself, or a folder on the way to it below ``within``, is the user's alone."""
    way = [path, *(each for each in path.parents if each.is_relative_to(within))]
    return any(each.stat().st_mode & 0o077 == 0 for each in way)


def test_a_journal(make_document, state):
    document = make_document(300, 300)
    journal = recovery.begin(document, None, print)
    assert journal.wait(10)
    files = [path for path in state.rglob("*") if path.is_file()]
    assert len(files) >= 3 and all(closed_to_others(path, state) for path in files)
    journal.close()
    journal.join(10)


def test_a_folder_of_journals_that_is_a_link(make_document, state, tmp_path):
    """It is not followed, and the user is told that nothing is kept."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    state.mkdir(parents=True)
    (state / "recovery").symlink_to(elsewhere)
    told = []
    journal = recovery.begin(make_document(), None, told.append)
    journal.wait(5)
    journal.close()
    journal.join(10)
    assert list(elsewhere.iterdir()) == [] and len(told) == 1


def test_a_session_that_is_a_link(state, tmp_path):
    """Not looked into, not removed, no lock put there."""
    own = Session.create()
    other = tmp_path / "precious"
    other.mkdir()
    (other / "journal-1").write_bytes(b"mine")
    (session.recovery_dir() / "0123456789abcdef").symlink_to(other)
    assert folders() == [own.folder]
    assert recovery.pending() == []
    assert [path.name for path in other.iterdir()] == ["journal-1"]
    own.remove()


def test_links_within_a_session(tmp_path):
    made = Session.create()
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (made.folder / "journal-7").symlink_to(secret)
    assert newest_journal(made.folder) is None
    made.release()
    (made.folder / "lock").unlink()
    (made.folder / "lock").symlink_to(secret)
    with pytest.raises(OSError):
        Session.take(made.folder)
    assert recovery.pending() == [] and secret.read_bytes() == b"secret"
    shutil.rmtree(made.folder)


def test_a_journal_that_is_a_pickle(tmp_path):
    class Harm:
        def __reduce__(self):
            return Path.touch, (tmp_path / "harm",)

    made = Session.create()
    (made.folder / "journal-1").write_bytes(pickle.dumps(Harm()))
    made.release()
    (found,) = recovery.pending()
    assert found.problem and not (tmp_path / "harm").exists()
    found.discard()


def test_history_on_the_disk_lies_in_the_cache_and_is_private(monkeypatch):
    """And what a killed program left there goes."""
    cache = Path(os.environ["LACUNA_CACHE_DIR"])
    left = cache / "lacuna-history-999999999-abc"
    left.mkdir(parents=True)
    monkeypatch.setattr(spill, "_folder", spill._folder.__wrapped__)
    folder = spill._folder()
    assert folder.parent == cache and folder.stat().st_mode & 0o777 == 0o700
    assert not left.exists()


def test_settings_are_private(tmp_path):
    """They tell which pictures there were and what was asked for in words."""
    old = os.umask(0)
    try:
        assert settings.save(settings.Settings(recent=["/home/x/secret.jpg"]), tmp_path / "config")
    finally:
        os.umask(old)
    path = tmp_path / "config" / "settings.json"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_settings_that_are_a_pickle(tmp_path):
    class Harm:
        def __reduce__(self):
            return Path.touch, (tmp_path / "harm",)

    (tmp_path / "settings.json").write_bytes(pickle.dumps(Harm()))
    assert settings.load(tmp_path) == settings.Settings()
    assert not (tmp_path / "harm").exists()
