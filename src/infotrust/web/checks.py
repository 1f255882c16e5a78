"""Risky combinations of settings, found when the server starts: each with an id and what to do about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from infotrust.core.law import LawFileWrong
from infotrust.core.policy.book import PolicyBook, PolicyRejected, assemble

SHORTEST_SECRET = 32


def register_all() -> None:
    for check in (two_step, debugging, keys, plain_transport, law_register):
        register(check)


def two_step(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    if settings.REQUIRE_TWO_STEP or settings.ON_LOOPBACK:
        return []
    return [
        Error(
            "People sign in with a password alone, and the trust can be reached from other machines.",
            hint="Remove INFOTRUST_REQUIRE_TWO_STEP=0; it is meant for a demonstration on one's own machine.",
            id="infotrust.E001",
        )
    ]


def debugging(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    if not settings.DEBUG or settings.ON_LOOPBACK:
        return []
    return [
        Error(
            "Debug pages would show data and settings to whoever reaches this server.",
            hint="Remove INFOTRUST_DEBUG, or serve 127.0.0.1 only (INFOTRUST_HOSTS).",
            id="infotrust.E002",
        )
    ]


def keys(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Names and content are kept apart only as long as their rooms have different keys."""
    found: list[CheckMessage] = []
    given = [key.lower() for key in settings.MASTER_KEYS.values()]
    if len(set(given)) < len(given):
        found.append(
            Error(
                "Two rooms of sealed storage have the same master key, so whoever may open one can open the other.",
                hint="Give each room its own key: `infotrust-server init` makes them.",
                id="infotrust.E003",
            )
        )
    if any(not _is_key(key) for key in given):
        found.append(
            Error(
                "A master key is not 32 bytes in hexadecimal (64 digits).",
                hint="`infotrust-server init` makes keys of the right form.",
                id="infotrust.E004",
            )
        )
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        found.append(
            Warning(
                "INFOTRUST_SECRET_KEY is short enough to be guessed.",
                hint="Use at least 32 random characters; `infotrust-server init` makes one.",
                id="infotrust.W001",
            )
        )
    return found


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32
    except ValueError:
        return False


def plain_transport(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    if settings.ON_LOOPBACK or (settings.SESSION_COOKIE_SECURE and settings.SECURE_SSL_REDIRECT):
        return []
    return [
        Error(
            "Sessions could travel without encryption.",
            hint="Leave SESSION_COOKIE_SECURE and SECURE_SSL_REDIRECT on wherever the trust is reached from outside.",
            id="infotrust.E005",
        )
    ]


def law_register(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """A law that cannot be read must stop the start: a trust without one of its laws would allow too much."""
    try:
        PolicyBook(*assemble(())).validate()
    except (LawFileWrong, PolicyRejected) as wrong:
        return [Error(wrong.what, hint=wrong.next_step, id="infotrust.E005")]
    return []
