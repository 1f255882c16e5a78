"""The product's settings, with secrets made for the run and a temporary home: a test never meets a real trust."""

import os
import secrets
import tempfile

os.environ.setdefault("INFOTRUST_HOME", tempfile.mkdtemp(prefix="infotrust-test-"))
os.environ.setdefault("INFOTRUST_SECRET_KEY", secrets.token_urlsafe(48))
for _room in ("VAULT", "HOLDINGS", "REGISTER", "INBOX", "QUARANTINE"):
    os.environ.setdefault(f"INFOTRUST_{_room}_KEY", secrets.token_hex(32))

# Playwright runs an event loop in the thread of the tests; Django would refuse database calls beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from infotrust.web.settings import *  # noqa: E402, F403

# Nobody's real password is here; a slow hash would only make every test that signs in slow.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
