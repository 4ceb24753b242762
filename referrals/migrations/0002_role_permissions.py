from django.db import migrations

from accounts.roles import Role, grant

UNIT = [Role.MARU_WORKER, Role.MARU_MANAGER]
ADVISERS = [Role.IDVA, Role.IDVA_MANAGER]
HEADS = [Role.HEAD_OF_PUBLIC_PROTECTION, Role.SUPERINTENDENT]


def give(apps, schema_editor):
    grant(
        apps,
        "referrals",
        "referral",
        {
            "view_queue": {
                "name": "May see the referral queue",
                "roles": [Role.MARU_WORKER, Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
            "work_referral": {
                "name": "May claim, share and complete referrals",
                "roles": [Role.MARU_WORKER, Role.MARU_MANAGER],
            },
            "view_backlog": {
                "name": "May see how many referrals wait and how old they are",
                "roles": [*UNIT, *HEADS, Role.ANALYST],
            },
            "refer_to_unit": {
                "name": "May refer somebody to the unit for their agency",
                "roles": [Role.AGENCY_REPRESENTATIVE, *ADVISERS],
            },
            "see_shared": {
                "name": "May see what was shared with their agency, and answer it",
                "roles": [Role.AGENCY_REPRESENTATIVE],
            },
            "manage_agencies": {
                "name": "May keep partner agencies and how they are reached",
                "roles": [Role.MARU_MANAGER, Role.HEAD_OF_PUBLIC_PROTECTION],
            },
            "refer_to_advisers": {
                "name": "May refer a victim to the IDVA service",
                "roles": [*UNIT, Role.DAISU_INVESTIGATOR, Role.SUPERVISOR],
            },
            "support_victims": {
                "name": "May work on cases of the IDVA service that are theirs",
                "roles": ADVISERS,
            },
            "allocate_cases": {
                "name": "May accept, refuse and allocate cases of the IDVA service",
                "roles": [Role.IDVA_MANAGER],
            },
            "ask_voice": {
                "name": "May ask victims what they thought of the service",
                "roles": [
                    *UNIT,
                    *ADVISERS,
                    Role.RESPONSE_OFFICER,
                    Role.SUPERVISOR,
                    Role.DAISU_INVESTIGATOR,
                    Role.NEIGHBOURHOOD_OFFICER,
                ],
            },
            "view_voice": {
                "name": "May see in numbers what victims thought of the service",
                "roles": [
                    *HEADS,
                    Role.SUPERVISOR,
                    Role.MARU_MANAGER,
                    Role.IDVA_MANAGER,
                    Role.CONTROL_INSPECTOR,
                    Role.ANALYST,
                ],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("accounts", "0003_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
