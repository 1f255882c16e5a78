"""The sweeper removes what a killed process left behind, and never what lives or is on its way."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import transaction

from infotrust.shared.storage import queries, services
from infotrust.shared.vault import services as vault

pytestmark = pytest.mark.django_db
NOW, HOUR = timedelta(0), timedelta(hours=1)


def test_an_abandoned_file_is_removed_once_it_is_old(table, sealed_folder):
    sealed = vault.seal("snap", table("a"))
    path = sealed.path
    sealed.hold.release()
    assert services.sweep(HOUR) == 0
    os.utime(path, (time.time() - 7200,) * 2)
    assert services.sweep(HOUR) == 1
    assert not path.exists()


def test_a_file_on_its_way_stays_however_old(table, values):
    sealed = vault.seal("snap", table("a"))
    os.utime(sealed.path, (0, 0))
    assert services.sweep(NOW) == 0
    vault.add("snap", sealed)
    assert services.sweep(NOW) == 0
    assert values() == ["a"]


def test_a_sealed_part_that_is_let_go_is_no_longer_protected(table):
    sealed = vault.seal("snap", table("a"))
    assert services.sweep(NOW) == 0
    del sealed
    gc.collect()
    assert services.sweep(NOW) == 1


def test_a_file_whose_row_was_undone_is_removed_after_it_was_let_go(table):
    sealed = vault.seal("snap", table("a"))
    path = sealed.path
    with transaction.atomic():
        services.keep(sealed)
        transaction.set_rollback(True)
    assert services.sweep(NOW) == 0
    sealed.hold.release()
    assert services.sweep(NOW) == 1
    assert not path.exists()


def test_current_and_superseded_parts_stay(add, values):
    first = add("a")
    add("b", replaces=[first])
    assert services.sweep(NOW) == 0
    assert values() == ["b"]
    assert queries.path_of(first).exists()


def test_what_remains_of_a_destroyed_part_goes_at_any_age(add, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        part = add("a")
    services.shred([part], reason="ended", by=None)  # the process dies before it removes the file
    assert queries.path_of(part).exists()
    part.refresh_from_db()
    assert services.sweep(timedelta(days=1)) == 1
    assert not queries.path_of(part).exists()


def test_a_half_written_file_of_a_killed_process_is_removed(sealed_folder):
    script = (
        "import sys, os, signal, pathlib\n"
        "from infotrust.core import vaulting\n"
        "def chunks():\n"
        "    yield b'x' * 600_000\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "vaulting.seal_stream(chunks(), pathlib.Path(sys.argv[1]), vaulting.new_data_key())\n"
    )
    died = subprocess.run([sys.executable, "-c", script, str(sealed_folder / "vault" / "dead.sealed")], check=False)
    assert died.returncode == -9
    assert [file.name for file in (sealed_folder / "vault").iterdir()] == ["dead.sealed.unfinished"]
    assert services.sweep(HOUR) == 0
    assert services.sweep(NOW) == 1


def test_sweeping_an_empty_store_is_fine():
    assert services.sweep(NOW) == 0
