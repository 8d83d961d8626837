"""The lock: one holder at a time, released at any end of the holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from members_portal.publish.lock import own_folder, publish_lock
from members_portal.publish.publish_error import Locked
from tests.publish.project import ROOT

HOLD = "import sys, time; from pathlib import Path; from members_portal.publish.lock import publish_lock\n"
HOLD += "with publish_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


def test_a_second_holder_is_turned_away_and_the_first_stays(tmp_path: Path) -> None:
    with publish_lock(tmp_path):
        with pytest.raises(Locked, match="another publish is running"), publish_lock(tmp_path):
            pass
        with pytest.raises(Locked), publish_lock(tmp_path):
            pass
    with publish_lock(tmp_path):
        pass


def test_each_holder_has_a_folder_of_its_own(tmp_path: Path) -> None:
    with own_folder(tmp_path, "preview") as first, own_folder(tmp_path, "preview") as second:
        assert (first, second) == (tmp_path / "preview", tmp_path / "preview-2")
        with own_folder(tmp_path, "preview") as third:
            assert third == tmp_path / "preview-3"
    with own_folder(tmp_path, "preview") as again, pytest.raises(Locked), publish_lock(again), publish_lock(again):
        pass
    assert again == first
    assert first.stat().st_mode & 0o777 == 0o700


def test_folders_are_locked_apart(tmp_path: Path) -> None:
    with publish_lock(tmp_path / "one"), publish_lock(tmp_path / "other"):
        pass


def test_the_lock_file_is_the_owners_and_stays(tmp_path: Path) -> None:
    with publish_lock(tmp_path / "new" / "folder"):
        pass
    assert (tmp_path / "new" / "folder" / "lock").stat().st_mode & 0o777 == 0o600


def test_an_error_under_the_lock_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError, match="a pipe is full"), publish_lock(tmp_path):
        raise BlockingIOError("a pipe is full")


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Locked), publish_lock(tmp_path):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with publish_lock(tmp_path):
        pass
