import django.db.models.deletion
import portal.uploads
import sessions.models.certificates
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.append_only import guard


class Migration(migrations.Migration):
    """Imports, signed sheets and certificates; sheets and certificates only grow (PRODUCT.md, rules 20, 25)."""

    dependencies = [
        ("sharing", "0005_courseware_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "证明编号",
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "token",
                    models.CharField(
                        default=sessions.models.certificates.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="出具时间")),
                (
                    "attendance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="sharing.attendance",
                        verbose_name="签到记录",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="出具人",
                    ),
                ),
            ],
            options={
                "verbose_name": "参加证明",
                "verbose_name_plural": "参加证明",
            },
        ),
        migrations.CreateModel(
            name="RollSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "file",
                    models.FileField(
                        max_length=120,
                        storage=portal.uploads.private_storage,
                        upload_to=portal.uploads.PrivateName("sheets"),
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("kind", models.CharField(max_length=8, verbose_name="种类")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=1, verbose_name="页数")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                ("uploaded_at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="sharing.activity",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "签到册原件",
                "verbose_name_plural": "签到册原件",
                "constraints": [
                    models.UniqueConstraint(fields=("activity", "sha256", "turn"), name="sheet_kept_once"),
                    models.CheckConstraint(condition=models.Q(("pages__gte", 1)), name="sheet_has_a_page"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollSheetVoid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="void",
                        to="sharing.rollsheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "作废",
                "verbose_name_plural": "作废",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="void_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RollImport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="文件")),
                ("sha256", models.CharField(max_length=64)),
                ("lines", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="sharing.activity",
                    ),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "名册导入",
                "verbose_name_plural": "名册导入",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", True), ("applied_by__isnull", True)),
                            models.Q(("applied_at__isnull", False), ("applied_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_applied_by_someone",
                    )
                ],
            },
        ),
        guard("sharing_rollsheet"),
        guard("sharing_rollsheetvoid"),
        guard("sharing_certificate"),
    ]
