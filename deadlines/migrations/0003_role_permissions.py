from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "deadlines",
        "deadline",
        {
            "view_clocks": {
                "name": "May see what is due",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                    Role.DAISU_INVESTIGATOR,
                    Role.IDVA,
                    Role.IDVA_MANAGER,
                    Role.MARAC_COORDINATOR,
                    Role.SUPERINTENDENT,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
