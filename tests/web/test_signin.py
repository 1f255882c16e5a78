"""Signing in: by password and a second step, locked after failures, ended by idleness; all of it in the log."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from infotrust.shared.audit import queries as log
from infotrust.shared.audit.events import Event

pytestmark = pytest.mark.django_db


def events() -> list[tuple[str, str, str]]:
    return [(entry.event, entry.about, entry.actor) for entry in log.entries()][::-1]


def set_up_second_step(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


class TestPassword:
    def test_right_password_opens_the_desk_and_is_recorded(self, make_user, sign_in):
        steward = make_user("steward")
        response = sign_in(steward)
        assert (response.status_code, response["Location"]) == (302, "/desk/")
        assert events() == [("account.signed-in", f"user:{steward.pk}", f"user:{steward.pk}")]

    def test_wrong_password_is_told_kindly_and_recorded_by_label(self, make_user, sign_in):
        steward = make_user("steward")
        response = sign_in(steward, "wrong")
        assert response.status_code == 200
        assert b"usa-error-message" in response.content or b"usa-alert--error" in response.content
        assert events() == [("account.sign-in-failed", f"user:{steward.pk}", "system")]

    def test_unknown_address_is_not_written_down_and_gets_the_same_answer(self, make_user, client, sign_in):
        known = sign_in(make_user("steward"), "wrong")
        unknown = client.post("/accounts/login/", {"login": "ghost@nowhere.example", "password": "wrong"})
        assert unknown.context["form"].errors == known.context["form"].errors
        assert "ghost" not in str([entry.as_record() for entry in log.entries()])

    def test_closed_account_cannot_sign_in(self, make_user, sign_in, client):
        steward = make_user("steward")
        steward.is_active = False
        steward.save()
        sign_in(steward)
        assert client.get("/desk/").status_code == 302

    def test_nobody_can_sign_up(self, client):
        assert b"closed" in client.get("/accounts/signup/").content.lower()
        client.post("/accounts/signup/", {"email": "new@x.example", "password1": "correct-horse-42"})
        assert client.get("/desk/").status_code == 302


class TestLock:
    def test_fifth_failure_locks_and_the_right_password_no_longer_opens(self, make_user, sign_in, client):
        steward = make_user("steward")
        for _ in range(5):
            response = sign_in(steward, "wrong")
        assert response.status_code == 429
        assert b"locked for now" in response.content
        # The sixth attempt is refused by axes, later ones already before it.
        assert sign_in(steward).status_code == 429
        sign_in(steward)
        assert client.get("/desk/").status_code == 302
        assert (Event.LOCKED_OUT.value, f"user:{steward.pk}", "system") in events()

    def test_four_failures_do_not_lock(self, make_user, sign_in):
        steward = make_user("steward")
        for _ in range(4):
            sign_in(steward, "wrong")
        assert sign_in(steward).status_code == 302

    def test_another_person_is_not_locked_out(self, make_user, sign_in):
        steward, analyst = make_user("steward"), make_user("analyst")
        for _ in range(5):
            sign_in(steward, "wrong")
        assert sign_in(analyst).status_code == 302

    def test_capital_letters_do_not_give_five_more_attempts(self, make_user, sign_in, client):
        steward = make_user("steward")
        for _ in range(3):
            sign_in(steward, "wrong")
        for _ in range(2):
            response = client.post("/accounts/login/", {"login": steward.email.upper(), "password": "wrong"})
        assert response.status_code == 429


class TestSecondStep:
    def test_person_with_a_role_is_led_to_set_it_up_before_anything_else(self, make_user, client, settings):
        settings.REQUIRE_TWO_STEP = True
        client.force_login(make_user("steward"))
        for page in ("/desk/", "/jobs/", "/desk/account/"):
            response = client.get(page)
            assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/totp/activate/")

    def test_public_pages_stay_open_without_it(self, make_user, client, settings):
        settings.REQUIRE_TWO_STEP = True
        client.force_login(make_user("steward"))
        assert client.get("/shared/").status_code == 200

    def test_person_who_has_it_passes(self, make_user, client, settings):
        settings.REQUIRE_TWO_STEP = True
        steward = make_user("steward")
        set_up_second_step(steward)
        client.force_login(steward)
        assert client.get("/desk/").status_code == 200

    def test_invited_person_sets_a_password_and_then_the_second_step(self, make_user, make_agency, client, settings):
        settings.REQUIRE_TWO_STEP = True
        administrator = make_user("administrator")
        set_up_second_step(administrator)
        client.force_login(administrator)
        given = {"name": "New Steward", "email": "new@schools.example", "agency": "schools", "roles": ["steward"]}
        page = client.post("/desk/people/add/", given, follow=True).content.decode()
        (link,) = re.findall(r"/accounts/password/reset/key/[\w-]+/", page)
        client.logout()
        form = client.get(link, follow=True)
        chosen = {"password1": "otter-lamp-77-quill", "password2": "otter-lamp-77-quill"}
        client.post(form.request["PATH_INFO"], chosen)
        client.post("/accounts/login/", {"login": "new@schools.example", "password": "otter-lamp-77-quill"})
        client.post("/accounts/reauthenticate/", {"password": "otter-lamp-77-quill"})
        assert client.get("/accounts/2fa/totp/activate/").status_code == 200
        secret = client.session["mfa.totp.secret"]
        client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
        assert client.get("/desk/").status_code == 200

    def test_password_alone_does_not_open_the_desk_and_the_code_does(self, make_user, client, sign_in):
        steward = make_user("steward")
        secret = set_up_second_step(steward)
        assert sign_in(steward)["Location"].startswith("/accounts/2fa/authenticate/")
        assert client.get("/desk/").status_code == 302
        assert events() == []
        response = client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
        assert response["Location"] == "/desk/"
        assert client.get("/desk/").status_code == 200

    def test_wrong_code_does_not_open_the_desk(self, make_user, client, sign_in):
        steward = make_user("steward")
        secret = set_up_second_step(steward)
        sign_in(steward)
        wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
        assert client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
        assert client.get("/desk/").status_code == 302
        assert events() == [("account.sign-in-failed", f"user:{steward.pk}", "system")]

    def test_second_step_cannot_be_guessed_by_trying(self, make_user, client, sign_in):
        steward = make_user("steward")
        secret = set_up_second_step(steward)
        sign_in(steward)
        wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
        for _ in range(6):
            client.post("/accounts/2fa/authenticate/", {"code": wrong})
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
        assert client.get("/desk/").status_code == 302
        assert events().count((Event.SIGN_IN_FAILED.value, f"user:{steward.pk}", "system")) == 6

    def test_administrator_resets_a_lost_second_step_but_not_their_own(self, make_user, client):
        steward, administrator = make_user("steward"), make_user("administrator")
        for user in (steward, administrator):
            set_up_second_step(user)
        client.force_login(administrator)
        for user in (steward, administrator):
            client.post(f"/desk/people/{user.pk}/", {"do": "reset-second-step"})
        assert [one.user_id for one in Authenticator.objects.all()] == [administrator.pk]
        assert events() == [("administration.changed", f"user:{steward.pk}", f"user:{administrator.pk}")]

    def test_secret_is_kept_encrypted(self, make_user):
        secret = set_up_second_step(make_user("steward"))
        kept = Authenticator.objects.get().data["secret"]
        assert secret not in kept
        assert Authenticator.objects.get().wrap().validate_code(code(secret))


class TestSession:
    def test_idle_person_is_signed_out(self, make_user, client, settings):
        client.force_login(make_user("steward"))
        assert client.get("/desk/").status_code == 200
        session = client.session
        session["seen_at"] = time.time() - settings.IDLE_TIMEOUT - 1
        session.save()
        assert client.get("/desk/")["Location"].startswith("/accounts/login/")

    def test_progress_asked_for_by_the_page_itself_does_not_keep_a_person_signed_in(self, make_user, client):
        client.force_login(make_user("administrator"))
        client.get("/desk/")
        session = client.session
        seen = session["seen_at"] = time.time() - 300
        session.save()
        client.get("/jobs/", headers={"HX-Request": "true"})
        assert client.session["seen_at"] == seen
        client.get("/jobs/")
        assert client.session["seen_at"] > seen

    def test_part_of_a_page_that_asks_after_the_end_loads_the_page_anew(self, client):
        response = client.get("/jobs/1/progress/", headers={"HX-Request": "true"})
        assert (response.status_code, response["HX-Refresh"]) == (200, "true")

    def test_person_cannot_change_the_address_an_agency_knows_them_by(self, make_user, client):
        client.force_login(make_user("steward"))
        assert client.get("/accounts/email/").status_code == 404
        assert client.post("/accounts/email/", {"email": "boss@schools.example", "action_add": ""}).status_code == 404

    def test_changed_password_is_recorded(self, make_user, client):
        steward = make_user("steward")
        client.force_login(steward)
        given = {"oldpassword": "correct-horse-42", "password1": "battery-staple-77", "password2": "battery-staple-77"}
        client.post("/accounts/password/change/", given)
        (entry,) = log.entries(event=Event.SETTING_CHANGED.value)
        assert (entry.facts, entry.actor) == ({"change": "password changed"}, f"user:{steward.pk}")

    def test_what_a_signed_in_person_reads_is_kept_by_no_browser_or_proxy(self, make_user, client):
        assert "no-store" not in client.get("/shared/").headers.get("Cache-Control", "")
        client.force_login(make_user("analyst"))
        for page in ("/desk/", "/questions/", "/nope/"):
            assert client.get(page)["Cache-Control"] == "no-store, private"

    def test_resident_gets_no_cookie(self, client):
        assert not client.get("/shared/").cookies

    def test_session_cookie_cannot_be_read_by_scripts(self, make_user, sign_in):
        cookie = sign_in(make_user("steward")).cookies["sessionid"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
