"""The questionnaires that ship: topics in our own words; a force loads its licensed wording."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

CONTENT = Path(__file__).resolve().parent.parent / "content"
SHIPPED = datetime(2026, 1, 1, tzinfo=UTC)

#: Code: purpose, title.
QUESTIONNAIRES = {
    "dash_police": ("police", "Risk assessment, 27 topics"),
    "dash_partner": ("partner", "Partner checklist, 24 topics"),
    "stalking": ("stalking", "Stalking, 11 topics"),
    "honour": ("honour", "So-called honour, 10 topics"),
    "dash_young": ("young", "Young person, 32 topics"),
    "judgement": ("other", "Structured judgement, no score"),
}


def load(apps, schema_editor):
    instruments = apps.get_model("risk", "Instrument").objects
    for code, (purpose, title) in QUESTIONNAIRES.items():
        instruments.get_or_create(
            code=code,
            version=1,
            defaults={
                "title": title,
                "purpose": purpose,
                "is_official_wording": False,
                "content": json.loads((CONTENT / f"{code}_1.json").read_text(encoding="utf-8")),
                "in_use": True,
                "published_at": SHIPPED,
                "reason": "Ships with the service.",
            },
        )


class Migration(migrations.Migration):
    dependencies = [("risk", "0002_role_permissions")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
