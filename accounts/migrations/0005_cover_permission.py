from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
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
            }
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_absence")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
