"""True counts are seen under an agreement in force, by those it names, and every look is in the log."""

from __future__ import annotations

import pytest

from infotrust.shared.audit import queries as log
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.agreements import services as agreement_services
from infotrust.stages.analysis import queries, services
from infotrust.stages.analysis.models import Output


@pytest.fixture
def output(town, agree, loaded, approved) -> Output:
    agree()
    return services.run_question(approved(), by=town.analyst)


@pytest.mark.parametrize("reader", ["analyst", "colleague", "checker"])
def test_people_of_the_recipient_and_checkers_see_them_and_the_look_is_recorded(client, town, output, reader):
    user = getattr(town, reader)
    client.force_login(user)
    assert b"true counts" in client.get(f"/questions/outputs/{output.pk}/").content
    entry = log.entries(actor=f"user:{user.pk}").first()
    assert (entry.event, entry.about) == ("access.allowed", f"question:{output.question.code}")
    assert entry.facts["wanted"] == f"see the true counts of output {output.pk}"


def test_an_analyst_of_an_agency_that_is_no_recipient_does_not_see_them(client, town, output):
    client.force_login(town.outsider)
    assert client.get(f"/questions/outputs/{output.pk}/").status_code == 403


@pytest.mark.parametrize("reader", ["analyst", "checker"])
def test_once_the_agreement_has_ended_nobody_sees_them_any_more(client, town, output, reader):
    board = town.staff["schools"]["board_member"]
    agreement_services.end(agreements.agreement("DSA-1"), reason="No longer needed", by=board)
    client.force_login(getattr(town, reader))
    response = client.get(f"/questions/outputs/{output.pk}/")
    assert response.status_code == 403
    assert b"DSA-1 has ended" in response.content


def test_agreement_that_ends_while_the_question_runs_leaves_no_output(town, agree, loaded, approved, monkeypatch):
    agreement = agree()
    question, count = approved(), services.enclave.answer

    def answer(*arguments, **named):
        made = count(*arguments, **named)
        agreement_services.end(agreement, reason="Over", by=town.staff["schools"]["board_member"])
        return made

    monkeypatch.setattr(services.enclave, "answer", answer)
    with pytest.raises(NotPermitted):
        services.run_question(question, by=town.analyst)
    assert not queries.outputs_of(question.code, by=town.analyst)
