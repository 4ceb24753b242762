from django.db import migrations

from accounts.roles import Role, grant

SPEAK = [
    Role.RESPONSE_OFFICER,
    Role.SUPERVISOR,
    Role.MARU_WORKER,
    Role.MARU_MANAGER,
    Role.DAISU_INVESTIGATOR,
    Role.IDVA,
    Role.IDVA_MANAGER,
    Role.NEIGHBOURHOOD_OFFICER,
]
LEAD = [
    Role.SUPERVISOR,
    Role.MARU_MANAGER,
    Role.IDVA_MANAGER,
    Role.CONTROL_INSPECTOR,
    Role.HEAD_OF_PUBLIC_PROTECTION,
]


def give(apps, schema_editor):
    grant(
        apps,
        "victims",
        "victim",
        {
            "record_contact": {
                "name": "May record contacts, updates, circumstances and statements",
                "roles": SPEAK,
            },
            "write_safety_plan": {
                "name": "May write and review a victim's safety plan",
                "roles": SPEAK,
            },
            "hand_over_duty": {
                "name": "May hand over what they are responsible for",
                "roles": [*SPEAK, Role.HEAD_OF_PUBLIC_PROTECTION, Role.CONTROL_INSPECTOR],
            },
            "assign_duty": {
                "name": "May give duties of their team, and of whoever left it, to others",
                "roles": LEAD,
            },
            "close_case": {
                "name": "May close a victim's case and open it again",
                "roles": [Role.SUPERVISOR, Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
            # Until now these had no page of their own; they speak with victims and hold duties.
            "view_all_victims": {
                "name": "May see every victim's record",
                "roles": [
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.SUPERINTENDENT,
                ],
            },
            "record_safe_contact": {
                "name": "May record how a victim can be reached",
                "roles": [Role.DAISU_INVESTIGATOR, Role.NEIGHBOURHOOD_OFFICER],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("victims", "0009_every_duty_has_a_team"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
