"""The questionnaire that ships: topics in our own words; a force loads its licensed wording."""

import json
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content" / "dash_police_1.json"


def load(apps, schema_editor):
    apps.get_model("risk", "Instrument").objects.get_or_create(
        code="dash_police",
        version=1,
        defaults={
            "title": "Risk assessment, 27 topics",
            "is_official_wording": False,
            "content": json.loads(CONTENT.read_text(encoding="utf-8")),
            "in_use": True,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0003_role_permissions")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
