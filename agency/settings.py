"""The settings, in one file, read from the environment. Importing them starts and connects to nothing."""

from __future__ import annotations

import django_stubs_ext
from django.core.management.utils import get_random_secret_key
from psycopg.conninfo import conninfo_to_dict

from agency import environment
from agency.environment import Misconfigured

django_stubs_ext.monkeypatch()

BASE_DIR = environment.ROOT
DEBUG = environment.DEBUG.read()

# Who we are

SECRET_KEY = environment.SECRET_KEY.read()
if not SECRET_KEY:
    if environment.DATABASE_URL.read():
        raise Misconfigured("SOUNDINGS_SECRET_KEY is not set: give it a long random text and keep it secret.")
    # Nothing is served without a database: type checks and the like pass by with a key of the moment.
    SECRET_KEY = get_random_secret_key()
# Those it had before: what was signed or encrypted with them is still read.
SECRET_KEY_FALLBACKS = list(environment.SECRET_KEY_FALLBACKS.read())

ALLOWED_HOSTS = [*environment.HOSTS.read(), "127.0.0.1", "localhost"]

INSTALLED_APPS = [
    "agency",
    "metrics",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "agency.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.audited_requests.AuditMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.reader_locale.ReaderLocaleMiddleware",
    "accounts.languages.LanguageMiddleware",
    "accounts.sessions.SeenMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    # The last: what stands above it is the app role's, what stands below it is behind the wall.
    "accounts.portal_wall.PortalWallMiddleware",
]

ROOT_URLCONF = "agency.urls"
WSGI_APPLICATION = "agency.wsgi.application"

# Records

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


PROGRAM = environment.PROGRAM.read()
# What the histories know of a change that no request makes, from the beginning of each connection on.
_SAYS_WHICH_PROGRAM = f'-c pghistory.context_metadata={{"program":"{PROGRAM}"}}'


def database_settings(address: str, role: str, pool: int = 0) -> dict[str, object]:
    """What Django wants to know of a Postgres, from its address."""
    engine = "django.db.backends.postgresql"
    if not address:
        # A name that resolves nowhere: better than whatever Postgres happens to run on this machine.
        return {"ENGINE": engine, "NAME": "soundings", "HOST": "database-url-is-not-set.invalid"}
    given = conninfo_to_dict(address)
    options: dict[str, object] = {
        name: value for name, value in given.items() if name not in {"dbname", "user", "password", "host", "port"}
    }
    # Set when the connection begins, so that RESET ROLE comes back to it.
    options["options"] = f"{given.get('options', '')} -c role=soundings_{role} {_SAYS_WHICH_PROGRAM}".strip()
    options.setdefault("connect_timeout", 5)
    options.setdefault("application_name", "soundings")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": engine,
        "NAME": given.get("dbname") or "soundings",
        "USER": given.get("user") or "",
        "PASSWORD": given.get("password") or "",
        "HOST": given.get("host") or "",
        "PORT": given.get("port") or "",
        "OPTIONS": options,
        # A pool keeps connections itself; elsewhere one is kept for its process. Either is looked at before use.
        "CONN_MAX_AGE": 0 if pool else None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_URL = environment.DATABASE_URL.read()
DATABASE_ADMIN_URL = environment.DATABASE_ADMIN_URL.read()
DATABASES = {"default": database_settings(DATABASE_URL, environment.ROLE.read(), environment.POOL.read())}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "agency_cache",
        # Failed attempts are counted in it. At Django's 300 whoever makes many would push out those that count.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

REDIS_URL = environment.REDIS_URL.read()
# Clients computed in one transaction: enough that its statements cost little each, few enough to begin again.
CLIENTS_AT_ONCE = environment.CLIENTS_AT_ONCE.read()
# Asked for after each night that went well, so that someone is told when none did.
HEARTBEAT_URL = environment.HEARTBEAT_URL.read()

# Signing in

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_ADAPTER = "accounts.adapter.ByInvitation"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "request_login_code": "accounts.forms.sign_in.SendCodeForm",
    "confirm_login_code": "accounts.forms.sign_in.EnterCodeForm",
    "reauthenticate": "accounts.forms.sign_in.PasswordAgainForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which proves the address
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# A code by mail lets in whoever has no password at hand: clients have none, others may have forgotten theirs.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who was not invited
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Pages about people, the agency and its settings want to know again who it is, after this many seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Soundings"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.SecondFactorForm",
    "login_webauthn": "accounts.forms.sign_in.PasskeySignInForm",
    "reauthenticate": "accounts.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.sign_in.AuthenticatorForm",
    "add_webauthn": "accounts.forms.sign_in.PasskeyForm",
}

# Mail

# A Soundings filled with a sample agency, open on one's own machine alone: nothing in it is anybody's secret.
DEMO = environment.DEMO.read()
# Where mail sends its reader. Not taken from a request, whose sender may say any host.
SITE_ADDRESS = (
    environment.ADDRESS.read() or f"{'https' if environment.HTTPS.read() else 'http'}://{ALLOWED_HOSTS[0]}"
).rstrip("/")
# Without a server, mail stays in the outbox.
SMTP_URL = environment.SMTP_URL.read()
DEFAULT_FROM_EMAIL = environment.MAIL_FROM.read() or f"soundings@{ALLOWED_HOSTS[0]}"
if SMTP_URL and not environment.MAIL_FROM.read():
    raise Misconfigured("SOUNDINGS_MAIL_FROM is not set: mail needs the address that it comes from.")

# Security

HTTPS = environment.HTTPS.read()
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^status$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = environment.HSTS_SECONDS.read() if HTTPS else 0
# Subdomains and the preload list are the business of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURITY_CONTACT = environment.SECURITY_CONTACT.read()
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        # The hash is of one <style> that the chart script of plotly 7.1 appends when it loads; it changes with plotly.
        "style-src": ["'self'", "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Pages

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "metrics.context_processors.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# What a client's people are spoken to in; the agency's own pages are in English (accounts.languages).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = environment.STATIC.read()
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.is_dir()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "agency.package_files.PackageFinder",
]
# Single files out of installed packages: (package, file within it) by the name they are served under.
PACKAGE_STATICFILES = {
    "vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
    "vendor/inter.ttf": ("fontpkg_inter", "files/Inter[opsz,wght].ttf"),
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# With no folder of collected files, they are served from where they lie.
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What is said while it runs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": environment.LOG_LEVEL.read()},
    "loggers": {"django": {"handlers": ["stderr"], "level": environment.LOG_LEVEL.read(), "propagate": False}},
}
