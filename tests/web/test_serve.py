"""`infotrust-server serve`: pages and worker start together and stop together."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

ROOMS = ("VAULT", "HOLDINGS", "REGISTER", "INBOX", "QUARANTINE")
SERVER = [sys.executable, "-m", "infotrust.web.commands"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    base = {name: value for name, value in os.environ.items() if not name.startswith(("INFOTRUST_", "DJANGO_"))}
    keys = {f"INFOTRUST_{room}_KEY": secrets.token_hex(32) for room in ROOMS}
    home = str(tmp_path_factory.mktemp("trust"))
    return base | keys | {"INFOTRUST_HOME": home, "INFOTRUST_SECRET_KEY": secrets.token_hex(32)}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SERVER, *arguments], env=environment, capture_output=True, text=True, timeout=240)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(number: int) -> list[int]:
    text = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def wait_until(true, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_serve_asks_for_migration_then_serves_and_stops_everything_it_started(environment):
    port = free_port()
    early = run(environment, "serve", "--port", str(port))
    assert early.returncode == 2
    assert "infotrust-server migrate" in early.stderr
    assert run(environment, "migrate", "-v0").returncode == 0

    server = subprocess.Popen([*SERVER, "serve", "--port", str(port)], env=environment)
    try:
        wait_until(lambda: answers(port))
        assert requests.get(f"http://127.0.0.1:{port}/static/infotrust.css", timeout=5).status_code == 200
        taken = run(environment, "serve", "--port", str(port))
        assert (taken.returncode, "cannot be served" in taken.stderr) == (2, True)
        started = children(server.pid)
        assert len(started) == 2
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        wait_until(lambda: not any(alive(number) for number in started), 20)
        assert not answers(port)
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
