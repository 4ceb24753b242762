from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("risk", "0007_published_instruments")]

    operations = [
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("code",),
                name="one_draft_per_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_use", False), ("published_at__isnull", False), _connector="OR"
                ),
                name="instrument_in_use_is_published",
            ),
        ),
    ]
