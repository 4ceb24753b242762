"""The local settings on the scratch database, with one bare page beside the real ones."""

import os

os.environ["DATABASE_NAME"] = "bench_lodestar"
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", "")

from config.settings.local import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
