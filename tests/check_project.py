"""What `./run check` runs: style, types, architecture, locks, generated docs, migrations. Every check says its name.

With `--write` the mendable ones are mended: formatting and generated docs.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LOCKS = {"server": ("server", "postgres"), "dev": ("server", "postgres", "dev"), "bench": ("bench",)}


def tool(*words: str) -> list[str]:
    """Run a tool of this environment; return what it said if it was not content."""
    done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()]


def locked() -> Iterator[tuple[str, list[Requirement]]]:
    """Each lock with what it must satisfy: extras of pyproject.toml, or the .in file of another tool's environment."""
    for name, extras in LOCKS.items():
        yield name, list(requirements(extras))
    for wanted in sorted((ROOT / "requirements").glob("bench-*.in")):
        lines = wanted.read_text(encoding="utf-8").split("\n")
        yield wanted.stem, [Requirement(line) for line in lines if line and not line.startswith("-r")]


def requirements(extras: tuple[str, ...]) -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in project["dependencies"]:
        yield Requirement(text)
    for extra in extras:
        for text in project["optional-dependencies"][extra]:
            yield Requirement(text)


def locks_are_fresh() -> list[str]:
    """Each requirement stands in its lock, in a version that it allows, with hashes."""
    problems = []
    for name, wanted_here in locked():
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        pinned: dict[str, list[str]] = {}
        for package, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text, re.MULTILINE):
            pinned.setdefault(canonicalize_name(package), []).append(version)
        for wanted in wanted_here:
            versions = pinned.get(canonicalize_name(wanted.name), [])
            if not any(wanted.specifier.contains(version, prereleases=True) for version in versions):
                problems.append(f"requirements/{name}.lock does not satisfy {wanted}. Type: ./run lock")
        if re.search(r"https?://", text):
            problems.append(f"requirements/{name}.lock names an address; it must not.")
    return problems


def docs_are_fresh() -> list[str]:
    return tool("python", "docs/generate.py", "--check")


CHECKS: dict[str, Callable[[], list[str]]] = {
    "style": lambda: tool("ruff", "check", "."),
    "formatting": lambda: tool("ruff", "format", "--check", "."),
    "types": lambda: tool("mypy"),
    "architecture": lambda: tool("lint-imports"),
    "locks": locks_are_fresh,
    "generated docs": docs_are_fresh,
    "migrations": lambda: tool("infotrust-server", "makemigrations", "--check", "--dry-run"),
    "system checks": lambda: tool("infotrust-server", "check", "--fail-level", "WARNING"),
}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("INFOTRUST_HOME", tempfile.mkdtemp(prefix="infotrust-check-"))
    os.environ["INFOTRUST_SECRET_KEY"] = secrets.token_urlsafe(48)
    for room in ("VAULT", "HOLDINGS", "REGISTER", "INBOX", "QUARANTINE"):
        os.environ[f"INFOTRUST_{room}_KEY"] = secrets.token_hex(32)
    if "--write" in arguments:
        tool("ruff", "check", "--fix", ".")
        tool("ruff", "format", ".")
        tool("python", "docs/generate.py")
    failed = 0
    for name, check in CHECKS.items():
        problems = check()
        print(f"{'ok  ' if not problems else 'FAIL'} {name}", flush=True)
        for problem in problems:
            print(problem, flush=True)
        failed += bool(problems)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
