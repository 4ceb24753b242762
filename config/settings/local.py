"""A developer's or newcomer's machine: embedded servers unless the environment names real ones."""

import os

import dj_database_url

from config import embedded
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR

DEBUG = os.environ.get("DEBUG", "") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", "only-for-this-machine-never-in-production")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = ["http://127.0.0.1", "http://localhost"]

DATABASE_URL = os.environ.get("DATABASE_URL") or embedded.ensure_database(
    embedded.start_postgres(), os.environ.get("DATABASE_NAME", "lodestar")
)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}  # type: ignore[dict-item]
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = os.environ.get("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{embedded.start_redis()}"

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"

WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is collected here
