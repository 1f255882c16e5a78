"""`infotrust-server`: the commands of a running trust, Django's own among them."""

from __future__ import annotations

import os
import sys


def main() -> None:
    from infotrust.core.errors import UserFacingError
    from infotrust.web import environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infotrust.web.settings")
    # The database, sealed parts and exports are for the account that runs the trust, and for no other of the machine.
    os.umask(0o077)
    try:
        if sys.argv[1:2] == ["init"]:
            print(f"Secrets are in {environment.make_secrets()}. Back this file up apart from the data.")
            return
        if sys.argv[1:2] == ["demo"]:
            environment.prepare_demonstration(fresh="--fresh" in sys.argv)
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except UserFacingError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
