"""What must be true of every model and its migrations."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command

OURS = [model for model in apps.get_models() if model.__module__.startswith("infotrust.")]
CLASSES = {"identifier", "sensitive", "public"}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_says_which_columns_are_about_people(model):
    # Its own statement: one that is inherited was made about another table.
    assert "about_people" in vars(model), f"{model._meta.label} has no about_people"
    assert set(model.about_people.values()) <= CLASSES
    names = {field.name for field in model._meta.get_fields()}
    assert set(model.about_people) <= names, "about_people names a column that is not there"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_column_that_points_to_an_account_is_classified(model):
    user = get_user_model()
    pointing = {field.name for field in model._meta.local_fields if field.related_model is user}
    assert pointing <= set(model.about_people), f"unclassified: {sorted(pointing - set(model.about_people))}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_an_account_is_never_deleted_with_what_it_did(model):
    from django.db.models import CASCADE

    user = get_user_model()
    if model._meta.label == "accounts.RoleHeld":
        return  # a role means nothing without its holder
    cascading = [
        field.name
        for field in model._meta.local_fields
        if field.related_model is user and field.remote_field.on_delete is CASCADE
    ]
    assert not cascading


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_constraints_and_indexes_are_named_by_hand():
    """A name the database makes up differs between SQLite and PostgreSQL, and between versions."""
    for model in OURS:
        for rule in (*model._meta.constraints, *model._meta.indexes):
            assert rule.name, model._meta.label
            assert rule.name.startswith(model._meta.app_label), f"{rule.name} of {model._meta.label}"
