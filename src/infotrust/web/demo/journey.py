"""The steps of the demonstration, in order. Each can be run again: what is already there is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection

from infotrust.core import practice
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts import services as accounts
from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.audit import queries as log
from infotrust.shared.audit import services as audit
from infotrust.shared.jobs import services as jobs
from infotrust.stages.analysis import queries as analysis_queries
from infotrust.stages.analysis import services as analysis
from infotrust.stages.intake import queries as intake_queries
from infotrust.stages.intake import services as intake
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec
from infotrust.stages.linkage import queries as linkage_queries
from infotrust.stages.linkage import services as linkage
from infotrust.stages.release import queries as release_queries
from infotrust.stages.release import services as release
from infotrust.web.demo.agreeing import agree, live
from infotrust.web.demo.asking import request_data
from infotrust.web.demo.county import PARAMETERS, PERIOD, SEED, County
from infotrust.web.demo.deciding import decide, meet
from infotrust.web.demo.joining import ask_to_join
from infotrust.web.demo.talking import talk


@dataclass(frozen=True)
class Step:
    """`run` returns what the step produced, in a few words."""

    name: str
    run: Callable[[County], str]


def make_database(_: County) -> str:
    call_command("migrate", verbosity=0, interactive=False)
    return f"{connection.vendor}, {settings.HOME}"


def make_county(county: County) -> str:
    if not county.files.exists():
        made = practice.County(county.people, SEED, parameters=practice.load_parameters(PARAMETERS))
        practice.write_deliveries(made, county.files, PERIOD)
    files = [county.files / f"{dataset['code']}.csv" for dataset in county.datasets]
    return (
        f"{county.people:,} people, more of them in shelters and programs than anywhere (see {PARAMETERS.name}); "
        f"{len(county.datasets)} agencies' files of {_megabytes(files)} in {county.files}"
    )


def register_partners(county: County) -> str:
    for agency in county.agencies:
        if not Agency.objects.filter(code=agency["code"]).exists():
            about = {part: agency[part] for part in ("code", "name", "description", "website")}
            accounts.register_agency(**about, by=_administrator())
    # Hashed once: a slow hash for each of twenty made-up people would be most of this step's time.
    hashed = make_password(county.password)
    for person in county.persons:
        if not User.objects.filter(email=person["email"]).exists():
            user = accounts.create_user(
                email=person["email"],
                name=person["name"],
                agency=county.agency(person["agency"]),
                roles=person["roles"],
                by=_administrator(),
            )
            User.objects.filter(pk=user.pk).update(password=hashed)
    return f"{len(county.agencies)} agencies, {len(county.persons)} people with roles"


def _administrator() -> User | None:
    """The administrator; nobody before the first one exists (the same as `create-administrator` does)."""
    return User.objects.filter(roles_held__role=Role.ADMINISTRATOR).first()


def register_datasets(county: County) -> str:
    for agency in county.agencies:
        for source in agency["sources"]:
            owner, steward = county.agency(agency["code"]), county.person(Role.STEWARD, agency["code"])
            if source["code"] not in {known.code for known in inventory_queries.sources_of(owner)}:
                inventory.register_source(agency=owner, **source, by=steward)
    known = {dataset.code for dataset in inventory_queries.datasets()}
    for dataset in county.datasets:
        if dataset["code"] not in known:
            _register(county, dict(dataset))
    fields = sum(len(dataset["fields"]) for dataset in county.datasets)
    return f"{len(county.datasets)} datasets with {fields} fields, shown in the public catalogue"


def _register(county: County, dataset: dict[str, Any]) -> None:
    code = dataset.pop("agency")
    source = inventory_queries.source(dataset.pop("source"))
    fields = [
        FieldSpec(**{**entry, "law_classes": tuple(entry.get("law_classes", ()))}) for entry in dataset.pop("fields")
    ]
    inventory.register_dataset(
        agency=county.agency(code), source=source, **dataset, fields=fields, by=county.person(Role.STEWARD, code)
    )


def deliver(county: County) -> str:
    for dataset in county.datasets:
        steward = county.person(Role.STEWARD, dataset["agency"])
        path = county.files / f"{dataset['code']}.csv"
        with path.open("rb") as stream:
            intake.receive_delivery(
                agency=county.agency(dataset["agency"]),
                dataset=dataset["code"],
                period=PERIOD,
                name=path.name,
                stream=stream,
                by=steward,
            )
    jobs.run_waiting()
    done = list(intake_queries.deliveries(by=county.person(Role.ADMINISTRATOR)))
    loaded = [delivery for delivery in done if delivery.state == "loaded"]
    if len(loaded) < len(county.datasets):
        raise UserFacingError("A delivery was not loaded.", next_step="The deliveries page says why.")
    rows, bad = sum(one.receipt.accepted for one in loaded), sum(one.receipt.quarantined for one in loaded)
    dropped = sum(len(one.dropped) for one in loaded)
    return f"{len(loaded)} deliveries: {rows:,} rows sealed, {bad} in quarantine, {dropped} columns dropped at the door"


def link(county: County) -> str:
    officer = county.person(Role.LINKAGE_OFFICER)
    if linkage_queries.plan(by=officer).new_rows:
        linkage.start_linkage(by=officer)
        jobs.run_waiting()
    run = linkage_queries.current_run()
    if run is None:
        raise UserFacingError("The records were not linked.", next_step="See the jobs page for the reason.")
    return f"{run.records:,} records are {run.persons:,} persons"


def ask(county: County) -> str:
    analyst, board = county.person(Role.ANALYST), county.person(Role.BOARD_MEMBER, "schools")
    for entry in county.questions:
        if not analysis_queries.versions(entry["code"]):
            drafted = analysis.draft_question(**entry, by=analyst)
            analysis.approve_question(analysis.submit_question(drafted, by=analyst), by=board)
        question = analysis_queries.question(entry["code"])
        if not question.outputs.exists():
            analysis.run_question(question, by=analyst)
    return f"{len(county.questions)} approved questions answered in the enclave"


def publish(county: County) -> str:
    analyst, checker = county.person(Role.ANALYST), county.person(Role.OUTPUT_CHECKER)
    for entry in county.questions:
        output = analysis_queries.outputs_of(entry["code"], by=analyst)[0]
        found = release_queries.of_output(output.pk) or release.submit_output(output.pk, by=analyst)
        if found.state in ("submitted", "checking"):
            found = release.check(found, approve=True, comment="Checked for the demonstration.", by=checker)
        if found.state == "approved":
            release.publish(found, by=checker)
    standing = [release_queries.standing(entry["code"]) for entry in county.questions]
    slugs = ", ".join(f"/answers/{release.question_code}/" for release in standing if release)
    return f"{len(county.questions)} answers published: {slugs}"


def verify(_: County) -> str:
    findings = audit.verify()
    if findings:
        raise UserFacingError("The audit log has been altered.", next_step="Run `infotrust-server verify-audit`.")
    head = log.head()
    return f"{head.sequence:,} entries, each chained to the one before: nothing altered"


STEPS = (
    Step("Prepare the database", make_database),
    Step("Make Marigold County", make_county),
    Step("Register agencies and people", register_partners),
    Step("Describe the datasets", register_datasets),
    Step("Talk about linking", talk),
    Step("Found the boards and put motions before them", decide),
    Step("Hold a meeting and publish its minutes", meet),
    Step("Draft, review and sign agreements", agree),
    Step("Amend, suspend and dispute agreements", live),
    Step("Ask to join an agreement", ask_to_join),
    Step("Ask for data and license it", request_data),
    Step("Receive, check, split and seal deliveries", deliver),
    Step("Link records to persons", link),
    Step("Answer the questions", ask),
    Step("Check for disclosure and publish", publish),
    Step("Verify the audit log", verify),
)


def _megabytes(files: list[Path]) -> str:
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB"
