from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0008_order_of_the_queue")]

    operations = [
        migrations.AddIndex(
            model_name="referralpause",
            index=models.Index(fields=["from_at"], name="pause_by_start"),
        ),
    ]
