import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def adopt_those_there(apps, schema_editor):
    """Every version stored before could be used: it counts as adopted, each until the day before the next one."""
    Standard = apps.get_model("scoring", "Standard")
    codes = Standard.objects.order_by().values_list("code", flat=True).distinct()
    for code in codes:
        versions = list(Standard.objects.filter(code=code).order_by("version"))
        first = datetime.date(2000, 1, 1)
        for place, standard in enumerate(versions):
            standard.effective_from = max(standard.effective_from or first, first)
            first = standard.effective_from + datetime.timedelta(days=1)
        for standard, following in zip(versions, [*versions[1:], None], strict=True):
            standard.adopted_at = timezone.now()
            if following:
                standard.effective_to = following.effective_from - datetime.timedelta(days=1)
            standard.save()


class Migration(migrations.Migration):
    """Versions are drafts until they are adopted; those stored before count as adopted."""

    dependencies = [
        ("scoring", "0003_year_total"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="standard",
            name="adopted_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="启用时间"),
        ),
        migrations.AddField(
            model_name="standard",
            name="adopted_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="启用人",
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="stored_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上传人",
            ),
        ),
        migrations.RunPython(adopt_those_there, migrations.RunPython.noop),
    ]
