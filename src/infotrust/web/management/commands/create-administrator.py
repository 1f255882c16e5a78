"""`infotrust-server create-administrator`: the first account of a trust, which lets in all the others."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts import services
from infotrust.shared.accounts.models import Role, User

VARIABLE = "INFOTRUST_ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    help = f"Make an account with the role of administrator. What is not given is asked for ({VARIABLE}: the password)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="")

    def handle(self, *, email: str, name: str, **options: Any) -> None:  # noqa: ARG002 - Django's own options
        email, name = email or self._ask("E-mail address"), name or self._ask("Name")
        password = os.environ.get(VARIABLE) or self._ask_password()
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as weak:
            raise UserFacingError("The password is too weak.", next_step=" ".join(weak.messages)) from None
        user = services.create_user(email=email, name=name, password=password, roles=[Role.ADMINISTRATOR], by=None)
        self.stdout.write(f"user:{user.pk} is an administrator. Sign in to set up the second step.")

    def _ask(self, what: str) -> str:
        if not sys.stdin.isatty():
            raise UserFacingError(
                f"{what} is not given.", next_step="Use --email and --name, or run this at a terminal."
            )
        return input(f"{what}: ").strip()

    def _ask_password(self) -> str:
        if not sys.stdin.isatty():
            raise UserFacingError("No password was given.", next_step=f"Set {VARIABLE}, or run this at a terminal.")
        first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
        if first != second:
            raise UserFacingError("The two passwords differ.", next_step="Try again.")
        return first
