import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.append_only import Triggers, guard

GUARD = guard("sharing_attendanceevent")


class Migration(migrations.Migration):
    """Times of a recorder's device, contradictions on a roll, code cards (PRODUCT.md, rules 17–19).

    SQLite may rebuild a table to change it and loses its triggers then: the guard is taken down before and put
    up after, on the way back too.
    """

    dependencies = [
        ("sharing", "0009_leave"),
        ("stations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Triggers(GUARD.reverse_code, GUARD.code),
        migrations.AddField(
            model_name="attendanceevent",
            name="clock_offset_ms",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="attendanceevent",
            name="device_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="attendanceevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "登记"),
                    ("changed", "改动"),
                    ("already", "重复签到"),
                    ("refused", "未受理"),
                    ("confirmed", "确认"),
                    ("requested", "申请补录"),
                    ("left", "签退"),
                    ("disputed", "两处登记不一致"),
                    ("settled", "核定"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="CodeCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_cards",
                        to="stations.representative",
                    ),
                ),
            ],
            options={
                "verbose_name": "代表码",
                "verbose_name_plural": "代表码",
                "constraints": [
                    models.UniqueConstraint(fields=("representative", "serial"), name="card_serial_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("representative",),
                        name="one_valid_card_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待核定"), ("settled", "已核定")], default="open", max_length=8
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="sharing.activity",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.attendanceevent",
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roll_conflicts",
                        to="stations.representative",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.attendanceevent",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "登记不一致",
                "verbose_name_plural": "登记不一致",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("activity", "representative"),
                        name="one_open_conflict_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True), ("settled_by__isnull", True), ("state", "open")
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state", "settled"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conflict_settled_by_someone",
                    ),
                ],
            },
        ),
        GUARD,
    ]
