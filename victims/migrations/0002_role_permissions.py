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
ADVISERS = [Role.IDVA, Role.IDVA_MANAGER]


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
            "record_safe_contact": {
                "name": "May record how a victim can be reached",
                "roles": [
                    Role.CALL_HANDLER,
                    Role.CONTROL_INSPECTOR,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                    Role.IDVA,
                    Role.IDVA_MANAGER,
                ],
            },
            "set_marker": {
                "name": "May set and end markers on addresses and people",
                "roles": [
                    Role.CONTROL_INSPECTOR,
                    Role.SUPERVISOR,
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                ],
            },
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
    dependencies = [("victims", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
