"""The roles as groups, and the named system actor of the deadline sweep."""

from django.db import migrations

ROLES = (
    "Call handler",
    "Control-room inspector",
    "Response officer",
    "Supervisor",
    "MARU worker",
    "MARU manager",
    "Head of public protection",
    "DAISU investigator",
    "IDVA",
    "IDVA manager",
    "MARAC coordinator",
    "MARAC chair",
    "Agency representative",
    "Neighbourhood officer",
    "Custody officer",
    "Superintendent",
    "Performance analyst",
    "Auditor",
    "System administrator",
)


def create(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)
    apps.get_model("accounts", "User").objects.get_or_create(
        username="system-sweep",
        defaults={"name": "Deadline sweep", "is_system": True, "is_active": False, "password": "!"},
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
