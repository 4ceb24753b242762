"""Since when somebody has had a page open, so that others can be told."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("incidents", "0007_children_and_permissions")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="editing",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
