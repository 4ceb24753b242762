"""The table behind the cache: sign-in limits, counted alike by every web process."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_reference_sequences")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
