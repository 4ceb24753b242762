"""Tests: the same servers as local, a database of their own, and shortcuts only where harmless."""

import os
import tempfile

from config.settings.local import *  # noqa: F403
from config.settings.local import CELERY_BROKER_URL, DATABASES, STORAGES

DEBUG = False
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "test_lodestar")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c synchronous_commit=off",
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = CELERY_BROKER_URL + ("?virtual_host=" + os.environ.get("TEST_REDIS_DB", "15"))
#: A place of its own for each process, emptied by the operating system.
STORAGES["exhibits"]["OPTIONS"]["location"] = tempfile.mkdtemp(prefix="lodestar-exhibits-")
#: Messages to agencies go to servers of the tests' own.
WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
WEBHOOK_PLAIN_HTTP = True
