"""Names of several surnames, recorded before now, are found by each of them too."""

from typing import Any

from django.db import migrations

from victims import names

BATCH = 2_000


def add_keys(apps: Any, schema_editor: Any) -> None:
    """One more row for each key that such a name lacks; what is there stays."""
    rows = apps.get_model("victims", "PersonName").objects
    found = rows.filter(family_name__regex=r"[\s\u2010-\u2015/-]").order_by("pk")
    lacking = []
    for row in found.iterator(BATCH):
        known = set(
            rows.filter(
                person=row.person_id, given_name=row.given_name, family_name=row.family_name
            ).values_list("family_key", flat=True)
        )
        keys = names.family_keys(row.family_name)
        lacking += [_with_key(rows.model, row, key) for key in keys if key not in known]
    rows.bulk_create(lacking, batch_size=BATCH)


def _with_key(model: Any, row: Any, key: str) -> Any:
    return model(
        person_id=row.person_id,
        given_name=row.given_name,
        family_name=row.family_name,
        given_key=row.given_key,
        family_key=key,
        date_of_birth=row.date_of_birth,
        is_current=row.is_current,
    )


class Migration(migrations.Migration):
    dependencies = [("victims", "0004_more_permissions")]
    operations = [migrations.RunPython(add_keys, migrations.RunPython.noop)]
