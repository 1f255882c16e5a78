"""Any single tampering of an exported log is found, and its place is named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust import cli
from infotrust.core import chain

texts = st.text(st.characters(codec="utf-8"), max_size=8)
facts = st.dictionaries(
    texts,
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    max_size=3,
)


def make_log(bodies: list[dict]) -> list[dict]:
    entries: list[dict] = []
    for number, body in enumerate(bodies, start=1):
        previous = entries[-1]["hash"] if entries else chain.BEGINNING
        base = dict.fromkeys(("actor", "role", "agency", "about", "event"), "x")
        base |= {
            "sequence": number,
            "at": f"2026-01-01T00:00:0{number % 10}.000000Z",
            "facts": body,
            "previous": previous,
        }
        entries.append(chain.sealed(base))
    return entries


def export(entries: list[dict]) -> list[str]:
    last = entries[-1]
    return [chain.canonical(entry) for entry in entries] + [chain.footer(chain.Head(last["sequence"], last["hash"]))]


logs = st.lists(facts, min_size=2, max_size=7).map(make_log)


def places(verified: chain.Verified) -> set[str]:
    return {finding.where[1] for finding in verified.findings}


@given(logs)
def test_untouched_log_is_whole(entries):
    assert chain.verify_export(export(entries), head=entries[-1]["hash"])


@given(logs, st.data())
def test_any_changed_character_is_found_at_its_line(entries, data):
    lines = export(entries)
    number = data.draw(st.integers(0, len(lines) - 2))
    line = lines[number]
    position = data.draw(st.integers(0, len(line) - 1))
    letter = data.draw(st.characters(codec="utf-8", exclude_characters="\n").filter(lambda one: one != line[position]))
    lines[number] = line[:position] + letter + line[position + 1 :]
    try:
        verified = chain.verify_export(lines)
    except chain.LogUnreadable:
        pytest.fail("one bad line does not make a log unreadable")
    assert not verified
    # A changed number moves the entry: then its place, or the gap it leaves, is named.
    assert str(number + 1) in places(verified)


@given(logs, st.data())
def test_any_changed_closing_line_is_found(entries, data):
    lines = export(entries)
    position = data.draw(st.integers(0, len(lines[-1]) - 1))
    letter = data.draw(
        st.characters(codec="utf-8", exclude_characters="\n").filter(lambda one: one != lines[-1][position])
    )
    lines[-1] = lines[-1][:position] + letter + lines[-1][position + 1 :]
    assert not chain.verify_export(lines)


@given(logs, st.data())
def test_removed_entry_is_named(entries, data):
    lines = export(entries)
    number = data.draw(st.integers(0, len(entries) - 1))
    del lines[number]
    rules = {(one.rule, one.where[1]) for one in chain.verify_export(lines).findings}
    expected = "truncated" if number == len(entries) - 1 else "missing"
    assert rules == {(expected, str(number + 1))}


@given(logs, st.data())
def test_two_exchanged_entries_are_named(entries, data):
    lines = export(entries)
    first, second = sorted(data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True)))
    lines[first], lines[second] = lines[second], lines[first]
    findings = chain.verify_export(lines).findings
    assert {one.rule for one in findings} <= {"reordered"}
    assert places(chain.Verified(chain.Head(), findings)) & {str(first + 1), str(first + 2), str(second + 1)}


@given(logs, st.data())
def test_repeated_entry_is_named(entries, data):
    lines = export(entries)
    number = data.draw(st.integers(0, len(entries) - 1))
    lines.insert(number + 1, lines[number])
    findings = chain.verify_export(lines).findings
    assert ("repeated", str(number + 1)) in {(one.rule, one.where[1]) for one in findings}


@given(logs, st.data())
def test_entry_rewritten_with_its_hash_is_named(entries, data):
    number = data.draw(st.integers(0, len(entries) - 2))
    entries[number] = chain.sealed(entries[number] | {"about": "someone else"})
    (finding,) = chain.verify_export(export(entries)).findings
    assert (finding.rule, finding.where[1]) == ("replaced", str(number + 1))


@given(logs, st.data())
def test_log_cut_off_with_a_forged_closing_line_needs_the_published_head(entries, data):
    keep = data.draw(st.integers(1, len(entries) - 1))
    forged = export(entries[:keep])
    assert chain.verify_export(forged)
    (finding,) = chain.verify_export(forged, head=entries[-1]["hash"]).findings
    assert finding.rule == "not-the-head"


@given(logs, st.data())
def test_log_rewritten_from_some_entry_on_needs_the_published_head(entries, data):
    start = data.draw(st.integers(0, len(entries) - 1))
    forged = make_log([*(entry["facts"] for entry in entries[:start]), *([{"forged": 1}] * (len(entries) - start))])
    assert not chain.verify_export(export(forged), head=entries[-1]["hash"])


def test_order_of_keys_does_not_change_a_hash():
    assert chain.entry_hash({"b": 1, "a": 2}) == chain.entry_hash({"a": 2, "b": 1, "hash": "whatever"})


class TestCommand:
    def test_whole_log_says_so(self, tmp_path, capsys):
        entries = make_log([{"n": 1}, {"n": 2}])
        path = tmp_path / "log.jsonl"
        path.write_text("\n".join(export(entries)) + "\n", encoding="utf-8")
        assert cli.main(["verify-log", str(path), "--head", entries[-1]["hash"].upper()]) == 0
        assert "2 entries" in capsys.readouterr().out

    def test_altered_log_names_the_entry(self, tmp_path, capsys):
        entries = make_log([{"n": 1}, {"n": 2}, {"n": 3}])
        entries[1]["facts"] = {"n": 5}
        path = tmp_path / "log.jsonl"
        path.write_text("\n".join(export(entries)) + "\n", encoding="utf-8")
        assert cli.main(["verify-log", str(path)]) == 1
        assert capsys.readouterr().out == "Entry 2 was altered: its content no longer gives its hash.\n"

    @pytest.mark.parametrize("content", [b"", b"hello\n", b"\xff\xfe\x00", b"[1]\n", b"[" * 100_000, b"{}\n"])
    def test_file_that_is_no_log_is_refused_kindly(self, tmp_path, capsys, content):
        path = tmp_path / "log.jsonl"
        path.write_bytes(content)
        assert cli.main(["verify-log", str(path)]) == 2
        assert "no entry of an exported log" in capsys.readouterr().err

    def test_absent_file_is_refused_kindly(self, tmp_path, capsys):
        assert cli.main(["verify-log", str(tmp_path / "none")]) == 2
        assert "cannot be read" in capsys.readouterr().err

    def test_line_of_garbage_among_entries_is_named(self, tmp_path, capsys):
        lines = export(make_log([{}, {}]))
        path = tmp_path / "log.jsonl"
        path.write_bytes(lines[0].encode() + b"\n\xff\xfe\n" + "\n".join(lines[1:]).encode() + b"\n")
        assert cli.main(["verify-log", str(path)]) == 1
        assert "Line 2 is not an entry" in capsys.readouterr().out


def test_numbers_too_large_to_be_real_are_an_unreadable_line():
    entry = make_log([{}])[0] | {"sequence": 10**400}
    lines = [json.dumps(entry), *export(make_log([{}]))]
    assert ("unreadable", "1") in {(one.rule, one.where[1]) for one in chain.verify_export(lines).findings}


def test_a_fingerprint_noted_earlier_still_holds_after_the_log_has_grown(tmp_path, capsys):
    log = make_log([{"n": number} for number in range(5)])
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(export(log)) + "\n", encoding="utf-8")
    assert cli.main(["verify-log", str(path), "--head", log[2]["hash"]]) == 0
    assert cli.main(["verify-log", str(path), "--head", "f" * 64]) == 1
    assert "cut off or rewritten since" in capsys.readouterr().out
