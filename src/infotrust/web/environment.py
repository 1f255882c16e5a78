"""The settings a trust's operator gives, read from the environment or from `secrets.env` in the trust's home folder.

`SETTINGS` lists them all, with what they mean and what holds where they are not given; docs/reference/settings.md is
printed from it. A missing secret says what is missing and how to make it. See `infotrust-server init`.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from infotrust.core.errors import UserFacingError

# Each room of sealed storage has a master key of its own, so that a process can be given one and not the other.
ROOMS = ("vault", "holdings", "register", "inbox", "quarantine")
SECRETS_FILE = "secrets.env"
# Written by `demo` into its home; only a home with this file is ever cleared.
DEMONSTRATION_FILE = "demo.json"


@dataclass(frozen=True)
class Setting:
    """One setting. `default` None: it must be given. `{home}` in a default is the trust's home folder."""

    name: str
    default: str | None
    meaning: str


def master_key_name(room: str) -> str:
    return f"INFOTRUST_{room.upper()}_KEY"


SETTINGS = (
    Setting(
        "INFOTRUST_HOME",
        "var",
        "Folder of the database (SQLite), the sealed files and `secrets.env`. Set in the environment only.",
    ),
    Setting("INFOTRUST_SECRET_KEY", None, "Signs sessions and links. `infotrust-server init` makes it."),
    *(
        Setting(master_key_name(room), "", f"Master key of the room {room}: 64 hexadecimal digits. {only}")
        for room, only in (
            ("vault", "For processes that load deliveries or link."),
            ("holdings", "For processes that load deliveries or run questions."),
            ("register", "For processes that link, run questions or end agreements."),
            ("inbox", "For processes that receive or load deliveries."),
            ("quarantine", "For processes that load deliveries or show rejected rows."),
        )
    ),
    Setting("INFOTRUST_NAME", "Marigold County Information Trust", "The trust's name, on every page."),
    Setting(
        "INFOTRUST_DATABASE_URL",
        "sqlite:///{home}/infotrust.sqlite3",
        "`sqlite:////path/to/file` or `postgresql://user:password@host:port/name`.",
    ),
    Setting("INFOTRUST_STORAGE", "{home}/sealed", "Folder of the sealed files."),
    Setting(
        "INFOTRUST_LAW",
        "{home}/law",
        "Folder with the trust's own laws, such as those of its state: see the law register.",
    ),
    Setting(
        "INFOTRUST_HOSTS",
        "127.0.0.1,localhost,[::1],testserver",
        "Host names the trust answers to, with commas. With a name from outside, TLS is required of every request.",
    ),
    Setting("INFOTRUST_ORIGINS", "", "Addresses whose forms are accepted, such as `https://trust.example.gov`."),
    Setting(
        "INFOTRUST_BEHIND_PROXY",
        "0",
        "1: one proxy in front ends TLS; its `X-Forwarded-Proto` and `X-Forwarded-For` are believed.",
    ),
    Setting("INFOTRUST_STATIC", "", "Folder for `collectstatic`, where the proxy itself serves static files."),
    Setting("INFOTRUST_REQUIRE_TWO_STEP", "1", "0: a password alone is enough. Refused where others can reach it."),
    Setting("INFOTRUST_IDLE_MINUTES", "30", "Minutes without a request after which a person is signed out."),
    Setting("INFOTRUST_OIDC_URL", "", "An agency's own sign-in (OpenID Connect): the provider's address."),
    Setting("INFOTRUST_OIDC_CLIENT_ID", None, "What the provider gave for this trust; needed with the address."),
    Setting("INFOTRUST_OIDC_SECRET", None, "What the provider gave for this trust; needed with the address."),
    Setting("INFOTRUST_OIDC_NAME", "my agency", "What stands on the button: Sign in with ..."),
    Setting("INFOTRUST_OIDC_ID", "oidc", "Short code in the provider's return address."),
    Setting(
        "INFOTRUST_ADDRESS",
        "http://127.0.0.1:8000",
        "Where people open the trust: the beginning of the links in reminders.",
    ),
    Setting(
        "INFOTRUST_SMTP_HOST",
        "",
        "Mail server for invitations and reminders. None: the administrator is shown links, and on a loopback "
        "reminders are written to the worker's console.",
    ),
    Setting("INFOTRUST_SMTP_PORT", "25", "Its port."),
    Setting("INFOTRUST_SMTP_USER", "", "Its account, if it asks for one."),
    Setting("INFOTRUST_SMTP_PASSWORD", "", "The account's password."),
    Setting("INFOTRUST_SMTP_TLS", "0", "1: begin with STARTTLS."),
    Setting("INFOTRUST_MAIL_FROM", "infotrust@localhost", "The sender of mail."),
    Setting("INFOTRUST_TIME_ZONE", "America/New_York", "Days begin and end, and times are shown, in this zone."),
    Setting("INFOTRUST_DEBUG", "0", "1: pages that show defects in full. Refused where others can reach the trust."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


class SettingMissing(UserFacingError):
    """A setting the trust cannot start without."""


def home() -> Path:
    """The folder that holds this trust's database, sealed parts and secrets (`INFOTRUST_HOME`, else ./var)."""
    return Path(os.environ.get("INFOTRUST_HOME", _BY_NAME["INFOTRUST_HOME"].default or "")).resolve()


def master_keys() -> dict[str, str]:
    """Return the master key of each room that this process was given."""
    given = {room: read(master_key_name(room)) for room in ROOMS}
    return {room: key for room, key in given.items() if key}


def _file_values() -> dict[str, str]:
    path = home() / SECRETS_FILE
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def read(name: str) -> str:
    """Return the setting `name`, or its default; raise `SettingMissing` where it must be given and is not.

    A name that is not in `SETTINGS` is a defect (`KeyError`).
    """
    default = _BY_NAME[name].default
    value = os.environ.get(name) or _file_values().get(name)
    if value is None and default is None:
        raise SettingMissing(
            f"The setting {name} is not given.",
            next_step=f"Run `infotrust-server init` to make {home() / SECRETS_FILE}, or set it in the environment.",
        )
    return value or (default or "").replace("{home}", str(home()))


def flag(name: str) -> bool:
    return read(name).lower() in {"1", "true", "yes", "on"}


def is_loopback(hosts: list[str]) -> bool:
    """Whether the trust is reached from this machine only: a demonstration or a test."""
    own = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}
    return all(host.strip() in own for host in hosts)


def openid_connect() -> dict[str, object]:
    """Return allauth's setting for an agency's own sign-in (OpenID Connect), from INFOTRUST_OIDC_*; {} without one.

    URL is the provider's address (or that of its `.well-known/openid-configuration`), CLIENT_ID and SECRET what it
    gave for this trust, NAME what stands on the button, ID a short code in the address (`oidc`).
    """
    url = read("INFOTRUST_OIDC_URL")
    if not url:
        return {}
    app = {
        "provider_id": read("INFOTRUST_OIDC_ID"),
        "name": read("INFOTRUST_OIDC_NAME"),
        "client_id": read("INFOTRUST_OIDC_CLIENT_ID"),
        "secret": read("INFOTRUST_OIDC_SECRET"),
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def make_secrets(**also: str) -> Path:
    """Write fresh secrets to the home folder, readable by its owner only; keep those that are already there.

    `also` are further settings to note there.
    """
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SECRETS_FILE
    values = _file_values()
    wanted = {"INFOTRUST_SECRET_KEY": secrets.token_urlsafe(48)} | {
        master_key_name(room): secrets.token_hex(32) for room in ROOMS
    }
    wanted |= also
    missing = {name: value for name, value in wanted.items() if name not in values and not os.environ.get(name)}
    if missing:
        text = "".join(f"{name}={value}\n" for name, value in (values | missing).items())
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    return path


def prepare_demonstration(*, fresh: bool) -> None:
    """Make the home of a demonstration: secrets, and settings that suit one's own machine and made-up people only.

    With `fresh`, forget the demonstration that is there. Refuses a home that holds a real trust.
    """
    folder = home()
    demonstration = (folder / DEMONSTRATION_FILE).exists()
    if not demonstration and folder.exists() and any(folder.glob("*.sqlite3")):
        raise UserFacingError(
            f"{folder} holds a trust that is not a demonstration.",
            next_step="Set INFOTRUST_HOME to another folder.",
        )
    if fresh and demonstration:
        shutil.rmtree(folder)
    # Nobody should need an authenticator app to look around; a real trust asks everyone with a role for two steps.
    make_secrets(INFOTRUST_REQUIRE_TWO_STEP="0")


def database(url: str) -> dict[str, object]:
    """Turn `sqlite:///path` or `postgresql://user:password@host:port/name` into Django's setting."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            # IMMEDIATE: two writers queue up instead of failing half-way through a transaction.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # `?host=/folder` names a Unix socket, as libpq has it.
            "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise UserFacingError(
        f"INFOTRUST_DATABASE_URL starts with {parts.scheme!r}.",
        next_step="Use sqlite:////path/to/file or postgresql://user:password@host:port/name.",
    )
