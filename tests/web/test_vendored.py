"""The vendored front end is exactly what its manifest says, and loads nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import infotrust.web

VENDOR = Path(infotrust.web.__file__).parent / "static" / "vendor"
# Names of XML dialects and addresses in explanations: never loaded.
HARMLESS = ("www.w3.org", "vega.github.io", "github.com")


def test_every_file_is_in_the_manifest_with_its_checksum():
    lines = (VENDOR / "MANIFEST.sha256").read_text(encoding="ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        f"./{path.relative_to(VENDOR).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "MANIFEST.sha256"
    }
    assert found == listed


def test_no_source_map_and_no_foreign_address_is_left():
    for path in VENDOR.rglob("*"):
        if path.suffix in {".js", ".css"}:
            text = path.read_text(encoding="utf-8")
            assert "sourceMappingURL" not in text, path
            hosts = set(re.findall(r"https?://([a-z0-9.-]+)", text))
            assert hosts <= set(HARMLESS), path


def test_vendored_front_end_stays_small():
    assert sum(path.stat().st_size for path in VENDOR.rglob("*") if path.is_file()) < 2_500_000


def test_every_image_of_the_style_sheet_is_there_but_the_unused_hero():
    text = (VENDOR / "uswds/css/uswds.min.css").read_text(encoding="utf-8")
    images = set(re.findall(r"url\(\.\./(img/[^)]+)\)", text))
    assert {name for name in images if not (VENDOR / "uswds" / name).exists()} == {"img/hero.jpg"}
