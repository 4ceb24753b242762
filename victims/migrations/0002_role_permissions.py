from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "victims",
        "victim",
        {
            "view_victim": {"name": "May see this victim's record", "roles": []},
            "view_all_victims": {
                "name": "May see every victim's record",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                    Role.DAISU_INVESTIGATOR,
                    Role.MARAC_COORDINATOR,
                    Role.MARAC_CHAIR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.CUSTODY_OFFICER,
                    Role.SUPERINTENDENT,
                    Role.AUDITOR,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("victims", "0001_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
