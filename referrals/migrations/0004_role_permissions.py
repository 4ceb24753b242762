from django.db import migrations

from accounts.roles import Role, grant


def give(apps, schema_editor):
    grant(
        apps,
        "referrals",
        "referral",
        {
            "view_queue": {
                "name": "May see the referral queue",
                "roles": [
                    Role.MARU_WORKER,
                    Role.MARU_MANAGER,
                    Role.HEAD_OF_PUBLIC_PROTECTION,
                ],
            },
            "work_referral": {
                "name": "May claim, share and complete referrals",
                "roles": [Role.MARU_WORKER, Role.MARU_MANAGER],
            },
        },
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_initial"), ("accounts", "0002_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
