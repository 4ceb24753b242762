from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "core",
        "policyversion",
        {
            "change_policy": {
                "name": "May change force policy",
                "roles": [Role.HEAD_OF_PUBLIC_PROTECTION],
            }
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles"), ("core", "0001_initial")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
