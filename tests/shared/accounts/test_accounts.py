"""Administrators add people and give roles; every change is in the log, and nobody raises themselves."""

from __future__ import annotations

import pytest

from infotrust.shared.accounts import queries, services
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.audit import queries as log
from infotrust.shared.permissions.decision import NotPermitted

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return [entry.event for entry in log.entries()][::-1]


def test_administrator_adds_an_agency_and_a_person_with_roles(make_user):
    administrator = make_user("administrator")
    agency = services.register_agency(code="health", name="Department of Health", by=administrator)
    person = services.create_user(
        email="Jo.Field@Health.example", name="Jo Field", agency=agency, roles=[Role.STEWARD], by=administrator
    )
    assert (person.email, person.roles, person.has_usable_password()) == ("jo.field@health.example", {"steward"}, False)
    assert events() == ["agency.registered", "account.created", "account.role-given"]
    assert "jo" not in str([entry.as_record() for entry in log.entries()]).lower()


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMINISTRATOR.value}))
def test_nobody_but_an_administrator_changes_accounts(make_user, role):
    person, other = make_user(role), make_user("helper")
    for attempt in (
        lambda: services.register_agency(code="x", name="X", by=person),
        lambda: services.create_user(email="a@x.example", name="A", by=person),
        lambda: services.give_role(other, Role.COUNSEL, by=person),
        lambda: services.take_role(other, Role.HELPER, by=person),
        lambda: services.deactivate(other, by=person),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert events() == []


def test_administrator_cannot_give_a_role_to_themselves(make_user):
    administrator = make_user("administrator")
    with pytest.raises(services.AccountProblem, match="themselves"):
        services.give_role(administrator, Role.ANALYST, by=administrator)
    assert User.objects.get(pk=administrator.pk).roles == {"administrator"}


def test_role_taken_away_is_gone_at_once(make_user):
    administrator, analyst = make_user("administrator"), make_user("analyst")
    assert analyst.roles == {"analyst"}
    services.take_role(analyst, Role.ANALYST, by=administrator)
    assert analyst.roles == frozenset()
    assert events() == ["account.role-taken"]


def test_giving_a_role_twice_is_recorded_once(make_user):
    administrator, analyst = make_user("administrator"), make_user("analyst")
    services.give_role(analyst, Role.HELPER, by=administrator)
    services.give_role(analyst, Role.HELPER, by=administrator)
    assert events() == ["account.role-given"]


def test_last_administrator_stays(make_user):
    administrator = make_user("administrator")
    for attempt in (
        lambda: services.take_role(administrator, Role.ADMINISTRATOR, by=administrator),
        lambda: services.deactivate(administrator, by=administrator),
    ):
        with pytest.raises(services.AccountProblem, match="only administrator"):
            attempt()


def test_address_is_used_once_whatever_its_case(make_user):
    make_user("helper", email="kim@x.example")
    with pytest.raises(services.AccountProblem, match="already an account"):
        services.create_user(email="Kim@X.example", name="Kim", by=None)


@pytest.mark.parametrize(("code", "name"), [("bad code", "A"), ("schools", "Another"), ("other", "Marigold Schools")])
def test_agency_needs_a_short_name_and_a_name_of_its_own(make_agency, code, name):
    make_agency("schools")
    with pytest.raises(services.AccountProblem):
        services.register_agency(code=code, name=name, by=None)


def test_changes_are_refused_where_nobody_checks_or_records(make_user, monkeypatch):
    administrator = make_user("administrator")
    monkeypatch.setattr(services.permission_asked, "receivers", [])
    monkeypatch.setattr(services.permission_asked, "sender_receivers_cache", {})
    with pytest.raises(services.NotConnected):
        services.register_agency(code="x", name="X", by=administrator)


def test_closed_account_is_recorded_and_may_be_opened_again(make_user):
    administrator, analyst = make_user("administrator"), make_user("analyst")
    services.deactivate(analyst, by=administrator)
    assert not queries.person(analyst.pk).is_active
    services.reactivate(analyst, by=administrator)
    assert queries.person(analyst.pk).is_active
    assert events() == ["administration.changed"] * 2
