"""`infotrust-server serve`: the web server and one worker, as two child processes that live and stop together.

Granian serves Django; the worker does background jobs. A signal (Ctrl-C, SIGTERM) stops both in order: the worker
first lets go of its job at the next step. When either ends by itself, the other is stopped too, and the exit code
says so, so that whatever supervises this process starts it anew.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from infotrust.core.errors import UserFacingError

PATIENCE = 20.0  # seconds a child has to stop by itself
LOOK = 0.2


class Command(BaseCommand):
    help = "Serve the trust's pages (default: on this machine only) and run its background jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=4, help="requests served at the same time")
        parser.add_argument("--no-worker", action="store_true", help="serve pages only; workers run elsewhere")

    def handle(self, *, host: str, port: int, threads: int, no_worker: bool, **options: Any) -> None:  # noqa: ARG002
        require_migrated()
        require_free(host, port)
        stopping = _Stopping()
        children = {"web server": start_web(host, port, threads)}
        if not no_worker:
            children["worker"] = start([sys.executable, "-m", "infotrust.web.commands", "worker"])
        if answers(host, port, children["web server"], stopping):
            self.stdout.write(f"Serving http://{host}:{port}/ (stop with Ctrl-C)")
            self.stdout.flush()
        ended = watch(children, stopping)
        stop(children)
        if ended:
            raise UserFacingError(f"The {ended} ended by itself.", next_step="Its messages above say why.")


class _Stopping:
    """Becomes true when this process is asked to stop."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def __bool__(self) -> bool:
        return self.asked


def start_web(host: str, port: int, threads: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning"]
    return start([*command, "infotrust.web.wsgi:application"])


def start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process only, which then stops its children in order.
    return subprocess.Popen(command, env=os.environ.copy(), start_new_session=True)  # noqa: S603 - fixed arguments


def answers(host: str, port: int, web: subprocess.Popen[bytes], stopping: _Stopping) -> bool:
    """Wait until the port takes a connection; false when the server ended first or it is asked to stop."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound
    while web.poll() is None and not stopping:
        try:
            socket.create_connection((everywhere.get(host, host), port), timeout=1).close()
        except OSError:
            time.sleep(LOOK)
        else:
            return True
    return False


def watch(children: dict[str, subprocess.Popen[bytes]], stopping: _Stopping) -> str:
    """Wait until asked to stop ("" is returned), or until a child ends (its name is returned)."""
    while not stopping:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(LOOK)
    return ""


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + PATIENCE
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            # Granian is the head of a session: its own workers go with it. A job that is cut off is resumed later.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def require_migrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UserFacingError(
            "The database is not set up for this version.", next_step="Run `infotrust-server migrate` first."
        )


def require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise UserFacingError(
                f"{host}:{port} cannot be served: {problem.strerror}.",
                next_step="Stop what uses it, or choose another with --port.",
            ) from None
