"""`infotrust-server demo`: take Marigold County through the journey, showing each step, then serve it."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Role
from infotrust.web.demo import journey
from infotrust.web.demo.county import County, open_county


class Command(BaseCommand):
    help = "Take Marigold County, a made-up county, from agreements to public pages, then serve it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=_people, help="how many people live there (20,000 at first)")
        parser.add_argument("--fresh", action="store_true", help="start over: forget the county that is there")
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")
        parser.add_argument("--port", type=int, default=8000, help="serve on this port of 127.0.0.1")

    def handle(self, *_: Any, people: int | None, no_serve: bool, port: int, **__: Any) -> None:
        console = Console(highlight=False)
        county = open_county(people)
        began = time.monotonic()
        for number, step in enumerate(journey.STEPS, start=1):
            _take(console, step, county, f"{number:>2}/{len(journey.STEPS)}")
        console.print(f"\n[bold]Marigold County is ready[/bold] after {time.monotonic() - began:.0f} s.")
        console.print(_logins(county))
        if no_serve:
            console.print("Type [bold]./run serve[/bold] to see it.")
            return
        console.print("Starting the server ...")
        call_command("serve", port=port)


def _take(console: Console, step: journey.Step, county: County, number: str) -> None:
    began = time.monotonic()
    with console.status(f"{number} {step.name} ..."):
        try:
            produced = step.run(county)
        except UserFacingError as error:
            console.print(f"{number} {step.name}: [red]stopped[/red]")
            raise error
    console.print(f"{number} {step.name:<42} {time.monotonic() - began:>5.1f} s  {produced}", soft_wrap=True)


def _logins(county: County) -> Table:
    table = Table(title=f"One login for each role; the password of all is {county.password}", title_justify="left")
    for heading in ("role", "agency", "e-mail address"):
        table.add_column(heading)
    for role, agency, email in county.logins():
        table.add_row(str(Role(role).label), agency, email)
    return table


def _people(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isascii() or not digits.isdigit() or not 500 <= int(digits) <= 5_000_000:
        raise ArgumentTypeError("a county has between 500 and 5,000,000 people")
    return int(digits)
