"""Signing in with an agency's own account (OpenID Connect), against a provider that runs here."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.core import mail

from infotrust.shared.accounts import proving
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


def test_signing_in_there_again_proves_anew_who_it_is_and_only_what_the_provider_says_counts(
    provider, client, make_user, make_agency
):
    member = make_user("board_member", "schools", email="steward@schools.example")
    member.set_unusable_password()
    member.save()
    sign_in(client, member.email)
    who, at = client.session[proving.SIGNED_IN]
    assert who == member.pk
    assert abs(time.time() - at) < 60
    # The button of the page of signing asks the provider to have the person sign in, however fresh their session is.
    away = client.post(
        "/accounts/oidc/oidc/login/?process=login&auth_params=prompt%3Dlogin%26max_age%3D0&next=%2Fdesk%2F"
    )
    asked = dict(parse_qsl(urlsplit(away["Location"]).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


def test_a_code_can_be_had_instead_and_leads_back_to_the_page_and_nowhere_else(client, make_user):
    client.force_login(make_user("board_member", "schools"))
    assert (
        client.post("/desk/account/code/", {"next": "/agreements/DSA-1/sign/"})["Location"] == "/agreements/DSA-1/sign/"
    )
    assert client.post("/desk/account/code/", {"next": "https://elsewhere.example/"})["Location"] == "/desk/"
    assert len(mail.outbox) == 2
    assert client.get("/desk/account/code/").status_code == 405


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
