"""The tutorial's commands, followed as they are written (with a smaller county), do what it says."""

import csv
import re
import shlex
from pathlib import Path

import pytest

from infotrust.cli import main

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "link-two-files.md"


def commands() -> list[list[str]]:
    text = TUTORIAL.read_text(encoding="utf-8").replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^    ((?:infotrust|cd) .*)$", text, re.MULTILINE)]


def answer_by_the_truth() -> None:
    with Path("truth.csv").open(encoding="utf-8") as file:
        person = {(row["file"], row["row"]): row["person"] for row in csv.DictReader(file)}
    with Path("questions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        same = person[row["file_1"], row["row_1"]] == person[row["file_2"], row["row_2"]]
        row["verdict"] = "match" if same else "no match"
    with Path("questions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_tutorial_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for program, *words in commands():
        if program == "cd":
            monkeypatch.chdir(words[0])
            continue
        if "--answers" in words:
            answer_by_the_truth()
        assert main(["2500" if word == "6000" else word for word in words]) == 0, words
    shown = capsys.readouterr().out
    assert "What standardizing did" in shown
    assert "Relations: " in shown
    f1 = re.findall(r"B-cubed.*?([\d.]+)\s*│$", shown, re.MULTILINE)
    assert float(f1[-1]) > 0.95
    assert {"columns.yaml", "linked.csv", "questions.csv", "relations.csv"} <= {path.name for path in Path().iterdir()}
