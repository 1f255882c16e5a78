"""Signing in with an agency's own account (OpenID Connect), against a provider that runs here."""

from __future__ import annotations

from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import queries as log
from infotrust.web import environment

pytestmark = [
    pytest.mark.django_db,
    # The provider used for this test is built on authlib's older interface.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
]


def person(email: str, *, verified: bool) -> oidc_provider_mock.User:
    return oidc_provider_mock.User(sub=email, claims={"email": email, "email_verified": verified})


@pytest.fixture
def provider(settings, monkeypatch):
    known = [
        person("steward@schools.example", verified=True),
        person("unverified@schools.example", verified=False),
        person("stranger@elsewhere.example", verified=True),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=known) as server:
        given = {
            "INFOTRUST_OIDC_URL": f"http://127.0.0.1:{server.server_port}",
            "INFOTRUST_OIDC_CLIENT_ID": "trust",
            "INFOTRUST_OIDC_SECRET": "a-secret-for-this-test",
            "INFOTRUST_OIDC_NAME": "County sign-in",
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings.SOCIALACCOUNT_PROVIDERS = environment.openid_connect()
        yield server


def sign_in(client, email: str):
    """Follow the button to the provider, agree there, and come back with its answer."""
    away = client.post("/accounts/oidc/oidc/login/?process=login")
    assert away.status_code == 302
    back = requests.post(away["Location"], data={"sub": email}, allow_redirects=False, timeout=20)
    target = urlsplit(back.headers["Location"])
    return client.get(f"{target.path}?{target.query}", follow=True)


def test_button_bears_the_name_of_the_agency(provider, client):
    assert "Sign in with County sign-in" in client.get("/accounts/login/").content.decode()


def test_known_person_with_a_verified_address_is_signed_in_and_recorded(provider, client, make_user):
    steward = make_user("steward", email="steward@schools.example")
    sign_in(client, steward.email)
    assert client.get("/desk/").status_code == 200
    assert [(entry.event, entry.actor) for entry in log.entries()] == [("account.signed-in", f"user:{steward.pk}")]


def test_address_that_the_provider_has_not_verified_opens_nothing(provider, client, make_user):
    make_user("steward", email="unverified@schools.example")
    sign_in(client, "unverified@schools.example")
    assert client.get("/desk/").status_code == 302


def test_stranger_gets_no_account(provider, client):
    page = sign_in(client, "stranger@elsewhere.example")
    assert client.get("/desk/").status_code == 302
    assert not User.objects.exists()
    assert "closed" in page.content.decode().lower()


def test_closed_account_stays_closed(provider, client, make_user):
    steward = make_user("steward", email="steward@schools.example")
    steward.is_active = False
    steward.save()
    sign_in(client, steward.email)
    assert client.get("/desk/").status_code == 302


def test_without_configuration_there_is_no_provider(monkeypatch):
    monkeypatch.delenv("INFOTRUST_OIDC_URL", raising=False)
    assert environment.openid_connect() == {}
