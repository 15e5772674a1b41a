import django.db.models.deletion
import sessions.models.calendars
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0003_temporary_entry"),
        ("stations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="sequence",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="CalendarToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=sessions.models.calendars.new_token,
                        editable=False,
                        max_length=40,
                        unique=True,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="开通时间")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_tokens",
                        to="stations.representative",
                        verbose_name="代表",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人日历地址",
                "verbose_name_plural": "个人日历地址",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("representative",),
                        name="one_calendar_address_a_person",
                    )
                ],
            },
        ),
    ]
