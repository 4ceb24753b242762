from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "audit",
        "auditevent",
        {
            "view_audit": {"name": "May see who did what and who looked", "roles": [Role.AUDITOR]},
        },
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
