from django.db import migrations

from accounts.roles import Role, grant

ADVISERS = [Role.IDVA, Role.IDVA_MANAGER]


def give(apps, schema_editor):
    grant(
        apps,
        "victims",
        "victim",
        {
            "view_team_victims": {
                "name": "May see the victims of everybody in their team",
                "roles": [Role.IDVA_MANAGER],
            },
            "break_glass": {
                "name": "May open a record that is not theirs, for a stated reason and time",
                "roles": ADVISERS,
            },
            "keep_withholdings": {
                "name": "May say who must not receive anything about a victim",
                "roles": [
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.SUPERVISOR,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                ],
            },
            "write_advocate_note": {
                "name": "May read and write notes kept from the police",
                "roles": ADVISERS,
            },
            "write_police_note": {
                "name": "May read and write notes kept from advisers",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.SUPERINTENDENT,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("victims", "0012_access_and_notes"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
