"""A sequence for each kind of reference that there was at first."""

from django.db import migrations

PREFIXES = ("da", "ra", "rf", "v", "p", "ln", "rs", "cu", "pn", "ds", "sh", "ic")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [f"CREATE SEQUENCE reference_{prefix}" for prefix in PREFIXES],
            [f"DROP SEQUENCE reference_{prefix}" for prefix in PREFIXES],
        )
    ]
