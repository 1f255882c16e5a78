"""The settings are one table: what the program reads is in it, and what is in it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infotrust.web import environment

WEB = Path(environment.__file__).parent
# Given to one command only, and said in its help.
OF_A_COMMAND = {"INFOTRUST_NEW_KEY", "INFOTRUST_ADMINISTRATOR_PASSWORD"}


def named_in(text: str) -> set[str]:
    return set(re.findall(r"INFOTRUST_[A-Z_]+[A-Z]\b", text))


def test_every_setting_of_the_table_is_read_by_the_program():
    program = (WEB / "settings.py").read_text(encoding="utf-8") + (WEB / "environment.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:read|flag|environ\.get)\(\s*"(INFOTRUST_\w+)"', program))
    keys = {environment.master_key_name(room) for room in environment.ROOMS}

    assert {setting.name for setting in environment.SETTINGS} == read | keys | {"INFOTRUST_HOME"}


def test_every_setting_that_the_product_names_is_in_the_table():
    known = {setting.name for setting in environment.SETTINGS} | OF_A_COMMAND
    for path in WEB.parent.rglob("*.py"):
        assert named_in(path.read_text(encoding="utf-8")) <= known, path.name


def test_a_setting_that_is_not_given_has_its_default_below_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("INFOTRUST_HOME", str(tmp_path))
    monkeypatch.delenv("INFOTRUST_STORAGE", raising=False)

    assert environment.read("INFOTRUST_STORAGE") == f"{tmp_path}/sealed"


def test_a_secret_that_is_not_given_is_asked_for_by_name(monkeypatch, tmp_path):
    monkeypatch.setenv("INFOTRUST_HOME", str(tmp_path))
    monkeypatch.delenv("INFOTRUST_SECRET_KEY")

    with pytest.raises(environment.SettingMissing, match="INFOTRUST_SECRET_KEY") as missing:
        environment.read("INFOTRUST_SECRET_KEY")
    assert "infotrust-server init" in missing.value.next_step


def test_a_setting_outside_the_table_cannot_be_read():
    with pytest.raises(KeyError):
        environment.read("INFOTRUST_SURPRISE")
