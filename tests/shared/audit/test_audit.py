"""The audit log: entries are only added, and whatever is done to them afterwards is found and located."""

from __future__ import annotations

import io
import threading
import uuid
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.utils.translation import gettext_lazy

from infotrust.core import chain
from infotrust.shared.audit import guard, queries, services
from infotrust.shared.audit.events import Event
from infotrust.shared.audit.models import Entry, Head


def record_some(count: int) -> None:
    for number in range(count):
        services.record(Event.SETTING_CHANGED, about=f"setting:{number}", by=None, number=number)


def damage(sql: str, *values: object) -> None:
    """Do what an intruder with the database's password could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in guard.SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name in guard.POSTGRESQL:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON audit_entry")
        cursor.execute(sql, values)


def rules() -> list[tuple[str, str]]:
    return [(finding.rule, finding.where[1]) for finding in services.verify()]


@pytest.mark.django_db
class TestRecording:
    def test_entry_names_actor_by_label_with_roles_and_agency(self, make_user):
        counsel = make_user("counsel", "health")
        entry = services.record(Event.AGREEMENT_REVIEWED, about="agreement:DSA-1", by=counsel, approved=True)
        assert (entry.actor, entry.role, entry.agency) == (f"user:{counsel.pk}", "counsel", "health")
        assert counsel.email not in str(entry.as_record())

    def test_entry_of_the_trust_itself_has_the_system_as_actor(self):
        assert services.record(Event.JOB_RESUMED, about="job:1", by=None).actor == "system"

    def test_facts_become_plain_json(self):
        entry = services.record(
            Event.SETTING_CHANGED,
            about="setting:1",
            by=None,
            day=date(2026, 1, 2),
            at_time=datetime(2026, 1, 2, tzinfo=UTC),
            codes={"b", "a"},
            pair=(1, 2.5),
            number=uuid.UUID(int=5),
            said=gettext_lazy("yes"),
        )
        assert Entry.objects.get(pk=entry.pk).facts == {
            "day": "2026-01-02",
            "at_time": "2026-01-02T00:00:00.000000Z",
            "codes": ["a", "b"],
            "pair": [1, 2.5],
            "number": "00000000-0000-0000-0000-000000000005",
            "said": "yes",
        }

    @pytest.mark.parametrize(
        "value", [b"bytes", float("nan"), object(), Entry(), {"deep": [float("inf")]}, "x" * 5_000]
    )
    def test_what_is_not_a_fact_is_refused_and_nothing_is_recorded(self, value):
        with pytest.raises(services.NotAFact) as refused:
            services.record(Event.SETTING_CHANGED, about="setting:1", by=None, value=value)
        assert "xxx" not in str(refused.value)
        assert queries.head() == chain.Head()

    def test_entry_of_an_undone_transaction_is_undone_with_it(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - recorded inside
            record_some(2)
            raise ZeroDivisionError
        assert queries.head().sequence == 0
        assert services.verify() == []

    def test_entries_are_filtered_and_paged(self, make_user):
        record_some(3)
        services.record(Event.SIGNED_IN, about="user:9", by=make_user("steward"))
        assert [entry.sequence for entry in queries.entries(about="setting:1")] == [2]
        assert queries.entries(about="setting:*").count() == 3
        assert queries.entries(event=Event.SIGNED_IN.value, agency="schools").count() == 1
        page = queries.page(2, size=3)
        assert [entry.sequence for entry in page] == [1]


@pytest.mark.django_db
class TestChanging:
    @pytest.mark.parametrize("sql", ["UPDATE audit_entry SET about = 'x'", "DELETE FROM audit_entry"])
    def test_database_refuses_to_change_an_entry(self, sql):
        record_some(1)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert Entry.objects.count() == 1

    def test_whole_log_has_no_findings(self):
        record_some(5)
        assert services.verify() == []

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("about", "setting:9"),
            ("event", "account.created"),
            ("actor", "user:1"),
            ("role", "steward"),
            ("agency", "health"),
            ("facts_text", '{"number":7}'),
            ("facts_text", '{"number": 2}'),
            ("facts_text", "not json"),
            ("at", "2020-01-01 00:00:00+00:00"),
        ],
    )
    def test_altered_entry_is_named(self, column, value):
        record_some(5)
        damage(f"UPDATE audit_entry SET {column} = %s WHERE sequence = 3", value)
        assert rules() == [("altered", "3")]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("at", "yesterday"), ("at", "2020-13-45 99:00:00"), ("at", ""), ("facts_text", b"\xff"), ("about", b"\xff"),
         ("facts_text", '{"number":NaN}'), ("facts_text", "[" * 100_000)],
    )  # fmt: skip
    def test_entry_damaged_beyond_reading_is_named_too(self, column, value):
        if connection.vendor != "sqlite":
            pytest.skip("only SQLite lets a column hold what is not of its type")
        record_some(5)
        damage(f"UPDATE audit_entry SET {column} = %s WHERE sequence = 3", value)
        assert rules() == [("altered", "3")]
        out = io.StringIO()
        services.export(out)
        found = chain.verify_export(out.getvalue().splitlines(keepends=True))
        assert [(one.rule, one.where[1]) for one in found.findings] == [("altered", "3")]

    def test_removed_note_of_the_end_is_found(self):
        record_some(3)
        Head.objects.all().delete()
        assert rules() == [("head-missing", "3")]
        with pytest.raises(services.LogDamaged):
            services.export(io.StringIO())

    def test_database_refuses_to_replace_an_entry(self):
        if connection.vendor != "sqlite":
            pytest.skip("INSERT OR REPLACE is SQLite's")
        record_some(2)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1")

    def test_missing_entries_are_named(self):
        record_some(6)
        damage("DELETE FROM audit_entry WHERE sequence IN (3, 4)")
        (finding,) = services.verify()
        assert (finding.rule, finding.where[1], finding.facts["last"]) == ("missing", "3", 4)

    def test_cut_off_end_is_named(self):
        record_some(5)
        damage("DELETE FROM audit_entry WHERE sequence > 3")
        assert rules() == [("truncated", "4")]

    def test_swapped_entries_are_named(self):
        record_some(4)
        damage("UPDATE audit_entry SET sequence = 99 WHERE sequence = 2")
        damage("UPDATE audit_entry SET sequence = 2 WHERE sequence = 3")
        damage("UPDATE audit_entry SET sequence = 3 WHERE sequence = 99")
        assert {("altered", "2"), ("altered", "3")} <= set(rules())

    def test_entry_rewritten_with_its_hash_is_named(self):
        record_some(4)
        forged = chain.sealed(Entry.objects.get(pk=2).as_record() | {"about": "setting:0"})
        damage("UPDATE audit_entry SET about = %s, hash = %s WHERE sequence = 2", "setting:0", forged["hash"])
        assert rules() == [("replaced", "2")]

    def test_added_entry_behind_the_head_is_named(self):
        record_some(2)
        Head.objects.update(sequence=1, hash=Entry.objects.get(pk=1).hash)
        assert rules() == [("beyond-head", "2")]


@pytest.mark.django_db
class TestExport:
    def test_exported_log_is_verified_without_the_server(self):
        record_some(4)
        out = io.StringIO()
        head = services.export(out)
        assert chain.verify_export(out.getvalue().splitlines(keepends=True), head=head.hash)
        assert head == queries.head()

    def test_commands_export_and_verify(self, tmp_path, capsys):
        record_some(3)
        call_command("export-log", str(tmp_path / "log.jsonl"))
        call_command("verify-audit")
        assert "3 entries" in capsys.readouterr().out
        assert chain.verify_export((tmp_path / "log.jsonl").read_text().splitlines())

    def test_verify_command_fails_on_a_damaged_log(self, capsys):
        record_some(3)
        damage("UPDATE audit_entry SET about = 'x' WHERE sequence = 2")
        with pytest.raises(SystemExit) as stopped:
            call_command("verify-audit")
        assert stopped.value.code == 1
        assert "Entry 2 was altered" in capsys.readouterr().out

    def test_log_cut_off_together_with_its_head_is_found_by_a_fingerprint_noted_before(self, capsys):
        record_some(4)
        earlier, noted = Entry.objects.get(pk=2), queries.head().hash
        call_command("verify-audit", "--head", earlier.hash)
        damage("DELETE FROM audit_entry WHERE sequence > 3")
        Head.objects.update(sequence=3, hash=Entry.objects.get(pk=3).hash)
        call_command("verify-audit", "--head", earlier.hash)
        with pytest.raises(SystemExit):
            call_command("verify-audit", "--head", noted)
        assert "cut off or rewritten" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_make_one_unbroken_chain():
    def write() -> None:
        try:
            record_some(5)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("an in-memory database has one connection; see jobs/test_processes.py")
    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert services.verify() == []
    assert queries.head().sequence == 20


@pytest.mark.django_db(transaction=True)
def test_flushing_a_test_database_starts_the_log_anew():
    record_some(2)
    call_command("flush", interactive=False, verbosity=0)
    assert queries.head() == chain.Head()
    record_some(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.all().delete()
