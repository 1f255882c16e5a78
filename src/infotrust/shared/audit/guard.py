"""Triggers by which the database itself refuses to change or remove an entry of the log.

They stop mistakes and this program's own defects. Whoever owns the database can drop them; that is what the hash
chain and the published head are for.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "The audit log is append-only."

SQLITE = {
    "audit_no_update": "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "audit_no_delete": "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE removes a row without asking the trigger on DELETE.
    "audit_no_replace": "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_entry "  # noqa: S608 - no value in it
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE sequence = NEW.sequence OR hash = NEW.hash) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
POSTGRESQL = {
    "audit_no_change": "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_no_truncate": "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
}


def put_up(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers for the database in use."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_FUNCTION)
    for statement in _triggers(editor).values():
        editor.execute(statement)


def take_down(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers: for the reverse migration and for tests that damage a log on purpose."""
    table = " ON audit_entry" if editor.connection.vendor == "postgresql" else ""
    for name in _triggers(editor):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def _triggers(editor: BaseDatabaseSchemaEditor) -> dict[str, str]:
    return {"postgresql": POSTGRESQL, "sqlite": SQLITE}[editor.connection.vendor]
