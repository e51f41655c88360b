"""All settings, driven by the environment. `make demo` and the tests need none of it set.

DATABASE_URL      a real PostgreSQL (>= 15); without it the embedded server of `config.devdb`
SPONA_DB_ROLE     spona_app (default), spona_owner to migrate, spona_worker for jobs
SPONA_DEMO        1: synthetic people, sign-in links, no second factor asked
SPONA_IDENTITY_KEYS   2:BASE64,1:BASE64 of 32 bytes each: under the first, what says who a child is
                      is sealed; all read. Kept apart from the database and its backups
SPONA_SECRET_KEY, SPONA_PROOF_KEY, SPONA_HOSTS, SPONA_ORIGINS, SPONA_MEDIA
SPONA_URL         where people open Spona: the link in an e-mail (https://spona.example.org)
SPONA_CONTROLLER, SPONA_DPO, SPONA_DPIA_DATE    without them nothing but the demo starts
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import devdb

ROOT = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
DEMO = os.environ.get("SPONA_DEMO") == "1"
LOCAL = DEMO or TESTING
DEBUG = False

# Who answers for the data. A system check refuses to start without them outside the demo.
CONTROLLER = os.environ.get("SPONA_CONTROLLER", "")
DATA_PROTECTION_OFFICER = os.environ.get("SPONA_DPO", "")
IMPACT_ASSESSMENT_DATE = os.environ.get("SPONA_DPIA_DATE", "")

NO_SECRET = "unset"  # noqa: S105 - the mark of a missing one
# Proofs of what was disclosed outlive a change of the secret key, so they have a key of their own.
PROOF_KEY = os.environ.get("SPONA_PROOF_KEY") or ("only-for-the-demo" if LOCAL else NO_SECRET)
# Without these the data is lost. Those of the demo open invented people (spona.base.sealing).
IDENTITY_KEYS = os.environ.get("SPONA_IDENTITY_KEYS") or (
    "1:b25seS1mb3ItdGhlLWRlbW8tYW5kLWZvci10ZXN0cy4=" if LOCAL else NO_SECRET
)
SECRET_KEY = os.environ.get("SPONA_SECRET_KEY") or ("only-for-the-demo" if LOCAL else NO_SECRET)
ALLOWED_HOSTS = os.environ.get("SPONA_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
SITE_URL = os.environ.get("SPONA_URL", "http://localhost:8000" if LOCAL else "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SPONA_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its templates, for FORM_RENDERER
    "spona.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_vite",
    "template_partials",
    "procrastinate.contrib.django",
    "spona.base",
    "spona.audit",
    "spona.people",
    "spona.directory",
    "spona.protocols",
    "spona.cases",
    "spona.coordination",
    "spona.home",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "spona.base.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "spona.base.middleware.SessionsMiddleware",
    "spona.base.middleware.PrivateMiddleware",
    "spona.base.middleware.ActorMiddleware",
    # inside the transaction: it turns an exception into a question, which is no failure
    "allauth.account.middleware.AccountMiddleware",
    "spona.base.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "spona.base.context.layout",
                "spona.home.views.frame.frame",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]


# Short questions on disks without moving parts: an index is walked rather than a table read, and
# neither a second process nor a compiler helps with one.
PLANNING = "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 -c jit=off"


def database() -> dict[str, Any]:
    role = os.environ.get("SPONA_DB_ROLE", "")
    options: dict[str, Any] = {}
    options["options"] = PLANNING
    if TESTING:
        options["options"] += " -c synchronous_commit=off"
    else:
        options["pool"] = {"min_size": 1, "max_size": int(os.environ.get("SPONA_DB_POOL", "8"))}
    base: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options}
    if url := os.environ.get("DATABASE_URL", ""):
        parts = urlsplit(url)
        return base | {
            "NAME": unquote(parts.path.lstrip("/")) or "spona",
            "HOST": dict(parse_qsl(parts.query)).get("host") or unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "USER": role or unquote(parts.username or "spona_app"),
            "PASSWORD": unquote(parts.password or ""),
        }
    return base | {"NAME": "spona", "HOST": str(devdb.SOCKET), "USER": role or "spona_app"}


DATABASES = {"default": database() | {"TEST": {"NAME": f"test_spona_{os.getpid()}"}}}
# Rate limits and used codes are shared by all processes: in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if TESTING
        else "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people who sign in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["spona.accounts.hashers.Argon2"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "spona.accounts.forms.SignInForm",
    "reset_password": "spona.accounts.forms.NewPasswordForm",
}
ACCOUNT_ADAPTER = "spona.accounts.adapters.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation already proves the address
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Spona: "
# Behind one proxy, whose word about the address of the browser is taken (sessions, rate limits).
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if LOCAL else 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation already proves the address
MFA_ADAPTER = "spona.accounts.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Spona"
USERSESSIONS_TRACK_ACTIVITY = True
SECOND_FACTOR_OBLIGATORY = not DEMO

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = not LOCAL
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "spona.base.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- languages: message ids are English, Serbian Latin is written, Cyrillic is generated from it
LANGUAGE_CODE = "sr-latn"
LANGUAGES = [("sr-latn", "Srpski"), ("sr", "Српски"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Europe/Belgrade"
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = ROOT / ".dev" / "static"
STATICFILES_DIRS = [("web", ROOT / "web" / "dist")]
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": ROOT / "web" / "dist" / "manifest.json",
        "static_url_prefix": "web",
    }
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = TESTING  # the tests need no collected files
MEDIA_ROOT = Path(os.environ.get("SPONA_MEDIA", str(ROOT / ".dev" / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = str(ROOT / ".dev" / "mail")
EMAIL_HOST = os.environ.get("SPONA_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("SPONA_EMAIL_FROM", "spona@localhost")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
SILENCED_SYSTEM_CHECKS: list[str] = []
PRODUCT_NAME = _("Spona")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "spona.base.log.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
