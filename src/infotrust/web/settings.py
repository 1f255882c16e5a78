"""One settings module. Everything an operator may change comes through `environment`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from infotrust.web import environment

HOME = environment.home()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = environment.read("INFOTRUST_SECRET_KEY")
DEBUG = environment.flag("INFOTRUST_DEBUG", False)
ALLOWED_HOSTS = environment.read("INFOTRUST_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in environment.read("INFOTRUST_ORIGINS", "").split(",") if origin]

TRUST_NAME = environment.read("INFOTRUST_NAME", "Marigold County Information Trust")
# Two-step sign-in is asked of everyone with a role, unless a demonstration on one's own machine turns it off.
REQUIRE_TWO_STEP = environment.flag("INFOTRUST_REQUIRE_TWO_STEP", True)
# The folder where sealed parts are kept, and each room's own master key (hex, 32 bytes).
STORAGE_FOLDER = Path(environment.read("INFOTRUST_STORAGE", str(HOME / "sealed")))
MASTER_KEYS = {room: environment.read(environment.master_key_name(room)) for room in environment.ROOMS}

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
    "django_tasks",
    "django_tasks_db",
    "infotrust.shared.accounts",
    "infotrust.shared.audit",
    "infotrust.shared.permissions",
    "infotrust.shared.jobs",
    "infotrust.shared.storage",
    "infotrust.shared.vault",
    "infotrust.shared.holdings",
    "infotrust.shared.catalogue",
    "infotrust.stages.inventory",
    "infotrust.stages.agreements",
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
            ],
        },
    }
]

DATABASES = {
    "default": environment.database(
        environment.read("INFOTRUST_DATABASE_URL", f"sqlite:///{HOME / 'infotrust.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

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

LANGUAGE_CODE = "en-us"
TIME_ZONE = environment.read("INFOTRUST_TIME_ZONE", "America/New_York")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
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
