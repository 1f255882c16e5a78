"""One settings module. Everything an operator may change comes through `environment`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from infotrust.web import environment

HOME = environment.home()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = environment.read("INFOTRUST_SECRET_KEY")
DEBUG = environment.flag("INFOTRUST_DEBUG")
ALLOWED_HOSTS = environment.read("INFOTRUST_HOSTS").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in environment.read("INFOTRUST_ORIGINS").split(",") if origin]

TRUST_NAME = environment.read("INFOTRUST_NAME")
# Two-step sign-in is asked of everyone with a role, unless a demonstration on one's own machine turns it off.
REQUIRE_TWO_STEP = environment.flag("INFOTRUST_REQUIRE_TWO_STEP")
# The folder where sealed parts are kept, and each room's own master key (hex, 32 bytes).
STORAGE_FOLDER = Path(environment.read("INFOTRUST_STORAGE"))
# A process may be given only the rooms it needs: what lacks a key cannot be opened by it.
MASTER_KEYS = environment.master_keys()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "infotrust.shared.accounts",
    "infotrust.shared.audit",
    "infotrust.shared.permissions",
    "infotrust.shared.clocks",
    "infotrust.shared.jobs",
    "infotrust.shared.storage",
    "infotrust.shared.vault",
    "infotrust.shared.holdings",
    "infotrust.shared.catalogue",
    "infotrust.stages.inventory",
    "infotrust.stages.readiness",
    "infotrust.stages.governance",
    "infotrust.stages.agreements",
    "infotrust.stages.requests",
    "infotrust.stages.intake",
    "infotrust.stages.linkage",
    "infotrust.stages.analysis",
    "infotrust.stages.release",
    "infotrust.portal",
    "infotrust.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "infotrust.web.middleware.IdleTimeout",
    "infotrust.web.middleware.RequireTwoStep",
    "infotrust.web.middleware.Explain",
    # Last, as axes asks: it replaces the response to a sign-in that is locked out.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "infotrust.web.urls"
WSGI_APPLICATION = "infotrust.web.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "infotrust.web.context.frame",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.read("INFOTRUST_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- signing in: allauth's pages, axes' lock after failures ---
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "infotrust.web.signin.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "infotrust.web.signin.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An administrator invites people and so vouches for the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Wrong passwords are counted by axes, in the database; this one also bounds how often a second step can be guessed.
ACCOUNT_RATE_LIMITS = {"login_failed": "6/15m/key"}
MFA_ADAPTER = "infotrust.web.signin.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# Who follows an invitation has an address that an administrator vouches for; it is never "verified" by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = TRUST_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = environment.is_loopback(ALLOWED_HOSTS)
# An agency's own sign-in: an account is found by the address that the provider has verified; none is made.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = environment.openid_connect()

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# One person's attempts from one address: nobody can lock another out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "infotrust.web.signin.attempted_name"
AXES_LOCKOUT_CALLABLE = "infotrust.web.errors.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- sessions and transport ---
# On one's own machine there is no TLS; everywhere else cookies travel by TLS only.
ON_LOOPBACK = environment.is_loopback(ALLOWED_HOSTS)
IDLE_TIMEOUT = int(environment.read("INFOTRUST_IDLE_MINUTES")) * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ON_LOOPBACK
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "infotrust.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 365 * 24 * 60 * 60
SECURE_SSL_REDIRECT = not ON_LOOPBACK
SECURE_REFERRER_POLICY = "same-origin"
if environment.flag("INFOTRUST_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_IPWARE_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- mail: invitations and new passwords; without a mail server they are shown to the administrator instead ---
EMAIL_HOST = environment.read("INFOTRUST_SMTP_HOST")
EMAIL_PORT = int(environment.read("INFOTRUST_SMTP_PORT"))
EMAIL_HOST_USER = environment.read("INFOTRUST_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.read("INFOTRUST_SMTP_PASSWORD")
EMAIL_USE_TLS = environment.flag("INFOTRUST_SMTP_TLS")
# Without a mail server, mail is written to the console of the process that sends it, on a loopback only.
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console' if ON_LOOPBACK else 'dummy'}.EmailBackend"
)
LAW_FOLDER = Path(environment.read("INFOTRUST_LAW"))
TRUST_ADDRESS = environment.read("INFOTRUST_ADDRESS").rstrip("/")
DEFAULT_FROM_EMAIL = environment.read("INFOTRUST_MAIL_FROM")

# A whole document pasted into a form comes back in the form, with what is wrong, and not as a bare refusal.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20

LANGUAGE_CODE = "en-us"
TIME_ZONE = environment.read("INFOTRUST_TIME_ZONE")
USE_I18N = True
FORMAT_MODULE_PATH = "infotrust.web.formats"
USE_TZ = True
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STATIC_URL = "static/"
# Files are served from the packages themselves; a folder to collect them in is only for a server in front.
STATIC_ROOT = environment.read("INFOTRUST_STATIC") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
