"""Pages of the desk: who may open them, what they show, and what a refusal looks like."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from infotrust.core import chain
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import queries as log
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import registry
from infotrust.shared.jobs import services as jobs
from infotrust.shared.permissions import duties
from infotrust.web import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(make_user) -> User:
    return make_user("administrator")


@pytest.fixture
def as_administrator(administrator, client) -> Client:
    client.force_login(administrator)
    return client


def text(response) -> str:
    return response.content.decode()


class TestRefusals:
    @pytest.mark.parametrize("page", ["/desk/audit/", "/desk/people/", "/desk/people/add/", "/desk/people/1/"])
    def test_refused_page_names_the_rule_and_is_recorded(self, make_user, client, page):
        helper = make_user("helper")
        client.force_login(helper)
        response = client.get(page)
        assert response.status_code == 403
        assert "it-reasons" in text(response)
        (entry,) = log.entries(event=Event.ACCESS_REFUSED.value)
        assert (entry.actor, entry.about) == (f"user:{helper.pk}", f"page:{page}")
        assert entry.facts["rules"][0].startswith("duty:")

    def test_refusal_record_has_no_query_of_the_address(self, make_user, client):
        client.force_login(make_user("helper"))
        client.get("/desk/audit/?about=Maria+Alvarez")
        assert "Maria" not in str([entry.as_record() for entry in log.entries()])

    @pytest.mark.parametrize("page", ["/desk/", "/desk/audit/", "/jobs/", "/jobs/1/", "/desk/people/"])
    def test_stranger_is_asked_to_sign_in(self, client, page):
        assert client.get(page)["Location"].startswith("/accounts/login/")

    def test_absent_thing_is_not_found_with_a_next_step(self, as_administrator):
        response = as_administrator.get("/jobs/999/")
        assert response.status_code == 404
        assert "There is no job number 999" in text(response)

    def test_problem_its_reader_can_mend_is_a_page_and_not_a_traceback(self, rf, administrator):
        request = rf.get("/x/")
        request.user = administrator
        problem = UserFacingError("The file is <b>empty</b>.", next_step="Send it again.")
        response = middleware.Explain(lambda request: None).process_exception(request, problem)
        assert response.status_code == 400
        assert "The file is &lt;b&gt;empty&lt;/b&gt;." in text(response)

    def test_resident_sees_a_problem_in_the_public_frame(self, rf):
        request = rf.get("/x/")
        request.user = AnonymousUser()
        response = middleware.Explain(lambda request: None).process_exception(request, UserFacingError("No such page."))
        assert "it-public" in text(response)
        assert "/desk/" not in text(response)

    def test_defect_is_left_to_the_server(self, rf, administrator):
        assert middleware.Explain(lambda request: None).process_exception(rf.get("/"), ValueError()) is None

    def test_form_from_elsewhere_is_refused_with_an_explanation(self, administrator):
        client = Client(enforce_csrf_checks=True)
        client.force_login(administrator)
        response = client.post("/desk/people/agencies/add/", {"code": "x", "name": "X"})
        assert response.status_code == 403
        assert "This form has expired" in text(response)

    def test_unknown_address_has_a_page(self, client):
        response = client.get("/nothing/here/")
        assert response.status_code == 404
        assert "There is no such page" in text(response)


class TestHeaders:
    def test_pages_allow_nothing_from_elsewhere_and_no_inline_script(self, client):
        response = client.get("/accounts/login/")
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert "<script>" not in text(response)
        assert "style=" not in text(response)

    def test_page_names_its_language_and_has_a_skip_link(self, client):
        page = text(client.get("/accounts/login/"))
        assert '<html lang="en' in page
        assert page.index('href="#main"') < page.index("<header")


class TestAuditPage:
    def test_entries_are_shown_in_words_with_names(self, as_administrator, administrator):
        audit.record(Event.AGREEMENT_SIGNED, about="agreement:DSA-1", by=administrator, last_party=True)
        page = text(as_administrator.get("/desk/audit/"))
        assert "Agreement signed" in page
        assert administrator.name in page
        assert "last party" in page

    def test_filters_narrow_the_list(self, as_administrator, administrator):
        audit.record(Event.AGREEMENT_SIGNED, about="agreement:DSA-1", by=administrator)
        audit.record(Event.LINKAGE_RUN, about="linkage:1", by=None)
        table = text(as_administrator.get("/desk/audit/?about=agreement:*")).split("<tbody>")[1]
        assert "agreement:DSA-1" in table
        assert "linkage:1" not in table
        assert "No entry matches" in text(as_administrator.get("/desk/audit/?actor=user:999"))

    @pytest.mark.parametrize("query", ["since=nonsense", "page=x", "page=999", "event=no.such", "until=0001-01-01"])
    def test_nonsense_in_the_address_does_no_harm(self, as_administrator, query):
        assert as_administrator.get(f"/desk/audit/?{query}").status_code == 200

    def test_check_says_that_the_log_is_whole(self, as_administrator, administrator):
        audit.record(Event.LINKAGE_RUN, about="linkage:1", by=None)
        assert "The log is whole" in text(as_administrator.post("/desk/audit/verify/"))

    def test_exported_file_verifies_and_its_export_is_recorded(self, as_administrator):
        response = as_administrator.get("/desk/audit/export/")
        lines = b"".join(response.streaming_content).decode().splitlines()
        assert chain.verify_export(lines, head=log.head().hash)
        assert json.loads(lines[-2])["facts"] == {"change": "the log was exported"}


class TestPeople:
    def test_person_is_added_with_roles_and_the_link_opens_once(self, as_administrator, make_agency):
        make_agency("health")
        given = {"name": "Jo Field", "email": "jo@health.example", "agency": "health", "roles": ["steward", "counsel"]}
        response = as_administrator.post("/desk/people/add/", given, follow=True)
        person = User.objects.get(email="jo@health.example")
        assert person.roles == {"steward", "counsel"}
        assert "Hand over this link yourself" in text(response)
        link = text(response).split("<code>http://testserver")[1].split("</code>")[0]
        assert "Hand over" not in text(as_administrator.get(f"/desk/people/{person.pk}/"))
        self.set_password(link, "horse-battery-staple-7")
        person.refresh_from_db()
        assert person.check_password("horse-battery-staple-7")

    def set_password(self, link: str, password: str) -> None:
        stranger = Client()
        form = stranger.get(link, follow=True)
        address = form.redirect_chain[-1][0]
        stranger.post(address, {"password1": password, "password2": password})

    def test_form_explains_what_is_wrong_at_the_field_and_on_top(self, as_administrator, administrator):
        response = as_administrator.post("/desk/people/add/", {"name": "", "email": "nonsense"})
        page = text(response)
        assert response.status_code == 400
        assert 'href="#id_email"' in page
        assert 'aria-describedby="id_email_error"' in page
        taken = as_administrator.post("/desk/people/add/", {"name": "A", "email": administrator.email})
        assert "already an account" in text(taken)

    def test_roles_are_given_and_taken(self, as_administrator, make_user):
        analyst = make_user("analyst")
        as_administrator.post(f"/desk/people/{analyst.pk}/", {"roles": ["helper"], "do": "roles"})
        assert User.objects.get(pk=analyst.pk).roles == {"helper"}

    def test_last_administrator_keeps_the_role_and_is_told_why(self, as_administrator, administrator):
        response = as_administrator.post(f"/desk/people/{administrator.pk}/", {"roles": [], "do": "roles"})
        assert "only administrator" in text(response)
        assert User.objects.get(pk=administrator.pk).roles == {"administrator"}

    def test_account_is_closed_and_the_person_is_out_at_once(self, as_administrator, make_user):
        analyst = make_user("analyst")
        other = Client()
        other.force_login(analyst)
        as_administrator.post(f"/desk/people/{analyst.pk}/", {"do": "close"})
        assert other.get("/desk/").status_code == 302

    def test_agency_is_registered(self, as_administrator):
        as_administrator.post("/desk/people/agencies/add/", {"code": "parks", "name": "Parks"})
        assert log.entries(event=Event.AGENCY_REGISTERED.value, about="agency:parks").count() == 1


class TestJobPages:
    @pytest.fixture
    def job(self, monkeypatch, administrator):
        monkeypatch.setattr(registry, "_KINDS", {})

        @registry.job("count")
        def count(progress):
            progress.step("Counting", 3, 3)
            return {"counted": 3}

        return jobs.start("count", by=administrator, about="thing:1")

    def test_progress_asks_for_itself_until_the_job_is_over(self, as_administrator, job):
        address = reverse("jobs:progress", args=[job.pk])
        waiting = as_administrator.get(address)
        assert waiting.status_code == 200
        assert f'hx-get="{address}"' in text(waiting)
        jobs.run_waiting()
        over = as_administrator.get(address)
        assert over.status_code == 286
        assert "hx-get" not in text(over)
        assert "Counting" in text(over)

    def test_list_and_page_show_the_job(self, as_administrator, job):
        jobs.run_waiting()
        assert "thing:1" in text(as_administrator.get("/jobs/"))
        assert "No jobs here" in text(as_administrator.get("/jobs/?state=failed"))
        assert "counted" in text(as_administrator.get(f"/jobs/{job.pk}/"))


class TestDesk:
    @pytest.mark.parametrize("role", [role.value for role in duties.EVERY_ROLE])
    def test_desk_opens_for_every_role(self, make_user, client, role):
        client.force_login(make_user(role))
        assert client.get("/desk/").status_code == 200

    def test_person_without_a_role_is_told_so(self, client, make_user):
        person = make_user("helper")
        person.roles_held.all().delete()
        client.force_login(User.objects.get(pk=person.pk))
        assert "You have no role yet" in text(client.get("/desk/"))

    def test_menu_holds_only_what_the_person_may_open(self, make_user, client):
        client.force_login(make_user("helper"))
        page = text(client.get("/desk/"))
        assert "/desk/audit/" not in page
        assert "/agreements/" in page


class TestTraining:
    """Until when someone's privacy training is valid is entered by an administrator, never by themselves."""

    def test_it_is_entered_and_taken_away_and_recorded(self, as_administrator, make_user):
        person = make_user("analyst")
        for until in ("2031-05-01", ""):
            as_administrator.post(f"/desk/people/{person.pk}/", {"do": "training", "trained_until": until})
            person.refresh_from_db()
            assert str(person.trained_until or "") == until
        assert log.entries(event=Event.SETTING_CHANGED.value, about=f"user:{person.pk}").count() == 2

    def test_a_day_that_is_none_is_said_on_the_form(self, as_administrator, make_user):
        person = make_user("analyst")
        response = as_administrator.post(f"/desk/people/{person.pk}/", {"do": "training", "trained_until": "soon"})
        assert response.status_code == 400
        assert "Enter a valid date" in text(response)

    def test_nobody_enters_their_own(self, as_administrator, administrator):
        address = f"/desk/people/{administrator.pk}/"
        assert 'value="training"' not in text(as_administrator.get(address))
        as_administrator.post(address, {"do": "training", "trained_until": "2031-05-01"})
        administrator.refresh_from_db()
        assert administrator.trained_until is None
