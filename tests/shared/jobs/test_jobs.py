"""Background jobs: started with a transaction, followed step by step, resumed when their worker dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.shared.audit import queries as log
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import queries, registry, services, worker
from infotrust.shared.jobs.lifecycle import State
from infotrust.shared.jobs.models import Job
from infotrust.shared.jobs.progress import LetGo, Progress
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Kinds of job that exist in this test only."""
    known: dict = {}
    monkeypatch.setattr(registry, "_KINDS", known)
    return known


def start(kind: str = "count", by=None, **arguments) -> Job:
    return services.start(kind, by=by, about="thing:1", arguments=arguments)


def test_job_is_run_with_its_arguments_and_its_steps_are_kept(kinds):
    @registry.job("count")
    def count(progress, *, upto):
        for number in range(upto + 1):
            progress.step("counting", number, upto)
        progress.step("resting")
        return {"counted": upto}

    job = start(upto=5)
    assert services.run_waiting() == 1
    job = queries.job(job.pk)
    assert (job.state, job.result, job.attempts) == (State.DONE, {"counted": 5}, 1)
    assert [(step.name, step.done, step.total) for step in job.steps.all()] == [
        ("counting", 5, 5),
        ("resting", 0, None),
    ]
    assert all(step.ended_at for step in job.steps.all())


def test_job_of_an_undone_transaction_never_runs(kinds):
    ran = []
    registry.register("count", lambda progress: ran.append(1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the job is started inside
        start()
        1 / 0  # noqa: B018
    assert services.run_waiting() == 0
    assert not ran


def test_unknown_kind_is_a_defect_at_once(kinds):
    with pytest.raises(registry.UnknownKind):
        start("no such thing")


def test_jobs_started_by_a_job_are_run_too(kinds):
    registry.register("second", lambda progress: None)
    registry.register("first", lambda progress: start("second") and None)
    start("first")
    assert services.run_waiting() == 2


def test_explained_failure_is_shown_and_recorded(kinds):
    def refuse(progress):
        raise UserFacingError("The file is empty.", next_step="Send it again.")

    registry.register("count", refuse)
    job = start()
    services.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.error, job.next_step) == (State.FAILED, "The file is empty.", "Send it again.")
    assert log.entries(event=Event.JOB_FAILED.value, about="thing:1").count() == 1


def test_defect_shows_nothing_of_its_message_anywhere(kinds, caplog):
    def break_down(progress):
        raise ValueError("Maria Alvarez, 123-45-6789")

    registry.register("count", break_down)
    job = start()
    services.run_waiting()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "Maria" not in job.error + caplog.text
    assert "ValueError at test_jobs.py" in caplog.text


def test_refusal_inside_a_job_is_recorded_as_a_refusal(kinds, make_user):
    helper = make_user("helper")

    def try_it(progress):
        duties.require("run linkage", by=progress.by)

    registry.register("count", try_it)
    start(by=helper)
    services.run_waiting()
    (entry,) = log.entries(event=Event.ACCESS_REFUSED.value)
    assert entry.actor == f"user:{helper.pk}"
    assert entry.facts["rules"] == ["duty:run linkage"]


def test_failed_job_can_be_started_again_by_who_started_it(kinds, make_user):
    outcomes = iter([UserFacingError("Not yet."), None])

    def sometimes(progress):
        if problem := next(outcomes):
            raise problem

    registry.register("count", sometimes)
    analyst, helper = make_user("analyst"), make_user("helper")
    job = start(by=analyst)
    services.run_waiting()
    job.refresh_from_db()
    with pytest.raises(NotPermitted):
        services.retry(job, by=helper)
    services.retry(job, by=analyst)
    services.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.error) == (State.DONE, "")


class TestLostWorkers:
    def running(self, label: str, silent: timedelta = timedelta(0), attempts: int = 1) -> Job:
        now = timezone.now()
        return Job.objects.create(
            kind="count",
            about="thing:1",
            state=State.RUNNING,
            worker=label,
            heard_at=now - silent,
            began_at=now,
            attempts=attempts,
        )

    def test_job_of_a_living_worker_is_left_alone(self, kinds):
        registry.register("count", lambda progress: None)
        self.running(worker.Worker().label)
        assert services.run_waiting() == 0

    def test_job_of_a_process_that_is_gone_is_taken_over_at_once(self, kinds):
        registry.register("count", lambda progress: None)
        job = self.running(f"{worker.machine()}:999999999:x")
        assert services.run_waiting() == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.DONE, 2)
        assert log.entries(event=Event.JOB_RESUMED.value).count() == 1

    def test_job_of_another_machine_is_taken_over_only_after_silence(self, kinds):
        registry.register("count", lambda progress: None)
        job = self.running("elsewhere:1:x", silent=worker.SILENCE / 2)
        assert services.run_waiting() == 0
        Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - worker.SILENCE * 2)
        assert services.run_waiting() == 1

    def test_job_that_keeps_killing_its_worker_is_given_up(self, kinds):
        registry.register("count", lambda progress: None)
        job = self.running(f"{worker.machine()}:999999999:x", attempts=services.MOST_ATTEMPTS)
        assert services.run_waiting() == 0
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert "stopped 3 times" in job.error

    def test_worker_given_up_for_dead_can_no_longer_touch_its_job(self, kinds):
        registry.register("count", lambda progress: {"by": "the second"})
        slow = Progress(self.running("elsewhere:1:x", silent=worker.SILENCE * 2))
        assert services.run_waiting() == 1
        with pytest.raises(LetGo):
            slow.step("still at it")
        services.finish(slow.job, {"by": "the first"})
        assert queries.job(slow.job.pk).result == {"by": "the second"}


def test_worker_asked_to_stop_lets_go_of_its_job_at_the_next_step(kinds):
    busy = worker.Worker()

    def long(progress):
        try:
            progress.step("one")
            busy.stop()
            progress.step("two")
        except Exception:
            pytest.fail("a job's own error handling must not swallow the stop")

    registry.register("count", long)
    job = start()
    assert busy.run_until_idle() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == (State.WAITING, 0, "")


def test_periodic_task_that_fails_does_not_stop_the_worker(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(registry, "PERIODIC", {})
    registry.every(60, "broken", lambda: 1 / 0)
    registry.every(60, "sound", lambda: done.append(1))
    busy = worker.Worker()
    busy.do_periodic()
    busy.do_periodic()
    assert done == [1]
    assert "broken" in caplog.text


def test_database_refuses_a_running_job_without_worker():
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="count", about="x", state=State.RUNNING)


def test_helper_sees_own_jobs_only(kinds, make_user):
    registry.register("count", lambda progress: None)
    helper, officer = make_user("helper"), make_user("linkage_officer")
    own, other = start(by=helper), start(by=officer)
    assert [job.pk for job in queries.jobs(by=helper)] == [own.pk]
    assert queries.jobs(by=officer).count() == 2
    with pytest.raises(NotPermitted):
        queries.job(other.pk, by=helper)
