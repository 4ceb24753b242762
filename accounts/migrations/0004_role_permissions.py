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
            },
        },
    )
    grant(
        apps,
        "accounts",
        "absence",
        {
            "arrange_cover": {
                "name": "May say who stands in for people of their team",
                "roles": [
                    Role.SUPERVISOR,
                    Role.MARU_MANAGER,
                    Role.IDVA_MANAGER,
                    Role.CONTROL_INSPECTOR,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles"), ("core", "0001_initial")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
