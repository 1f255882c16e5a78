"""Promise 7: unagreed columns never touch the disk; and what is agreed is nowhere on it in clear."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infotrust.web import environment

ROOT = Path(__file__).resolve().parents[3]

# Uploads a file through the page, in a process of its own with a real database file and its own temporary folder.
PROGRAM = """
import io, json, os, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "infotrust.web.settings"
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from infotrust.shared.accounts.models import User
from infotrust.shared.holdings import services as holdings
from infotrust.shared.jobs import services as jobs
from infotrust.shared.vault import services as vault
from infotrust.stages.intake.models import Delivery
from tests.stages.intake import killing
from tests.stages.intake.world import DATASET, csv_file

killing.begin()
rows = [f"Q{n},AgreedName{n},09/01/2015,KG,{n % 9},UnagreedSecret" + "Secret" * int(sys.argv[1]) for n in range(2000)]
rows += [f"R{n},RejectedName{n},31/31/2015,KG,,UnagreedSecret{n}" for n in range(5)]
# A ragged row: its unagreed cell stands where an agreed one should.
rows += ["S1,UnagreedSecret,UnagreedSecret,UnagreedSecret,UnagreedSecret,1,UnagreedSecret"]
client = Client()
steward = User.objects.get(email="steward@schools.example")
client.force_login(steward, backend="django.contrib.auth.backends.ModelBackend")
file = SimpleUploadedFile("enrollment.csv", csv_file(*rows).getvalue(), "text/csv")
sent = client.post(f"/deliveries/send/{DATASET}/", {"period": "2026-27", "file": file})
assert sent.status_code == 302, sent.content
snapshot = killing.HOME.with_name("while-waiting")
import shutil
shutil.copytree(killing.HOME, snapshot)
jobs.run_waiting()
delivery = Delivery.objects.get(period="2026-27")
assert delivery.state == "loaded", delivery.reason_text
assert delivery.receipt.quarantined == 6
assert "AgreedName1" in vault.read(DATASET)["last_name"].to_pylist()
"""


def files_holding(folder: Path, *words: str) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            for word in words:
                spellings = (word.encode(), word.encode("utf-16-le"), word.encode()[::-1])
                found += [f"{path.relative_to(folder)}: {word}" for each in spellings if each in data]
    return found


# The spool holds 8 MiB in memory: 2,000 rows of 6,000 characters go beyond it.
@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("padding", [0, 1000], ids=["held in memory", "spooled"])
def test_neither_unagreed_columns_nor_any_value_in_clear_reach_the_disk(tmp_path, monkeypatch, padding):
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    for name in [name for name in os.environ if name.startswith("INFOTRUST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INFOTRUST_HOME", str(home))
    monkeypatch.setenv("INFOTRUST_REQUIRE_TWO_STEP", "0")
    environment.make_secrets()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(padding)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert (tmp_path / "while-waiting").exists()
    assert "UnagreedSecret" not in run.stdout + run.stderr
    # Names, a rejected name and the unagreed column, while it waited and after it was loaded.
    assert files_holding(tmp_path, "UnagreedSecret", "AgreedName", "RejectedName", "Name3") == []
    # The search itself finds what is there: the dropped column's name is in the receipt.
    assert files_holding(tmp_path, "lunch_debt") != []
